//! The one error of this crate: what happened, where, and what had been applied before it. Its words are in `words` and `help`.
//! Never holds a password: URLs come in redacted (see `database`).

mod help;
mod occupied;
mod timeout;
mod words;

use std::error::Error as StdError;
use std::fmt;

use crate::applied::EditedRevision;
use crate::blocker::Blocker;
use crate::dialect::Dialect;
use crate::packed::Statement;
use crate::plan::Step;
use crate::report::Report;
pub use timeout::TimedOut;
pub(crate) use timeout::timed_out;

/// The result of this crate's calls, and of a `.rs` revision's functions.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

/// What went wrong. [`kind`](Error::kind) is for programs, `Display` for people; and so is `{:?}`, which is what they see of an
/// `.unwrap()` in a test and of a `main` that gives a `Result`. `{:#?}` shows the fields.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    step: Option<Step>,
    statement: Option<FailedStatement>,
    report: Option<Report>,
    blockers: Vec<Blocker>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The statement that the database refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedStatement {
    sql: String,
    file: &'static str,
    line: Option<u32>,
}

/// What an error is about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A step is under way, and whoever runs it may still be at it.
    #[non_exhaustive]
    Busy {
        /// The revision.
        revision: String,
        /// Who runs it, as they told the journal.
        who: String,
        /// Since when, by the database's clock.
        since: String,
    },
    /// A step stopped half-way, and nobody can tell whether one of its statements ran.
    #[non_exhaustive]
    InDoubt {
        /// What to look at.
        look: String,
        /// Which statement, counted from 1.
        position: u32,
        /// How many there are.
        statements: u32,
    },
    /// A step stopped half-way, and this chain does not have its revision.
    #[non_exhaustive]
    InterruptedElsewhere {
        /// The revision.
        revision: String,
        /// Who ran it, as they told the journal.
        who: String,
    },
    /// A step stopped half-way, and the statements that had run are others by now.
    #[non_exhaustive]
    ChangedMeanwhile {
        /// How many had run.
        done: u32,
    },
    /// Revisions that are applied have been edited since. Nothing ran.
    #[non_exhaustive]
    Edited {
        /// The revisions, from base to head.
        revisions: Vec<EditedRevision>,
        /// Where the database stands.
        current: &'static str,
    },
    /// The text is no target in any chain.
    #[non_exhaustive]
    BadTarget {
        /// The text.
        target: String,
        /// What is wrong with it.
        reason: String,
    },
    /// This chain has no such revision.
    #[non_exhaustive]
    UnknownTarget {
        /// The id or prefix that was asked for.
        target: String,
        /// Ids that may have been meant, nearest first.
        nearest: Vec<String>,
    },
    /// Several revisions start with this.
    #[non_exhaustive]
    AmbiguousTarget {
        /// The prefix.
        target: String,
        /// The ids that start with it, sorted.
        candidates: Vec<String>,
    },
    /// The database names a revision that this chain does not have.
    #[non_exhaustive]
    UnknownCurrent {
        /// The id in the version table.
        id: String,
        /// The version table.
        table: String,
        /// The chain's head; `None` for an empty chain.
        head: Option<String>,
    },
    /// `+N` or `-N` leads past an end of the chain, or the wrong way.
    #[non_exhaustive]
    RelativeCount {
        /// The offset as Alembic prints it.
        offset: String,
        /// How many steps it asks for.
        count: usize,
        /// How many there are that way.
        available: usize,
        /// Whether the verb never goes that way: `upgrade -1`.
        wrong_way: bool,
    },
    /// `<id>±N` leads past an end of the chain.
    #[non_exhaustive]
    WalkedTooFar {
        /// The target.
        target: String,
        /// How many revisions there are that way.
        available: usize,
    },
    /// A downgrade was asked for a revision above the database's.
    #[non_exhaustive]
    NotBelow {
        /// The target, as written.
        target: String,
        /// Where the database stands; `None` is the base.
        current: Option<String>,
    },
    /// The range is no `[start]:[end]`.
    #[non_exhaustive]
    BadRange {
        /// The range.
        range: String,
    },
    /// The range ends before it starts.
    #[non_exhaustive]
    ReversedRange {
        /// The range.
        range: String,
    },
    /// The text names two ends where one target is asked for.
    #[non_exhaustive]
    RangeNotAllowed {
        /// The text.
        target: String,
    },
    /// The text is no range of an offline script.
    #[non_exhaustive]
    BadScriptRange {
        /// The range.
        range: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The revision can't be written down as SQL. Nothing was written.
    #[non_exhaustive]
    NotOffline {
        /// Why not.
        reason: String,
    },
    /// A downgrade would pass a revision that has no way back. Nothing ran.
    #[non_exhaustive]
    Irreversible {
        /// The reason that the revision file gives.
        reason: String,
    },
    /// The chain is not configured for the database's dialect. Nothing ran.
    #[non_exhaustive]
    DialectNotServed {
        /// The dialect.
        dialect: Dialect,
    },
    /// The version table has more rows than a linear chain can have.
    #[non_exhaustive]
    ManyRows {
        /// The ids in the table, sorted.
        ids: Vec<String>,
        /// The version table.
        table: String,
    },
    /// More than one version table is visible; which one is meant must be said.
    #[non_exhaustive]
    ManyTables {
        /// The table's name.
        table: String,
        /// The schemas that have one, in the order of the search path.
        schemas: String,
    },
    /// The connection is inside a transaction.
    #[non_exhaustive]
    OpenTransaction {},
    /// Other starters moved the database each time this one was about to.
    #[non_exhaustive]
    Contended {
        /// How often this one tried.
        attempts: u32,
    },
    /// The database refused a statement of a revision.
    #[non_exhaustive]
    Statement {
        /// What of the revision is in the database now.
        kept: Kept,
    },
    /// A `.rs` revision failed.
    #[non_exhaustive]
    Function {
        /// What of the revision is in the database now.
        kept: Kept,
    },
    /// A `repeat` section goes round without getting anywhere.
    #[non_exhaustive]
    NoProgress {
        /// Rows affected in the last round.
        rows: u64,
        /// The section's batch.
        batch: u64,
        /// Rounds that were run, and stay.
        rounds: u64,
    },
    /// A `rebuild` section leaves rows whose parents are gone. It was rolled back.
    #[non_exhaustive]
    ForeignKeys {
        /// The rows, ten at the most.
        violations: Vec<Violation>,
        /// How many there are.
        count: usize,
    },
    /// A `.rs` revision's own words: see [`Error::custom`].
    #[non_exhaustive]
    Custom {
        /// The words.
        message: String,
    },
    /// The URL is no URL of a database.
    #[non_exhaustive]
    BadUrl {
        /// The URL, without its password.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The program was built without the driver for this dialect.
    #[non_exhaustive]
    DriverMissing {
        /// The dialect, which is also the feature's name.
        dialect: Dialect,
    },
    /// The SQLite file does not exist, and this call does not create it.
    #[non_exhaustive]
    MissingFile {
        /// The file.
        path: String,
    },
    /// The directory that should hold the SQLite file does not exist.
    #[non_exhaustive]
    MissingDirectory {
        /// The directory.
        path: String,
    },
    /// The database can't be reached.
    #[non_exhaustive]
    Connection {
        /// The URL without its password, where one was given.
        url: Option<String>,
    },
    /// The database refused something of ours: reading or writing the version table, beginning or ending a transaction.
    #[non_exhaustive]
    Database {},
}

/// What a failed revision leaves in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kept {
    /// Nothing: it was rolled back.
    Nothing,
    /// What ran before the failure stays; the version table names the revision below.
    Part,
    /// What ran before the failure stays, and is noted in the journal: the next run goes on from there.
    Noted,
    /// Unknown: the connection went away. The version table tells.
    Unknown,
}

/// A row whose parent is gone, as SQLite's `foreign_key_check` reports it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// The table that holds the row.
    pub table: String,
    /// The row; `None` in a table without rowids.
    pub rowid: Option<i64>,
    /// The table that lacks the parent.
    pub parent: String,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Error {
        Error(Box::new(Inner { kind, step: None, statement: None, report: None, blockers: Vec::new(), source: None }))
    }

    /// Makes an error of a `.rs` revision's own: what it found, and what to do.
    ///
    /// ```
    /// # fn f(missing: u64) -> revchain::Result {
    /// if missing > 0 {
    ///     return Err(revchain::Error::custom(format!("{missing} runs have no project; assign them first")));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn custom(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Custom { message: message.into() })
    }

    pub(crate) fn database(source: sqlx::Error) -> Error {
        Error::new(ErrorKind::Database {}).because(source)
    }

    pub(crate) fn connection(url: Option<String>, source: sqlx::Error) -> Error {
        Error::new(ErrorKind::Connection { url }).because(source)
    }

    /// The database refused a statement of a step.
    pub(crate) fn statement_failed(step: &Step, statement: Statement, kept: Kept, source: sqlx::Error) -> Error {
        let kept = if went_away(&source) { Kept::Unknown } else { kept };
        let failed =
            FailedStatement { sql: statement.sql.to_owned(), file: step.revision.file(), line: Some(statement.line) };
        Error::new(ErrorKind::Statement { kept }).at_step(step).at_statement(failed).because(source)
    }

    /// The step failed, and no single statement did: at its commit, or where the database doesn't say.
    pub(crate) fn step_failed(step: &Step, kept: Kept, source: sqlx::Error) -> Error {
        let kept = if went_away(&source) { Kept::Unknown } else { kept };
        Error::new(ErrorKind::Statement { kept }).at_step(step).because(source)
    }

    pub(crate) fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn at_step(mut self, step: &Step) -> Error {
        self.0.step = Some(*step);
        self
    }

    pub(crate) fn at_statement(mut self, statement: FailedStatement) -> Error {
        self.0.statement = Some(statement);
        self
    }

    /// The line of the mistake, where the database tells more than the statement's own.
    #[cfg(feature = "postgres")]
    pub(crate) fn at_line(mut self, line: u32) -> Error {
        if let Some(statement) = &mut self.0.statement {
            statement.line = Some(line);
        }
        self
    }

    pub(crate) fn placed(self, step: &Step, statement: Statement) -> Error {
        let (sql, file, line) = (statement.sql.to_owned(), step.revision.file(), Some(statement.line));
        self.at_statement(FailedStatement { sql, file, line })
    }

    /// Of a step that was several transactions: what those before this one left.
    pub(crate) fn keeping(mut self, before: Kept) -> Error {
        if let ErrorKind::Statement { kept } | ErrorKind::Function { kept } = &mut self.0.kind
            && *kept == Kept::Nothing
        {
            *kept = before;
        }
        self
    }

    /// A `.rs` revision gave this error: says which, and what stays.
    pub(crate) fn in_function(mut self, step: &Step, kept: Kept) -> Error {
        let gone = self.0.source.as_ref().and_then(|source| source.downcast_ref()).is_some_and(went_away);
        let kept = if gone { Kept::Unknown } else { kept };
        if matches!(self.0.kind, ErrorKind::Database {}) {
            self.0.kind = ErrorKind::Function { kept };
        }
        self.at_step(step)
    }

    pub(crate) fn with_report(mut self, report: &Report) -> Error {
        self.0.report = Some(report.clone());
        self
    }

    /// What the error is about.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    pub(crate) fn step(&self) -> Option<&Step> {
        self.0.step.as_ref()
    }

    /// The id of the revision that failed or stands in the way.
    pub fn revision(&self) -> Option<&'static str> {
        self.0.step.map(|step| step.revision.id())
    }

    /// The statement that failed.
    pub fn statement(&self) -> Option<&FailedStatement> {
        self.0.statement.as_ref()
    }

    /// What had been applied and committed before the failure. `None` where nothing was about to run.
    pub fn report(&self) -> Option<&Report> {
        self.0.report.as_ref()
    }
}

impl FailedStatement {
    pub(crate) fn unplaced(sql: String, step: &Step) -> FailedStatement {
        FailedStatement { sql, file: step.revision.file(), line: None }
    }

    /// The text, whole.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// The revision file.
    pub fn file(&self) -> &'static str {
        self.file
    }

    /// The line in it, from 1: of the mistake where the database tells, of the statement otherwise. `None` for SQL
    /// that a `.rs` revision ran.
    pub fn line(&self) -> Option<u32> {
        self.line
    }
}

impl From<sqlx::Error> for Error {
    /// So that `?` works in `.rs` revisions.
    fn from(source: sqlx::Error) -> Error {
        Error::database(source)
    }
}

/// Whether the connection is gone, so that nobody knows whether the last thing sent was done.
fn went_away(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed)
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return fmt::Display::fmt(self, f);
        }
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("revision", &self.revision())
            .field("statement", &self.0.statement)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|source| {
            let source: &(dyn StdError + 'static) = &**source;
            source
        })
    }
}

#[cfg(test)]
mod tests;
