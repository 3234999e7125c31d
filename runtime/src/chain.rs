//! The static chain: const data that the macro emits and the runtime walks. Nothing here parses, sorts, hashes or
//! allocates at start-up; the one look-up table is built on first use.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use once_cell::sync::OnceCell;

use crate::dialect::Dialect;
use crate::op::Op;

/// A verified chain of revisions, embedded in the binary. Made by [`embed_migrations!`](crate::embed_migrations) or
/// [`migrations!`](crate::migrations); its methods are the verbs.
pub struct Migrations {
    pub(crate) settings: Settings,
    pub(crate) revisions: &'static [Revision],
    /// Positions of the revisions, sorted by id: for exact and prefix look-ups.
    by_id: OnceCell<Box<[u32]>>,
}

/// What `revchain.toml` says about running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Whether the chain serves `[postgres, mysql, sqlite]`.
    pub(crate) dialects: [bool; 3],
    /// The version table's name.
    pub(crate) version_table: &'static str,
    /// The version table's schema, where one is configured.
    pub(crate) version_table_schema: Option<&'static str>,
    /// Where one transaction ends and the next begins.
    pub(crate) transaction: Transaction,
}

/// Where a run commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transaction {
    /// The dialect's own habit: per run on SQLite, where commits are the cost; per revision elsewhere.
    Default,
    /// After every revision.
    PerRevision,
    /// Once, at the end, as far as the revisions allow.
    PerRun,
}

/// One revision of the chain.
#[derive(Clone, Copy)]
pub struct Revision {
    pub(crate) id: &'static str,
    pub(crate) down_revision: Option<&'static str>,
    pub(crate) message: &'static str,
    pub(crate) created: Option<&'static str>,
    pub(crate) file: &'static str,
    pub(crate) checksum: u128,
    pub(crate) upgrade: Work,
    pub(crate) downgrade: Work,
}

/// What a revision does in one direction.
#[derive(Clone, Copy)]
pub enum Work {
    /// SQL, for each of `[postgres, mysql, sqlite]`.
    Sql([Script; 3]),
    /// A function of a `.rs` revision.
    Rust(StepFn),
    /// There is no way back, for this reason.
    Irreversible(&'static str),
}

/// The statements for one dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// In order. An empty list means "nothing to do here".
    Batches(&'static [Batch]),
    /// There is no way back on this dialect, for this reason.
    Irreversible(&'static str),
    /// The chain is not configured for this dialect.
    Absent,
}

/// Statements that run alike.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Batch {
    pub(crate) mode: Mode,
    pub(crate) sql: &'static str,
    statements: &'static [u8],
}

/// How a batch runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// In the revision's transaction.
    Transaction,
    /// Statement by statement, outside any transaction.
    NoTransaction,
    /// One statement, again and again, each time in a transaction of its own, until it affects fewer rows than this.
    Repeat(u64),
    /// In the revision's transaction, with SQLite's foreign keys off and checked before the commit.
    Rebuild,
}

/// One statement of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// The text, without its terminator.
    pub sql: &'static str,
    /// Where the text begins in the batch, in bytes.
    pub offset: usize,
    /// The line in the revision file, from 1.
    pub line: u32,
}

/// What a `.rs` revision's function returns.
pub type StepFuture<'a> = Pin<Box<dyn Future<Output = crate::Result> + Send + 'a>>;

/// A `.rs` revision's function.
pub type StepFn = for<'a, 'c> fn(&'a mut Op<'c>) -> StepFuture<'a>;

/// Bytes of one entry in a batch's statement table: start, end, line, each a little-endian `u32`.
const ENTRY: usize = 12;

impl Migrations {
    /// For generated code.
    #[doc(hidden)]
    pub const fn new(settings: Settings, revisions: &'static [Revision]) -> Migrations {
        Migrations { settings, revisions, by_id: OnceCell::new() }
    }

    /// The revisions, from base to head.
    pub fn revisions(&self) -> &'static [Revision] {
        self.revisions
    }

    /// The newest revision, or `None` for an empty chain.
    pub fn head(&self) -> Option<&'static Revision> {
        self.revisions.last()
    }

    /// The revision with exactly this id.
    pub fn revision(&self, id: &str) -> Option<&'static Revision> {
        self.position(id).and_then(|position| self.revisions.get(position))
    }

    /// The position of the revision with exactly this id, counted from the base.
    pub(crate) fn position(&self, id: &str) -> Option<usize> {
        let sorted = self.sorted();
        let found = sorted.binary_search_by(|position| self.id_at(*position).cmp(id)).ok()?;
        sorted.get(found).map(|position| *position as usize)
    }

    /// The positions of the revisions whose ids start with this prefix, in the order of their ids.
    pub(crate) fn positions_with_prefix<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = usize> + 'a {
        let sorted = self.sorted();
        let first = sorted.partition_point(|position| self.id_at(*position) < prefix);
        sorted[first..].iter().map(|position| *position as usize).take_while(move |position| {
            self.revisions.get(*position).is_some_and(|revision| revision.id.starts_with(prefix))
        })
    }

    fn sorted(&self) -> &[u32] {
        self.by_id.get_or_init(|| {
            let mut positions: Vec<u32> = (0u32..).take(self.revisions.len()).collect();
            positions.sort_unstable_by_key(|position| self.id_at(*position));
            positions.into_boxed_slice()
        })
    }

    fn id_at(&self, position: u32) -> &'static str {
        self.revisions.get(position as usize).map_or("", |revision| revision.id)
    }
}

impl Settings {
    /// For generated code.
    #[doc(hidden)]
    pub const fn new(
        dialects: [bool; 3],
        version_table: &'static str,
        version_table_schema: Option<&'static str>,
        transaction: Transaction,
    ) -> Settings {
        Settings { dialects, version_table, version_table_schema, transaction }
    }
}

impl Revision {
    /// For generated code.
    #[doc(hidden)]
    #[allow(clippy::too_many_arguments)]
    pub const fn new(
        id: &'static str,
        down_revision: Option<&'static str>,
        message: &'static str,
        created: Option<&'static str>,
        file: &'static str,
        checksum: u128,
        upgrade: Work,
        downgrade: Work,
    ) -> Revision {
        Revision { id, down_revision, message, created, file, checksum, upgrade, downgrade }
    }

    /// The revision id.
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// The id of the revision that this one follows; `None` for the base.
    pub const fn down_revision(&self) -> Option<&'static str> {
        self.down_revision
    }

    /// The human line from the file's header. May be empty.
    pub const fn message(&self) -> &'static str {
        self.message
    }

    /// The `created` key, as written.
    pub const fn created(&self) -> Option<&'static str> {
        self.created
    }

    /// The revision file, relative to the crate that embeds it.
    pub const fn file(&self) -> &'static str {
        self.file
    }

    /// The digest of the revision's tokens: comments and white space do not count. XXH3, 128 bits.
    pub const fn checksum(&self) -> u128 {
        self.checksum
    }
}

impl Work {
    /// The statements for a dialect, where the work is SQL.
    pub(crate) fn script(&self, dialect: Dialect) -> Option<Script> {
        match self {
            Work::Sql(scripts) => scripts.get(dialect as usize).copied(),
            Work::Rust(_) | Work::Irreversible(_) => None,
        }
    }

    /// Why there is no way back on a dialect, where there is none.
    pub(crate) fn irreversible(&self, dialect: Dialect) -> Option<&'static str> {
        match self {
            Work::Irreversible(reason) => Some(reason),
            Work::Sql(scripts) => match scripts.get(dialect as usize) {
                Some(Script::Irreversible(reason)) => Some(reason),
                _ => None,
            },
            Work::Rust(_) => None,
        }
    }
}

impl Batch {
    /// For generated code. `statements` holds twelve bytes for each statement: start and end of its text in `sql`,
    /// and its line in the file, each a little-endian `u32`.
    #[doc(hidden)]
    pub const fn new(mode: Mode, sql: &'static str, statements: &'static [u8]) -> Batch {
        Batch { mode, sql, statements }
    }

    /// How many statements there are.
    pub(crate) const fn len(&self) -> usize {
        self.statements.len() / ENTRY
    }

    /// The statement at a position.
    pub(crate) fn statement(&self, position: usize) -> Option<Statement> {
        let entry = self.statements.get(position * ENTRY..(position + 1) * ENTRY)?;
        let number = |at: usize| {
            entry.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes).unwrap_or_default()
        };
        let (start, end, line) = (number(0) as usize, number(4) as usize, number(8));
        Some(Statement { sql: self.sql.get(start..end)?, offset: start, line })
    }

    /// The statements in order.
    pub(crate) fn statements(&self) -> impl Iterator<Item = Statement> + '_ {
        (0..self.len()).filter_map(|position| self.statement(position))
    }
}

impl fmt::Debug for Migrations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Migrations")
            .field("settings", &self.settings)
            .field("revisions", &self.revisions)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revision")
            .field("id", &self.id)
            .field("down_revision", &self.down_revision)
            .field("message", &self.message)
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Work::Sql(scripts) => f.debug_tuple("Sql").field(scripts).finish(),
            Work::Rust(_) => f.write_str("Rust(fn)"),
            Work::Irreversible(reason) => f.debug_tuple("Irreversible").field(reason).finish(),
        }
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("mode", &self.mode).field("statements", &self.len()).finish_non_exhaustive()
    }
}
