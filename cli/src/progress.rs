//! What a person at a terminal is told: progress, a line for each revision, in Alembic's words; notes; errors. All of it
//! goes to standard error. Never fails and never panics (`eprintln!` does): a run goes on when its watcher has gone away.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::time::Duration;

use revchain::{Dialect, Direction, Event, Step};

use crate::output::statement;

/// Prints events as lines.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    quiet: bool,
    /// Whose statements are shown; `None` where none are.
    statements_of: Option<Dialect>,
    /// A line was begun and waits for its end.
    open: bool,
}

impl Progress {
    pub(crate) const fn new(quiet: bool, statements_of: Option<Dialect>) -> Progress {
        Progress { quiet, statements_of, open: false }
    }

    /// Prints what an event says.
    pub(crate) fn show(&mut self, event: Event<'_>) {
        if !self.quiet {
            say(&self.line(event));
        }
    }

    /// Ends the line that was begun: what comes next, an error for instance, starts a line of its own.
    pub(crate) fn end(&mut self) {
        if std::mem::take(&mut self.open) {
            say("\n");
        }
    }

    fn line(&mut self, event: Event<'_>) -> String {
        let was_open = std::mem::take(&mut self.open);
        if let (Event::StepDone { elapsed, .. }, true) = (event, was_open) {
            return format!(" ({})\n", shown(elapsed));
        }
        let mut text = String::from(if was_open { "\n" } else { "" });
        // Writing to a String cannot fail.
        let _ = match event {
            Event::StepStarted { step, .. } => {
                let statements = self.statements_of.and_then(|dialect| step.statements(dialect)).unwrap_or_default();
                // The end of the line is for the time, where nothing comes in between.
                self.open = statements.is_empty();
                text.push_str(&running(step));
                if !self.open {
                    text.push('\n');
                }
                statements.iter().for_each(|one| statement(&mut text, step.revision().file(), one, true));
                Ok(())
            }
            Event::BatchProgress { rows, rounds, .. } => {
                writeln!(text, "  {} in {}", counted(rows, "row"), counted(rounds, "round"))
            }
            Event::StepDone { step, elapsed, .. } => {
                writeln!(text, "  {} done ({})", step.revision().id(), shown(elapsed))
            }
            Event::Log { text: said, .. } => writeln!(text, "  {said}"),
            Event::MovedElsewhere { .. } => {
                writeln!(text, "  another program moved the database; looking again")
            }
            _ => Ok(()),
        };
        text
    }
}

/// Writes to standard error as it is. Nothing can be done where that is closed or full.
pub(crate) fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

fn running(step: &Step) -> String {
    let (from, to) = (step.from().unwrap_or(""), step.to().unwrap_or(""));
    let verb = match step.direction() {
        Direction::Upgrade => "upgrade",
        Direction::Downgrade => "downgrade",
    };
    let message = step.revision().message();
    match message.is_empty() {
        true => format!("Running {verb} {from} -> {to}"),
        false => format!("Running {verb} {from} -> {to}, {message}"),
    }
}

/// `1 row`, `2 rows`.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// A duration in the unit that suits it.
pub(crate) fn shown(elapsed: Duration) -> String {
    if elapsed < Duration::from_millis(10) {
        format!("{:.1} ms", elapsed.as_secs_f64() * 1e3)
    } else if elapsed < Duration::from_secs(10) {
        format!("{} ms", elapsed.as_millis())
    } else {
        format!("{} s", elapsed.as_secs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit_that_suits_them() {
        assert_eq!(shown(Duration::from_micros(1234)), "1.2 ms");
        assert_eq!(shown(Duration::from_millis(4321)), "4321 ms");
        assert_eq!(shown(Duration::from_secs(75)), "75 s");
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(counted(1, "row"), "1 row");
        assert_eq!(counted(0, "row"), "0 rows");
    }
}
