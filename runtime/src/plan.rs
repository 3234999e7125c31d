//! From where a database stands and where it should go to the steps in between: index arithmetic over a slice. Never
//! talks to a database.

use crate::chain::{Migrations, Mode, Revision, Script, StepFn, Transaction, Work};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::packed::Batches;
use crate::target::Target;

/// Which way a step goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Towards the head.
    Upgrade,
    /// Towards the base.
    Downgrade,
}

impl Direction {
    /// `upgrade` or `downgrade`.
    pub const fn name(self) -> &'static str {
        match self {
            Direction::Upgrade => "upgrade",
            Direction::Downgrade => "downgrade",
        }
    }
}

/// One revision in one direction.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub(crate) revision: Revision,
    pub(crate) direction: Direction,
}

impl Step {
    /// The revision that is applied or taken back.
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// Which way.
    pub const fn direction(&self) -> Direction {
        self.direction
    }

    /// Where the database stands before the step; `None` is the base.
    pub fn from(&self) -> Option<&'static str> {
        match self.direction {
            Direction::Upgrade => self.revision.down_revision(),
            Direction::Downgrade => Some(self.revision.id()),
        }
    }

    /// Where the database stands after the step; `None` is the base.
    pub fn to(&self) -> Option<&'static str> {
        match self.direction {
            Direction::Upgrade => Some(self.revision.id()),
            Direction::Downgrade => self.revision.down_revision(),
        }
    }

    /// What the journal keeps of it, so that a later edit can be noticed: `None` on the way down, and of a `.rs` revision.
    pub(crate) fn checksum(&self, dialect: Dialect) -> Option<String> {
        match self.direction {
            Direction::Upgrade => self.revision.upgrade_checksum(dialect),
            Direction::Downgrade => None,
        }
    }

    pub(crate) fn work(&self) -> Work {
        self.revision.work(self.direction)
    }

    /// The batches to run on a dialect; none for a `.rs` revision.
    pub(crate) fn batches(&self, dialect: Dialect) -> Batches {
        match self.work().script(dialect) {
            Some(Script::Batches(batches)) => batches,
            _ => Batches::NONE,
        }
    }
}

/// What a verb would do: the steps, in order. Made by [`Migrations::plan`].
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) direction: Direction,
    pub(crate) dialect: Dialect,
    pub(crate) from: Option<Revision>,
    pub(crate) to: Option<Revision>,
    pub(crate) behind: bool,
    pub(crate) steps: Vec<Step>,
}

impl Plan {
    /// Which way the plan goes.
    pub const fn direction(&self) -> Direction {
        self.direction
    }

    /// The database's dialect.
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Where the database stands; `None` is the base.
    pub const fn from(&self) -> Option<Revision> {
        self.from
    }

    /// Where it stands after the last step; `None` is the base.
    pub const fn to(&self) -> Option<Revision> {
        self.to
    }

    /// Whether an upgrade was asked for a revision that the database is already past. Nothing is done then, as in
    /// Alembic; who wants to go back says `downgrade`.
    pub const fn target_is_behind(&self) -> bool {
        self.behind
    }

    /// The steps, in the order in which they run.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// The steps from the level `current` to a target, refused as a whole where one of them has no way back or the chain
/// does not serve the dialect. Also gives the target's level, which stays the same however the database moves.
pub(crate) fn plan(
    chain: &Migrations,
    dialect: Dialect,
    direction: Direction,
    current: usize,
    target: &Target,
) -> Result<(Plan, usize)> {
    let level = target.resolve(chain, current, direction)?;
    if direction == Direction::Downgrade && level > current {
        return Err(Error::new(ErrorKind::NotBelow {
            target: target.as_str().to_owned(),
            current: id_at(chain, current).map(str::to_owned),
        }));
    }
    let steps = steps(chain, direction, current, level);
    if let Some(step) = steps.first()
        && !chain.settings.dialects.get(dialect as usize).is_some_and(|serves| *serves)
    {
        return Err(Error::new(ErrorKind::DialectNotServed { dialect }).at_step(step));
    }
    runnable(&steps, dialect)?;
    let end = if steps.is_empty() { current } else { level };
    let behind = direction == Direction::Upgrade && level < current;
    let (from, to) = (revision_at(chain, current), revision_at(chain, end));
    Ok((Plan { direction, dialect, from, to, behind, steps }, level))
}

/// Refuses steps that have no way back, or nothing for the dialect.
pub(crate) fn runnable(steps: &[Step], dialect: Dialect) -> Result {
    for step in steps {
        if let Some(reason) = step.work().irreversible(dialect) {
            return Err(Error::new(ErrorKind::Irreversible { reason: reason.to_owned() }).at_step(step));
        }
        if matches!(step.work().script(dialect), Some(Script::Absent)) {
            return Err(Error::new(ErrorKind::DialectNotServed { dialect }).at_step(step));
        }
    }
    Ok(())
}

/// The steps between two levels; none where the direction does not lead there.
pub(crate) fn steps(chain: &Migrations, direction: Direction, from: usize, to: usize) -> Vec<Step> {
    let step = |position: usize| Some(Step { revision: chain.at(position)?, direction });
    match direction {
        Direction::Upgrade => (from..to).filter_map(step).collect(),
        Direction::Downgrade => (to..from).rev().filter_map(step).collect(),
    }
}

/// The revision that is newest at a level; `None` at the base.
pub(crate) fn revision_at(chain: &Migrations, level: usize) -> Option<Revision> {
    level.checked_sub(1).and_then(|position| chain.at(position))
}

/// The id that the version table holds at a level; `None` at the base.
pub(crate) fn id_at(chain: &Migrations, level: usize) -> Option<&'static str> {
    revision_at(chain, level).map(|revision| revision.id())
}

/// How many steps a run has left, at the least, where a message holds several transactions. The server answers when the message
/// is over: a run of fewer steps is a deploy, on tables with rows in them, and somebody watches how far it is. A longer one
/// makes a database anew.
const LONG: usize = 16;

/// How many transactions a message holds at the most, and how many bytes of the revisions' own.
const MANY: usize = 8;
const MANY_BYTES: usize = 1 << 16;

/// Steps that run together.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Flight<'a> {
    /// One transaction for all of them.
    Atomic(&'a [Step]),
    /// A transaction for each of them, in one message: PostgreSQL's.
    Each(&'a [Step]),
    /// One step, in one transaction, with SQLite's foreign keys off.
    Rebuild(&'a Step),
    /// One step with batches that can't share a transaction with the version row.
    Split(&'a Step),
    /// A `.rs` revision, but on MySQL.
    Function(&'a Step, StepFn),
}

impl<'a> Flight<'a> {
    /// The steps of the flight.
    pub(crate) fn steps(self) -> &'a [Step] {
        match self {
            Flight::Atomic(steps) | Flight::Each(steps) => steps,
            Flight::Rebuild(step) | Flight::Split(step) | Flight::Function(step, _) => std::slice::from_ref(step),
        }
    }

    /// The next flight of a run. `steps` is not empty. Where a message `may_hold_many` transactions, a long run's do.
    pub(crate) fn next(
        steps: &'a [Step],
        dialect: Dialect,
        transaction: Transaction,
        may_hold_many: bool,
    ) -> Option<Flight<'a>> {
        let first = steps.first()?;
        let alone = Flight::alone(first, dialect);
        if alone.is_some() {
            return alone;
        }
        let atomic = steps.iter().take_while(|step| Flight::alone(step, dialect).is_none());
        let together = match (transaction, dialect) {
            // MySQL commits DDL by itself: one transaction for many revisions would promise what it can't keep.
            (_, Dialect::Mysql) | (Transaction::PerRevision, _) | (Transaction::Default, Dialect::Postgres) => 1,
            (Transaction::PerRun, _) | (Transaction::Default, Dialect::Sqlite) => atomic.clone().count(),
        };
        if may_hold_many && together == 1 && steps.len() >= LONG {
            let bytes = |step: &Step| step.batches(dialect).iter().map(|batch| batch.sql.len()).sum::<usize>();
            let many = atomic.take(MANY).scan(0, |sum, step| {
                *sum += bytes(step);
                (*sum <= MANY_BYTES).then_some(())
            });
            let many = many.count();
            if many > 1 {
                return steps.get(..many).map(Flight::Each);
            }
        }
        steps.get(..together).map(Flight::Atomic)
    }

    fn alone(step: &'a Step, dialect: Dialect) -> Option<Flight<'a>> {
        if let Work::Rust(function) = step.work() {
            // MySQL commits DDL by itself, and nobody can see beforehand whether a function has any.
            return Some(match dialect {
                Dialect::Mysql => Flight::Split(step),
                _ => Flight::Function(step, function),
            });
        }
        let batches = step.batches(dialect);
        if batches.iter().any(|batch| matches!(batch.mode, Mode::NoTransaction | Mode::Repeat(_))) {
            return Some(Flight::Split(step));
        }
        #[cfg(feature = "mysql")]
        if dialect == Dialect::Mysql {
            let mut statements = batches.iter().flat_map(|batch| batch.statements());
            if statements.any(|statement| crate::dialect::mysql::stands_alone(statement.sql)) {
                return Some(Flight::Split(step));
            }
        }
        let rebuild = dialect == Dialect::Sqlite && batches.iter().any(|batch| batch.mode == Mode::Rebuild);
        rebuild.then_some(Flight::Rebuild(step))
    }
}

#[cfg(test)]
pub(crate) mod tests;
