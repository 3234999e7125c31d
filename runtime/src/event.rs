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
    arguments: Vec<(String, String)>,
    tag: Option<String>,
}

impl<'a> Listener<'a> {
    /// Nobody: nothing is heard and nothing was told.
    pub(crate) fn new() -> Listener<'a> {
        Listener { hear: Box::new(|_| {}), arguments: Vec::new(), tag: None }
    }

    pub(crate) fn listen(&mut self, hear: impl FnMut(Event<'_>) + Send + 'a) {
        self.hear = Box::new(hear);
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
