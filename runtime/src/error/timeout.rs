//! Which of its limits a statement ran into, read from the database's own codes.

use super::Error;

/// A limit that a statement ran into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimedOut {
    /// It waited too long for a lock that someone else held (`lock_timeout`).
    Lock,
    /// It took too long (`statement_timeout`).
    Statement,
}

impl TimedOut {
    pub(super) const fn said(self) -> &'static str {
        match self {
            TimedOut::Lock => " (it ran into the lock time-out: someone else holds a lock that it needs)",
            TimedOut::Statement => " (it ran into the statement time-out)",
        }
    }

    pub(super) const fn help(self) -> &'static str {
        match self {
            TimedOut::Lock => "end what holds the lock, or allow a longer wait with `lock_timeout` in revchain.toml",
            TimedOut::Statement => "allow it more time with `statement_timeout` in revchain.toml",
        }
    }
}

impl Error {
    /// Which limit the failed statement ran into, if that is what failed. The same run may succeed later.
    pub fn timed_out(&self) -> Option<TimedOut> {
        let Some(sqlx::Error::Database(error)) = self.0.source.as_ref()?.downcast_ref::<sqlx::Error>() else {
            return None;
        };
        #[cfg(feature = "postgres")]
        if let Some(error) = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
            return match error.code() {
                "55P03" => Some(TimedOut::Lock),
                // Also the code of a cancel request; then the words are others.
                "57014" if error.message().contains("timeout") => Some(TimedOut::Statement),
                _ => None,
            };
        }
        #[cfg(feature = "mysql")]
        if let Some(error) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
            return match error.number() {
                1205 => Some(TimedOut::Lock),
                // MariaDB's, and MySQL's.
                1969 | 3024 => Some(TimedOut::Statement),
                _ => None,
            };
        }
        #[cfg(feature = "sqlite")]
        if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
            // The extended codes have the plain one in their low byte.
            let code: i64 = error.code()?.parse().ok()?;
            return match code & 0xff {
                5 => Some(TimedOut::Lock),
                9 => Some(TimedOut::Statement),
                _ => None,
            };
        }
        None
    }
}
