//! The static chain: what an application holds, and what the runtime walks. Nothing here parses, sorts, hashes or
//! allocates at start-up; the one look-up table is built on first use. How a revision lies in the binary is `packed.rs`'s.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use once_cell::sync::OnceCell;

use crate::dialect::Dialect;
use crate::op::Op;
use crate::packed::{Batches, Packed};
use crate::plan::Direction;

/// A verified chain of revisions, embedded in the binary. Made by [`embed_migrations!`](crate::embed_migrations) or
/// [`migrations!`](crate::migrations); its methods are the verbs.
pub struct Migrations {
    pub(crate) settings: Settings,
    packed: &'static Packed,
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
    /// What a run does about applied revisions that have been edited since.
    pub(crate) edited: Edited,
    /// How long a statement may wait for a lock; zero is without end, and without it the server decides.
    pub(crate) lock_timeout: Option<Duration>,
    /// How long a statement may take; zero is without end, and without it the server decides.
    pub(crate) statement_timeout: Option<Duration>,
    /// The database where nothing else names one, with `${NAME}` for environment variables.
    pub(crate) url: Option<&'static str>,
    /// The other databases of this chain: name and URL.
    pub(crate) databases: &'static [(&'static str, &'static str)],
    /// The databases of other chains: name and URL, where one is said.
    pub(crate) other_chains: &'static [(&'static str, Option<&'static str>)],
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

/// What a run does about revisions that were applied to its database and have been edited since: `edited` in `revchain.toml`.
///
/// A revision that is applied leaves a checksum of what its upgrade ran there, in the journal. Comments, white space, other
/// dialects' sections and the way back don't count, and a `.rs` revision has none. A run that has something to do compares
/// them before it does it; in a build with `debug_assertions`, one that has nothing to do does, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    /// It stops before anything runs ([`ErrorKind::Edited`](crate::ErrorKind::Edited)).
    Error,
    /// It says so ([`Event::Edited`](crate::Event::Edited)), and goes on.
    Warning,
    /// Nobody looks. Nor does a step that is one transaction leave a trace, but in the version table.
    Off,
}

/// One revision of the chain: where it lies, and so no larger than a text. What it tells is read when it is asked.
#[derive(Clone, Copy)]
pub struct Revision {
    packed: &'static Packed,
    /// Counted from the base.
    position: usize,
}

/// What a revision does in one direction.
#[derive(Clone, Copy)]
pub(crate) enum Work {
    /// SQL, for each of `[postgres, mysql, sqlite]`.
    Sql([Script; 3]),
    /// A function of a `.rs` revision.
    Rust(StepFn),
}

/// The statements for one dialect.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Script {
    /// In order. None at all means "nothing to do here".
    Batches(Batches),
    /// There is no way back on this dialect, for this reason.
    Irreversible(&'static str),
    /// The chain is not configured for this dialect.
    Absent,
}

/// How a batch runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// In the revision's transaction.
    Transaction,
    /// Statement by statement, outside any transaction.
    NoTransaction,
    /// One statement, again and again, each time in a transaction of its own, until it affects fewer rows than this.
    Repeat(u64),
    /// In the revision's transaction, with SQLite's foreign keys off and checked before the commit.
    Rebuild,
}

/// What a `.rs` revision's function returns.
pub type StepFuture<'a> = Pin<Box<dyn Future<Output = crate::Result> + Send + 'a>>;

/// A `.rs` revision's function.
pub type StepFn = for<'a, 'c> fn(&'a mut Op<'c>) -> StepFuture<'a>;

impl Migrations {
    /// An empty chain, with Alembic's version table.
    pub const fn empty() -> Migrations {
        let settings = Settings::new([true; 3], "alembic_version", None, Transaction::Default);
        Migrations::new(settings, Packed::EMPTY)
    }

    /// For generated code.
    #[doc(hidden)]
    pub const fn new(settings: Settings, packed: &'static Packed) -> Migrations {
        Migrations { settings, packed, by_id: OnceCell::new() }
    }

    /// How many revisions there are.
    pub const fn len(&self) -> usize {
        self.packed.len()
    }

    /// Whether the chain is empty.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The revisions, from base to head.
    pub fn revisions(&self) -> impl DoubleEndedIterator<Item = Revision> + ExactSizeIterator + '_ {
        (0..self.len()).map(|position| Revision { packed: self.packed, position })
    }

    /// The newest revision, or `None` for an empty chain.
    pub fn head(&self) -> Option<Revision> {
        self.at(self.len().checked_sub(1)?)
    }

    /// The revision with exactly this id.
    pub fn revision(&self, id: &str) -> Option<Revision> {
        self.position(id).and_then(|position| self.at(position))
    }

    /// The URL that `revchain.toml` names: `url`, or that of a database in `[databases]` which this chain is for. As it
    /// was written: `${NAME}` stands for an environment variable, and `$${` for `${`. This crate reads no environment;
    /// `revchain-cli` does.
    pub fn configured_url(&self, name: Option<&str>) -> Option<&'static str> {
        match name {
            None => self.settings.url,
            Some(name) => self.settings.databases.iter().find(|(known, _)| *known == name).map(|(_, url)| *url),
        }
    }

    /// The names of the databases in `[databases]` of `revchain.toml` which this chain is for.
    pub fn configured_names(&self) -> impl ExactSizeIterator<Item = &'static str> + use<> {
        self.settings.databases.iter().map(|(name, _)| *name)
    }

    /// The databases in `[databases]` of `revchain.toml` that have another chain (`migrations`): their names, and their
    /// URLs where it says any. This chain must not run on them.
    pub fn configured_elsewhere(&self) -> impl ExactSizeIterator<Item = (&'static str, Option<&'static str>)> + use<> {
        self.settings.other_chains.iter().copied()
    }

    /// The revision at a position, counted from the base.
    pub(crate) fn at(&self, position: usize) -> Option<Revision> {
        (position < self.len()).then_some(Revision { packed: self.packed, position })
    }

    /// The position of the revision with exactly this id, counted from the base.
    pub(crate) fn position(&self, id: &str) -> Option<usize> {
        // The usual question, at every start of a service: is the database at the head?
        let last = self.len().checked_sub(1)?;
        if self.packed.id(last) == id {
            return Some(last);
        }
        let sorted = self.sorted();
        let found = sorted.binary_search_by(|position| self.packed.id(*position as usize).cmp(id)).ok()?;
        sorted.get(found).map(|position| *position as usize)
    }

    /// The positions of the revisions whose ids start with this prefix, in the order of their ids.
    pub(crate) fn positions_with_prefix<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = usize> + 'a {
        let sorted = self.sorted();
        let first = sorted.partition_point(|position| self.packed.id(*position as usize) < prefix);
        let from_first = sorted.get(first..).unwrap_or(&[]).iter().map(|position| *position as usize);
        from_first.take_while(move |position| self.packed.id(*position).starts_with(prefix))
    }

    fn sorted(&self) -> &[u32] {
        self.by_id.get_or_init(|| {
            let mut positions: Vec<u32> = (0u32..).take(self.len()).collect();
            positions.sort_unstable_by_key(|position| self.packed.id(*position as usize));
            positions.into_boxed_slice()
        })
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
        Settings {
            dialects,
            version_table,
            version_table_schema,
            transaction,
            edited: Edited::Error,
            lock_timeout: None,
            statement_timeout: None,
            url: None,
            databases: &[],
            other_chains: &[],
        }
    }

    /// For generated code.
    #[doc(hidden)]
    #[must_use]
    pub const fn edited(mut self, edited: Edited) -> Settings {
        self.edited = edited;
        self
    }

    /// For generated code: both in milliseconds.
    #[doc(hidden)]
    #[must_use]
    pub const fn timeouts(mut self, lock: Option<u64>, statement: Option<u64>) -> Settings {
        if let Some(milliseconds) = lock {
            self.lock_timeout = Some(Duration::from_millis(milliseconds));
        }
        if let Some(milliseconds) = statement {
            self.statement_timeout = Some(Duration::from_millis(milliseconds));
        }
        self
    }

    /// For generated code: see the fields.
    #[doc(hidden)]
    #[must_use]
    pub const fn databases(
        mut self,
        url: Option<&'static str>,
        databases: &'static [(&'static str, &'static str)],
        other_chains: &'static [(&'static str, Option<&'static str>)],
    ) -> Settings {
        self.url = url;
        self.databases = databases;
        self.other_chains = other_chains;
        self
    }
}

impl Revision {
    /// The revision id.
    pub fn id(&self) -> &'static str {
        self.packed.id(self.position)
    }

    /// The id of the revision that this one follows; `None` for the base.
    pub fn down_revision(&self) -> Option<&'static str> {
        self.position.checked_sub(1).map(|position| self.packed.id(position))
    }

    /// The human line from the file's header. May be empty.
    pub fn message(&self) -> &'static str {
        self.packed.head(self.position).message
    }

    /// The `created` key, as written.
    pub fn created(&self) -> Option<&'static str> {
        self.packed.head(self.position).created
    }

    /// The revision file, relative to the crate that embeds it.
    pub fn file(&self) -> &'static str {
        self.packed.head(self.position).file
    }

    /// The digest of the revision's tokens: comments and white space do not count. XXH3, 128 bits.
    pub fn checksum(&self) -> u128 {
        self.packed.head(self.position).checksum
    }

    /// The digest of what the upgrade runs on a dialect, as the journal has it; `None` for a `.rs` revision.
    pub(crate) fn upgrade_checksum(&self, dialect: Dialect) -> Option<String> {
        let checksums = self.packed.upgrade_checksums(self.position);
        checksums.get(dialect as usize).copied().flatten().map(|checksum| format!("{checksum:016x}"))
    }

    pub(crate) fn work(&self, direction: Direction) -> Work {
        self.packed.work(self.position, direction)
    }
}

impl Work {
    /// The statements for a dialect, where the work is SQL.
    pub(crate) fn script(&self, dialect: Dialect) -> Option<Script> {
        match self {
            Work::Sql(scripts) => scripts.get(dialect as usize).copied(),
            Work::Rust(_) => None,
        }
    }

    /// Why there is no way back on a dialect, where there is none.
    pub(crate) fn irreversible(&self, dialect: Dialect) -> Option<&'static str> {
        match self {
            Work::Sql(scripts) => match scripts.get(dialect as usize) {
                Some(Script::Irreversible(reason)) => Some(reason),
                _ => None,
            },
            Work::Rust(_) => None,
        }
    }
}

impl fmt::Debug for Migrations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Migrations")
            .field("settings", &self.settings)
            .field("revisions", &self.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revision")
            .field("id", &self.id())
            .field("down_revision", &self.down_revision())
            .field("message", &self.message())
            .field("file", &self.file())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Work::Sql(scripts) => f.debug_tuple("Sql").field(scripts).finish(),
            Work::Rust(_) => f.write_str("Rust(fn)"),
        }
    }
}
