//! What of a database is looked at.

use std::collections::BTreeSet;

use revchain_core::Dialect;
use revchain_core::config::Config;
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

    /// What a chain with these settings is about, on PostgreSQL in these schemas too. The version table may have a schema in the
    /// settings, and none in its name where that is the current one.
    pub fn of_config(config: &Config, dialect: Dialect, namespaces: &BTreeSet<Name>) -> Scope {
        let bare = ObjectName::bare(Name::new(&config.version_table, dialect));
        let mut scope = Scope::of_chain(bare.clone(), dialect);
        if let Some(schema) = &config.version_table_schema {
            let there = ObjectName { schema: Some(Name::new(schema, dialect)), ..bare };
            scope.leave_out.extend(Scope::of_chain(there, dialect).leave_out);
        }
        scope.others = namespaces.iter().map(|name| name.as_str().to_owned()).collect();
        scope
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
