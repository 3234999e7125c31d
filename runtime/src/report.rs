//! What a run did and where a database stands, as data.

use std::time::Duration;

use crate::chain::Revision;
use crate::dialect::Dialect;
use crate::journal::Entry;
use crate::plan::Step;

/// What a run did. Also carried by an [`Error`](crate::Error): what was applied and committed before it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Report {
    pub(crate) dialect: Dialect,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) behind: bool,
    pub(crate) steps: Vec<StepReport>,
}

/// One step that was committed.
#[derive(Debug, Clone)]
pub struct StepReport {
    pub(crate) step: Step,
    pub(crate) elapsed: Duration,
}

impl Report {
    #[inline]
    pub(crate) fn new(dialect: Dialect, from: Option<String>) -> Report {
        Report { dialect, to: from.clone(), from, behind: false, steps: Vec::new() }
    }

    /// The database's dialect.
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Where the database stood; `None` is the base.
    pub fn from(&self) -> Option<&str> {
        self.from.as_deref()
    }

    /// Where it stands now; `None` is the base.
    pub fn to(&self) -> Option<&str> {
        self.to.as_deref()
    }

    /// The steps that this run committed, in order. A step that another starter took is not among them.
    pub fn steps(&self) -> &[StepReport] {
        &self.steps
    }

    /// Whether an upgrade was asked for a revision that the database is already past; nothing was done.
    pub const fn target_is_behind(&self) -> bool {
        self.behind
    }
}

impl StepReport {
    /// The step.
    pub const fn step(&self) -> &Step {
        &self.step
    }

    /// How long the step took, commit included. Of steps that share a transaction, the last one carries the commit; of those that
    /// share a message to PostgreSQL, each an equal part of the time, since the server answers when all of them are over.
    pub const fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

/// Where a database stands.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Current {
    pub(crate) dialect: Dialect,
    pub(crate) revision: Option<Revision>,
    pub(crate) pending: usize,
    pub(crate) version_table: bool,
}

impl Current {
    /// The database's dialect.
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The newest revision that is applied; `None` at the base.
    pub const fn revision(&self) -> Option<Revision> {
        self.revision
    }

    /// The id of that revision; `None` at the base.
    pub fn id(&self) -> Option<&'static str> {
        self.revision.map(|revision| revision.id())
    }

    /// How many revisions lie between here and the head.
    pub const fn pending(&self) -> usize {
        self.pending
    }

    /// Whether there is a version table. Without one a database is at base.
    pub const fn has_version_table(&self) -> bool {
        self.version_table
    }

    /// Whether the database stands at the head. An empty chain's base is its head.
    pub const fn is_head(&self) -> bool {
        self.pending == 0
    }
}

/// A step that is no single transaction, and was begun: see [`Migrations::under_way`](crate::Migrations::under_way).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnderWay {
    pub(crate) entry: Entry,
}

impl UnderWay {
    /// The revision. This chain may not have it.
    pub fn revision(&self) -> &str {
        &self.entry.revision
    }

    /// `upgrade` or `downgrade`.
    pub fn direction(&self) -> &str {
        &self.entry.direction
    }

    /// How many of its statements are over.
    pub const fn done(&self) -> u32 {
        self.entry.done
    }

    /// How many there are.
    pub const fn statements(&self) -> u32 {
        self.entry.statements
    }

    /// Whether one more was begun, of which is not known yet how it ended.
    pub const fn is_in_doubt(&self) -> bool {
        self.entry.doubt.is_some()
    }

    /// Who runs it, or ran it: user, connection and process, as far as they are known.
    pub fn who(&self) -> &str {
        &self.entry.who
    }

    /// Since when, by the database's clock.
    pub fn since(&self) -> &str {
        &self.entry.started_at
    }

    /// Whether they are still at it; `None` where the database can't tell.
    pub const fn is_running(&self) -> Option<bool> {
        self.entry.alive
    }

    /// What stopped it, where it was an error.
    pub fn error(&self) -> Option<&str> {
        self.entry.error.as_deref()
    }
}

/// One line of the history.
#[derive(Debug, Clone, Copy)]
pub struct HistoryEntry {
    pub(crate) revision: Revision,
    pub(crate) head: bool,
    pub(crate) current: bool,
}

impl HistoryEntry {
    /// The revision.
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// Whether it is the chain's head.
    pub const fn is_head(&self) -> bool {
        self.head
    }

    /// Whether the database stands here.
    pub const fn is_current(&self) -> bool {
        self.current
    }
}
