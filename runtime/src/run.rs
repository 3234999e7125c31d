//! The run loop: flights one after the other, until the database stands at the target or something fails. Knows no SQL;
//! what a flight is made of is `plan`'s, how it is executed each driver's.

use std::time::{Duration, Instant};

use crate::chain::{Migrations, Transaction};
use crate::connect::Session;
use crate::crash;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, Listener};
use crate::interrupted::{self, Cleared};
use crate::locks;
use crate::packed::Batch;
use crate::plan::{self, Direction, Flight, Step};
use crate::report::{Report, StepReport};
use crate::split::{Split, next_claim, split};
use crate::version_table::Swap;

/// How often a run starts anew because someone else moved the database. Each time, someone else made progress.
pub(crate) const ATTEMPTS: u32 = 1000;

/// How a flight ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Committed. How long each piece took; of [`Flight::Each`], each of the first steps, which are all that is there.
    Done(Vec<Duration>),
    /// The same, and then the connection went away: of the next step nobody knows.
    Lost(Vec<Duration>, Box<Error>),
    /// Someone else moved the version row; nothing of the flight was kept.
    Moved,
}

/// A batch, and the step that it belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    pub(crate) step: Step,
    pub(crate) batch: Batch,
}

/// The pieces of steps that run together. They are read from the chain when somebody asks: a list of them would grow with the run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pieces<'a> {
    steps: &'a [Step],
    dialect: Dialect,
}

impl<'a> Pieces<'a> {
    /// None at all.
    pub(crate) const NONE: Pieces<'static> = Pieces { steps: &[], dialect: Dialect::Sqlite };

    /// Those of steps on a dialect.
    pub(crate) fn of(steps: &'a [Step], dialect: Dialect) -> Pieces<'a> {
        Pieces { steps, dialect }
    }

    /// The pieces in order.
    pub(crate) fn iter(self) -> impl Iterator<Item = Piece> + use<'a> {
        let of_step = move |step: &Step| {
            let step = *step;
            step.batches(self.dialect).iter().map(move |batch| Piece { step, batch })
        };
        self.steps.iter().flat_map(of_step)
    }

    /// The steps that they belong to.
    pub(crate) fn steps(self) -> &'a [Step] {
        self.steps
    }

    /// How many there are.
    pub(crate) fn len(self) -> usize {
        self.steps.iter().map(|step| step.batches(self.dialect).len()).sum()
    }

    /// Whether there are none.
    pub(crate) fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }

    /// The one at a position.
    pub(crate) fn get(self, position: usize) -> Option<Piece> {
        self.iter().nth(position)
    }

    /// The last one.
    pub(crate) fn last(self) -> Option<Piece> {
        self.iter().last()
    }
}

/// Brings a database from the level `current` to the level `target`. Where it `is_free`, nothing was under way a moment ago.
pub(crate) async fn run(
    session: &mut Session<'_>,
    chain: &Migrations,
    (direction, transaction, mut is_free): (Direction, Transaction, bool),
    (mut current, target): (usize, usize),
    listener: &mut Listener<'_>,
) -> Result<Report> {
    let dialect = session.dialect();
    let mut report = Report::new(dialect, plan::id_at(chain, current).map(str::to_owned));
    for _ in 0..ATTEMPTS {
        let steps = plan::steps(chain, direction, current, target);
        // At its target a database has nothing under way, unless it is on the way down: then the row is there already.
        if steps.is_empty() && direction == Direction::Upgrade {
            return Ok(report);
        }
        let cleared = match std::mem::take(&mut is_free) {
            true => Ok(Cleared::Free),
            false => interrupted::clear(session, chain, listener).await,
        };
        let cleared = match cleared {
            Ok(cleared) => cleared,
            Err(error) => return Err(locks::explained(session, error).await.with_report(&report)),
        };
        match cleared {
            Cleared::Free => {}
            Cleared::Moved => {
                current = session.level(chain).await.map_err(|error| error.with_report(&report))?;
                continue;
            }
            Cleared::Finished(step, elapsed) => {
                report.to = step.to().map(str::to_owned);
                report.steps.push(StepReport { step: *step, elapsed });
                listener.say(Event::StepDone { step: &step, elapsed });
                current = session.level(chain).await.map_err(|error| error.with_report(&report))?;
                continue;
            }
        }
        // Anew each time: the steps may be others than those that were planned.
        plan::runnable(&steps, dialect).map_err(|error| error.with_report(&report))?;
        let mut left = steps.as_slice();
        let (mut moved, mut claimed) = (None, None);
        // How many of those left have been said to start.
        let mut said = 0;
        // What is left of a message that ended half-way goes on alone: so it fails, or waits, like any other.
        while let Some(flight) = Flight::next(left, dialect, transaction, said == 0 && session.takes_many(listener)) {
            let steps = flight.steps();
            for step in steps.iter().skip(said) {
                listener.say(Event::StepStarted { step });
            }
            said = said.max(steps.len());
            crash::here("before a flight");
            let after = left.get(steps.len()..).unwrap_or_default();
            let next = Flight::next(after, dialect, transaction, false);
            let outcome = match fly(session, (flight, next), &mut claimed, listener).await {
                Ok(outcome) => outcome,
                Err(error) => return Err(locks::explained(session, error).await.with_report(&report)),
            };
            let (times, lost) = match outcome {
                Outcome::Done(times) => (times, None),
                Outcome::Lost(times, error) => (times, Some(error)),
                Outcome::Moved => {
                    moved = steps.first().copied();
                    break;
                }
            };
            crash::here("after a flight");
            for (step, elapsed) in steps.iter().zip(times) {
                report.to = step.to().map(str::to_owned);
                report.steps.push(StepReport { step: *step, elapsed });
                listener.say(Event::StepDone { step, elapsed });
                left = left.get(1..).unwrap_or_default();
                said -= 1;
            }
            if let Some(error) = lost {
                return Err(error.with_report(&report));
            }
        }
        let Some(step) = moved else { return Ok(report) };
        listener.say(Event::MovedElsewhere { step: &step });
        let level = async { session.level(chain).await };
        current = level.await.map_err(|error| error.with_report(&report))?;
        report.to = plan::id_at(chain, current).map(str::to_owned);
    }
    Err(Error::new(ErrorKind::Contended { attempts: ATTEMPTS }).with_report(&report))
}

/// Executes one flight. The times are those of its steps. Of the `next` one the step may be `claimed` on the way.
async fn fly<'a>(
    session: &mut Session<'_>,
    (flight, next): (Flight<'a>, Option<Flight<'a>>),
    claimed: &mut Option<Box<Split<'a>>>,
    listener: &mut Listener<'_>,
) -> Result<Outcome> {
    let dialect = session.dialect();
    let steps = flight.steps();
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else { return Ok(Outcome::Done(Vec::new())) };
    let swap = Swap { from: first.from(), to: last.to() };
    match flight {
        Flight::Atomic(_) | Flight::Rebuild(_) => {
            let started = Instant::now();
            let pieces = Pieces::of(steps, dialect);
            let rebuild = matches!(flight, Flight::Rebuild(_));
            let mut patience = listener.patience();
            let mut ahead = next_claim(session, split_step(next), listener).await?;
            let times = loop {
                match session.flight(Some(swap), pieces, rebuild, &mut ahead, listener).await {
                    Ok(Outcome::Done(times)) => break times,
                    Ok(outcome) => return Ok(outcome),
                    Err(error) if !locks::again(session, first, &error, &mut patience, listener).await => {
                        return Err(error);
                    }
                    Err(_) => {}
                }
            };
            *claimed = ahead;
            if steps.len() == 1 {
                return Ok(Outcome::Done(vec![started.elapsed()]));
            }
            // A step may be several pieces, or none.
            let mut at = 0;
            let sum = |step: &Step| {
                let count = step.batches(dialect).len();
                let time = times.get(at..at + count).unwrap_or_default().iter().sum();
                at += count;
                time
            };
            Ok(Outcome::Done(steps.iter().map(sum).collect()))
        }
        Flight::Each(steps) => session.flights(steps).await,
        Flight::Split(step) => split(session, step, split_step(next), claimed, listener).await,
        Flight::Function(step, function) => session.function(step, function, listener).await,
    }
}

/// The step of a flight that is noted as it goes.
fn split_step(flight: Option<Flight<'_>>) -> Option<&Step> {
    if let Some(Flight::Split(step)) = flight { Some(step) } else { None }
}
