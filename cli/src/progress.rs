//! Progress on standard error: a line for each revision, in Alembic's words.

use std::time::Duration;

use revchain::{Direction, Event, Step};

/// Prints events as lines.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Progress {
    quiet: bool,
    /// A line was begun and waits for its end.
    open: bool,
}

impl Progress {
    pub(crate) const fn new(quiet: bool) -> Progress {
        Progress { quiet, open: false }
    }

    /// Prints what an event says.
    #[expect(clippy::print_stderr, reason = "progress is for the person at the terminal")]
    pub(crate) fn show(&mut self, event: Event<'_>) {
        if self.quiet {
            return;
        }
        if let (Event::StepDone { elapsed, .. }, true) = (event, self.open) {
            self.open = false;
            return eprintln!(" ({})", shown(elapsed));
        }
        if std::mem::take(&mut self.open) {
            eprintln!();
        }
        match event {
            Event::StepStarted { step, .. } => {
                eprint!("{}", running(step));
                self.open = true;
            }
            Event::BatchProgress { rows, rounds, .. } => eprintln!("  {rows} rows in {rounds} rounds"),
            Event::StepDone { step, elapsed, .. } => eprintln!("  {} done ({})", step.revision().id(), shown(elapsed)),
            Event::Log { text, .. } => eprintln!("  {text}"),
            Event::MovedElsewhere { .. } => eprintln!("  another program moved the database; looking again"),
            _ => {}
        }
    }
}

fn running(step: &Step) -> String {
    let verb = match step.direction() {
        Direction::Upgrade => "upgrade",
        Direction::Downgrade => "downgrade",
    };
    let (from, to) = (step.from().unwrap_or(""), step.to().unwrap_or(""));
    let message = step.revision().message();
    match message.is_empty() {
        true => format!("Running {verb} {from} -> {to}"),
        false => format!("Running {verb} {from} -> {to}, {message}"),
    }
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
}
