//! A flight: guard, work and version row in one transaction. Never decides which revisions it is made of.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Connection, Either, Row, raw_sql};

use super::blame::{Composed, before, blame, byte_at, lines, position};
use super::{Session, refused};
use crate::chain::StepFn;
use crate::error::{Error, Kept, Result};
use crate::event::Listener;
use crate::op::{Handle, Op};
use crate::plan::Step;
use crate::run::{Outcome, Pieces};
use crate::version_table::Swap;

/// What a guard's row tells of what was not known before.
#[derive(Debug, Default)]
struct Learnt {
    /// Where the version table lies.
    schema: Option<String>,
    /// Who we are, for the journal.
    who: Option<String>,
}

impl Learnt {
    fn of(row: &PgRow) -> Learnt {
        let text = |position: usize| row.try_get(position).ok().flatten();
        Learnt { schema: text(1), who: text(2) }
    }
}

impl Session<'_> {
    /// Moves the version row and runs the pieces, in one transaction and one round trip.
    pub(crate) async fn flight(
        &mut self,
        swap: Option<Swap<'_>>,
        pieces: Pieces<'_>,
        listener: &mut Listener<'_>,
    ) -> Result<Outcome> {
        let known = self.is_known;
        match self.fly(swap, pieces, listener).await? {
            Outcome::Moved if !known => {
                self.look_around().await?;
                self.fly(swap, pieces, listener).await
            }
            outcome => Ok(outcome),
        }
    }

    async fn fly(
        &mut self,
        swap: Option<Swap<'_>>,
        pieces: Pieces<'_>,
        listener: &mut Listener<'_>,
    ) -> Result<Outcome> {
        // On a connection that is handed in, only the one string is safe: see `compose`.
        if listener.watches_statements() && !self.held.is_lent() {
            return self.flight_in_steps(swap, pieces, listener).await;
        }
        let composed = self.compose(swap, pieces, None);
        let (mut completed, started) = (0, Instant::now());
        let mut learnt = Learnt::default();
        let mut stream = raw_sql(AssertSqlSafe(composed.sql.clone())).fetch_many(self.held.get_mut());
        let failure = loop {
            match stream.try_next().await {
                Ok(Some(Either::Left(_))) => completed += 1,
                // The guard's.
                Ok(Some(Either::Right(row))) if completed < composed.before => learnt = Learnt::of(&row),
                Ok(Some(Either::Right(_))) => {}
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        drop(stream);
        let Some(error) = failure else {
            self.moved(swap, pieces.steps(), learnt);
            return Ok(Outcome::Done(shares(started.elapsed(), pieces.len())));
        };
        self.roll_back().await;
        if completed < composed.before && position(&error).is_none_or(|at| before(&composed, at)) {
            return self.lost_or(error);
        }
        Err(blame(&composed, pieces, completed, error))
    }

    /// The same, a message for each statement: for someone who watches.
    async fn flight_in_steps(
        &mut self,
        swap: Option<Swap<'_>>,
        pieces: Pieces<'_>,
        listener: &mut Listener<'_>,
    ) -> Result<Outcome> {
        let prefix = self.prefix(swap, pieces).concat();
        let learnt = match raw_sql(AssertSqlSafe(prefix)).fetch_all(self.held.get_mut()).await {
            Ok(rows) => rows.first().map(Learnt::of).unwrap_or_default(),
            Err(error) => {
                self.roll_back().await;
                return self.lost_or(error);
            }
        };
        let mut laps = Vec::with_capacity(pieces.len());
        for piece in pieces.iter() {
            let since = Instant::now();
            for statement in piece.batch.statements() {
                let lap = listener.statement_started(&piece.step, Some(statement.line), statement.sql);
                if let Err(error) = raw_sql(statement.sql).execute(self.held.get_mut()).await {
                    self.roll_back().await;
                    let byte = position(&error).map_or(0, |character| byte_at(statement.sql, character));
                    let line = statement.line + lines(statement.sql.get(..byte).unwrap_or_default());
                    return Err(Error::statement_failed(&piece.step, statement, Kept::Nothing, error).at_line(line));
                }
                listener.statement_done(&piece.step, Some(statement.line), lap);
            }
            laps.push(since.elapsed());
        }
        let since = Instant::now();
        if let Err(error) = raw_sql("COMMIT").execute(self.held.get_mut()).await {
            self.roll_back().await;
            return Err(match pieces.last() {
                Some(piece) => Error::step_failed(&piece.step, Kept::Nothing, error),
                None => Error::database(error),
            });
        }
        self.moved(swap, pieces.steps(), learnt);
        if let Some(last) = laps.last_mut() {
            *last += since.elapsed();
        }
        Ok(Outcome::Done(laps))
    }

    /// What is known once the version row has moved.
    fn moved(&mut self, swap: Option<Swap<'_>>, steps: &[Step], learnt: Learnt) {
        if let Some(schema) = learnt.schema {
            self.table.learn_schema(schema);
        }
        self.who = self.who.take().or(learnt.who);
        if swap.is_some() {
            (self.missing, self.is_known) = (false, true);
            self.has_journal |= self.table.is_recorded() && !steps.is_empty();
        }
    }

    /// Runs a `.rs` revision: guard, function and version row in one transaction.
    pub(crate) async fn function(
        &mut self,
        step: &Step,
        function: StepFn,
        listener: &mut Listener<'_>,
    ) -> Result<Outcome> {
        let known = self.is_known;
        match self.call(step, function, listener).await? {
            Outcome::Moved if !known => {
                self.look_around().await?;
                self.call(step, function, listener).await
            }
            outcome => Ok(outcome),
        }
    }

    async fn call(&mut self, step: &Step, function: StepFn, listener: &mut Listener<'_>) -> Result<Outcome> {
        let started = Instant::now();
        let swap = Swap { from: step.from(), to: step.to() };
        let guard = self.guard(swap, std::slice::from_ref(step), true).concat();
        self.will_roll_back();
        let mut transaction = self.held.get_mut().begin().await.map_err(refused)?;
        let learnt = match raw_sql(AssertSqlSafe(guard)).fetch_all(&mut *transaction).await {
            Ok(rows) => rows.first().map(Learnt::of).unwrap_or_default(),
            Err(error) => {
                // The session's transaction is over; only a rollback ends it.
                transaction.rollback().await.ok();
                return self.lost_or(error);
            }
        };
        let mut op = Op::new(Handle::Postgres(&mut transaction), step, listener);
        if let Err(error) = function(&mut op).await {
            transaction.rollback().await.ok();
            return Err(error.in_function(step, Kept::Nothing));
        }
        transaction.commit().await.map_err(|error| Error::step_failed(step, Kept::Nothing, error))?;
        self.moved(Some(swap), std::slice::from_ref(step), learnt);
        Ok(Outcome::Done(vec![started.elapsed()]))
    }

    /// The string of a flight.
    ///
    /// On a connection that is handed in there is no BEGIN and no COMMIT: PostgreSQL runs such a string as one implicit
    /// transaction, which ends with the string however it ends, even when the caller stops waiting for it. (An explicit
    /// one that failed would stay open, and aborted, on the caller's connection.) The price is that a revision can't
    /// use SAVEPOINT there.
    ///
    /// What is `said` stands between the guard and the revisions' own.
    pub(super) fn compose(&self, swap: Option<Swap<'_>>, pieces: Pieces<'_>, said: Option<&str>) -> Composed {
        let explicit = !self.held.is_lent();
        let length: usize = pieces.iter().map(|piece| piece.batch.sql.len() + 4).sum();
        let mut prefix = self.prefix(swap, pieces);
        prefix.extend(said.map(str::to_owned));
        let (mut sql, mut starts) = (String::with_capacity(length + 1024), Vec::with_capacity(pieces.len()));
        prefix.iter().for_each(|part| sql.push_str(part));
        for piece in pieces.iter() {
            starts.push(sql.len());
            sql.push_str(piece.batch.sql);
            // On a line of its own: the batch may end with a comment.
            sql.push_str("\n;\n");
        }
        if explicit {
            sql.push_str("COMMIT");
        }
        Composed { sql: Arc::new(sql), before: prefix.len(), starts }
    }
}

/// How long each of several took: the server answers when all of them are over, so that nobody knows but of their sum.
pub(super) fn shares(elapsed: Duration, count: usize) -> Vec<Duration> {
    let share = u32::try_from(count).ok().and_then(|count| elapsed.checked_div(count)).unwrap_or_default();
    vec![share; count]
}
