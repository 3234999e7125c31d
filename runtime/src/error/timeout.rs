//! Which of its limits a statement ran into, read from the database's own codes.

use super::Error;
use crate::blocker::Blocker;

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

    /// What to do about it. Who is in the way goes first: the likeliest is the first of them.
    pub(super) fn help(self, blockers: &[Blocker], is_file: bool) -> String {
        match self {
            TimedOut::Lock => {
                let end = match blockers.iter().find_map(Blocker::end) {
                    Some(end) => format!("wait for what holds the lock, or end it (`{end}`)"),
                    None if is_file => "end what holds the file (SQLite can't tell who does; `fuser` can)".to_owned(),
                    None => "end what holds the lock".to_owned(),
                };
                format!("{end}, or allow a longer wait with `lock_timeout` in revchain.toml")
            }
            TimedOut::Statement => "allow it more time with `statement_timeout` in revchain.toml".to_owned(),
        }
    }
}

impl Error {
    /// Which limit the failed statement ran into, if that is what failed. The same run may succeed later.
    pub fn timed_out(&self) -> Option<TimedOut> {
        timed_out(self.0.source.as_ref()?.downcast_ref::<sqlx::Error>()?)
    }

    /// Who held locks on what the failed statement needs, the likeliest first, where that is what failed: as they were just
    /// after it gave up. Empty where nobody was seen, or where the server does not tell (SQLite has nobody to ask).
    pub fn blockers(&self) -> &[Blocker] {
        &self.0.blockers
    }

    pub(crate) fn blocked_by(mut self, blockers: Vec<Blocker>) -> Error {
        self.0.blockers = blockers;
        self
    }

    /// Where the database was, in PostgreSQL's words.
    pub(crate) fn context(&self) -> Option<&str> {
        #[cfg(feature = "postgres")]
        if let Some(sqlx::Error::Database(error)) = self.0.source.as_ref()?.downcast_ref::<sqlx::Error>() {
            return error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>()?.r#where();
        }
        None
    }

    /// Whether SQLite says so.
    pub(super) fn is_of_a_file(&self) -> bool {
        #[cfg(feature = "sqlite")]
        if let Some(source) = &self.0.source
            && let Some(sqlx::Error::Database(error)) = source.downcast_ref::<sqlx::Error>()
        {
            return error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some();
        }
        false
    }
}

/// Which limit an error of the database's is about.
pub(crate) fn timed_out(error: &sqlx::Error) -> Option<TimedOut> {
    let sqlx::Error::Database(error) = error else { return None };
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
