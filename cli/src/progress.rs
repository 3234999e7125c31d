//! What a person is told while a run goes on: a line for each revision, and on a terminal what runs just now. All of it
//! goes to standard error. Never fails and never panics (`eprintln!` does): a run goes on when its watcher has gone away.

use std::time::Instant;

use revchain::{Dialect, Event};

use crate::lines::{self, Lines};
use crate::live::Live;
use crate::terminal::{is_live, say};

/// Prints events.
#[derive(Debug)]
pub(crate) struct Progress {
    quiet: bool,
    /// Whose statements are shown; `None` where none are.
    statements_of: Option<Dialect>,
    lines: Lines<'static>,
    live: Option<Live>,
}

impl Progress {
    pub(crate) fn new(quiet: bool, json: bool, statements_of: Option<Dialect>) -> Progress {
        let live = if !quiet && !json && is_live() { Live::start() } else { None };
        // Where rounds are seen as they go, the last one is enough for the record.
        Progress { quiet, statements_of, lines: Lines::new(live.is_none()), live }
    }

    /// Whether something on the terminal will move.
    pub(crate) const fn is_live(&self) -> bool {
        self.live.is_some()
    }

    /// Says how many steps there will be, as far as one knows.
    pub(crate) fn expect(&self, steps: usize) {
        if let Some(live) = &self.live {
            live.expect(steps);
        }
    }

    /// Prints what an event says.
    pub(crate) fn show(&mut self, event: Event<'_>) {
        let Some((step, happening)) = lines::read(event, self.statements_of).filter(|_| !self.quiet) else { return };
        let now = Instant::now();
        let text = self.lines.hear(step, happening.clone(), now);
        match &self.live {
            Some(live) => live.hear(step, happening, now, &text),
            None => say(&text),
        }
    }

    /// Ends what was begun: what comes next, an error for instance, starts a line of its own.
    pub(crate) fn end(&mut self) {
        let text = self.lines.end();
        match self.live.take() {
            Some(live) => live.end(&text),
            None => say(&text),
        }
    }
}
