//! A step that can't be one transaction: claimed in the journal, run unit by unit, noted as it goes. While it is under way
//! the version row names the lower revision: an upgrade moves it last, a downgrade first. Here are the claim, the walk from
//! unit to unit, and what is noted between them; how a unit runs is `unit`'s and `repeat`'s. What to do with a step that
//! stopped half-way is `interrupted`'s.

mod repeat;
mod unit;

use std::time::Instant;

use crate::atomic::{Atomic, Part};
use crate::connect::Session;
use crate::crash;
use crate::dialect::Dialect;
use crate::error::{Error, Kept, Result};
use crate::event::Listener;
use crate::interrupted;
use crate::journal::{Effect, Entry, Journal, Object, Unit, UnitKind, digest, effect, units};
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
    /// The step that is to be claimed in the transaction that ends this one.
    next: Option<Box<Split<'a>>>,
    /// The same, once that has happened.
    claimed: Option<Box<Split<'a>>>,
}

/// Runs a step from its beginning. Where the `next` one of the run is such a step, too, the end of this one and the claim of
/// that are one commit: then it comes back in `claimed`, and is to be given along when its turn has come.
pub(crate) async fn split<'a>(
    session: &mut Session<'_>,
    step: &'a Step,
    next: Option<&'a Step>,
    claimed: &mut Option<Box<Split<'a>>>,
    listener: &mut Listener<'_>,
) -> Result<Outcome> {
    let started = Instant::now();
    let mut split = match claimed.take() {
        Some(split) => split,
        None => {
            // The lock says that somebody is at it, and so has to be there before the claim is. Where it can't be had, the
            // claim alone keeps two apart.
            interrupted::queue(session, listener).await?;
            let Some(mut split) = Split::new(session, step, Entry::new(step)) else { return Ok(Outcome::Moved) };
            if !split.claim(session, listener).await? {
                return Ok(Outcome::Moved);
            }
            Box::new(split)
        }
    };
    crash::here("claimed");
    // On PostgreSQL each claim has to be confirmed, with a sign of life of its own.
    if session.dialect() == Dialect::Mysql {
        split.next = next.and_then(|next| Split::new(session, next, Entry::new(next))).map(Box::new);
    }
    let done = split.go(session, listener).await?;
    *claimed = split.claimed.take();
    Ok(match done {
        true => Outcome::Done(vec![started.elapsed()]),
        false => Outcome::Moved,
    })
}

/// The `next` step of a run, to be claimed in the transaction of the flight before it, on MySQL. (On PostgreSQL each claim has to
/// be confirmed.) `None`, too, where there is no version table yet: then there is no journal either.
pub(crate) async fn next_claim<'a>(
    session: &mut Session<'_>,
    next: Option<&'a Step>,
    listener: &mut Listener<'_>,
) -> Result<Option<Box<Split<'a>>>> {
    let Some(next) = next.filter(|_| session.dialect() == Dialect::Mysql && session.has_version_table()) else {
        return Ok(None);
    };
    // As for any claim: the lock is there before it is.
    interrupted::queue(session, listener).await?;
    Ok(Split::new(session, next, Entry::new(next)).map(Box::new))
}

impl<'a> Split<'a> {
    /// `None` where there is no database.
    pub(crate) fn new(session: &Session<'_>, step: &'a Step, entry: Entry) -> Option<Split<'a>> {
        let (journal, table) = (session.journal()?, session.version_table()?.clone());
        let units = units(step, session.dialect());
        Some(Split { step, units, journal, table, entry, next: None, claimed: None })
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
        self.table.swap_alone(Swap { from: self.step.from(), to: self.step.to() })
    }

    /// Claims the step. `false` where the database is not where the step begins, or somebody else has it.
    async fn claim(&mut self, session: &mut Session<'_>, listener: &mut Listener<'_>) -> Result<bool> {
        let (mut prepared, mut patience) = (false, listener.patience());
        loop {
            if session.has_version_table() {
                self.announce(session, 0, None).await;
                let claim = self.journal.claim(self.step, &self.entry, self.len(), session.has_second());
                let parts = self.beginning(claim);
                match session.atomically(&parts, false, self.step, listener).await? {
                    Atomic::Done(_) => return Ok(true),
                    Atomic::Fenced => return Ok(false),
                    // Somebody else was quicker.
                    Atomic::Failed(_, error) if is_taken(&error) => return Ok(false),
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

    /// What claims the step.
    fn beginning(&self, claim: String) -> Vec<Part> {
        let mut parts: Vec<Part> = self.journal.exclude().map(Part::Ours).into_iter().collect();
        parts.push(Part::One(claim));
        if self.step.direction() == Direction::Downgrade {
            parts.extend(self.swap().map(Part::One));
        }
        parts
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
    /// with what its objects are like now, if that has not been `seen` already.
    async fn announce(&mut self, session: &mut Session<'_>, after: usize, seen: Option<String>) {
        let objects = self.objects(session.dialect(), after);
        let seen = match seen {
            None if !objects.is_empty() => Some(session.state_of(&objects).await.join(",")),
            seen => seen,
        };
        self.announce_as(after, seen);
    }

    fn announce_as(&mut self, after: usize, seen: Option<String>) {
        (self.entry.doubt, self.entry.state_before) = (None, None);
        if self.announced(after).is_some() {
            self.entry.doubt = self.units.get(after).map(|unit| unit.first);
            self.entry.state_before = seen;
        }
    }

    /// What the statement changes that is to be announced after so many units, as far as that can be looked at.
    fn objects(&self, dialect: Dialect, after: usize) -> Vec<Object> {
        self.announced(after).map_or_else(Vec::new, |statement| objects_of(dialect, statement))
    }

    /// What has to be looked at before the step is claimed.
    pub(crate) fn first_objects(&self) -> Vec<Object> {
        self.objects(Dialect::Mysql, 0)
    }

    /// What claims the step in a transaction that has moved the version row to where it begins, once its first objects have
    /// been `seen`. Each part affects one row; none does where the server has rolled the move back meanwhile.
    pub(crate) fn claim_ahead(&mut self, seen: Option<String>) -> Vec<Part> {
        self.announce_as(0, seen);
        self.beginning(self.journal.claim(self.step, &self.entry, self.len(), false))
    }

    /// The statement that commits by itself, if such a one comes after so many units.
    fn announced(&self, after: usize) -> Option<Statement> {
        let unit = self.units.get(after).filter(|unit| matches!(unit.kind, UnitKind::Statement))?;
        unit.statements.first().copied()
    }

    /// The object that has to be looked at once so many units are over, where it is a single one.
    fn looked_at(&self, session: &Session<'_>, after: usize) -> Option<Object> {
        let objects = match &self.next {
            Some(next) if after == self.units.len() => next.objects(session.dialect(), 0),
            _ => self.objects(session.dialect(), after),
        };
        <[Object; 1]>::try_from(objects).ok().map(|[object]| object)
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

    /// Runs statements together with what is noted after their unit: how far the step is, or that it is over. Ours come first:
    /// a statement of somebody who has been overtaken must not even be tried. Changes the entry, as the table will be.
    async fn pass(
        &mut self,
        session: &mut Session<'_>,
        (index, unit): (usize, &Unit),
        statements: Vec<Part>,
        seen: Option<String>,
        listener: &mut Listener<'_>,
    ) -> Result<Atomic> {
        let rebuild = matches!(unit.kind, UnitKind::Rebuild);
        let mut parts = if index + 1 < self.units.len() {
            let before = self.entry.clone();
            self.announce(session, index + 1, seen).await;
            (self.entry.digest, self.entry.done, self.entry.affected) = (self.digest(unit.end()), unit.end(), 0);
            vec![Part::One(self.journal.advance(&before, &self.entry))]
        } else {
            let end = self.end();
            if let Some(mut next) = self.next.take() {
                next.announce(session, 0, seen).await;
                // On the way up the row has just been moved there; on the way down it is moved next.
                let claim = next.journal.claim_at_once(&next.entry, next.len(), session.has_second());
                let parts = [end.clone(), next.beginning(claim), statements.clone()].concat();
                match self.attempt(session, &parts, rebuild, listener).await? {
                    Atomic::Done(rows) => {
                        self.claimed = Some(next);
                        return Ok(Atomic::Done(rows));
                    }
                    // The next can't be claimed. That is no reason not to end this one.
                    Atomic::Fenced => {}
                    Atomic::Failed(None, error) if is_taken(&error) => {}
                    ended => return Ok(ended),
                }
            }
            end
        };
        parts.extend(statements);
        self.attempt(session, &parts, rebuild, listener).await
    }

    fn end(&mut self) -> Vec<Part> {
        let before = self.entry.clone();
        (self.entry.done, self.entry.digest) = (self.len(), self.digest(self.len()));
        // The version row first, as whoever claims a step does: in another order two of them meet in a deadlock.
        let mut parts = Vec::new();
        if self.step.direction() == Direction::Upgrade {
            parts.extend(self.swap().map(Part::One));
        }
        let checksum = self.step.checksum(self.journal.dialect());
        parts.push(Part::One(self.journal.finish(&before, &self.entry, checksum.as_deref())));
        parts
    }

    /// Notes something by itself. `false` where the entry is somebody else's.
    async fn note(&self, session: &mut Session<'_>, parts: &[Part], listener: &mut Listener<'_>) -> Result<bool> {
        let ended = self.attempt(session, parts, false, listener).await?;
        self.noted(ended)
    }

    /// `false` where the entry is somebody else's.
    fn noted(&self, ended: Atomic) -> Result<bool> {
        match ended {
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
}

/// Whether an error says that a transaction was rolled back for somebody else's sake: a deadlock, or a conflict (Galera's
/// certification says the same as MySQL's deadlock).
pub(crate) fn is_victim(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return false };
    matches!(error.code().as_deref(), Some("40001" | "40P01"))
}

/// Whether an error says that somebody else has the claim.
fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// What a statement that commits by itself changes, as far as that can be looked at.
fn objects_of(dialect: Dialect, statement: Statement) -> Vec<Object> {
    match effect(statement.sql) {
        Effect::Objects(objects) if dialect == Dialect::Mysql => objects,
        _ => Vec::new(),
    }
}
