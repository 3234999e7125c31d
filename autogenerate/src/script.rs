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
    let is_index = |name: &Name| {
        let mut indexes = from.tables.values().flat_map(|table| &table.indexes);
        indexes.any(|index| index.name.as_ref() == Some(name))
    };
    let aside = |table: &ObjectName| {
        let is_taken = |name: &Name| {
            let full = table.beside(name.clone());
            from.has(&full) || is_index(name) || renames.tables.values().any(|new| *new == full)
        };
        table.beside(free(&table.name, is_taken, from.dialect))
    };
    for (old, new) in in_turn(&renames.tables, aside) {
        let writer = Writer::of(from);
        // PostgreSQL's new name has no schema: it stays where it is.
        let to = match from.dialect {
            Dialect::Postgres | Dialect::Sqlite => writer.name(&new.name).into_owned(),
            Dialect::Mysql => writer.object(&new),
        };
        step(&mut schema, format!("ALTER TABLE {} RENAME TO {to}", writer.object(&old)));
    }
    let mut columns: BTreeMap<&ObjectName, BTreeMap<Name, Name>> = BTreeMap::new();
    for ((table, old), new) in &renames.columns {
        columns.entry(table).or_default().insert(old.clone(), new.clone());
    }
    for (table, columns) in columns {
        let there = schema.tables.get(table);
        let is_taken = |name: &Name| {
            there.is_some_and(|table| table.column(name).is_some()) || columns.values().any(|new| new == name)
        };
        for (old, new) in in_turn(&columns, |old| free(old, is_taken, from.dialect)) {
            let writer = Writer::of(from);
            let (table, old, new) = (writer.object(table), writer.name(&old), writer.name(&new));
            step(&mut schema, format!("ALTER TABLE {table} RENAME COLUMN {old} TO {new}"));
        }
    }
    schema
}

/// Renames in an order in which each new name is free: `b` to `c` before `a` to `b`. Where they go round in a circle one of them
/// has a name of its own for a while.
fn in_turn<N: Ord + Clone>(renames: &BTreeMap<N, N>, meanwhile: impl Fn(&N) -> N) -> Vec<(N, N)> {
    let mut left = renames.clone();
    let mut order = Vec::new();
    while let Some(first) = left.keys().next().cloned() {
        let is_free = |(old, new): &(&N, &N)| old == new || !left.contains_key(*new);
        match left.iter().find(is_free).map(|(old, _)| old.clone()) {
            Some(old) => order.extend(left.remove_entry(&old)),
            None => {
                let aside = meanwhile(&first);
                let last = left.remove(&first);
                order.push((first, aside.clone()));
                left.extend(last.map(|last| (aside, last)));
            }
        }
    }
    order
}

/// A name that nothing has, made of another.
fn free(name: &Name, is_taken: impl Fn(&Name) -> bool, dialect: Dialect) -> Name {
    let text = name.as_str();
    // No dialect's names are shorter than 63 bytes.
    let short = text.get(..text.floor_char_boundary(40)).unwrap_or_default();
    let mut number = 1usize;
    loop {
        let suffix = if number == 1 { String::new() } else { number.to_string() };
        let free = Name::new(&format!("{short}_aside{suffix}"), dialect);
        if !is_taken(&free) {
            return free;
        }
        number += 1;
    }
}

/// What to say of a table that goes.
pub(crate) fn table_goes(name: &ObjectName) -> String {
    format!("What is in `{name}` goes with it.")
}

/// What to say of a column that goes.
pub(crate) fn column_goes(table: &ObjectName, column: &Name) -> String {
    format!("What is in `{table}.{column}` goes with it.")
}

/// Whether it is about a table that is gone with its session.
pub(crate) fn is_temporary(schema: &Schema, object: &Object) -> bool {
    object.table().and_then(|name| schema.tables.get(name)).is_some_and(|table| table.temporary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_new_name_is_free_in_its_turn() {
        let turns = |renames: &[(&'static str, &'static str)]| {
            let renames = renames.iter().map(|(old, new)| (old.to_string(), new.to_string())).collect();
            let order = in_turn(&renames, |name| format!("{name}!"));
            order.iter().map(|(old, new)| format!("{old}>{new}")).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(turns(&[("b", "x"), ("a", "y")]), "a>y b>x");
        assert_eq!(turns(&[("a", "b"), ("b", "c"), ("c", "d")]), "c>d b>c a>b");
        assert_eq!(turns(&[("a", "b"), ("b", "a")]), "a>a! b>a a!>b");
        assert_eq!(turns(&[("a", "b"), ("b", "c"), ("c", "a"), ("d", "e")]), "d>e a>a! c>a b>c a!>b");
        assert_eq!(turns(&[("a", "a")]), "a>a");
    }

    #[test]
    fn a_name_aside_is_nobodys() {
        let taken = [Name::new("a_aside", Dialect::Mysql)];
        let free = free(&Name::new("A", Dialect::Mysql), |name| taken.contains(name), Dialect::Mysql);
        assert_eq!(free.as_str(), "A_aside2");
        let long = super::free(&Name::new(&"é".repeat(60), Dialect::Postgres), |_| false, Dialect::Postgres);
        assert!(long.as_str().len() < 63, "{long}");
    }
}
