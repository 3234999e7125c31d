//! What happens during a run, as it happens. Events are data; printing is the listener's.

use std::time::{Duration, Instant};

use crate::applied::EditedRevision;
use crate::blocker::Blocker;
use crate::locks::{Patience, TRIES};
use crate::plan::Step;
use crate::timeouts::Deadline;

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
        /// Its line in the revision's file; `None` for what a revision in Rust runs.
        line: Option<u32>,
        /// Its text.
        sql: &'a str,
    },
    /// A statement has run; it may not be committed yet. Not said of one that failed: that is the run's error.
    #[non_exhaustive]
    StatementDone {
        /// The step.
        step: &'a Step,
        /// Its line in the revision's file; `None` for what a revision in Rust runs.
        line: Option<u32>,
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
        /// Rows a second, pauses included; `None` where it is too soon to tell.
        rate: Option<u64>,
    },
    /// A step was committed.
    #[non_exhaustive]
    StepDone {
        /// The step.
        step: &'a Step,
        /// How long it took: see [`StepReport::elapsed`](crate::StepReport::elapsed).
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
    /// Another program is at work, and this one waits for it. Said again when what it waits for changes.
    #[non_exhaustive]
    Waiting {
        /// The revision that is under way, where that is known.
        revision: Option<&'a str>,
        /// Who runs it: user, host, connection, process, as far as they are known.
        who: Option<&'a str>,
        /// Since when, by the database's clock.
        since: Option<&'a str>,
    },
    /// A step that was interrupted goes on: said after its [`StepStarted`](Event::StepStarted).
    #[non_exhaustive]
    Resumed {
        /// The step.
        step: &'a Step,
        /// How many of its statements are over.
        done: u32,
        /// How many there are.
        statements: u32,
    },
    /// A statement ran into the lock time-out. Nothing of what is tried again is in the database, and nothing is locked
    /// while it waits.
    #[non_exhaustive]
    Blocked {
        /// The step.
        step: &'a Step,
        /// Who holds locks on what the statement needs, the likeliest first, as far as the server tells.
        by: &'a [Blocker],
        /// How often it was tried.
        tried: u32,
        /// How often it is tried at the most.
        tries: u32,
        /// How long it waits before the next try.
        pause: Duration,
    },
    /// A revision that is applied has been edited since, and the run goes on, because it was told to
    /// ([`Edited::Warning`](crate::Edited::Warning)) or because it goes down.
    #[non_exhaustive]
    Edited {
        /// The revision, and who applied it.
        revision: &'a EditedRevision,
    },
    /// Another starter moved the database while this one was about to; the plan is made anew.
    #[non_exhaustive]
    MovedElsewhere {
        /// The step that found the database moved.
        step: &'a Step,
    },
}

/// A statement that runs: when it began, where that is of interest, and its deadline, which ends with it.
#[derive(Debug)]
#[must_use]
pub(crate) struct Lap {
    started: Option<Instant>,
    deadline: Option<Deadline>,
}

impl Drop for Lap {
    /// However the statement ended: what comes next, a rollback for instance, must not be cut short.
    fn drop(&mut self) {
        if let Some(deadline) = &self.deadline {
            deadline.set(None);
        }
    }
}

/// Who runs the chain, as a run sees them: they listen, and may have told the `.rs` revisions something.
pub(crate) struct Listener<'a> {
    hear: Box<dyn FnMut(Event<'_>) + Send + 'a>,
    /// Whether each statement is told of.
    statements: bool,
    /// Where the driver asks for it: the deadline of the statement that runs, and how long one may run.
    limit: Option<(Deadline, Duration)>,
    arguments: Vec<(String, String)>,
    tag: Option<String>,
    /// How often something is tried that gets no lock, and how long each try waits for it.
    tries: (u32, Option<Duration>),
    /// Between rounds.
    pause: Duration,
}

impl<'a> Listener<'a> {
    /// Nobody: nothing is heard and nothing was told.
    pub(crate) fn new() -> Listener<'a> {
        Listener {
            hear: Box::new(|_| {}),
            statements: false,
            limit: None,
            arguments: Vec::new(),
            tag: None,
            tries: (TRIES, None),
            pause: Duration::ZERO,
        }
    }

    pub(crate) fn listen(&mut self, hear: impl FnMut(Event<'_>) + Send + 'a) {
        self.hear = Box::new(hear);
    }

    pub(crate) fn watch_statements(&mut self) {
        self.statements = true;
    }

    /// Gives each statement so long, as far as the one who looks at the deadline can stop it.
    pub(crate) fn limit(&mut self, deadline: Deadline, limit: Duration) {
        self.limit = Some((deadline, limit));
    }

    /// Says how often something is tried that gets no lock, and how long each try waits for it.
    pub(crate) fn try_locks(&mut self, tries: u32, limit: Option<Duration>) {
        self.tries = (tries, limit);
    }

    /// The patience to have with something that is about to be tried.
    pub(crate) fn patience(&self) -> Patience {
        Patience::new(self.tries.0, self.tries.1)
    }

    pub(crate) fn set_pause(&mut self, pause: Duration) {
        self.pause = pause;
    }

    /// How long to wait between rounds.
    pub(crate) fn pause(&self) -> Duration {
        self.pause
    }

    /// Whether each statement is told of: a driver that sends many at once then sends them one by one.
    pub(crate) fn watches_statements(&self) -> bool {
        self.statements
    }

    /// Whether each statement has a beginning and an end of its own: it is told of, or has a deadline.
    #[cfg(feature = "sqlite")]
    pub(crate) fn follows_statements(&self) -> bool {
        self.statements || self.limit.is_some()
    }

    /// Tells of a statement that is about to run, if anybody wants to know.
    pub(crate) fn statement_started(&mut self, step: &Step, line: Option<u32>, sql: &str) -> Lap {
        if self.statements {
            self.say(Event::StatementStarted { step, line, sql });
        }
        let mut lap = self.limited();
        lap.started = self.statements.then(Instant::now);
        lap
    }

    /// Begins a statement that nobody is told of, or another round of one.
    pub(crate) fn limited(&self) -> Lap {
        let deadline = self.limit.as_ref().map(|(deadline, limit)| {
            deadline.set(Instant::now().checked_add(*limit));
            deadline.clone()
        });
        Lap { started: None, deadline }
    }

    /// Tells that it has run.
    pub(crate) fn statement_done(&mut self, step: &Step, line: Option<u32>, lap: Lap) {
        if let Some(started) = lap.started {
            self.say(Event::StatementDone { step, line, elapsed: started.elapsed() });
        }
    }

    pub(crate) fn tell(&mut self, key: String, value: String) {
        self.arguments.push((key, value));
    }

    pub(crate) fn set_tag(&mut self, tag: String) {
        self.tag = Some(tag);
    }

    pub(crate) fn say(&mut self, event: Event<'_>) {
        crate::trace::trace(event);
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
