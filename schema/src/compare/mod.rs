//! Comparing schemas: what is in one and not in the other, and what differs. Says what, not whether it matters.
//!
//! Left out is what no statement of the author's can decide: the order of columns (a column that was dropped comes back at
//! the end), the names of constraints that have none (SQLite's), and of an expression everything that only spells it another
//! way.

mod bodies;
mod canonical;
mod objects;
mod selected;
mod tables;

use std::fmt;

use crate::model::{Name, ObjectName, Schema};

pub(crate) use bodies::bodies;
pub use canonical::canonical;
pub(crate) use selected::selected;

/// One difference between two schemas, seen from the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What differs.
    pub object: Object,
    /// How.
    pub change: Changed,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Object {
    /// A schema of PostgreSQL's.
    Namespace(Name),
    /// A table.
    Table(ObjectName),
    /// A column.
    Column(ObjectName, Name),
    /// A table's primary key.
    PrimaryKey(ObjectName),
    /// A unique constraint: its name, or its columns where it has none.
    Unique(ObjectName, String),
    /// A foreign key, likewise.
    ForeignKey(ObjectName, String),
    /// A check, by name or expression.
    Check(ObjectName, String),
    /// An exclusion constraint.
    Exclusion(ObjectName, String),
    /// An index.
    Index(ObjectName, String),
    /// A property of a table that is compared and not understood.
    Option(ObjectName, String),
    /// A view.
    View(ObjectName),
    /// A type.
    Type(ObjectName),
    /// A sequence.
    Sequence(ObjectName),
    /// A function or procedure, with its arguments.
    Routine(ObjectName, String),
    /// A trigger, and what it is on.
    Trigger(ObjectName, Name),
    /// An extension.
    Extension(Name),
}

/// How it differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// The first schema has it, the second has not.
    Missing,
    /// The second schema has it, the first has not.
    Extra,
    /// Both have it, and this of it differs.
    Differs {
        /// `type`, `default`, `columns`, …
        what: &'static str,
        /// In the first, for people.
        before: String,
        /// In the second.
        after: String,
    },
}

impl Object {
    /// The table that it is, or belongs to.
    pub fn table(&self) -> Option<&ObjectName> {
        match self {
            Object::Table(table)
            | Object::Column(table, _)
            | Object::PrimaryKey(table)
            | Object::Unique(table, _)
            | Object::ForeignKey(table, _)
            | Object::Check(table, _)
            | Object::Exclusion(table, _)
            | Object::Index(table, _)
            | Object::Option(table, _)
            | Object::Trigger(table, _) => Some(table),
            _ => None,
        }
    }

    /// The name of what it is, where it is no part of a table.
    pub fn name(&self) -> Option<&ObjectName> {
        match self {
            Object::View(name) | Object::Type(name) | Object::Sequence(name) | Object::Routine(name, _) => Some(name),
            _ => None,
        }
    }
}

/// All differences between two schemas of one dialect. Nothing is said of tables that are tainted in either; what it means
/// that anything may have happened in one of them ([`Schema::unknown`]) is for the caller to say.
pub fn compare(before: &Schema, after: &Schema) -> Vec<Difference> {
    let mut differences = Vec::new();
    tables::compare(before, after, &mut differences);
    objects::compare(before, after, &mut differences);
    differences
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Object::Namespace(name) => write!(f, "schema `{name}`"),
            Object::Table(table) => write!(f, "table `{table}`"),
            Object::Column(table, column) => write!(f, "column `{table}.{column}`"),
            Object::PrimaryKey(table) => write!(f, "the primary key of `{table}`"),
            Object::Unique(table, name) => write!(f, "unique constraint `{name}` of `{table}`"),
            Object::ForeignKey(table, name) => write!(f, "foreign key `{name}` of `{table}`"),
            Object::Check(table, name) => write!(f, "check `{name}` of `{table}`"),
            Object::Exclusion(table, name) => write!(f, "exclusion constraint `{name}` of `{table}`"),
            Object::Index(table, name) => write!(f, "index `{name}` of `{table}`"),
            Object::Option(table, key) => write!(f, "`{key}` of table `{table}`"),
            Object::View(name) => write!(f, "view `{name}`"),
            Object::Type(name) => write!(f, "type `{name}`"),
            Object::Sequence(name) => write!(f, "sequence `{name}`"),
            Object::Routine(name, arguments) => write!(f, "function `{name}({arguments})`"),
            Object::Trigger(table, name) => write!(f, "trigger `{name}` of `{table}`"),
            Object::Extension(name) => write!(f, "extension `{name}`"),
        }
    }
}

impl fmt::Display for Difference {
    /// As a sentence about the second schema.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.change {
            Changed::Missing => write!(f, "{} is missing", self.object),
            Changed::Extra => write!(f, "{} is left", self.object),
            Changed::Differs { what: "nullability", before, after } => {
                write!(f, "{} is {after}, and was {before}", self.object)
            }
            Changed::Differs { what: "an added value", before, after } => {
                write!(f, "{} has the values {after}, and had {before}", self.object)
            }
            Changed::Differs { what, before, after } => {
                write!(f, "{}: {what} is {after}, and was {before}", self.object)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use revchain_core::Dialect;

    use super::*;
    use crate::model::{Place, Table};
    use crate::read::read;
    use crate::replay::Replay;

    fn with_option(dialect: Dialect, option: Option<(&str, &str)>) -> Schema {
        let (mut schema, mut table) = (Schema::empty(dialect), Table::new(Place::NOWHERE));
        table.options.extend(option.map(|(key, value)| (key.to_owned(), value.to_owned())));
        schema.tables.insert(ObjectName::bare(Name::new("runs", dialect)), Arc::new(table));
        schema
    }

    fn after(statements: &[&str]) -> Schema {
        let mut replay = Replay::new(Dialect::Postgres);
        for statement in statements {
            replay.apply(&read(statement, Dialect::Postgres), statement, Place::NOWHERE, &|_| Place::NOWHERE);
        }
        replay.schema
    }

    #[test]
    fn what_says_the_same_is_no_difference() {
        for (one, other) in [
            (
                &["CREATE TABLE a (x int, CONSTRAINT c CHECK (x IN (1, 2)))"][..],
                &["CREATE TABLE a (x int)", "ALTER TABLE a ADD CONSTRAINT c CHECK (a.x = ANY (ARRAY[1, 2]))"][..],
            ),
            (
                &["CREATE TABLE a (x timestamp)", "CREATE INDEX i ON a (date(x))", "ALTER TABLE a ALTER x TYPE date"],
                &["CREATE TABLE a (x date)", "CREATE INDEX i ON a (x)"],
            ),
        ] {
            assert_eq!(compare(&after(one), &after(other)), [], "{other:?}");
        }
    }

    #[test]
    fn a_character_set_is_compared_where_both_say_one() {
        for (before, after, differences) in [
            (Some(("character set", "latin1")), Some(("character set", "utf8mb4")), 1),
            (Some(("character set", "latin1")), None, 0),
            (None, Some(("collate", "latin1_bin")), 0),
            (Some(("engine", "myisam")), None, 1),
            (None, Some(("engine", "myisam")), 1),
        ] {
            let (one, other) = (with_option(Dialect::Mysql, before), with_option(Dialect::Mysql, after));
            assert_eq!(compare(&one, &other).len(), differences, "{before:?} and {after:?}");
        }
    }
}
