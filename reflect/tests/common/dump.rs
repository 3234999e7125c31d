//! A schema as lines: what is there by default is left out, everything else is said.

#![allow(clippy::unwrap_used, reason = "writing to a string")]

use std::fmt::Write;

use revchain_schema::Schema;
use revchain_schema::model::{
    Check, Column, Exclusion, ForeignKey, Index, IndexPart, Key, Match, Name, Order, Table, UserType, View,
};

pub fn dump(schema: &Schema) -> String {
    let mut text = String::new();
    for name in schema.namespaces.keys() {
        writeln!(text, "schema {name}").unwrap();
    }
    for name in schema.extensions.keys() {
        writeln!(text, "extension {name}").unwrap();
    }
    for (name, user_type) in &schema.types {
        writeln!(text, "type {name} {}", of_type(user_type)).unwrap();
    }
    for (name, sequence) in &schema.sequences {
        let options: Vec<String> = sequence.options.iter().map(|(key, value)| format!(" {key}={value}")).collect();
        let owner = sequence.owned_by.as_ref().map_or_else(String::new, |(table, c)| format!(" owned by {table}.{c}"));
        writeln!(text, "sequence {name}{}{owner}", options.concat()).unwrap();
    }
    for (name, of_table) in &schema.tables {
        writeln!(text, "table {name}").unwrap();
        table(of_table, &mut text);
    }
    for (name, of_view) in &schema.views {
        view(&name.to_string(), of_view, &mut text);
    }
    for (name, routines) in &schema.routines {
        for routine in routines {
            writeln!(text, "routine {name}({})", routine.arguments).unwrap();
        }
    }
    for ((table, name), trigger) in &schema.triggers {
        writeln!(text, "trigger {table}.{name}: {}", trigger.body).unwrap();
    }
    text
}

fn table(table: &Table, text: &mut String) {
    for of_column in &table.columns {
        writeln!(text, "  {}", column(of_column)).unwrap();
    }
    if let Some(primary) = &table.primary_key {
        writeln!(text, "  primary key{}", key(primary)).unwrap();
    }
    for unique in &table.uniques {
        writeln!(text, "  unique{}", key(unique)).unwrap();
    }
    for foreign in &table.foreign_keys {
        writeln!(text, "  foreign key{}", foreign_key(foreign)).unwrap();
    }
    for of_check in &table.checks {
        writeln!(text, "  check{}", check(of_check)).unwrap();
    }
    for Exclusion { name, index: of_index, operators, deferrable } in &table.exclusions {
        let (name, deferrable) = (named(name.as_ref()), deferred(*deferrable));
        writeln!(text, "  exclude{name}{} with {}{deferrable}", index(of_index), operators.join(", ")).unwrap();
    }
    for of_index in &table.indexes {
        writeln!(text, "  index{}", index(of_index)).unwrap();
    }
    for (option, value) in &table.options {
        writeln!(text, "  {option}: {value}").unwrap();
    }
    if let Some(comment) = &table.comment {
        writeln!(text, "  comment {comment:?}").unwrap();
    }
    for taint in &table.unknown {
        writeln!(text, "  unknown: {}", taint.what).unwrap();
    }
}

fn column(column: &Column) -> String {
    let mut text = column.name.to_string();
    if let Some(data_type) = &column.data_type {
        write!(text, " {data_type}").unwrap();
    }
    if let Some(collation) = &column.collation {
        write!(text, " collate {collation}").unwrap();
    }
    text.push_str(if column.nullable { "" } else { " not null" });
    if let Some(default) = &column.default {
        write!(text, " default {}", default.0).unwrap();
    }
    if let Some(identity) = &column.identity {
        write!(text, " {identity:?}").unwrap();
    }
    if let Some(generated) = &column.generated {
        write!(text, " as ({}) {:?}", generated.expression, generated.storage).unwrap();
    }
    if let Some(update) = &column.on_update {
        write!(text, " on update {update}").unwrap();
    }
    if let Some(comment) = &column.comment {
        write!(text, " comment {comment:?}").unwrap();
    }
    text
}

fn of_type(user_type: &UserType) -> String {
    match user_type {
        UserType::Enum(values) => format!("enum {}", values.values.join(", ")),
        UserType::Composite(columns) => format!("({})", columns.iter().map(column).collect::<Vec<_>>().join(", ")),
        UserType::Other(None) => "other".to_owned(),
        UserType::Other(Some(definition)) => definition.to_string(),
        UserType::Domain(domain) => {
            let null = if domain.nullable { "" } else { " not null" };
            let default = domain.default.as_ref().map_or_else(String::new, |value| format!(" default {}", value.0));
            let checks = domain.checks.iter().map(|(name, check)| format!(" check{} {check}", named(name.as_ref())));
            format!("domain {}{null}{default}{}", domain.data_type, checks.collect::<String>())
        }
    }
}

fn view(name: &str, view: &View, text: &mut String) {
    let kind = if view.materialized { "materialized view" } else { "view" };
    let mentions: Vec<String> = view.mentions.iter().map(ToString::to_string).collect();
    writeln!(text, "{kind} {name} of {}: {}", mentions.join(", "), view.body).unwrap();
    for of_index in &view.indexes {
        writeln!(text, "  index{}", index(of_index)).unwrap();
    }
    if let Some(comment) = &view.comment {
        writeln!(text, "  comment {comment:?}").unwrap();
    }
}

fn key(key: &Key) -> String {
    let distinct = if key.nulls_not_distinct { " nulls not distinct" } else { "" };
    let (name, deferrable) = (named(key.name.as_ref()), deferred(key.deferrable));
    format!("{name} ({}){}{distinct}{deferrable}", names(&key.columns), include(&key.include))
}

fn foreign_key(key: &ForeignKey) -> String {
    let (name, columns, references) = (named(key.name.as_ref()), names(&key.columns), names(&key.references));
    let mut text = format!("{name} ({columns}) → {}({references})", key.table);
    write!(text, " {} {}", key.on_delete.sql(), key.on_update.sql()).unwrap();
    text.push_str(if key.matching == Match::Full { " match full" } else { "" });
    text.push_str(deferred(key.deferrable));
    text.push_str(if key.validated { "" } else { " not valid" });
    text
}

fn check(check: &Check) -> String {
    let inherit = if check.no_inherit { " no inherit" } else { "" };
    let valid = if check.validated { "" } else { " not valid" };
    format!("{} {}{inherit}{valid}", named(check.name.as_ref()), check.expression)
}

fn index(index: &Index) -> String {
    let mut text = named(index.name.as_ref());
    text.push_str(if index.unique { " unique" } else { "" });
    if let Some(method) = &index.method {
        write!(text, " {method}").unwrap();
    }
    let parts: Vec<String> = index.parts.iter().map(part).collect();
    write!(text, " ({}){}", parts.join(", "), include(&index.include)).unwrap();
    text.push_str(if index.nulls_not_distinct { " nulls not distinct" } else { "" });
    if let Some(predicate) = &index.predicate {
        write!(text, " where {predicate}").unwrap();
    }
    for option in &index.options {
        write!(text, " [{option}]").unwrap();
    }
    if let Some(comment) = &index.comment {
        write!(text, " comment {comment:?}").unwrap();
    }
    text
}

fn part(part: &IndexPart) -> String {
    let mut text = part.column.as_ref().map_or_else(String::new, ToString::to_string);
    if let Some(expression) = &part.expression {
        write!(text, "{{{expression}}}").unwrap();
    }
    if let Some(length) = part.length {
        write!(text, "({length})").unwrap();
    }
    for word in part.collation.iter().chain(&part.operator_class) {
        write!(text, " {word}").unwrap();
    }
    text.push_str(if part.order == Order::Descending { " desc" } else { "" });
    if let Some(first) = part.nulls_first {
        text.push_str(if first { " nulls first" } else { " nulls last" });
    }
    text
}

fn include(columns: &[Name]) -> String {
    if columns.is_empty() { String::new() } else { format!(" include ({})", names(columns)) }
}

fn named(name: Option<&Name>) -> String {
    name.map_or_else(String::new, |name| format!(" {name}"))
}

fn names(names: &[Name]) -> String {
    names.iter().map(Name::as_str).collect::<Vec<_>>().join(", ")
}

fn deferred(deferrable: Option<bool>) -> &'static str {
    match deferrable {
        None => "",
        Some(false) => " deferrable",
        Some(true) => " initially deferred",
    }
}
