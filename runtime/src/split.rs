//! A step that can't be one transaction: claimed in the journal, run unit by unit, noted as it goes. While it is under way
//! the version row names the lower revision: an upgrade moves it last, a downgrade first. What to do with a step that
//! stopped half-way is `interrupted`'s.

use std::time::{Duration, Instant};

use crate::atomic::{Atomic, Part};
use crate::chain::StepFn;
use crate::connect::Session;
use crate::crash;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Kept, Result};
use crate::event::{Event, Listener};
use crate::interrupted;
use crate::journal::{Apart, Effect, Entry, Journal, Unit, UnitKind, apart, digest, effect, units};
use crate::locks;
use crate::packed::Statement;
use crate::plan::{Direction, Step};
use crate::run::Outcome;
use crate::session::no_such_table;
use crate::version_table::{Swap, VersionTable};

/// How often a transaction is tried that is the victim of a deadlock.
pub(crate) const ATTEMPTS: u32 = 10;

/// A step under way: what it consists of, and how far it is.
pub(crate) struct Split<'a> {
    pub(crate) step: &'a Step,
    pub(crate) units: Vec<Unit>,
    pub(crate) journal: Journal,
    pub(crate) table: VersionTable,
    pub(crate) entry: Entry,
}

/// Runs a step from its beginning.
pub(crate) async fn split(session: &mut Session<'_>, step: &Step, listener: &mut Listener<'_>) -> Result<Outcome> {
    let started = Instant::now();
    // The lock says that somebody is at it, and so has to be there before the claim is. Where it can't be had, the claim
    // alone keeps two apart.
    interrupted::queue(session, listener).await?;
    let Some(mut split) = Split::new(session, step, Entry::new(step)) else { return Ok(Outcome::Moved) };
    if !split.claim(session, listener).await? {
        return Ok(Outcome::Moved);
    }
    crash::here("claimed");
    Ok(match split.go(session, listener).await? {
        true => Outcome::Done(vec![started.elapsed()]),
        false => Outcome::Moved,
    })
}

impl<'a> Split<'a> {
    /// `None` where there is no database.
    pub(crate) fn new(session: &Session<'_>, step: &'a Step, entry: Entry) -> Option<Split<'a>> {
        let (journal, table) = (session.journal()?, session.version_table()?.clone());
        Some(Split { step, units: units(step, session.dialect()), journal, table, entry })
    }

    /// How many statements there are.
    pub(crate) fn len(&self) -> u32 {
        self.units.last().map_or(0, Unit::end)
    }

    /// A statement, by its position.
    pub(crate) fn statement(&self, position: u32) -> Option<Statement> {
        let unit = self.units.iter().find(|unit| (unit.first..unit.end()).contains(&position))?;
        unit.statements.get((position - unit.first) as usize).copied()
    }

    /// The digest of the first statements.
    pub(crate) fn digest(&self, count: u32) -> String {
        let statements = self.units.iter().flat_map(|unit| &unit.statements);
        digest(statements.take(count as usize).map(|statement| statement.sql))
    }

    /// The move of the version row.
    fn swap(&self) -> Option<String> {
        self.table.swap_alone(Swap { from: self.step.from, to: self.step.to })
    }

    /// Claims the step. `false` where the database is not where the step begins, or somebody else has it.
    async fn claim(&mut self, session: &mut Session<'_>, listener: &mut Listener<'_>) -> Result<bool> {
        let (mut prepared, mut patience) = (false, listener.patience());
        loop {
            self.announce(session, 0).await;
            let mut parts: Vec<Part> = self.journal.exclude().map(Part::Ours).into_iter().collect();
            parts.push(Part::One(self.journal.claim(self.step, &self.entry, self.len(), session.has_second())));
            if self.step.direction == Direction::Downgrade {
                parts.extend(self.swap().map(Part::One));
            }
            if session.has_version_table() {
                match session.atomically(&parts, false, self.step, listener).await? {
                    Atomic::Done(_) => return Ok(true),
                    Atomic::Fenced => return Ok(false),
                    // Somebody else was quicker.
                    Atomic::Failed(_, sqlx::Error::Database(error)) if error.is_unique_violation() => return Ok(false),
                    Atomic::Failed(_, error) if is_victim(&error) => return Ok(false),
                    Atomic::Failed(_, error) if locks::is_lock(&error) => {
                        let table = self.table.name();
                        if !locks::wait(session, self.step, &table, &mut patience, listener).await {
                            return Err(Error::database(error));
                        }
                        continue;
                    }
                    Atomic::Failed(_, error) if prepared || !no_such_table(&error) => {
                        return Err(Error::database(error));
                    }
                    Atomic::Failed(..) => {}
                }
            } else if prepared {
                return Ok(false);
            }
            session.prepare().await?;
            // The schema is known by now.
            if let (Some(journal), Some(table)) = (session.journal(), session.version_table()) {
                (self.journal, self.table) = (journal, table.clone());
            }
            prepared = true;
        }
    }

    /// Confirms the claim, and runs what is left. `false` where somebody else has taken the step over. However it ends,
    /// nobody has to wait for this session any more.
    async fn go(&mut self, session: &mut Session<'_>, listener: &mut Listener<'_>) -> Result<bool> {
        let done = match self.confirm(session).await {
            Ok(true) => self.perform(session, listener).await,
            refused => refused,
        };
        self.leave(session, done.is_err()).await;
        done
    }

    /// Makes the claim one that others can tell the life of, where that takes more than this session. `false` where it is
    /// somebody else's by now: until here whoever comes may take it, for nothing has run.
    pub(crate) async fn confirm(&self, session: &mut Session<'_>) -> Result<bool> {
        if !session.has_second() {
            return Ok(true);
        }
        // Where the server has no room for a second connection, the first is all there is.
        let has_beacon = session.light_beacon(self.entry.epoch).await.is_ok();
        crash::here("lit");
        self.is_confirmed(session, has_beacon).await
    }

    async fn is_confirmed(&self, session: &mut Session<'_>, has_beacon: bool) -> Result<bool> {
        let sql = self.journal.confirm(&self.entry, has_beacon);
        Ok(session.execute(sql).await.map_err(Error::database)? == 1)
    }

    /// Says that nobody is at it any more.
    pub(crate) async fn leave(&self, session: &mut Session<'_>, failed: bool) {
        if failed {
            // Where the connection is gone, its end says the same.
            session.execute(self.journal.release(&self.entry)).await.ok();
        }
        session.put_out_beacon().await;
    }

    /// Sees to it that the entry will say what comes after so many units: a statement that commits by itself is announced,
    /// with what its objects are like now.
    async fn announce(&mut self, session: &mut Session<'_>, after: usize) {
        (self.entry.doubt, self.entry.state_before) = (None, None);
        let Some(unit) = self.units.get(after).filter(|unit| matches!(unit.kind, UnitKind::Statement)) else { return };
        self.entry.doubt = Some(unit.first);
        if session.dialect() == Dialect::Mysql
            && let Some(statement) = unit.statements.first()
            && let Effect::Objects(objects) = effect(statement.sql)
        {
            self.entry.state_before = Some(session.state_of(&objects).await.join(","));
        }
    }

    /// Runs what is left. `false` where somebody else has taken the step over.
    pub(crate) async fn perform(&mut self, session: &mut Session<'_>, listener: &mut Listener<'_>) -> Result<bool> {
        let mut is_over = false;
        for index in 0..self.units.len() {
            let Some(unit) = self.units.get(index).filter(|unit| unit.end() > self.entry.done).cloned() else {
                continue;
            };
            let goes_on = match unit.kind {
                UnitKind::Transaction | UnitKind::Rebuild => self.transact(session, index, &unit, listener).await?,
                UnitKind::Statement => self.stand_alone(session, index, &unit, listener).await?,
                UnitKind::Repeat(rows) => self.repeat(session, index, &unit, rows, listener).await?,
                UnitKind::Function(function) => self.function(session, function, listener).await?,
            };
            if !goes_on {
                return Ok(false);
            }
            crash::here("unit noted");
            is_over = index + 1 == self.units.len();
        }
        // A step without statements, or one that stopped just before its end.
        if !is_over {
            let parts = self.end();
            return self.note(session, &parts, listener).await;
        }
        Ok(true)
    }

    /// What is noted after a unit: how far the step is, or that it is over. Changes the entry, as the table will be.
    async fn after(&mut self, session: &mut Session<'_>, index: usize, unit: &Unit) -> Vec<Part> {
        if index + 1 == self.units.len() {
            return self.end();
        }
        let before = self.entry.clone();
        self.announce(session, index + 1).await;
        self.entry.digest = self.digest(unit.end());
        self.entry.done = unit.end();
        self.entry.affected = 0;
        vec![Part::One(self.journal.advance(&before, &self.entry))]
    }

    fn end(&mut self) -> Vec<Part> {
        let before = self.entry.clone();
        (self.entry.done, self.entry.digest) = (self.len(), self.digest(self.len()));
        // The version row first, as whoever claims a step does: in another order two of them meet in a deadlock.
        let mut parts = Vec::new();
        if self.step.direction == Direction::Upgrade {
            parts.extend(self.swap().map(Part::One));
        }
        parts.push(Part::One(self.journal.finish(&before, &self.entry)));
        parts
    }

    /// Notes something by itself. `false` where the entry is somebody else's.
    async fn note(&self, session: &mut Session<'_>, parts: &[Part], listener: &mut Listener<'_>) -> Result<bool> {
        match self.attempt(session, parts, false, listener).await? {
            Atomic::Done(_) => Ok(true),
            Atomic::Fenced => Ok(false),
            Atomic::Failed(_, error) => Err(Error::step_failed(self.step, Kept::Noted, error)),
        }
    }

    /// Runs parts in a transaction, and again where it was the victim of a deadlock: nothing of it is there then, and ours
    /// come first, so that nothing runs twice.
    async fn attempt(
        &self,
        session: &mut Session<'_>,
        parts: &[Part],
        rebuild: bool,
        listener: &mut Listener<'_>,
    ) -> Result<Atomic> {
        let (mut attempts, mut patience) = (1, listener.patience());
        loop {
            match session.atomically(parts, rebuild, self.step, listener).await? {
                Atomic::Failed(_, error) if is_victim(&error) && attempts < ATTEMPTS => attempts += 1,
                Atomic::Failed(statement, error) if locks::is_lock(&error) => {
                    // What is ours names our tables.
                    let needs = statement.map_or_else(|| self.table.name(), |statement| statement.sql.to_owned());
                    if !locks::wait(session, self.step, &needs, &mut patience, listener).await {
                        return Ok(Atomic::Failed(statement, error));
                    }
                }
                ended => return Ok(ended),
            }
        }
    }

    /// Runs a statement that commits by itself; again, where it got no lock and is known to have changed nothing.
    async fn alone(
        &self,
        session: &mut Session<'_>,
        statement: Statement,
        listener: &mut Listener<'_>,
    ) -> std::result::Result<(), sqlx::Error> {
        let mut patience = listener.patience();
        loop {
            let lap = listener.statement_started(self.step, Some(statement.line), statement.sql);
            let error = match session.marked_statement(statement.sql, self.entry.epoch).await {
                Ok(_) => {
                    listener.statement_done(self.step, Some(statement.line), lap);
                    return Ok(());
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
    async fn transact(
        &mut self,
        session: &mut Session<'_>,
        index: usize,
        unit: &Unit,
        listener: &mut Listener<'_>,
    ) -> Result<bool> {
        let before = self.entry.clone();
        // A file that was mended may have been cut elsewhere.
        let over = before.done.saturating_sub(unit.first) as usize;
        // Ours first: a statement of somebody who has been overtaken must not even be tried.
        let mut parts = self.after(session, index, unit).await;
        parts.extend(unit.statements.iter().skip(over).copied().map(Part::Statement));
        crash::here("before a transaction");
        match self.attempt(session, &parts, matches!(unit.kind, UnitKind::Rebuild), listener).await {
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
    async fn function(
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
    async fn stand_alone(
        &mut self,
        session: &mut Session<'_>,
        index: usize,
        unit: &Unit,
        listener: &mut Listener<'_>,
    ) -> Result<bool> {
        let Some(statement) = unit.statements.first().copied() else { return Ok(true) };
        if self.entry.doubt != Some(unit.first) {
            let before = self.entry.clone();
            self.announce(session, index).await;
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
        if let Err(error) = self.alone(session, statement, listener).await {
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
        session.outside_transactions(false).await?;
        crash::here("after a statement");
        let parts = self.after(session, index, unit).await;
        self.note(session, &parts, listener).await
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
        objects.len() < 2 || self.entry.state_before == Some(session.state_of(&objects).await.join(","))
    }

    /// Notes a failure after which nothing is in doubt. Gives what of the step stays.
    async fn failed(&mut self, session: &mut Session<'_>, error: &str, listener: &mut Listener<'_>) -> Kept {
        if self.entry.done > 0 || self.entry.affected > 0 {
            let sql = self.journal.fail(&self.entry, error, false);
            return match session.execute(sql).await {
                Ok(_) => Kept::Noted,
                Err(_) => Kept::Unknown,
            };
        }
        // Nothing ran: nobody has to take anything up, and a downgrade's row goes back up.
        let mut parts = vec![Part::One(self.journal.give_up(&self.entry, error))];
        if self.step.direction == Direction::Downgrade {
            let back = Swap { from: self.step.to, to: self.step.from };
            parts.extend(self.table.swap_alone(back).map(Part::One));
        }
        match self.note(session, &parts, listener).await {
            Ok(true) => Kept::Nothing,
            Ok(false) => Kept::Noted,
            Err(_) => Kept::Unknown,
        }
    }

    /// Runs a statement again and again, each time in a transaction of its own, until a round affects fewer rows than the
    /// batch.
    ///
    /// Two rounds in a row that affect *more* than the batch are no progress: the statement has no limit, does the whole
    /// table each time, and would for ever. A round that affects exactly the batch may be progress or not, and no
    /// database tells; but where every round does rows that none before it did, all rounds together can't do more rows
    /// than the table has. The table is counted where it is one UPDATE's, after rounds 2, 4, 8, …; twice its rows and a
    /// batch is too many (on a live table rows come and go).
    async fn repeat(
        &mut self,
        session: &mut Session<'_>,
        index: usize,
        unit: &Unit,
        batch: u64,
        listener: &mut Listener<'_>,
    ) -> Result<bool> {
        let Some(statement) = unit.statements.first().copied() else { return Ok(true) };
        let lap = listener.statement_started(self.step, Some(statement.line), statement.sql);
        let before = self.entry.affected;
        let (mut rows, mut rounds, mut over) = (0u64, 0u64, 0u32);
        let started = Instant::now();
        let mut affected = 0;
        loop {
            crash::here("before a round");
            // The rows of the round before are added with this one: what was committed and never added is not missed.
            let parts = [Part::One(self.journal.add(&self.entry, affected)), Part::Round(statement)];
            affected = match self.attempt(session, &parts, false, listener).await? {
                Atomic::Done(affected) => affected,
                Atomic::Fenced => return Ok(false),
                Atomic::Failed(_, error) => {
                    let kept = self.failed(session, &error.to_string(), listener).await;
                    return Err(Error::statement_failed(self.step, statement, kept, error));
                }
            };
            crash::here("after a round");
            rounds += 1;
            rows = rows.saturating_add(affected);
            self.entry.affected = before.saturating_add(rows);
            let rate = rate(rows, started.elapsed());
            listener.say(Event::BatchProgress { step: self.step, rows: self.entry.affected, rounds, rate });
            if affected < batch || affected == 0 {
                break;
            }
            // MySQL counts a row that REPLACE or ON DUPLICATE KEY UPDATE changes twice.
            let twice = session.dialect() == Dialect::Mysql && inserts(statement.sql);
            let most = if twice { batch.saturating_mul(2) } else { batch };
            over = if affected > most { over + 1 } else { 0 };
            let again = rows.saturating_sub(batch) / 2;
            if over == 2 || (rounds.is_power_of_two() && rounds > 1 && exceeds(session, statement.sql, again).await) {
                let kind = ErrorKind::NoProgress { rows: affected, batch, rounds };
                let error = Error::new(kind).at_step(self.step).placed(self.step, statement);
                self.failed(session, &error.to_string(), listener).await;
                return Err(error);
            }
            if !listener.pause().is_zero() {
                tokio::time::sleep(listener.pause()).await;
            }
        }
        listener.statement_done(self.step, Some(statement.line), lap);
        let parts = self.after(session, index, unit).await;
        self.note(session, &parts, listener).await
    }
}

/// Rows a second. `None` before there is something to go by.
fn rate(rows: u64, took: Duration) -> Option<u64> {
    if took < Duration::from_millis(100) {
        return None;
    }
    u128::from(rows).checked_mul(1000)?.checked_div(took.as_millis())?.try_into().ok()
}

/// Whether an error says that a transaction was rolled back for somebody else's sake: a deadlock, or a conflict (Galera's
/// certification says the same as MySQL's deadlock).
pub(crate) fn is_victim(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return false };
    matches!(error.code().as_deref(), Some("40001" | "40P01"))
}

/// Whether more rows were affected than the table that an UPDATE changes has. `false` where nobody can tell.
async fn exceeds(session: &mut Session<'_>, sql: &str, affected: u64) -> bool {
    let Some(table) = updated_table(sql) else { return false };
    session.count(table).await.is_some_and(|count| affected > count)
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{rate, updated_table};

    #[test]
    fn rates() {
        for (rows, milliseconds, shown) in
            [(10, 99, None), (10, 100, Some(100)), (0, 500, Some(0)), (u64::MAX, 500, None)]
        {
            assert_eq!(rate(rows, Duration::from_millis(milliseconds)), shown);
        }
    }

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
