//! Who holds a lock that a statement needs, as the server tells it. Data; how it is found out is `locks`'.

use std::fmt;

use crate::dialect::Dialect;

/// Characters of a query that are kept.
const SHOWN: usize = 120;

/// Another session that holds locks where a statement waited for one: see [`Error::blockers`](crate::Error::blockers).
/// Each part is there as far as the server tells it to this user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    pub(crate) dialect: Dialect,
    pub(crate) pid: Option<u64>,
    pub(crate) user: Option<String>,
    pub(crate) application: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) query: Option<String>,
    pub(crate) mode: Option<String>,
    pub(crate) relation: Option<String>,
    pub(crate) since: Option<String>,
}

impl Blocker {
    /// Reads a row of `locks`' queries: pid, user, application, state, query, mode, relation, since.
    pub(crate) fn from_row(dialect: Dialect, row: Vec<Option<String>>) -> Blocker {
        let mut row = row.into_iter();
        let mut next = || row.next().flatten().map(|text| one_line(&text)).filter(|text| !text.is_empty());
        let pid = next().and_then(|pid| pid.parse().ok());
        let (user, application, state) = (next(), next(), next());
        let query = next().map(|query| shortened(&query));
        let (mode, relation, since) = (next(), next(), next());
        Blocker { dialect, pid, user, application, state, query, mode, relation, since }
    }

    /// Its session's number, which ends it: PostgreSQL's `pg_terminate_backend`, MySQL's `KILL`. `None` for PostgreSQL's
    /// prepared transactions, which have no session.
    pub fn pid(&self) -> Option<u64> {
        self.pid
    }

    /// The database's user; on MySQL with the host.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// What the program calls itself: PostgreSQL's `application_name`, MySQL's `program_name`.
    pub fn application(&self) -> Option<&str> {
        self.application.as_deref()
    }

    /// What it does: `active`, `idle in transaction`; on MySQL the command, `Sleep` for instance.
    pub fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// What it runs, or ran last: one line, not too long, and not if it has to do with a password. Of a prepared transaction,
    /// what ends it.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// The lock that it holds: `AccessShareLock`, `SHARED_READ`.
    pub fn mode(&self) -> Option<&str> {
        self.mode.as_deref()
    }

    /// What it holds the lock on: the table.
    pub fn relation(&self) -> Option<&str> {
        self.relation.as_deref()
    }

    /// Since when its transaction is open, by the database's clock.
    pub fn since(&self) -> Option<&str> {
        self.since.as_deref()
    }

    /// The statement that ends it.
    pub(crate) fn end(&self) -> Option<String> {
        let pid = self.pid?;
        Some(match self.dialect {
            Dialect::Postgres => format!("SELECT pg_terminate_backend({pid})"),
            _ => format!("KILL {pid}"),
        })
    }
}

impl fmt::Display for Blocker {
    /// In one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pid {
            Some(pid) => write!(f, "pid {pid}")?,
            None => f.write_str("no session")?,
        }
        for (word, part) in [(" user", &self.user), (" application", &self.application), ("", &self.state)] {
            if let Some(part) = part {
                write!(f, ",{word} {part}")?;
            }
        }
        if let Some(mode) = &self.mode {
            write!(f, ", holds {mode}")?;
        }
        if let Some(relation) = &self.relation {
            write!(f, " on {relation}")?;
        }
        if let Some(since) = &self.since {
            write!(f, ", since {since}")?;
        }
        match &self.query {
            Some(query) => write!(f, ": {query}"),
            None => Ok(()),
        }
    }
}

/// What others wrote must not begin a line of its own.
fn one_line(text: &str) -> String {
    text.split(|character: char| character.is_whitespace() || character.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The servers show what a session runs as it was sent, `CREATE ROLE … PASSWORD '…'` too.
fn shortened(query: &str) -> String {
    let lower = query.to_ascii_lowercase();
    if lower.contains("password") || lower.contains("identified") {
        return "(not shown: it has to do with a password)".to_owned();
    }
    let mut shown: String = query.chars().take(SHOWN).collect();
    if shown.len() < query.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocker(row: [&str; 8]) -> Blocker {
        Blocker::from_row(Dialect::Postgres, row.iter().map(|text| Some((*text).to_owned())).collect())
    }

    #[test]
    fn one_line_each_and_only_what_there_is() {
        let long = "x".repeat(200);
        for (row, line) in [
            (
                ["7", "app", "psql", "idle in transaction", "SELECT\n 1\u{1b}[2J", "AccessShareLock", "public.runs", "12:00"],
                "pid 7, user app, application psql, idle in transaction, holds AccessShareLock on public.runs, since 12:00: \
                 SELECT 1 [2J"
                    .to_owned(),
            ),
            (["7", "", "", "", "", "", "", ""], "pid 7".to_owned()),
            (["", "app", "", "", "", "", "", ""], "no session, user app".to_owned()),
            (["7", "", "", "", &long, "", "", ""], format!("pid 7: {}…", "x".repeat(SHOWN))),
            (
                ["7", "", "", "", "ALTER ROLE app PassWord 'secret'", "", "", ""],
                "pid 7: (not shown: it has to do with a password)".to_owned(),
            ),
        ] {
            assert_eq!(blocker(row).to_string(), line);
        }
    }

    #[test]
    fn how_it_is_ended() {
        let mut blocker = blocker(["7", "", "", "", "", "", "", ""]);
        assert_eq!(blocker.end().as_deref(), Some("SELECT pg_terminate_backend(7)"));
        blocker.dialect = Dialect::Mysql;
        assert_eq!(blocker.end().as_deref(), Some("KILL 7"));
        blocker.pid = None;
        assert_eq!(blocker.end(), None);
    }
}
