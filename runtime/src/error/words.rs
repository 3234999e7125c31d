//! What an error says to people: one sentence (Alembic's where it has one), where, and what had been committed before it. What to
//! do, which comes last, is `help`'s.

use std::fmt;

use crate::error::{Error, ErrorKind, FailedStatement};
use crate::report::Report;

/// Characters of a statement that a message shows.
pub(super) const SHOWN: usize = 160;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        self.sentence(f)?;
        if let Some(statement) = &inner.statement {
            write!(f, "\n  statement: {}", shorten(&statement.sql))?;
        }
        for blocker in &inner.blockers {
            write!(f, "\n  blocked by: {blocker}")?;
        }
        if let Some(report) = &inner.report {
            applied(report, f)?;
        }
        if let Some(help) = self.help() {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

impl Error {
    /// What happened, in one sentence: Alembic's where it has one.
    fn sentence(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        let id = inner.step.map_or("", |step| step.revision.id());
        match &inner.kind {
            ErrorKind::BadTarget { target, reason } => write!(f, "`{target}` is not a target: {reason}"),
            ErrorKind::UnknownTarget { target, .. } => {
                write!(f, "Can't locate revision identified by '{target}': this chain has no such revision")
            }
            ErrorKind::AmbiguousTarget { target, candidates } => write!(
                f,
                "Can't locate revision identified by '{target}': {} revisions start with it: {}",
                candidates.len(),
                listed(candidates)
            ),
            ErrorKind::UnknownCurrent { id, table, .. } => write!(
                f,
                "Can't locate revision identified by '{id}': the database's {table} names it, and this chain does \
                 not have it"
            ),
            ErrorKind::RelativeCount { offset, count, available, .. } => {
                write!(f, "Relative revision {offset} didn't produce {count} migrations: ")?;
                match (*count, *available) {
                    (0, _) => f.write_str("nothing is no number of steps"),
                    (_, 0) => f.write_str("there are none that way"),
                    (_, 1) => f.write_str("there is one that way"),
                    (_, many) => write!(f, "there are {many} that way"),
                }
            }
            ErrorKind::WalkedTooFar { target, available } => {
                write!(f, "Walked too far: `{target}` leads past the end of the chain, {available} steps away")
            }
            ErrorKind::NotBelow { target, current } => {
                write!(f, "Destination {target} is not a valid downgrade target from current head(s): ")?;
                match current {
                    Some(current) => write!(f, "the database is at `{current}`, which is below"),
                    None => f.write_str("the database is at base"),
                }
            }
            ErrorKind::BadRange { range } => {
                write!(f, "History range requires [start]:[end], [start]:, or :[end]: `{range}` is none of them")
            }
            ErrorKind::ReversedRange { range } => write!(
                f,
                "Requested range {range} does not refer to ancestor/descendant revisions along the same branch: it \
                 ends before it starts"
            ),
            ErrorKind::RangeNotAllowed { target } => {
                write!(f, "Range revision not allowed: `{target}` names two ends, and one target is meant")
            }
            ErrorKind::BadScriptRange { range, reason } => {
                write!(f, "`{range}` is not a range that a script can be written for: {reason}")
            }
            ErrorKind::NotOffline { reason } => {
                write!(f, "revision `{id}` can't be written as SQL: {reason} (")?;
                f.write_str(inner.step.map_or("", |step| step.revision.file()))?;
                match inner.statement.as_ref().and_then(FailedStatement::line) {
                    Some(line) => write!(f, ":{line})"),
                    None => f.write_str(")"),
                }
            }
            ErrorKind::Irreversible { reason } => {
                write!(f, "revision `{id}` can't be downgraded: {reason}")
            }
            ErrorKind::DialectNotServed { dialect } => {
                write!(f, "revision `{id}` has nothing for {}: the chain is not made for it", dialect.name())
            }
            ErrorKind::ManyRows { ids, table } => {
                write!(f, "{table} has {} rows ({}), and a linear chain has one at the most", ids.len(), listed(ids))
            }
            ErrorKind::ManyTables { table, schemas } => {
                write!(f, "more than one table named `{table}` is on the search path, in the schemas {schemas}")
            }
            ErrorKind::OpenTransaction {} => f.write_str("the connection is inside a transaction"),
            ErrorKind::Busy { revision, who, since } => {
                write!(f, "revision `{revision}` is under way, and may be for a while: {who}, since {since}")
            }
            ErrorKind::InDoubt { position, statements, .. } => {
                match &inner.statement {
                    Some(_) => write!(
                        f,
                        "revision `{id}` was interrupted, and nobody can tell whether statement {position} of {statements} ran ("
                    )?,
                    None => write!(
                        f,
                        "revision `{id}` was interrupted after something of it was committed, and nobody can tell how far it came ("
                    )?,
                }
                f.write_str(inner.step.map_or("", |step| step.revision.file()))?;
                match inner.statement.as_ref().and_then(FailedStatement::line) {
                    Some(line) => write!(f, ":{line})"),
                    None => f.write_str(")"),
                }
            }
            ErrorKind::InterruptedElsewhere { revision, who } => {
                write!(f, "revision `{revision}` was interrupted, and is not in this chain; it was run by {who}")
            }
            ErrorKind::ChangedMeanwhile { done } => {
                write!(
                    f,
                    "revision `{id}` was interrupted after {done} of its statements, and these have been changed since"
                )
            }
            ErrorKind::Edited { revisions, .. } => match revisions.as_slice() {
                [revision] => write!(f, "{revision}, has been edited since"),
                many => {
                    write!(f, "{} revisions have been edited since they were applied", many.len())?;
                    many.iter().try_for_each(|revision| write!(f, "\n  {revision}"))
                }
            },
            ErrorKind::Contended { attempts } => {
                write!(f, "others moved the database each of the {attempts} times this one was about to")
            }
            ErrorKind::Statement { .. } => {
                self.failed(f)?;
                self.database_says(f)
            }
            ErrorKind::Function { .. } => {
                self.failed(f)?;
                self.database_says(f)
            }
            ErrorKind::NoProgress { rows, batch, rounds } => {
                self.failed(f)?;
                write!(
                    f,
                    ": no progress, the last of {rounds} rounds affected {rows} rows where a round of {batch} was meant"
                )
            }
            ErrorKind::ForeignKeys { violations, count } => {
                self.failed(f)?;
                write!(f, ": {count} {} a parent that is gone", if *count == 1 { "row has" } else { "rows have" })?;
                for violation in violations {
                    write!(f, "\n  table `{}`", violation.table)?;
                    if let Some(rowid) = violation.rowid {
                        write!(f, ", rowid {rowid}")?;
                    }
                    write!(f, ": no parent in `{}`", violation.parent)?;
                }
                Ok(())
            }
            ErrorKind::Custom { message } => {
                if inner.step.is_some() {
                    self.failed(f)?;
                    f.write_str(": ")?;
                }
                f.write_str(message)
            }
            ErrorKind::BadUrl { url, reason } => write!(f, "`{url}` is not the URL of a database: {reason}"),
            ErrorKind::DriverMissing { dialect } => {
                write!(f, "this program was built without the {} driver", dialect.name())
            }
            ErrorKind::MissingFile { path } => write!(f, "the database file `{path}` does not exist"),
            ErrorKind::MissingDirectory { path } => {
                write!(f, "the directory `{path}`, which should hold the database file, does not exist")
            }
            ErrorKind::Connection { url } => {
                f.write_str("can't connect to ")?;
                match url {
                    Some(url) => write!(f, "`{url}`")?,
                    None => f.write_str("the database")?,
                }
                self.database_says(f)
            }
            ErrorKind::Database {} => {
                f.write_str("the database refused a request")?;
                self.database_says(f)
            }
        }
    }

    /// Which revision failed, which way and where.
    fn failed(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(step) = &self.0.step {
            write!(f, "revision `{}` failed to {} at ", step.revision.id(), step.direction.name())?;
            f.write_str(step.revision.file())?;
        }
        match self.0.statement.as_ref().and_then(FailedStatement::line) {
            Some(line) => write!(f, ":{line}"),
            None => Ok(()),
        }
    }

    /// The database's own words.
    fn database_says(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(source) = &self.0.source else { return Ok(()) };
        let Some(sqlx::Error::Database(error)) = source.downcast_ref::<sqlx::Error>() else {
            return write!(f, ": {source}");
        };
        write!(f, ": {}", error.message())?;
        if let Some(limit) = self.timed_out() {
            f.write_str(limit.said())?;
        }
        #[cfg(feature = "postgres")]
        if let Some(error) = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
            for line in [error.detail(), error.hint()].into_iter().flatten() {
                write!(f, " ({line})")?;
            }
        }
        Ok(())
    }

    /// What happened, in one sentence: the first part of what `Display` writes.
    pub fn message(&self) -> String {
        struct Sentence<'e>(&'e Error);
        impl fmt::Display for Sentence<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.sentence(f)
            }
        }
        Sentence(self).to_string()
    }
}

/// What had been applied before a failure.
fn applied(report: &Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let ids: Vec<&str> = report.steps.iter().map(|step| step.step.revision.id()).collect();
    match ids.as_slice() {
        [] => f.write_str("\n  before it: nothing was committed"),
        [one] => write!(f, "\n  before it: `{one}` was committed"),
        [first, .., last] => {
            write!(f, "\n  before it: {} revisions were committed, `{first}` to `{last}`", ids.len())
        }
    }
}

/// One line of a statement, not too long.
pub(super) fn shorten(sql: &str) -> String {
    let mut line = String::new();
    for word in sql.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > SHOWN {
            let mut shown: String = line.chars().take(SHOWN).collect();
            shown.push('…');
            return shown;
        }
    }
    line
}

fn listed(ids: &[String]) -> String {
    ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}
