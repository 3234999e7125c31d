//! What is read, as a line of text: for tests.

use std::fmt::Write;

use crate::change::{Constraint, CreateTable};
use crate::model::{
    Check, Column, Exclusion, ForeignKey, Identity, Index, IndexPart, Key, Match, Name, Order, ReferentialAction,
    Storage,
};

/// A column in one line: only what is said of it.
pub(crate) fn column(column: &Column) -> String {
    let mut line = column.name.to_string();
    if let Some(data_type) = &column.data_type {
        write!(line, " {data_type}").unwrap();
    }
    if !column.nullable {
        line.push('!');
    }
    if let Some(default) = &column.default {
        write!(line, " = {}", default.0).unwrap();
    }
    match column.identity {
        None => {}
        Some(Identity::Always) => line.push_str(" always"),
        Some(Identity::ByDefault) => line.push_str(" by default"),
        Some(Identity::Serial) => line.push_str(" serial"),
        Some(Identity::AutoIncrement) => line.push_str(" auto"),
    }
    if let Some(generated) = &column.generated {
        let storage = if generated.storage == Storage::Stored { "stored" } else { "virtual" };
        write!(line, " := {} {storage}", generated.expression).unwrap();
    }
    if let Some(collation) = &column.collation {
        write!(line, " collate {collation}").unwrap();
    }
    if let Some(on_update) = &column.on_update {
        write!(line, " on update {on_update}").unwrap();
    }
    if let Some(comment) = &column.comment {
        write!(line, " '{comment}'").unwrap();
    }
    line
}

fn name(name: Option<&Name>) -> String {
    name.map_or(String::new(), |name| format!(" {name}"))
}

fn list(names: &[Name]) -> String {
    format!("({})", names.iter().map(Name::as_str).collect::<Vec<_>>().join(" "))
}

fn deferrable(deferrable: Option<bool>) -> &'static str {
    match deferrable {
        None => "",
        Some(false) => " deferrable",
        Some(true) => " deferred",
    }
}

fn key(kind: &str, key: &Key) -> String {
    let mut line = format!("{kind}{} {}", name(key.name.as_ref()), list(&key.columns));
    if key.nulls_not_distinct {
        line.push_str(" nulls not distinct");
    }
    if !key.include.is_empty() {
        write!(line, " include {}", list(&key.include)).unwrap();
    }
    line + deferrable(key.deferrable)
}

fn foreign(key: &ForeignKey) -> String {
    let mut line = format!("foreign{} {} -> {}", name(key.name.as_ref()), list(&key.columns), key.table);
    if !key.references.is_empty() {
        line.push_str(&list(&key.references));
    }
    if key.matching == Match::Full {
        line.push_str(" full");
    }
    for (event, action) in [("delete", key.on_delete), ("update", key.on_update)] {
        if action != ReferentialAction::NoAction {
            write!(line, " {event} {}", action.sql().to_lowercase()).unwrap();
        }
    }
    line.push_str(deferrable(key.deferrable));
    if !key.validated {
        line.push_str(" not valid");
    }
    line
}

fn check(check: &Check) -> String {
    let mut line = format!("check{} {}", name(check.name.as_ref()), check.expression);
    if check.no_inherit {
        line.push_str(" no inherit");
    }
    if !check.validated {
        line.push_str(" not valid");
    }
    line
}

pub(crate) fn part(part: &IndexPart) -> String {
    let mut line = name(part.column.as_ref()).trim().to_owned();
    if let Some(expression) = &part.expression {
        write!(line, "[{expression}]").unwrap();
    }
    if let Some(length) = part.length {
        write!(line, ":{length}").unwrap();
    }
    if let Some(collation) = &part.collation {
        write!(line, " collate {collation}").unwrap();
    }
    if let Some(class) = &part.operator_class {
        write!(line, " {class}").unwrap();
    }
    if part.order == Order::Descending {
        line.push_str(" desc");
    }
    match part.nulls_first {
        None => line,
        Some(true) => line + " nulls first",
        Some(false) => line + " nulls last",
    }
}

fn index(kind: &str, index: &Index) -> String {
    let parts = index.parts.iter().map(part).collect::<Vec<_>>().join(", ");
    let mut line = format!("{kind}{} ({parts})", name(index.name.as_ref()));
    if let Some(method) = &index.method {
        write!(line, " {method}").unwrap();
    }
    if let Some(predicate) = &index.predicate {
        write!(line, " where {predicate}").unwrap();
    }
    for option in &index.options {
        write!(line, " {option}").unwrap();
    }
    if let Some(comment) = &index.comment {
        write!(line, " '{comment}'").unwrap();
    }
    line
}

fn exclusion(exclusion: &Exclusion) -> String {
    format!("{} {:?}{}", index("exclude", &exclusion.index), exclusion.operators, deferrable(exclusion.deferrable))
}

/// A constraint in one line.
pub(crate) fn constraint(constraint: &Constraint) -> String {
    match constraint {
        Constraint::Primary(primary) => key("primary", primary),
        Constraint::Unique(unique) => key("unique", unique),
        Constraint::Foreign(key, _) => foreign(key),
        Constraint::Check(read) => check(read),
        Constraint::Exclude(read) => exclusion(read),
        Constraint::Index(read) => index(if read.unique { "unique index" } else { "index" }, read),
    }
}

/// A table, a line for each thing.
pub(super) fn table(created: &CreateTable) -> Vec<String> {
    let table = &created.table;
    let mut first = created.name.name.to_string();
    for (said, word) in [
        (created.or_replace, " or replace"),
        (created.if_not_exists, " if not exists"),
        (table.temporary, " temporary"),
        (created.as_query, " as query"),
    ] {
        if said {
            first.push_str(word);
        }
    }
    let mut lines = vec![first];
    lines.extend(table.columns.iter().map(column));
    lines.extend(table.primary_key.iter().map(|primary| key("primary", primary)));
    lines.extend(table.uniques.iter().map(|unique| key("unique", unique)));
    lines.extend(table.foreign_keys.iter().map(foreign));
    lines.extend(table.checks.iter().map(check));
    lines.extend(table.exclusions.iter().map(exclusion));
    lines.extend(table.indexes.iter().map(|read| index(if read.unique { "unique index" } else { "index" }, read)));
    lines.extend(created.like.iter().map(|(other, parts)| format!("like {} {parts:?}", other.name)));
    lines.extend(created.parents.iter().map(|parent| format!("parent {}", parent.name)));
    lines.extend(table.comment.iter().map(|comment| format!("comment {comment}")));
    lines.extend(table.options.iter().map(|(key, value)| format!("{key}: {value}")));
    assert_eq!(created.column_parts.len(), table.columns.len());
    assert_eq!(created.foreign_key_parts.len(), table.foreign_keys.len());
    lines
}
