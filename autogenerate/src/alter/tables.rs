//! Tables as a whole: made, dropped, and what is said about one of them beside its columns and constraints.

use std::collections::BTreeSet;

use revchain_core::Dialect;
use revchain_schema::compare::{Part, find};
use revchain_schema::model::{ForeignKey, ObjectName};
use revchain_schema::write::{can_be_clause, tables_in_order};
use revchain_schema::{Changed, Object};

use super::progress::Progress;
use crate::script::table_goes;

/// Makes those that are not there, those that others refer to first.
pub(super) fn create(progress: &mut Progress<'_>) {
    let (writer, to) = (progress.writer(), progress.to);
    let changed: BTreeSet<&ObjectName> = progress.left.iter().filter_map(|one| one.object.table()).collect();
    // A table that changes may not have yet what they refer to.
    let mut there: BTreeSet<&ObjectName> = progress.now.tables.keys().filter(|name| !changed.contains(name)).collect();
    let mut statements = Vec::new();
    for name in tables_in_order(to) {
        if !progress.is_extra(&Object::Table(name.clone())) {
            continue;
        }
        let Some(table) = to.tables.get(name) else { continue };
        there.insert(name);
        let is_possible = |key: &&ForeignKey| can_be_clause(to, key, |name| there.contains(name));
        let keys: Vec<&ForeignKey> = table.foreign_keys.iter().filter(is_possible).collect();
        statements.push(writer.create_table(name, table, &keys));
        statements.extend(writer.after_table(name, table));
    }
    for statement in statements {
        progress.step(statement);
    }
}

/// Drops those that are to go, those that refer to others first.
pub(super) fn drop(progress: &mut Progress<'_>) {
    let writer = progress.writer();
    super::objects::drop_of_tables(progress);
    for name in progress.dropped_tables() {
        progress.noted(writer.drop_table(&name), &[table_goes(&name)]);
    }
}

/// PostgreSQL's properties of tables.
pub(super) fn options(progress: &mut Progress<'_>) {
    let writer = progress.writer();
    let mut statements = Vec::new();
    for difference in &progress.left {
        let Object::Option(table, key) = &difference.object else { continue };
        let is_set = difference.change == Changed::Extra;
        let words = match (key.as_str(), is_set) {
            ("unlogged", true) => "SET UNLOGGED",
            ("unlogged", false) => "SET LOGGED",
            ("row level security", true) => "ENABLE ROW LEVEL SECURITY",
            ("row level security", false) => "DISABLE ROW LEVEL SECURITY",
            ("force row level security", true) => "FORCE ROW LEVEL SECURITY",
            ("force row level security", false) => "NO FORCE ROW LEVEL SECURITY",
            _ => continue,
        };
        statements.push((words, format!("ALTER TABLE {} {words}", writer.object(table))));
    }
    for (words, statement) in statements {
        let note = (words == "SET UNLOGGED").then(|| "What is in it is lost when the server crashes.".to_owned());
        progress.noted(statement, note.as_slice());
    }
}

/// PostgreSQL's comments on tables and columns.
pub(super) fn comments(progress: &mut Progress<'_>) {
    let writer = progress.writer();
    let text = |comment: &Option<String>| comment.as_ref().map_or("NULL".to_owned(), |text| writer.literal(text));
    let mut statements = Vec::new();
    for difference in &progress.left {
        if !matches!(difference.change, Changed::Differs { what: "the comment", .. }) {
            // A column that was made anew has none.
            continue;
        }
        match (&difference.object, find(progress.to, &difference.object)) {
            (Object::Table(name), Some(Part::Table(_, table))) => {
                let comment = text(&table.comment);
                statements.push(format!("COMMENT ON TABLE {} IS {comment}", writer.object(name)));
            }
            (Object::Column(name, _), Some(Part::Column(column))) => {
                let comment = text(&column.comment);
                let (table, column) = (writer.object(name), writer.name(&column.name));
                statements.push(format!("COMMENT ON COLUMN {table}.{column} IS {comment}"));
            }
            _ => {}
        }
    }
    debug_assert!(statements.is_empty() || progress.now.dialect == Dialect::Postgres);
    for statement in statements {
        progress.step(statement);
    }
}
