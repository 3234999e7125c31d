//! Whether a run from base met what is there already: a database that somebody filled, and that no version table tells of. Only
//! the servers' own codes are read; whose tables they are, nobody here knows.

use super::Error;
use crate::plan::Direction;

impl Error {
    /// Whether the first revision of all wanted to make something that is there.
    pub(super) fn is_of_an_occupied_database(&self) -> bool {
        let is_first =
            self.0.step.as_ref().is_some_and(|step| step.direction() == Direction::Upgrade && step.from().is_none());
        let source = self.0.source.as_ref().and_then(|source| source.downcast_ref::<sqlx::Error>());
        match source {
            Some(sqlx::Error::Database(error)) if is_first => is_there(&**error),
            _ => false,
        }
    }
}

/// Whether a database says that a table, or what holds tables, is there.
fn is_there(error: &dyn sqlx::error::DatabaseError) -> bool {
    #[cfg(feature = "mysql")]
    if let Some(error) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        // <https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html>
        return matches!(error.number(), 1007 | 1050);
    }
    #[cfg(feature = "sqlite")]
    if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
        // There is no code for it.
        return error.message().ends_with(" already exists");
    }
    // <https://www.postgresql.org/docs/current/errcodes-appendix.html>
    matches!(error.code().as_deref(), Some("42P06" | "42P07" | "42710"))
}
