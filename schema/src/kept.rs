//! Statements that a database keeps as text, and gives back: SQLite tells the rest of a table only there. Each is read by
//! itself, as if nothing else were there. Never says what is wrong with one: the database took it.

use revchain_core::Dialect;

use crate::change::Change;
use crate::model::{Expression, Index, Place, Routine, Table, View};
use crate::read::{Reading, read};
use crate::replay::Replay;

/// The table that a `CREATE TABLE` makes. What isn't understood of it is in [`Table::unknown`]. `None` where the statement is
/// another.
pub fn read_table(statement: &str, dialect: Dialect) -> Option<Table> {
    let reading = read(statement, dialect);
    let Reading::Known { changes, .. } = &reading else { return None };
    if !matches!(changes.as_slice(), [Change::CreateTable(_)]) {
        return None;
    }
    let mut replay = Replay::new(dialect);
    // A piece of SQL may be read as a part of a table that is none otherwise.
    replay.judges_columns = false;
    replay.apply(reading, statement, Place::NOWHERE, &|_| Place::NOWHERE);
    replay.schema.tables.values().next().map(|table| Table::clone(table))
}

/// Whether a text, with closed parentheses, reads as the condition of a check. Whether there are such columns is not asked.
pub fn reads_as_condition(text: &str, dialect: Dialect) -> bool {
    match only_change(&format!("CREATE TABLE t (c int, CHECK ({text}))"), dialect) {
        Some(Change::CreateTable(create)) => create.table.checks.len() == 1 && create.table.columns.len() == 1,
        _ => false,
    }
}

/// The index that a `CREATE INDEX` makes. `None` where the statement is another, or holds what isn't understood.
pub fn read_index(statement: &str, dialect: Dialect) -> Option<Index> {
    match only_change(statement, dialect) {
        Some(Change::CreateIndex(create)) => Some(create.index),
        _ => None,
    }
}

/// The view that a `CREATE VIEW` makes. `None` as of [`read_index`].
pub fn read_view(statement: &str, dialect: Dialect) -> Option<View> {
    match only_change(statement, dialect) {
        Some(Change::CreateView { view, .. }) => Some(*view),
        _ => None,
    }
}

/// What a `CREATE TRIGGER` says of its trigger but for the names. `None` as of [`read_index`].
pub fn read_trigger(statement: &str, dialect: Dialect) -> Option<Expression> {
    match only_change(statement, dialect) {
        Some(Change::CreateTrigger { body, .. }) => Some(body),
        _ => None,
    }
}

/// The function or procedure that a `CREATE FUNCTION` makes. `None` as of [`read_index`].
pub fn read_routine(statement: &str, dialect: Dialect) -> Option<Routine> {
    match only_change(statement, dialect) {
        Some(Change::CreateRoutine { routine, .. }) => Some(routine),
        _ => None,
    }
}

/// What a statement changes, where it is one thing and all of it is understood.
fn only_change(statement: &str, dialect: Dialect) -> Option<Change> {
    match read(statement, dialect) {
        Reading::Known { mut changes, unknown } if unknown.is_empty() && changes.len() == 1 => changes.pop(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_by_itself() {
        let read = |text| read_table(text, Dialect::Sqlite);
        let table =
            read("CREATE TABLE runs (id INTEGER PRIMARY KEY, of int REFERENCES others, CHECK (of > 0))").unwrap();
        assert_eq!((table.columns.len(), table.foreign_keys.len(), table.checks.len()), (2, 1, 1));
        assert!(table.is_known());
        // A part of one.
        assert!(read("CREATE TABLE t (c int, CHECK (a > 0))").unwrap().is_known());
        assert!(!read("CREATE TABLE runs (id int) WITHOUT WHATEVER").unwrap().is_known());
        for other in ["", "CREATE TABLE", "DROP TABLE runs", "CREATE INDEX i ON runs (id)", "\u{0}"] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn views_and_triggers_are_read_by_themselves() {
        let view = read_view("CREATE VIEW v (x) AS SELECT a FROM t", Dialect::Sqlite).unwrap();
        assert_eq!((view.body.as_str(), view.mentions.len()), ("(x)select a from t", 1));
        let trigger = "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END";
        let body = read_trigger(trigger, Dialect::Sqlite).unwrap();
        assert!(body.as_str().starts_with("after insert"), "{body}");
        for other in ["", "CREATE VIEW", "CREATE TABLE runs (id int)"] {
            assert!(read_view(other, Dialect::Sqlite).is_none() && read_trigger(other, Dialect::Sqlite).is_none());
        }
    }

    #[test]
    fn a_function_is_read_by_itself() {
        let text = "CREATE OR REPLACE FUNCTION public.twice(a integer)\n RETURNS integer\n LANGUAGE sql\nAS $f$ SELECT a * 2 $f$\n";
        let routine = read_routine(text, Dialect::Postgres).unwrap();
        assert_eq!((routine.arguments.as_str(), routine.body.as_str()), ("integer", "select a*2"));
        let written = routine.written.unwrap();
        assert_eq!(written.kind, "FUNCTION");
        assert!(written.text.starts_with("(a integer)") && written.text.ends_with("$f$"), "{}", written.text);
        assert!(read_routine("aggregate", Dialect::Postgres).is_none());
    }

    #[test]
    fn an_index_is_read_by_itself() {
        let read = |text| read_index(text, Dialect::Sqlite);
        let index = read("CREATE UNIQUE INDEX i ON runs (lower(a), b DESC) WHERE b > 0").unwrap();
        assert_eq!((index.parts.len(), index.unique, index.predicate.is_some()), (2, true, true));
        for other in ["", "CREATE INDEX", "CREATE TABLE runs (id int)", "CREATE INDEX i ON runs (a) WHATEVER"] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
