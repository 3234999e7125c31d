//! What happens during a run, as it happens. Events are data; printing is the listener's.

use std::time::Duration;

use crate::plan::Step;

/// Something that happened during a run.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A step is about to run. Of steps that share a transaction, all are announced before the first begins.
    #[non_exhaustive]
    StepStarted {
        /// The step.
        step: &'a Step,
    },
    /// A statement is about to run, where [`Migrator::watch_statements`](crate::Migrator::watch_statements) asked for it.
    #[non_exhaustive]
    StatementStarted {
        /// The step.
        step: &'a Step,
        /// Its line in the revision's file.
        line: u32,
        /// Its text.
        sql: &'a str,
    },
    /// A statement has run; it may not be committed yet. Not said of one that failed: that is the run's error.
    #[non_exhaustive]
    StatementDone {
        /// The step.
        step: &'a Step,
        /// Its line in the revision's file.
        line: u32,
        /// How long it took.
        elapsed: Duration,
    },
    /// A round of a `repeat` section was committed.
    #[non_exhaustive]
    BatchProgress {
        /// The step.
        step: &'a Step,
        /// Rows affected so far, by all rounds.
        rows: u64,
        /// Rounds so far.
        rounds: u64,
    },
    /// A step was committed.
    #[non_exhaustive]
    StepDone {
        /// The step.
        step: &'a Step,
        /// How long it took.
        elapsed: Duration,
    },
    /// A `.rs` revision has something to say.
    #[non_exhaustive]
    Log {
        /// The step.
        step: &'a Step,
        /// What it said.
        text: &'a str,
    },
    /// Another starter moved the database while this one was about to; the plan is made anew.
    #[non_exhaustive]
    MovedElsewhere {
        /// The step that found the database moved.
        step: &'a Step,
    },
}

/// Who runs the chain, as a run sees them: they listen, and may have told the `.rs` revisions something.
pub(crate) struct Listener<'a> {
    hear: Box<dyn FnMut(Event<'_>) + Send + 'a>,
    /// Whether each statement is told of.
    statements: bool,
    arguments: Vec<(String, String)>,
    tag: Option<String>,
}

impl<'a> Listener<'a> {
    /// Nobody: nothing is heard and nothing was told.
    pub(crate) fn new() -> Listener<'a> {
        Listener { hear: Box::new(|_| {}), statements: false, arguments: Vec::new(), tag: None }
    }

    pub(crate) fn listen(&mut self, hear: impl FnMut(Event<'_>) + Send + 'a) {
        self.hear = Box::new(hear);
    }

    pub(crate) fn watch_statements(&mut self) {
        self.statements = true;
    }

    /// Whether each statement is told of: a driver that sends many at once then sends them one by one.
    pub(crate) fn watches_statements(&self) -> bool {
        self.statements
    }

    pub(crate) fn tell(&mut self, key: String, value: String) {
        self.arguments.push((key, value));
    }

    pub(crate) fn set_tag(&mut self, tag: String) {
        self.tag = Some(tag);
    }

    pub(crate) fn say(&mut self, event: Event<'_>) {
        (self.hear)(event);
    }

    /// The value of a key; of several, the last.
    pub(crate) fn argument(&self, key: &str) -> Option<&str> {
        self.arguments.iter().rev().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    pub(crate) fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }
}
