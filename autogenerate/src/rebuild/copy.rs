//! A table, made anew: the new one under another name, the rows, the old one's name for it, its indexes.

use revchain_core::sql::{Lexer, TokenKind};
use revchain_schema::compare::canonical;
use revchain_schema::model::{Check, Column, Expression, Family, Identity, Key, Name};
use revchain_schema::write::Writer;
use revchain_schema::{ObjectName, Schema, Table};

use super::in_place::default_of;
use super::{SQLITE, create_index};
use crate::Step;

/// What SQLite calls the number of a row; a column may have the name.
const ROW_IDS: [&str; 3] = ["rowid", "_rowid_", "oid"];

/// A name that nothing has, before or after: tables, views and indexes share them.
pub(super) fn free_name(name: &ObjectName, from: &Schema, to: &Schema) -> ObjectName {
    let is_taken = |other: &ObjectName| {
        [from, to].into_iter().any(|schema| {
            schema.has(other) || schema.tables.values().any(|table| super::has_index(table, Some(&other.name)))
        })
    };
    let mut number = 1usize;
    loop {
        let suffix = if number == 1 { String::new() } else { number.to_string() };
        let free = name.beside(Name::new(&format!("{}_new{suffix}", name.name), SQLITE));
        if !is_taken(&free) {
            return free;
        }
        number += 1;
    }
}

/// The statements.
pub(super) fn rebuild(
    name: &ObjectName,
    free: &ObjectName,
    before: &Table,
    after: &Table,
    writer: &Writer<'_>,
) -> Vec<Step> {
    let (mut made, mut known) = (after.clone(), before.clone());
    made.checks.iter_mut().chain(&mut known.checks).for_each(|check| unqualify(check, name));
    let (after, before) = (&made, &known);
    let foreign_keys: Vec<_> = made.foreign_keys.iter().collect();
    let (shown, other) = (writer.object(name), writer.object(free));
    let mut made = Step::new(writer.create_table(free, after, &foreign_keys));
    if before.is_annotated {
        made.note = Some(format!(
            "Comments, and names of NOT NULL and DEFAULT, in the statements that made {name} are not kept."
        ));
    }
    let mut steps = vec![made];
    if counts(before) && counts(after) {
        // The highest number that was ever given, also where its row is gone.
        let sequence = writer.object(&name.beside(Name::new("sqlite_sequence", SQLITE)));
        steps.push(Step::new(format!(
            "INSERT INTO {sequence} (name, seq)\nSELECT {}, seq\nFROM {sequence}\nWHERE name = {}",
            literal(free.name.as_str()),
            literal(name.name.as_str())
        )));
    }
    let copy = Copy::of(before, after, writer);
    match copy.into.is_empty() {
        true => steps.last_mut().into_iter().for_each(|step| {
            let before = step.note.take().map_or_else(String::new, |note| format!("{note}\n"));
            step.note = Some(format!("{before}The rows of {name} are not copied: no column stays."));
        }),
        false => {
            let (into, selected) = (copy.into.join(", "), copy.selected.join(", "));
            let sql = format!("INSERT INTO {other} ({into})\nSELECT {selected}\nFROM {shown}");
            let note = Some(copy.notes.join("\n")).filter(|note| !note.is_empty());
            steps.push(Step { sql, note });
        }
    }
    steps.push(Step::new(writer.drop_table(name)));
    steps.push(Step::new(format!("ALTER TABLE {other} RENAME TO {}", writer.name(&name.name))));
    steps.extend(after.indexes.iter().map(|index| create_index(name, index, before, writer)));
    steps
}

/// Which columns get what, and what a person should know about it.
struct Copy {
    into: Vec<String>,
    selected: Vec<String>,
    notes: Vec<String>,
}

impl Copy {
    fn of(before: &Table, after: &Table, writer: &Writer<'_>) -> Copy {
        let mut copy = Copy { into: Vec::new(), selected: Vec::new(), notes: Vec::new() };
        let kept = |column: &&Column| column.generated.is_none() && before.column(&column.name).is_some();
        if let Some(number) = row_id(before, after, after.columns.iter().filter(kept).count() == 0) {
            copy.into.push(number.to_owned());
            copy.selected.push(number.to_owned());
        }
        for column in &after.columns {
            let there = before.column(&column.name);
            match (&column.generated, there) {
                (None, Some(there)) => {
                    let value = copy.value(there, column, after, writer);
                    copy.into.push(writer.name(&column.name).into_owned());
                    copy.selected.push(value);
                }
                (Some(_), Some(Column { generated: None, .. })) => {
                    copy.notes.push(format!("The values of {} are not copied: they are computed.", column.name));
                }
                (None, None) if !column.nullable && default_of(column).is_none() && !is_row_id(after, column) => {
                    copy.notes.push(format!(
                        "Fails where there are rows: {} takes no NULL and has no default. Give it a value here.",
                        column.name
                    ));
                }
                _ => {}
            }
        }
        let lost = |column: &&Column| after.column(&column.name).is_none() && column.generated.is_none();
        let lost: Vec<&str> = before.columns.iter().filter(lost).map(|column| column.name.as_str()).collect();
        if !lost.is_empty() {
            copy.notes.push(format!("The values of {} are not copied.", lost.join(", ")));
        }
        copy.judge_constraints(before, after, writer);
        copy
    }

    /// What a column's values become.
    fn value(&mut self, there: &Column, here: &Column, after: &Table, writer: &Writer<'_>) -> String {
        let name = writer.name(&here.name);
        let (from, to) = (Affinity::of(there), Affinity::of(here));
        let family = |column: &Column| column.data_type.as_ref().map(|of| of.family(SQLITE));
        // Texts and bytes are all that an affinity doesn't make of each other; where a number is meant, CAST would make a 0 of
        // what is none.
        let mut value = match (family(there), family(here)) {
            (Some(Family::Binary), Some(Family::Text)) => format!("CAST({name} AS TEXT)"),
            (Some(Family::Text), Some(Family::Binary)) => format!("CAST({name} AS BLOB)"),
            _ => name.clone().into_owned(),
        };
        let is_strict = after.options.contains_key("strict");
        let becomes_number = from != to
            && matches!(from, Affinity::Text | Affinity::Blob)
            && matches!(to, Affinity::Integer | Affinity::Real | Affinity::Numeric);
        let is_any = here.data_type.as_ref().is_some_and(|of| of.name == "any");
        if is_row_id(after, here) && from != Affinity::Integer {
            self.notes.push(format!("Fails where {name} is no whole number."));
        } else if becomes_number && is_strict && !is_any {
            self.notes.push(format!("Fails where {name} has a value that is no number."));
        } else if becomes_number && !is_strict && !keeps_text(family(here)) {
            self.notes.push(format!(
                "What looks like a number in {name} becomes one ('007' becomes 7); the rest stays as it is."
            ));
        }
        if there.nullable && !here.nullable && !is_row_id(after, here) {
            match default_of(here) {
                Some(default) => value = format!("COALESCE({value}, {})", constant(default, writer)),
                None => self.notes.push(format!("Fails where a row has NULL for {name}.")),
            }
        }
        value
    }

    /// Constraints that no row was held against before.
    fn judge_constraints(&mut self, before: &Table, after: &Table, writer: &Writer<'_>) {
        let keys = |table: &Table| -> Vec<Key> { table.primary_key.iter().chain(&table.uniques).cloned().collect() };
        let known = keys(before);
        let is_new = |column: &Name| before.column(column).is_none();
        for key in keys(after) {
            let is_known = known.iter().any(|other| other.columns.iter().all(|column| key.columns.contains(column)));
            // NULLs are all different, and the row's own number is.
            let is_free = key.columns.iter().any(|column| {
                is_new(column)
                    && after.column(column).is_some_and(|column| {
                        is_row_id(after, column) || column.nullable && default_of(column).is_none()
                    })
            });
            if !is_known && !is_free {
                let columns: Vec<_> = key.columns.iter().map(|column| writer.name(column)).collect();
                self.notes.push(format!("Fails where two rows have the same ({}).", columns.join(", ")));
            }
        }
        let same_text = |expression: &Expression| canonical(expression, SQLITE);
        for check in &after.checks {
            if !before.checks.iter().any(|other| same_text(&other.expression) == same_text(&check.expression)) {
                self.notes.push(format!("Fails where a row breaks {}.", writer.check(check)));
            }
        }
        for key in &after.foreign_keys {
            let same = |other: &&revchain_schema::ForeignKey| {
                (&other.columns, &other.table, &other.references) == (&key.columns, &key.table, &key.references)
            };
            let is_null = key.columns.iter().any(|column| {
                is_new(column) && after.column(column).is_some_and(|column| default_of(column).is_none())
            });
            if !is_null && before.foreign_keys.iter().find(same).is_none() {
                self.notes
                    .push(format!("A row that refers to no row of {} fails the check before the commit.", key.table));
            }
        }
        if after.options.contains_key("strict") && !before.options.contains_key("strict") {
            self.notes.push("Fails where a value is not of its column's type.".to_owned());
        }
    }
}

/// The word for the number of a row, where rows have one that no column shows, and keep it.
///
/// VACUUM may change them, so that nobody should rely on them. But ALTER TABLE doesn't, and what is indexed elsewhere by them
/// (`fts5`'s `content=`) is wrong when they change.
fn row_id(before: &Table, after: &Table, is_needed: bool) -> Option<&'static str> {
    let has_numbers = |table: &Table| !table.options.contains_key("without rowid");
    let shown = |table: &Table| table.columns.iter().find(|column| is_row_id(table, column)).map(|of| of.name.clone());
    let is_copied = shown(after).is_some_and(|column| before.column(&column).is_some());
    if !has_numbers(before) || !has_numbers(after) || is_copied || shown(before).is_some() && !is_needed {
        return None;
    }
    let is_column = |word: &str| {
        let name = Name::new(word, SQLITE);
        before.column(&name).is_some() || after.column(&name).is_some()
    };
    ROW_IDS.into_iter().find(|word| !is_column(word))
}

/// Whether a column is the number of the row.
fn is_row_id(table: &Table, column: &Column) -> bool {
    let is_integer = column.data_type.as_ref().is_some_and(|of| of.name == "integer" && of.arguments.is_empty());
    let key = table.primary_key.as_ref().map(|key| key.columns.as_slice());
    is_integer && key == Some(std::slice::from_ref(&column.name)) && !table.options.contains_key("without rowid")
}

/// Whether it has AUTOINCREMENT.
fn counts(table: &Table) -> bool {
    table.columns.iter().any(|column| column.identity == Some(Identity::AutoIncrement))
}

/// What SQLite makes of values that are stored (<https://sqlite.org/datatype3.html>, 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Affinity {
    Integer,
    Text,
    Blob,
    Real,
    Numeric,
}

impl Affinity {
    fn of(column: &Column) -> Affinity {
        let Some(of) = &column.data_type else { return Affinity::Blob };
        let has = |part: &&str| of.name.contains(*part);
        match () {
            () if has(&"int") => Affinity::Integer,
            () if ["char", "clob", "text"].iter().any(has) => Affinity::Text,
            () if has(&"blob") || of.name.is_empty() => Affinity::Blob,
            () if ["real", "floa", "doub"].iter().any(has) => Affinity::Real,
            () => Affinity::Numeric,
        }
    }
}

/// Types that have a number's affinity, and no numbers that could be taken for others.
fn keeps_text(family: Option<Family>) -> bool {
    matches!(
        family,
        Some(Family::Date | Family::Time | Family::Timestamp | Family::Json | Family::Boolean | Family::Interval)
    )
}

/// A default where an expression stands: there a word alone is a column.
fn constant(default: &Expression, writer: &Writer<'_>) -> String {
    let text = writer.expression(default);
    let mut lexer = Lexer::new(&text, SQLITE);
    let (first, second) = (lexer.next_significant(), lexer.next_significant());
    match first.filter(|_| second.is_none()) {
        Some(token) if token.kind == TokenKind::QuotedIdentifier => {
            let quote = text.chars().next().unwrap_or('"');
            let inner = text.strip_prefix(quote).unwrap_or(&text);
            let end = if quote == '[' { ']' } else { quote };
            let inner = inner.strip_suffix(end).unwrap_or(inner);
            literal(&inner.replace(&format!("{end}{end}"), &end.to_string()))
        }
        Some(token) if token.kind == TokenKind::Word => match default.as_str() {
            "true" | "false" | "current_timestamp" | "current_date" | "current_time" => text,
            word => literal(word),
        },
        _ => text,
    }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Takes its table's name out of a check: while it is made, the table has another.
fn unqualify(check: &mut Check, table: &ObjectName) {
    if !check.expression.mentions(&table.name, SQLITE) {
        return;
    }
    let source = check.expression.as_str();
    let (mut lexer, mut text, mut last) = (Lexer::new(source, SQLITE), String::new(), 0);
    let mut next = lexer.next_significant();
    while let Some(token) = next {
        next = lexer.next_significant();
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdentifier)
            && Expression::new(token.text(source), SQLITE).mentions(&table.name, SQLITE);
        if let Some(dot) = next.filter(|dot| is_name && dot.text(source) == ".") {
            text.push_str(source.get(last..token.start).unwrap_or_default());
            last = dot.end;
        }
    }
    text.push_str(source.get(last..).unwrap_or_default());
    check.expression = Expression::new(&text, SQLITE);
}
