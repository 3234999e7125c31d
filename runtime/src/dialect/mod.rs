//! The three dialects as the runtime sees them. Each driver file answers the same calls in the same order: `read`,
//! `flight`, `statement`, `function`, `purge`; what they share is `connect.rs`'s `Held` and `version_table.rs`. A driver
//! executes what it is told and says how it ended; it never plans.

#[cfg(feature = "mysql")]
pub(crate) mod mysql;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;

/// A database family. MariaDB is [`Dialect::Mysql`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// PostgreSQL.
    Postgres,
    /// MySQL and MariaDB.
    Mysql,
    /// SQLite.
    Sqlite,
}

impl Dialect {
    /// The name used in revision files and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Dialect::Postgres => "postgres",
            Dialect::Mysql => "mysql",
            Dialect::Sqlite => "sqlite",
        }
    }
}
