//! The ways in which a unit of a step runs: in one transaction with what is noted of it, by itself between two notes, or as a
//! function. A statement that is run again and again is `repeat`'s.

use super::Split;
use crate::atomic::{Atomic, Part};
use crate::chain::StepFn;
use crate::connect::Session;
use crate::crash;
use crate::dialect::Dialect;
use crate::error::{Error, Kept, Result};
use crate::event::Listener;
use crate::journal::{Apart, Effect, Entry, Object, UNSEEN, Unit, apart, effect};
use crate::locks;
use crate::packed::Statement;
use crate::plan::Direction;
use crate::version_table::Swap;

impl Split<'_> {
    /// Runs a statement that commits by itself; again, where it got no lock and is known to have changed nothing. Gives what
    /// an object is like behind it, where that could be looked at on the way.
    async fn alone(
        &self,
        session: &mut Session<'_>,
        statement: Statement,
        look: Option<&Object>,
        listener: &mut Listener<'_>,
    ) -> std::result::Result<Option<String>, sqlx::Error> {
        // Of these it is known that they have one answer and no rows. Whoever watches wants the statement's own time.
        let is_plain = matches!(effect(statement.sql), Effect::Objects(_)) && !listener.watches_statements();
        let look = look.filter(|_| is_plain);
        let mut patience = listener.patience();
        loop {
            let lap = listener.statement_started(self.step, Some(statement.line), statement.sql);
            let error = match session.marked_statement(statement.sql, self.entry.epoch, look).await {
                Ok(seen) => {
                    listener.statement_done(self.step, Some(statement.line), lap);
                    return Ok(seen);
                }
                Err(error) => error,
            };
            drop(lap);
            let none = session.dialect() == Dialect::Mysql
                && locks::is_lock(&error)
                && matches!(effect(statement.sql), Effect::Objects(_))
                && self.is_whole(session, statement).await;
            if !none || !locks::wait(session, self.step, statement.sql, &mut patience, listener).await {
                return Err(error);
            }
        }
    }

    /// Statements in a transaction, together with what is noted of them.
    pub(super) async fn transact(
        &mut self,
        session: &mut Session<'_>,
        index: usize,
        unit: &Unit,
        listener: &mut Listener<'_>,
    ) -> Result<bool> {
        let before = self.entry.clone();
        // A file that was mended may have been cut elsewhere.
        let over = before.done.saturating_sub(unit.first) as usize;
        let statements = unit.statements.iter().skip(over).copied().map(Part::Statement).collect();
        crash::here("before a transaction");
        match self.pass(session, (index, unit), statements, None, listener).await {
            Ok(Atomic::Done(_)) => Ok(true),
            Ok(Atomic::Fenced) => Ok(false),
            Ok(Atomic::Failed(Some(statement), error)) => {
                self.entry = before;
                let kept = self.failed(session, &error.to_string(), listener).await;
                Err(Error::statement_failed(self.step, statement, kept, error))
            }
            Ok(Atomic::Failed(None, error)) => {
                self.entry = before;
                let kept = self.failed(session, &error.to_string(), listener).await;
                Err(Error::step_failed(self.step, kept, error))
            }
            Err(error) => {
                self.entry = before;
                let kept = self.failed(session, &error.to_string(), listener).await;
                Err(error.keeping(kept))
            }
        }
    }

    /// A `.rs` revision, on MySQL: in one transaction, as far as it leaves that open. What it commits on the way is in doubt
    /// from then on.
    pub(super) async fn function(
        &mut self,
        session: &mut Session<'_>,
        function: StepFn,
        listener: &mut Listener<'_>,
    ) -> Result<bool> {
        let before = self.entry.clone();
        // That something stays is remembered as a row that was affected.
        let announced = Entry { doubt: Some(0), affected: 1, ..before.clone() };
        let announce = self.journal.advance(&before, &announced);
        let parts = self.end();
        crash::here("before a function");
        let (ended, committed) = session.noted_function(self.step, function, announce, &parts, listener).await;
        let error = match ended {
            Ok(Atomic::Done(_)) => return Ok(true),
            Ok(Atomic::Fenced) => return Ok(false),
            Ok(Atomic::Failed(_, error)) => {
                Error::step_failed(self.step, if committed { Kept::Part } else { Kept::Nothing }, error)
            }
            Err(error) if before.affected > 0 => error.keeping(Kept::Part),
            Err(error) => error,
        };
        // It said no by itself, and may be tried again: what it does about what it did before is its author's affair.
        self.entry = before;
        match committed {
            true => drop(session.execute(self.journal.fail(&self.entry, &error.message(), false)).await),
            false => drop(self.failed(session, &error.message(), listener).await),
        }
        Err(error)
    }

    /// A statement that commits by itself.
    pub(super) async fn stand_alone(
        &mut self,
        session: &mut Session<'_>,
        index: usize,
        unit: &Unit,
        listener: &mut Listener<'_>,
    ) -> Result<bool> {
        let Some(statement) = unit.statements.first().copied() else { return Ok(true) };
        if self.entry.doubt != Some(unit.first) {
            let before = self.entry.clone();
            self.announce(session, index, None).await;
            let parts = [Part::One(self.journal.advance(&before, &self.entry))];
            if !self.note(session, &parts, listener).await? {
                return Ok(false);
            }
        }
        crash::here("before a statement");
        // While a transaction runs its rows are locked; here only the sign of life keeps others away.
        if !session.beacon_burns().await {
            if let Err(error) = session.light_beacon(self.entry.epoch).await {
                let kept = self.failed(session, &error.to_string(), listener).await;
                return Err(Error::step_failed(self.step, kept, error));
            }
            if !self.is_confirmed(session, true).await? {
                return Ok(false);
            }
        }
        session.outside_transactions(true).await?;
        let look = self.looked_at(session, index + 1);
        let seen = match self.alone(session, statement, look.as_ref(), listener).await {
            Ok(seen) => seen,
            Err(error) => {
                session.outside_transactions(false).await.ok();
                let kept = match self.is_whole(session, statement).await {
                    true => self.failed(session, &error.to_string(), listener).await,
                    // It stays in doubt: what it began is there to be seen.
                    false => match session.execute(self.journal.fail(&self.entry, &error.to_string(), true)).await {
                        Ok(_) => Kept::Noted,
                        Err(_) => Kept::Unknown,
                    },
                };
                return Err(Error::statement_failed(self.step, statement, kept, error));
            }
        };
        session.outside_transactions(false).await?;
        crash::here("after a statement");
        let ended = self.pass(session, (index, unit), Vec::new(), seen, listener).await?;
        self.noted(ended)
    }

    /// Whether a statement that was refused left everything as it was. One that names many objects may have changed some:
    /// `DROP TABLE a, b` drops `a` before it finds no `b`.
    async fn is_whole(&self, session: &mut Session<'_>, statement: Statement) -> bool {
        match session.dialect() {
            // A failed build leaves an index that is not valid.
            Dialect::Postgres => return !matches!(apart(statement.sql), Apart::Index { .. }),
            Dialect::Sqlite => return true,
            Dialect::Mysql => {}
        }
        let Effect::Objects(objects) = effect(statement.sql) else { return true };
        objects.len() < 2 || {
            let now = session.state_of(&objects).await;
            !now.iter().any(|state| state == UNSEEN) && self.entry.state_before == Some(now.join(","))
        }
    }

    /// Notes a failure after which nothing is in doubt. Gives what of the step stays.
    pub(super) async fn failed(&mut self, session: &mut Session<'_>, error: &str, listener: &mut Listener<'_>) -> Kept {
        if self.entry.done > 0 || self.entry.affected > 0 {
            let sql = self.journal.fail(&self.entry, error, false);
            return match session.execute(sql).await {
                Ok(_) => Kept::Noted,
                Err(_) => Kept::Unknown,
            };
        }
        // Nothing ran: nobody has to take anything up, and a downgrade's row goes back up.
        let mut parts = vec![Part::One(self.journal.give_up(&self.entry, error))];
        if self.step.direction() == Direction::Downgrade {
            let back = Swap { from: self.step.to(), to: self.step.from() };
            parts.extend(self.table.swap_alone(back).map(Part::One));
        }
        match self.note(session, &parts, listener).await {
            Ok(true) => Kept::Nothing,
            Ok(false) => Kept::Noted,
            Err(_) => Kept::Unknown,
        }
    }
}
