//! The one error of this crate: what happened, where, what had been applied before it, and what to do now. Wording
//! lives here and nowhere else. Never holds a password: URLs come in redacted (see `connect`).

use std::error::Error as StdError;
use std::fmt;

use crate::chain::Statement;
use crate::dialect::Dialect;
use crate::plan::{Direction, Step};
use crate::report::Report;

/// The result of this crate's calls, and of a `.rs` revision's functions.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

/// What went wrong. [`kind`](Error::kind) is for programs, `Display` for people.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    step: Option<Step>,
    statement: Option<FailedStatement>,
    report: Option<Report>,
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
    /// The database names a revision that this binary does not have.
    #[non_exhaustive]
    UnknownCurrent {
        /// The id in the version table.
        id: String,
        /// The version table.
        table: String,
        /// This binary's head; `None` for an empty chain.
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
        Error(Box::new(Inner { kind, step: None, statement: None, report: None, source: None }))
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
            FailedStatement { sql: statement.sql.to_owned(), file: step.revision.file, line: Some(statement.line) };
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
        let (sql, file, line) = (statement.sql.to_owned(), step.revision.file, Some(statement.line));
        self.at_statement(FailedStatement { sql, file, line })
    }

    /// Of a step that was several transactions: what those before this one left.
    pub(crate) fn keeping(mut self, before: Kept) -> Error {
        if let ErrorKind::Statement { kept } = &mut self.0.kind
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

    /// The id of the revision that failed or stands in the way.
    pub fn revision(&self) -> Option<&'static str> {
        self.0.step.map(|step| step.revision.id)
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
        FailedStatement { sql, file: step.revision.file, line: None }
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

/// Characters of a statement that a message shows.
const SHOWN: usize = 160;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        self.sentence(f)?;
        if let Some(statement) = &inner.statement {
            write!(f, "\n  statement: {}", shorten(&statement.sql))?;
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
        let id = inner.step.map_or("", |step| step.revision.id);
        match &inner.kind {
            ErrorKind::BadTarget { target, reason } => write!(f, "`{target}` is not a target: {reason}"),
            ErrorKind::UnknownTarget { target, .. } => {
                write!(f, "Can't locate revision identified by '{target}': this binary has no such revision")
            }
            ErrorKind::AmbiguousTarget { target, candidates } => write!(
                f,
                "Can't locate revision identified by '{target}': {} revisions start with it: {}",
                candidates.len(),
                listed(candidates)
            ),
            ErrorKind::UnknownCurrent { id, table, .. } => write!(
                f,
                "Can't locate revision identified by '{id}': the database's {table} names it, and this binary does \
                 not have it"
            ),
            ErrorKind::RelativeCount { offset, count, available } => {
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
            write!(f, "revision `{}` failed to {} at ", step.revision.id, step.direction.name())?;
            f.write_str(step.revision.file)?;
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
        #[cfg(feature = "postgres")]
        if let Some(error) = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
            for line in [error.detail(), error.hint()].into_iter().flatten() {
                write!(f, " ({line})")?;
            }
        }
        Ok(())
    }

    /// What to do.
    fn help(&self) -> Option<String> {
        let inner = &*self.0;
        let step = inner.step.as_ref();
        let id = step.map_or("", |step| step.revision.id);
        let verb = step.map_or("upgrade", |step| step.direction.name());
        Some(match &inner.kind {
            ErrorKind::BadTarget { .. } => {
                "a target is `head`, `base`, a revision id or the start of one, `+2`, `-1`, `<id>+1` or `<id>-2`".to_owned()
            }
            ErrorKind::UnknownTarget { target, nearest } if nearest.is_empty() => match target.as_str() {
                "current" => "`current` is where the database stands; `+1` and `-1` count from there".to_owned(),
                _ => "`history` lists the revisions of this binary".to_owned(),
            },
            ErrorKind::UnknownTarget { nearest, .. } => format!("did you mean {}?", alternatives(nearest)),
            ErrorKind::AmbiguousTarget { .. } => "type more of the id".to_owned(),
            ErrorKind::UnknownCurrent { head, .. } => format!(
                "likely causes: this binary is older than the database (deploy the newer one); the revision's file \
                 was deleted or rebased (bring it back); this is the wrong database (check the URL). If you know \
                 that the schema is that of one of this binary's revisions{}, say so with `stamp --purge <rev>`",
                head.as_ref().map(|head| format!(", of which `{head}` is the newest")).unwrap_or_default()
            ),
            ErrorKind::RelativeCount { offset, count, .. } => match (count, offset.starts_with('-')) {
                (0, _) => "leave it out: the database is where it is".to_owned(),
                (_, true) => "`-N` is for `downgrade`; `base` is the end that way".to_owned(),
                (_, false) => "`+N` is for `upgrade`; `head` is the end that way".to_owned(),
            },
            ErrorKind::WalkedTooFar { .. } => "ask for `base` or `head`, or count fewer steps".to_owned(),
            ErrorKind::NotBelow { target, .. } => format!("to go there, `upgrade {target}`"),
            ErrorKind::BadRange { .. } => "for instance `-3:head`, `base:current` or `1b2c:`".to_owned(),
            ErrorKind::ReversedRange { .. } => "exchange the two ends; the older one comes first".to_owned(),
            ErrorKind::Irreversible { .. } => format!(
                "nothing was run; downgrade to `{id}` at the lowest, or restore a backup from before it"
            ),
            ErrorKind::DialectNotServed { dialect } => format!(
                "nothing was run; add `{}` to `dialects` in revchain.toml and give each revision its section",
                dialect.name()
            ),
            ErrorKind::ManyRows { .. } => {
                "find out which one is true, and set it with `stamp --purge <rev>`".to_owned()
            }
            ErrorKind::ManyTables { .. } => {
                "say which one is meant: `version_table_schema` in revchain.toml".to_owned()
            }
            ErrorKind::OpenTransaction {} => {
                "commit or roll back first, or pass the pool: every revision needs a transaction of its own".to_owned()
            }
            ErrorKind::Contended { .. } => "see who else is moving this database, then try again".to_owned(),
            ErrorKind::Statement { kept } | ErrorKind::Function { kept } => match kept {
                Kept::Nothing => format!("nothing of `{id}` was kept; mend the cause and run the {verb} again"),
                Kept::Part => format!(
                    "what ran of `{id}` before this statement stays, and the version table names {}; put that right \
                     by hand, then run the {verb} again",
                    match step.and_then(Step::lower) {
                        Some(lower) => format!("`{lower}`"),
                        None => "no revision".to_owned(),
                    }
                ),
                Kept::Unknown => format!(
                    "the connection went away, so nobody knows whether `{id}` was committed; `current` tells, and \
                     running the {verb} again is safe"
                ),
            },
            ErrorKind::NoProgress { .. } => {
                "limit the statement to the batch, and let its WHERE exclude the rows that are done; the rounds that ran \
                 stay"
                    .to_owned()
            }
            ErrorKind::ForeignKeys { .. } => {
                format!("nothing of `{id}` was kept; give these rows a parent or delete them in the revision, before the rebuild")
            }
            ErrorKind::Custom { .. } if step.is_some() => {
                format!("once that is put right, run the {verb} again")
            }
            ErrorKind::Custom { .. } => return None,
            ErrorKind::BadUrl { .. } => {
                "for instance `sqlite:app.db`, `postgres://user@host/name` or `mysql://user@host/name`".to_owned()
            }
            ErrorKind::DriverMissing { dialect } => {
                format!("build it with the feature `{}` of revchain", dialect.name())
            }
            ErrorKind::MissingFile { .. } => "check the path; `upgrade` creates the file".to_owned(),
            ErrorKind::MissingDirectory { .. } => "create it, or check the path".to_owned(),
            ErrorKind::Connection { url } => self.connection_help(url.as_deref()).to_owned(),
            ErrorKind::Database {} => return None,
        })
    }
}

impl Error {
    /// What to do where nobody answers, and where someone does and says no.
    fn connection_help(&self, url: Option<&str>) -> &'static str {
        if url.is_some_and(|url| url.starts_with("sqlite:")) {
            // In SQLAlchemy's URLs `sqlite:///app.db` is a file in the working directory.
            return match url.is_some_and(|url| url.starts_with("sqlite:///")) {
                true => {
                    "check that it is a file that you may read and write; `sqlite:///x` is `/x`, and `sqlite:x` a file here"
                }
                false => "check that it is a file that you may read and write, or a directory in which you may make it",
            };
        }
        match self.0.source.as_ref().and_then(|source| source.downcast_ref::<sqlx::Error>()) {
            // PostgreSQL's code, MySQL's words: its code is also that of a database that this user may not use.
            Some(sqlx::Error::Database(error))
                if error.code().as_deref() == Some("3D000") || error.message().starts_with("Unknown database") =>
            {
                "create the database first, or check its name in the URL"
            }
            Some(sqlx::Error::Database(_)) => "check the user, the password and the database in the URL",
            _ => "check that the server runs and that the URL is right",
        }
    }
}

impl Step {
    /// The revision that the version table names while the step is in flight: the lower one.
    fn lower(&self) -> Option<&'static str> {
        match self.direction {
            Direction::Upgrade => self.from,
            Direction::Downgrade => self.to,
        }
    }
}

/// What had been applied before a failure.
fn applied(report: &Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let ids: Vec<&str> = report.steps.iter().map(|step| step.step.revision.id).collect();
    match ids.as_slice() {
        [] => f.write_str("\n  before it: nothing was run"),
        [one] => write!(f, "\n  before it: `{one}` was run and committed"),
        [first, .., last] => {
            write!(f, "\n  before it: {} revisions were run and committed, `{first}` to `{last}`", ids.len())
        }
    }
}

/// One line of a statement, not too long.
fn shorten(sql: &str) -> String {
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

fn alternatives(ids: &[String]) -> String {
    ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(" or ")
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
