//! The run loop: flights one after the other, until the database stands at the target or something fails. Knows no SQL;
//! what a flight is made of is `plan`'s, how it is executed each driver's.

use std::time::{Duration, Instant};

use crate::chain::{Migrations, Mode, Transaction};
use crate::connect::Session;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Kept, Result};
use crate::event::{Event, Listener};
use crate::packed::{Batch, Statement};
use crate::plan::{self, Direction, Flight, Step};
use crate::report::{Report, StepReport};
use crate::timeouts::Timeouts;
use crate::version_table::{Rows, Swap};

/// How often a run starts anew because someone else moved the database. Each time, someone else made progress.
pub(crate) const ATTEMPTS: u32 = 1000;

/// How a flight ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Committed. How long each piece took.
    Done(Vec<Duration>),
    /// Someone else moved the version row; nothing of the flight was kept.
    Moved,
}

/// A batch, and the step that it belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    pub(crate) step: Step,
    pub(crate) batch: Batch,
}

/// Brings a database from the level `current` to the level `target`.
pub(crate) async fn run(
    session: &mut Session<'_>,
    chain: &Migrations,
    direction: Direction,
    transaction: Transaction,
    (mut current, target): (usize, usize),
    listener: &mut Listener<'_>,
) -> Result<Report> {
    let dialect = session.dialect();
    let mut report = Report::new(dialect, plan::id_at(chain, current).map(str::to_owned));
    for _ in 0..ATTEMPTS {
        let steps = plan::steps(chain, direction, current, target);
        // Anew each time: the steps may be others than those that were planned.
        plan::runnable(&steps, dialect).map_err(|error| error.with_report(&report))?;
        let mut left = steps.as_slice();
        let mut moved = None;
        while let Some(flight) = Flight::next(left, dialect, transaction) {
            let steps = flight.steps();
            for step in steps {
                listener.say(Event::StepStarted { step });
            }
            match fly(session, flight, dialect, listener).await.map_err(|error| error.with_report(&report))? {
                Outcome::Done(times) => {
                    for (step, elapsed) in steps.iter().zip(times) {
                        report.to = step.to.map(str::to_owned);
                        report.steps.push(StepReport { step: *step, elapsed });
                        listener.say(Event::StepDone { step, elapsed });
                    }
                    left = left.get(steps.len()..).unwrap_or_default();
                }
                Outcome::Moved => {
                    moved = steps.first().copied();
                    break;
                }
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

/// Executes one flight. The times are those of its steps.
async fn fly(
    session: &mut Session<'_>,
    flight: Flight<'_>,
    dialect: Dialect,
    listener: &mut Listener<'_>,
) -> Result<Outcome> {
    let steps = flight.steps();
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else { return Ok(Outcome::Done(Vec::new())) };
    let swap = Swap { from: first.from, to: last.to };
    match flight {
        Flight::Atomic(_) | Flight::Rebuild(_) => {
            let started = Instant::now();
            let pieces = pieces(steps, dialect);
            let rebuild = matches!(flight, Flight::Rebuild(_));
            let times = match session.flight(Some(swap), &pieces, first.direction, rebuild, listener).await? {
                Outcome::Done(times) => times,
                Outcome::Moved => return Ok(Outcome::Moved),
            };
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
        Flight::Split(step) => split(session, step, dialect, listener).await,
        Flight::Function(step, function) => session.function(step, function, listener).await,
    }
}

fn pieces(steps: &[Step], dialect: Dialect) -> Vec<Piece> {
    let of_step = |step: &Step| {
        let step = *step;
        step.batches(dialect).iter().map(move |batch| Piece { step, batch })
    };
    steps.iter().flat_map(of_step).collect()
}

/// A step that can't be one transaction. While it is in flight the version row names the lower revision: an upgrade
/// moves it last, a downgrade first.
///
/// Two starters may both be here at once. Who comes second fails at a statement, or finds the row moved: the journal
/// will claim the step before its first statement, right here.
async fn split(
    session: &mut Session<'_>,
    step: &Step,
    dialect: Dialect,
    listener: &mut Listener<'_>,
) -> Result<Outcome> {
    let started = Instant::now();
    let swap = Swap { from: step.from, to: step.to };
    let batches = step.batches(dialect);
    let mut kept = Kept::Nothing;
    let mut swapped = step.direction == Direction::Downgrade;
    if swapped {
        if let Outcome::Moved = session.flight(Some(swap), &[], step.direction, false, listener).await? {
            return Ok(Outcome::Moved);
        }
        kept = Kept::Part;
    } else if session.read().await?.ids.iter().map(String::as_str).ne(step.from) {
        return Ok(Outcome::Moved);
    }
    for (index, batch) in batches.iter().enumerate() {
        match batch.mode {
            Mode::Transaction | Mode::Rebuild => {
                // The version row moves with the last batch, where that is a transaction.
                let swap_here = !swapped && index + 1 == batches.len();
                let pieces = [Piece { step: *step, batch }];
                let rebuild = batch.mode == Mode::Rebuild;
                let flight =
                    session.flight(swap_here.then_some(swap), &pieces, step.direction, rebuild, listener).await;
                if let Outcome::Moved = flight.map_err(|error| error.keeping(kept))? {
                    return Ok(Outcome::Moved);
                }
                swapped |= swap_here;
            }
            Mode::NoTransaction => {
                session.outside_transactions(true).await?;
                for statement in batch.statements() {
                    let lap = listener.statement_started(step, Some(statement.line), statement.sql);
                    let done = session.statement(statement.sql).await;
                    done.map_err(|error| Error::statement_failed(step, statement, kept, error))?;
                    listener.statement_done(step, Some(statement.line), lap);
                    kept = Kept::Part;
                }
                session.outside_transactions(false).await?;
            }
            Mode::Repeat(rows) => {
                session.outside_transactions(true).await?;
                for statement in batch.statements() {
                    let lap = listener.statement_started(step, Some(statement.line), statement.sql);
                    repeat(session, step, statement, rows, kept, listener).await?;
                    listener.statement_done(step, Some(statement.line), lap);
                }
                session.outside_transactions(false).await?;
            }
        }
        kept = Kept::Part;
    }
    if !swapped && let Outcome::Moved = session.flight(Some(swap), &[], step.direction, false, listener).await? {
        return Ok(Outcome::Moved);
    }
    Ok(Outcome::Done(vec![started.elapsed()]))
}

/// Runs a statement again and again, each time in a transaction of its own, until a round affects fewer rows than the
/// batch.
///
/// Two rounds in a row that affect *more* than the batch are no progress: the statement has no limit, does the whole
/// table each time, and would for ever. A round that affects exactly the batch may be progress or not, and no database
/// tells; but where every round does rows that none before it did, all rounds together can't do more rows than the table
/// has. The table is counted where it is one UPDATE's, after rounds 2, 4, 8, …; twice its rows and a batch is too many
/// (on a live table rows come and go).
async fn repeat(
    session: &mut Session<'_>,
    step: &Step,
    statement: Statement,
    batch: u64,
    mut kept: Kept,
    listener: &mut Listener<'_>,
) -> Result {
    let (mut rows, mut rounds, mut over) = (0u64, 0u64, 0u32);
    loop {
        let lap = listener.limited();
        let affected = session.statement(statement.sql).await;
        drop(lap);
        let affected = affected.map_err(|error| Error::statement_failed(step, statement, kept, error))?;
        kept = Kept::Part;
        rounds += 1;
        rows = rows.saturating_add(affected);
        listener.say(Event::BatchProgress { step, rows, rounds });
        if affected < batch || affected == 0 {
            return Ok(());
        }
        // MySQL counts a row that REPLACE or ON DUPLICATE KEY UPDATE changes twice.
        let twice = session.dialect() == Dialect::Mysql && inserts(statement.sql);
        let most = if twice { batch.saturating_mul(2) } else { batch };
        over = if affected > most { over + 1 } else { 0 };
        let again = rows.saturating_sub(batch) / 2;
        if over == 2 || (rounds.is_power_of_two() && rounds > 1 && session.exceeds(statement.sql, again).await) {
            let kind = ErrorKind::NoProgress { rows: affected, batch, rounds };
            return Err(Error::new(kind).at_step(step).placed(step, statement));
        }
    }
}

fn inserts(sql: &str) -> bool {
    let word = sql.split_whitespace().next().unwrap_or_default();
    ["INSERT", "REPLACE"].iter().any(|insert| insert.eq_ignore_ascii_case(word))
}

/// The table that an UPDATE changes, as it is written there; `None` for anything less plain.
fn updated_table(sql: &str) -> Option<&str> {
    let mut words = sql.split_whitespace();
    if !words.next()?.eq_ignore_ascii_case("UPDATE") {
        return None;
    }
    let name = words.next()?;
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'"' | b'`'));
    let option = ["ONLY", "OR", "LOW_PRIORITY", "IGNORE"].iter().any(|option| option.eq_ignore_ascii_case(name));
    (plain && !option).then_some(name)
}

macro_rules! driver {
    ($session:ident, $inner:ident => $call:expr, $path:ident => $absent:expr) => {
        match $session {
            #[cfg(feature = "postgres")]
            Session::Postgres($inner) => $call,
            #[cfg(feature = "mysql")]
            Session::Mysql($inner) => $call,
            #[cfg(feature = "sqlite")]
            Session::Sqlite($inner) => $call,
            Session::Absent(_, $path, _) => $absent,
        }
    };
}

impl Session<'_> {
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(_) => Dialect::Postgres,
            #[cfg(feature = "mysql")]
            Session::Mysql(_) => Dialect::Mysql,
            #[cfg(feature = "sqlite")]
            Session::Sqlite(_) => Dialect::Sqlite,
            Session::Absent(dialect, ..) => *dialect,
        }
    }

    /// Reads the version table. Creates nothing, and needs no privilege but SELECT.
    pub(crate) async fn read(&mut self) -> Result<Rows> {
        driver!(self, session => session.read().await, _path => Ok(Rows::default()))
    }

    /// Whether the last read found a version table.
    pub(crate) fn has_version_table(&self) -> bool {
        driver!(self, session => !session.missing, _path => false)
    }

    /// Reads where on the chain the database stands.
    pub(crate) async fn level(&mut self, chain: &Migrations) -> Result<usize> {
        let rows = self.read().await?;
        driver!(self, session => rows.level(chain, &session.table), _path => Ok(0))
    }

    pub(crate) async fn flight(
        &mut self,
        swap: Option<Swap<'_>>,
        pieces: &[Piece],
        direction: Direction,
        rebuild: bool,
        listener: &mut Listener<'_>,
    ) -> Result<Outcome> {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(session) => session.flight(swap, pieces, listener).await,
            #[cfg(feature = "mysql")]
            Session::Mysql(session) => session.flight(swap, pieces, direction, listener).await,
            #[cfg(feature = "sqlite")]
            Session::Sqlite(session) => session.flight(swap, pieces, rebuild, listener).await,
            Session::Absent(_, path, _) => Err(missing(path)),
        }
    }

    /// Runs one statement by itself, which makes a transaction of its own of it where it can stand in one. Gives how
    /// many rows it affected.
    async fn statement(&mut self, sql: &'static str) -> std::result::Result<u64, sqlx::Error> {
        driver!(self, session => session.statement(sql).await, _path => Err(sqlx::Error::PoolClosed))
    }

    async fn function(
        &mut self,
        step: &Step,
        function: crate::chain::StepFn,
        listener: &mut Listener<'_>,
    ) -> Result<Outcome> {
        driver!(self, session => session.function(step, function, listener).await, path => Err(missing(path)))
    }

    /// Empties the version table and writes one row, whatever was there.
    pub(crate) async fn purge(&mut self, to: Option<&str>) -> Result {
        driver!(self, session => session.purge(to).await, path => Err(missing(path)))
    }

    /// Whether more rows were affected than the table that an UPDATE changes has. `false` where nobody can tell.
    async fn exceeds(&mut self, sql: &str, affected: u64) -> bool {
        let Some(table) = updated_table(sql) else { return false };
        let count = driver!(self, session => session.held.count(table).await, _path => None);
        count.is_some_and(|count| affected > count)
    }

    /// Sets the limits of a run, as far as they hold for the whole session.
    pub(crate) async fn limit(&mut self, timeouts: Timeouts, listener: &mut Listener<'_>) -> Result {
        if timeouts.are_unset() {
            return Ok(());
        }
        driver!(self, session => session.limit(timeouts, listener).await, _path => Ok(()))
    }

    /// Says that statements outside any transaction begin, or that they are over: on PostgreSQL the limits hold for
    /// transactions, and for such statements they are the session's for a while.
    async fn outside_transactions(&mut self, begins: bool) -> Result {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(session) if begins => session.limit_session().await,
            #[cfg(feature = "postgres")]
            Session::Postgres(session) => session.free_session().await,
            _ => Ok(()),
        }
    }

    pub(crate) async fn close(self) {
        driver!(self, session => session.close().await, _path => ())
    }
}

fn missing(path: &str) -> Error {
    Error::new(ErrorKind::MissingFile { path: path.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::updated_table;

    #[test]
    fn tables_of_updates() {
        for (sql, table) in [
            ("UPDATE runs SET x = 1", Some("runs")),
            ("update\n \"s\".\"runs\" set x = 1", Some("\"s\".\"runs\"")),
            ("UPDATE ONLY runs SET x = 1", None),
            ("WITH t AS (SELECT 1) UPDATE runs SET x = 1", None),
            ("DELETE FROM runs", None),
            ("UPDATE", None),
        ] {
            assert_eq!(updated_table(sql), table, "{sql}");
        }
    }
}
