//! What of a database is looked at.

use revchain_core::Dialect;
use revchain_schema::model::{Name, ObjectName};

/// The table in which revchain notes what it is doing; it lies beside the version table.
const JOURNAL: &str = "revchain_journal";

/// What of a database is looked at. What belongs to an extension of PostgreSQL's never is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Which of PostgreSQL's schemas; without any, the session's current one. What lies in the current one has no schema in
    /// its name. (Of MySQL it is always the session's database, of SQLite `main`.)
    pub schemas: Vec<String>,
    /// And these beside it, where `schemas` names none.
    pub others: Vec<String>,
    /// Tables that are no part of the schema, with everything that belongs to them.
    pub leave_out: Vec<ObjectName>,
}

impl Scope {
    /// What a chain is about: all but its own version table, and the journal beside that.
    pub fn of_chain(version_table: ObjectName, dialect: Dialect) -> Scope {
        let journal = version_table.beside(Name::new(JOURNAL, dialect));
        Scope { leave_out: vec![version_table, journal], ..Scope::default() }
    }

    /// With these schemas of PostgreSQL's.
    #[must_use]
    pub fn with_schemas(mut self, schemas: &[&str]) -> Scope {
        self.schemas = schemas.iter().map(|&schema| schema.to_owned()).collect();
        self
    }
}

#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
impl Scope {
    /// Whether a table is looked at.
    pub(crate) fn has(&self, table: &ObjectName) -> bool {
        !self.leave_out.contains(table)
    }
}
