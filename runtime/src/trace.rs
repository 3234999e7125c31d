//! What happens during a run, for `tracing`: a service's log has it without anybody listening. Statements appear at debug
//! level, and only where they are watched; errors don't appear, since they are returned.

use tracing::{Span, debug, info, info_span, warn};

use crate::event::Event;
use crate::plan::Direction;

/// The span of a run.
#[inline]
pub(crate) fn run(direction: Direction) -> Span {
    match direction {
        Direction::Upgrade => info_span!(target: "revchain", "upgrade"),
        Direction::Downgrade => info_span!(target: "revchain", "downgrade"),
    }
}

/// Hands an event over.
pub(crate) fn trace(event: Event<'_>) {
    match event {
        Event::StepStarted { step } => info!(
            target: "revchain",
            revision = step.revision().id(),
            direction = step.direction().name(),
            from = step.from().unwrap_or("base"),
            to = step.to().unwrap_or("base"),
            about = step.revision().message(),
            "revision started"
        ),
        Event::StatementStarted { step, line, sql } => debug!(
            target: "revchain",
            revision = step.revision().id(),
            file = step.revision().file(),
            line,
            sql,
            "statement started"
        ),
        Event::StatementDone { step, line, elapsed } => debug!(
            target: "revchain",
            revision = step.revision().id(),
            file = step.revision().file(),
            line,
            ?elapsed,
            "statement done"
        ),
        Event::BatchProgress { step, rows, rounds, rate } => {
            debug!(target: "revchain", revision = step.revision().id(), rows, rounds, rate, "round committed");
        }
        Event::StepDone { step, elapsed } => info!(
            target: "revchain",
            revision = step.revision().id(),
            direction = step.direction().name(),
            ?elapsed,
            "revision committed"
        ),
        Event::Log { step, text } => info!(target: "revchain", revision = step.revision().id(), "{text}"),
        Event::Waiting { revision, who, since } => {
            info!(target: "revchain", revision, who, since, "waiting for another program");
        }
        Event::Resumed { step, done, statements } => info!(
            target: "revchain",
            revision = step.revision().id(),
            direction = step.direction().name(),
            done,
            statements,
            "an interrupted revision goes on"
        ),
        Event::Blocked { step, by, tried, tries, pause } => {
            let by: Vec<String> = by.iter().map(ToString::to_string).collect();
            let by = (!by.is_empty()).then(|| by.join("; "));
            warn!(
                target: "revchain",
                revision = step.revision().id(),
                by,
                tried,
                tries,
                ?pause,
                "blocked by a lock; trying again"
            );
        }
        Event::Edited { revision } => warn!(
            target: "revchain",
            revision = revision.id,
            file = revision.file,
            who = revision.who,
            when = revision.when,
            "an applied revision has been edited since"
        ),
        Event::MovedElsewhere { step } => info!(
            target: "revchain",
            revision = step.revision().id(),
            "another program moved the database; looking again"
        ),
    }
}
