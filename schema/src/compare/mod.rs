//! Comparing schemas: what is in one and not in the other, and what differs. Says what, not whether it matters.
//!
//! [`compare`] holds two schemas that people wrote against each other, [`compare_stored`] one of those against a database's: see
//! there.
//!
//! Left out is what no statement of the author's can decide: the order of columns (a column that was dropped comes back at
//! the end), the names of constraints that have none (SQLite's), and of an expression everything that only spells it another
//! way.

mod bodies;
mod canonical;
mod constant;
mod likeness;
mod live;
mod objects;
mod part;
mod reworded;
mod selected;
mod stored;
mod tables;

use std::fmt;

use revchain_core::Dialect;

use crate::model::{Column, Expression, Name, ObjectName, Schema};

pub(crate) use bodies::bodies;
pub use canonical::canonical;
use likeness::{Likeness, likeness};
pub use live::{admit, compare_live, namespaces};
pub use objects::compare_bodies;
pub use part::{Part, find};
pub use reworded::reworded;
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
    /// Something with a name that is not modelled (a policy, a rule, an event): its kind, and its name.
    Other(&'static str, ObjectName),
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
            Object::View(name)
            | Object::Type(name)
            | Object::Sequence(name)
            | Object::Routine(name, _)
            | Object::Other(_, name) => Some(name),
            _ => None,
        }
    }
}

/// All differences between two schemas of one dialect. Nothing is said of tables that are tainted in either; what it means
/// that anything may have happened in one of them ([`Schema::unknown`]) is for the caller to say.
pub fn compare(before: &Schema, after: &Schema) -> Vec<Difference> {
    let mut found = Found { is_stored: false, result: Comparison::default() };
    tables::compare(before, after, &mut found);
    objects::compare(before, after, &mut found);
    found.result.differences
}

/// What a comparison comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What differs for certain.
    pub differences: Vec<Difference>,
    /// What nobody could compare. Where both lists are empty the schemas are the same.
    pub unclear: Vec<Unclear>,
}

/// Something that could not be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclear {
    /// What it is, or is about.
    pub object: Object,
    /// What of it, and why.
    pub why: String,
}

/// Compares what a chain leads to, or what somebody declares, with what a database holds: `said` is written by people, `stored`
/// is reflected.
///
/// This is where it is defined what is the same although a database spells it in another way: expressions, names that nobody
/// gave, what a character set implies, unique constraints that are indexes. Never an alarm for these; what may be one thing or
/// two is among the unclear.
pub fn compare_stored(said: &Schema, stored: &Schema) -> Comparison {
    let mut found = Found { is_stored: true, result: Comparison::default() };
    tables::compare(said, stored, &mut found);
    objects::compare(said, stored, &mut found);
    let mut result = found.result;
    let is_unclear = |difference: &Difference| {
        let of = |name: &ObjectName| said.unsure.contains(name) || !said.unknown.is_empty() && !said.has(name);
        difference.object.table().is_some_and(of) || difference.object.name().is_some_and(of)
    };
    let (unclear, differences) = result.differences.into_iter().partition(is_unclear);
    result.differences = differences;
    for Difference { object, .. } in unclear {
        let why = "a statement that nobody understood may have changed it".to_owned();
        result.unclear.push(Unclear { object, why });
    }
    result
}

/// What is found so far.
struct Found {
    /// Whether the second schema is what a database made of statements.
    is_stored: bool,
    result: Comparison,
}

impl Found {
    fn missing(&mut self, object: Object) {
        self.result.differences.push(Difference { object, change: Changed::Missing });
    }

    fn extra(&mut self, object: Object) {
        self.result.differences.push(Difference { object, change: Changed::Extra });
    }

    fn differs(&mut self, object: &Object, what: &'static str, before: String, after: String) {
        if before != after {
            let change = Changed::Differs { what, before, after };
            self.result.differences.push(Difference { object: object.clone(), change });
        }
    }

    fn unclear(&mut self, object: &Object, why: impl Into<String>) {
        if self.is_stored {
            self.result.unclear.push(Unclear { object: object.clone(), why: why.into() });
        }
    }

    /// Compares two expressions; `columns` may be named in them.
    fn expression(
        &mut self,
        object: &Object,
        what: &'static str,
        dialect: Dialect,
        (before, after): (Option<&Expression>, Option<&Expression>),
        columns: &[Column],
    ) {
        if let (true, Some(one), Some(other)) = (self.is_stored, before, after) {
            match likeness(one, other, dialect, columns) {
                Likeness::Same => return,
                Likeness::Unclear => {
                    return self.unclear(object, format!("{what}: `{one}` may be what is stored as `{other}`"));
                }
                Likeness::Different => {}
            }
        }
        let shown = |expression: Option<&Expression>| {
            expression.map_or_else(|| "none".to_owned(), |text| format!("`{}`", canonical(text, dialect)))
        };
        self.differs(object, what, shown(before), shown(after));
    }
}

impl fmt::Display for Unclear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.object, self.why)
    }
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
            Object::Other(kind, name) => write!(f, "{kind} `{name}`"),
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

    use super::*;
    use crate::model::{Key, Name, Place, Table};
    use crate::read::read;
    use crate::replay::Replay;

    fn with_option(dialect: Dialect, option: Option<(&str, &str)>) -> Schema {
        let (mut schema, mut table) = (Schema::empty(dialect), Table::new(Place::NOWHERE));
        table.options.extend(option.map(|(key, value)| (key.to_owned(), value.to_owned())));
        schema.tables.insert(ObjectName::bare(Name::new("runs", dialect)), Arc::new(table));
        schema
    }

    fn with_key(dialect: Dialect, name: &str, column: &str) -> Schema {
        let (mut schema, mut table) = (Schema::empty(dialect), Table::new(Place::NOWHERE));
        let columns = vec![Name::new(column, dialect)];
        let name = Some(Name::new(name, dialect));
        table.uniques.push(Key::new(name, columns));
        schema.tables.insert(ObjectName::bare(Name::new("runs", dialect)), Arc::new(table));
        schema
    }

    /// A schema with a table, whose index is said or stored with such a predicate.
    fn with_index(predicate: &str) -> Schema {
        let dialect = Dialect::Postgres;
        let statement = format!("CREATE INDEX runs_a ON runs (a) WHERE {predicate}");
        let mut table = crate::read_table("CREATE TABLE runs (a int, b int)", dialect).unwrap();
        table.indexes.extend(crate::read_index(&statement, dialect));
        let mut schema = Schema::empty(dialect);
        schema.tables.insert(ObjectName::bare(Name::new("runs", dialect)), Arc::new(table));
        schema
    }

    #[test]
    fn the_case_of_names_means_nothing_but_on_postgres() {
        for (dialect, differences) in [(Dialect::Postgres, 2), (Dialect::Mysql, 0), (Dialect::Sqlite, 0)] {
            let (one, other) = (with_key(dialect, "Runs_Asset", "Asset"), with_key(dialect, "runs_asset", "asset"));
            assert_eq!(compare(&one, &other).len(), differences, "{}", dialect.name());
        }
    }

    #[test]
    fn what_is_stored_in_other_words_is_no_difference_or_said_to_be_unclear() {
        for (said, stored, differences, unclear) in [
            ("a > -1", "(a > '-1'::integer)", 0, 0),
            ("extract(year from b) > 1", "(date_part('year'::text, b) > 1)", 0, 1),
            ("a > 1", "(b > 1)", 1, 0),
        ] {
            let found = compare_stored(&with_index(said), &with_index(stored));
            assert_eq!((found.differences.len(), found.unclear.len()), (differences, unclear), "{found:?}");
        }
    }

    #[test]
    fn what_may_have_changed_is_unclear() {
        let (mut said, stored) = (with_index("a > 1"), with_index("a > 2"));
        said.unsure = Arc::new([ObjectName::bare(Name::new("runs", Dialect::Postgres))].into());
        let found = compare_stored(&said, &stored);
        assert_eq!((found.differences.len(), found.unclear.len()), (0, 1), "{found:?}");
    }

    fn after(statements: &[&str]) -> Schema {
        made(Dialect::Postgres, statements)
    }

    fn made(dialect: Dialect, statements: &[&str]) -> Schema {
        let mut replay = Replay::new(dialect);
        for statement in statements {
            replay.apply(read(statement, dialect), statement, Place::NOWHERE, &|_| Place::NOWHERE);
        }
        replay.schema
    }

    #[test]
    fn what_mysql_makes_of_words_is_no_difference() {
        for (said, stored, differences) in [
            ("a int DEFAULT 1.5", "a int DEFAULT 2", 0),
            ("a int DEFAULT 1", "a int DEFAULT 2", 1),
            ("a int, KEY i USING HASH (a)", "a int, KEY i (a)", 0),
            ("a text, FULLTEXT i (a) WITH PARSER ngram", "a text, FULLTEXT i (a)", 0),
            ("a text, FULLTEXT i (a)", "a text, KEY i (a)", 1),
            ("a enum('x ', 'y')", "a enum('x','y')", 0),
            ("a int, CHECK (a OR a > 3)", "a int, CONSTRAINT t_chk_1 CHECK (((0 <> `a`) OR (`a` > 3)))", 0),
        ] {
            let table = |columns| made(Dialect::Mysql, &[&format!("CREATE TABLE t ({columns})")]);
            let found = compare_stored(&table(said), &table(stored));
            assert_eq!((found.differences.len(), found.unclear.len()), (differences, 0), "{said}: {found:?}");
        }
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
