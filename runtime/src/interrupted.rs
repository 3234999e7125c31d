//! What is under way, when a run begins: a step that another program runs, which is waited for; or one that stopped
//! half-way, which is taken over, settled where it is in doubt, and finished.

use std::time::{Duration, Instant};

use crate::chain::Migrations;
use crate::connect::Session;
use crate::crash;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, Listener};
use crate::journal::{Alive, Apart, Effect, Entry, UNSEEN, apart, effect, epoch};
use crate::packed::Statement;
use crate::plan::{self, Direction, Step};
use crate::split::Split;
use crate::version_table::literal;

/// Between two looks at a step that another program runs.
const PAUSE: Duration = Duration::from_millis(100);

/// How long to wait for a step of which nobody can tell whether it goes on, and which gets no further meanwhile.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long to wait for a claim to be confirmed. Taken too early, it is begun anew: nothing runs before.
const PROMISE: Duration = Duration::from_secs(2);

/// What was found, and what became of it.
pub(crate) enum Cleared {
    /// Nothing was under way.
    Free,
    /// Something was, and somebody else ended it: the database may stand elsewhere.
    Moved,
    /// A step that had stopped half-way is over.
    Finished(Box<Step>, Duration),
}

/// What became of a statement in doubt.
enum Verdict {
    /// It ran.
    Ran,
    /// It did not, or may as well run again.
    Again,
    /// It did not, but left something that has to go first.
    AfterDropping(String),
    /// A person has to look, at this.
    Unknown(String),
}

/// Waits for what is under way, or takes it over and finishes it.
pub(crate) async fn clear(
    session: &mut Session<'_>,
    chain: &Migrations,
    listener: &mut Listener<'_>,
) -> Result<Cleared> {
    let mut said: Option<Entry> = None;
    // Since when nobody can tell, and how far the step was then.
    let mut unknown: Option<(Instant, [u64; 3])> = None;
    loop {
        let Some(entry) = session.under_way().await? else {
            return Ok(if said.is_some() { Cleared::Moved } else { Cleared::Free });
        };
        // The lock is the sign of whoever is at it: with it in hand, nobody else is.
        let locked = session.lock().await?;
        let alive = if locked == Some(true) { Some(false) } else { entry.alive };
        let place = [entry.epoch, u64::from(entry.done), entry.affected];
        unknown = match unknown {
            _ if alive.is_some() => None,
            Some((since, same)) if same == place => Some((since, same)),
            _ => Some((Instant::now(), place)),
        };
        let unknown_for = unknown.map_or(Duration::ZERO, |(since, _)| since.elapsed());
        if alive == Some(false) || entry.is_promise && unknown_for > PROMISE {
            // It ended just now, or somebody else has taken it.
            let Some(entry) = take_over(session, entry).await? else { return Ok(Cleared::Moved) };
            crash::here("taken over");
            return finish(session, chain, entry, listener).await;
        }
        if unknown_for > crash::patience(PATIENCE) {
            return Err(Error::new(ErrorKind::Busy {
                revision: entry.revision,
                who: entry.who,
                since: entry.started_at,
            }));
        }
        if said.as_ref().is_none_or(|said| (&said.revision, said.epoch) != (&entry.revision, entry.epoch)) {
            wait_for(Some(&entry), listener);
            said = Some(entry);
        }
        if locked.is_none() {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Waits for the lock that says that somebody is at it, where the dialect has one. `false` where whoever has it does nothing,
/// for so long that they may have been given up, on a connection that lives on.
pub(crate) async fn queue(session: &mut Session<'_>, listener: &mut Listener<'_>) -> Result<bool> {
    let (mut said, mut idle) = (false, None);
    while session.lock().await? == Some(false) {
        if !said {
            wait_for(session.under_way().await?.as_ref(), listener);
        }
        said = true;
        let since: Instant = *idle.get_or_insert_with(Instant::now);
        match session.lock_is_idle().await? {
            true if since.elapsed() > crash::patience(PATIENCE) => return Ok(false),
            true => {}
            false => idle = None,
        }
    }
    Ok(true)
}

/// Says for whom one waits, where they wrote it down.
fn wait_for(entry: Option<&Entry>, listener: &mut Listener<'_>) {
    listener.say(Event::Waiting {
        revision: entry.map(|entry| entry.revision.as_str()),
        who: entry.map(|entry| entry.who.as_str()),
        since: entry.map(|entry| entry.started_at.as_str()),
    });
}

/// Makes an entry ours. `None` where somebody else was quicker.
pub(crate) async fn take_over(session: &mut Session<'_>, mut entry: Entry) -> Result<Option<Entry>> {
    let Some(journal) = session.journal() else { return Ok(None) };
    // On SQLite whoever comes may do the next part: each is one transaction, and notes how far the step is.
    if session.dialect() == Dialect::Sqlite {
        return Ok(Some(entry));
    }
    let ours = epoch();
    entry.ours = Some(Alive::new(ours));
    let taken =
        session.execute(journal.take_over(&entry, ours, session.has_second())).await.map_err(Error::database)?;
    entry.epoch = ours;
    Ok((taken == 1).then_some(entry))
}

/// Finishes a step that stopped half-way.
async fn finish(
    session: &mut Session<'_>,
    chain: &Migrations,
    entry: Entry,
    listener: &mut Listener<'_>,
) -> Result<Cleared> {
    let started = Instant::now();
    let known = step_of(chain, &entry).and_then(|step| plan::runnable(&[step], session.dialect()).map(|()| step));
    let step = match known {
        Ok(step) => step,
        Err(error) => {
            // Whoever comes with the right chain need not wait for us.
            if let Some(journal) = session.journal() {
                session.execute(journal.release(&entry)).await.ok();
            }
            return Err(error);
        }
    };
    let Some(mut split) = Split::new(session, &step, entry) else { return Ok(Cleared::Moved) };
    let done = go_on(session, &mut split, listener).await;
    split.leave(session, done.is_err()).await;
    Ok(match done? {
        true => Cleared::Finished(Box::new(step), started.elapsed()),
        false => Cleared::Moved,
    })
}

/// Goes on where a step stopped. `false` where somebody else has taken it over.
async fn go_on(session: &mut Session<'_>, split: &mut Split<'_>, listener: &mut Listener<'_>) -> Result<bool> {
    let step = split.step;
    split.check()?;
    if !split.confirm(session).await? {
        return Ok(false);
    }
    listener.say(Event::StepStarted { step });
    listener.say(Event::Resumed { step, done: split.entry.done, statements: split.len() });
    split.set_again(session).await?;
    if let Some((position, statement)) = split.in_doubt() {
        let found = match statement {
            Some(statement) => verdict(session, split, statement).await?,
            // A function that changed something that stays.
            None => Verdict::Unknown("what it does".to_owned()),
        };
        match found {
            Verdict::Ran => split.settle(session, true).await?,
            Verdict::Again => {}
            Verdict::AfterDropping(sql) => {
                // Marked as the statement itself is: it may outlive this process.
                let sql = format!("/* revchain {} */ {sql}", split.entry.epoch);
                session.execute(sql).await.map_err(|error| Error::database(error).at_step(step))?;
            }
            Verdict::Unknown(look) => {
                let kind = ErrorKind::InDoubt { look, position: position + 1, statements: split.len() };
                let error = Error::new(kind).at_step(step);
                return Err(match statement {
                    Some(statement) => error.placed(step, statement),
                    None => error,
                });
            }
        }
    }
    crash::here("settled");
    split.perform(session, listener).await
}

/// Settles a statement in doubt by a person's word, which is also that nobody is at it any more, where only a person can
/// tell. `None` where nothing is in doubt.
pub(crate) async fn settle(session: &mut Session<'_>, chain: &Migrations, ran: bool) -> Result<Option<Step>> {
    let Some(entry) = session.under_way().await? else { return Ok(None) };
    if session.lock().await? != Some(true) && entry.alive == Some(true) {
        return Err(Error::new(ErrorKind::Busy { revision: entry.revision, who: entry.who, since: entry.started_at }));
    }
    let step = step_of(chain, &entry)?;
    let Some(entry) = take_over(session, entry).await? else { return Ok(None) };
    let Some(mut split) = Split::new(session, &step, entry) else { return Ok(None) };
    let done = split.check();
    let is_in_doubt = split.in_doubt().is_some();
    let done = match done {
        Ok(()) if is_in_doubt => split.settle(session, ran).await,
        done => done,
    };
    split.leave(session, true).await;
    done.map(|()| is_in_doubt.then_some(step))
}

/// Gives up what is under way: somebody says where the database stands. Refused while it goes on.
pub(crate) async fn abandon(session: &mut Session<'_>) -> Result {
    let (Some(entry), Some(journal)) = (session.under_way().await?, session.journal()) else { return Ok(()) };
    if session.lock().await? != Some(true) && entry.alive != Some(false) {
        return Err(Error::new(ErrorKind::Busy { revision: entry.revision, who: entry.who, since: entry.started_at }));
    }
    session.execute(journal.abandon()).await.map_err(Error::database)?;
    Ok(())
}

fn step_of(chain: &Migrations, entry: &Entry) -> Result<Step> {
    let direction =
        if entry.direction == Direction::Upgrade.name() { Direction::Upgrade } else { Direction::Downgrade };
    chain.step(&entry.revision, direction).ok_or_else(|| {
        Error::new(ErrorKind::InterruptedElsewhere { revision: entry.revision.clone(), who: entry.who.clone() })
    })
}

impl Split<'_> {
    /// Refuses to go on where the statements that ran are others by now.
    fn check(&self) -> Result {
        match self.entry.done <= self.len() && self.digest(self.entry.done) == self.entry.digest {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::ChangedMeanwhile { done: self.entry.done }).at_step(self.step)),
        }
    }

    /// The position of the statement in doubt, and the statement, unless it is a function.
    fn in_doubt(&self) -> Option<(u32, Option<Statement>)> {
        self.entry.doubt.map(|position| (position, self.statement(position)))
    }

    /// Runs the `SET`s and `USE`s before the place again: they were the session's, and that is gone.
    async fn set_again(&self, session: &mut Session<'_>) -> Result {
        for statement in (0..self.entry.done).filter_map(|position| self.statement(position)) {
            let word = statement.sql.split_whitespace().next().unwrap_or_default();
            if word.eq_ignore_ascii_case("SET") || word.eq_ignore_ascii_case("USE") {
                session.statement(statement.sql).await.map_err(|error| Error::database(error).at_step(self.step))?;
            }
        }
        Ok(())
    }

    /// Notes that the statement in doubt ran, or that it did not.
    async fn settle(&mut self, session: &mut Session<'_>, ran: bool) -> Result {
        let before = self.entry.clone();
        self.entry.done += u32::from(ran);
        self.entry.digest = self.digest(self.entry.done);
        (self.entry.doubt, self.entry.state_before) = (None, None);
        let sql = self.journal.advance(&before, &self.entry);
        session.execute(sql).await.map_err(Error::database)?;
        Ok(())
    }
}

/// Finds out what became of a statement in doubt.
async fn verdict(session: &mut Session<'_>, split: &Split<'_>, statement: Statement) -> Result<Verdict> {
    match session.dialect() {
        Dialect::Postgres => verdict_apart(session, statement).await,
        Dialect::Mysql => Ok(verdict_of_objects(session, split, statement).await),
        // Outside a transaction there are settings and VACUUM there, which may as well run twice.
        Dialect::Sqlite => Ok(Verdict::Again),
    }
}

/// MySQL and MariaDB change an object as a whole or not at all: it is as it was, or the statement ran.
async fn verdict_of_objects(session: &mut Session<'_>, split: &Split<'_>, statement: Statement) -> Verdict {
    let objects = match effect(statement.sql) {
        Effect::Objects(objects) => objects,
        Effect::Harmless => return Verdict::Again,
        Effect::Unknown => return Verdict::Unknown("what it does".to_owned()),
    };
    let now = session.state_of(&objects).await;
    let before: Vec<&str> = split.entry.state_before.as_deref().unwrap_or_default().split(',').collect();
    let same = now.iter().zip(&before).filter(|(now, before)| now.as_str() == **before).count();
    match same {
        _ if now.iter().map(String::as_str).chain(before.iter().copied()).any(|state| state == UNSEEN) => {
            Verdict::Unknown(named(&objects))
        }
        _ if now.len() != before.len() => Verdict::Unknown(named(&objects)),
        0 => Verdict::Ran,
        same if same == now.len() => Verdict::Again,
        _ => Verdict::Unknown(named(&objects)),
    }
}

fn named(objects: &[crate::journal::Object]) -> String {
    objects
        .iter()
        .map(|object| format!("{} {}", object.kind.to_lowercase(), object.name))
        .collect::<Vec<_>>()
        .join(", ")
}

async fn verdict_apart(session: &mut Session<'_>, statement: Statement) -> Result<Verdict> {
    let (sql, absent) = match apart(statement.sql) {
        Apart::Harmless => return Ok(Verdict::Again),
        Apart::Unknown => return Ok(Verdict::Unknown("what it does".to_owned())),
        Apart::Index { name, table } => (
            format!(
                "SELECT i.indisvalid::text, format('DROP INDEX CONCURRENTLY %I.%I', n.nspname, c.relname) \
                 FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                 WHERE i.indrelid = to_regclass({}) AND c.relname = (parse_ident({}))[1]",
                literal(&table),
                literal(&name)
            ),
            Verdict::Again,
        ),
        Apart::NoIndex { name } => {
            (format!("SELECT 'f', NULL WHERE to_regclass({}) IS NOT NULL", literal(&name)), Verdict::Ran)
        }
        Apart::Value { of, value } => (
            format!(
                "SELECT 'true', NULL FROM pg_catalog.pg_enum WHERE enumtypid = to_regtype({}) AND enumlabel = {}",
                literal(&of),
                literal(&value)
            ),
            Verdict::Again,
        ),
    };
    let rows = session.texts(sql).await.map_err(Error::database)?;
    let Some(row) = rows.into_iter().next() else { return Ok(absent) };
    let mut row = row.into_iter();
    Ok(match (row.next().flatten().as_deref(), row.next().flatten()) {
        (Some("true"), _) => Verdict::Ran,
        // An index that a failed build left behind.
        (_, Some(drop)) => Verdict::AfterDropping(drop),
        _ => Verdict::Again,
    })
}
