//! What is written for one direction on one dialect.

use std::collections::BTreeMap;

use revchain_core::Dialect;
use revchain_schema::model::{Name, ObjectName};
use revchain_schema::write::Writer;
use revchain_schema::{Difference, Object, Schema, apply, compare};

use crate::{alter, rebuild};

/// What gets another name: a table or column that is there before, and what it becomes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renames {
    /// Tables, by the name that they had.
    pub tables: BTreeMap<ObjectName, ObjectName>,
    /// Columns, by the table as it is called afterwards and the name that they had.
    pub columns: BTreeMap<(ObjectName, Name), Name>,
}

/// The statements of one direction on one dialect.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script {
    /// In the order in which they run.
    pub steps: Vec<Step>,
    /// Whether they need a section with SQLite's foreign keys off (`rebuild`).
    pub is_rebuild: bool,
    /// What differs and could not be written, for people.
    pub omitted: Vec<Omitted>,
    /// Comments behind the last statement. Lines that are set in stay as they are.
    pub remarks: Vec<String>,
}

/// A statement of a written revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Without the semicolon.
    pub sql: String,
    /// What a person should look at before it runs: a sentence or two, for a comment above it.
    pub note: Option<String>,
}

/// A difference that was not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Omitted {
    /// What differs.
    pub difference: Difference,
    /// Why no statement says it.
    pub why: String,
}

impl Step {
    /// One that nobody has to look at.
    pub(crate) fn new(sql: impl Into<String>) -> Step {
        Step { sql: sql.into(), note: None }
    }

    /// One that somebody has to look at.
    pub(crate) fn noted(sql: impl Into<String>, note: impl Into<String>) -> Step {
        Step { sql: sql.into(), note: Some(note.into()) }
    }
}

impl Renames {
    /// The way back.
    #[must_use]
    pub fn reversed(&self) -> Renames {
        let before = |after: &ObjectName| {
            let found = self.tables.iter().find(|(_, to)| *to == after);
            found.map_or_else(|| after.clone(), |(from, _)| from.clone())
        };
        Renames {
            tables: self.tables.iter().map(|(from, to)| (to.clone(), from.clone())).collect(),
            columns: self
                .columns
                .iter()
                .map(|((table, from), to)| ((before(table), to.clone()), from.clone()))
                .collect(),
        }
    }
}

/// The statements that lead from one schema to another of the same dialect: what has another name first, then all in which
/// they still differ.
///
/// What is dropped and what is made anew is decided by [`compare()`] alone: what it takes for the same is left as it is.
pub fn write(from: &Schema, to: &Schema, renames: &Renames) -> Script {
    let mut script = Script::default();
    let renamed = rename(from, renames, &mut script);
    let mut differences = compare(&renamed, to);
    differences.retain(|difference| !is_temporary(&renamed, &difference.object));
    match from.dialect {
        Dialect::Postgres | Dialect::Mysql => alter::write(&renamed, to, &differences, &mut script),
        Dialect::Sqlite => rebuild::write(&renamed, to, &differences, &mut script),
    }
    script
}

/// Writes the renames, and gives the schema that they lead to: with all that hangs on the names.
pub(crate) fn rename(from: &Schema, renames: &Renames, script: &mut Script) -> Schema {
    let mut schema = from.clone();
    let mut step = |schema: &mut Schema, sql: String| {
        *schema = apply(schema, &sql).schema;
        script.steps.push(Step::new(sql));
    };
    for (old, new) in &renames.tables {
        let writer = Writer::of(from);
        // PostgreSQL's new name has no schema: it stays where it is.
        let to = match from.dialect {
            Dialect::Postgres | Dialect::Sqlite => writer.name(&new.name).into_owned(),
            Dialect::Mysql => writer.object(new),
        };
        step(&mut schema, format!("ALTER TABLE {} RENAME TO {to}", writer.object(old)));
    }
    for ((table, old), new) in &renames.columns {
        let writer = Writer::of(from);
        let (table, old, new) = (writer.object(table), writer.name(old), writer.name(new));
        step(&mut schema, format!("ALTER TABLE {table} RENAME COLUMN {old} TO {new}"));
    }
    schema
}

/// Whether it is about a table that is gone with its session.
pub(crate) fn is_temporary(schema: &Schema, object: &Object) -> bool {
    object.table().and_then(|name| schema.tables.get(name)).is_some_and(|table| table.temporary)
}
