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

/// Who listens.
pub(crate) type Listener<'a> = Box<dyn FnMut(Event<'_>) + Send + 'a>;
