//! The verbs. They read where the database stands, resolve the target, and hand the rest to the run loop.

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tracing::Instrument;

use crate::applied::{self, EditedRevision};
use crate::chain::{Edited, Migrations, Revision, Transaction};
use crate::connect::{Connect, Session, Source, Texts};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, Listener};
use crate::interrupted;
use crate::locks::TRIES;
use crate::plan::{self, Direction, Flight, Plan, Step};
use crate::report::{Current, HistoryEntry, Report, UnderWay};
use crate::run::{self, Pieces};
use crate::target::{Range, Target};
use crate::timeouts::Timeouts;
use crate::trace;
use crate::version_table::Swap;

/// The verbs with something said first: who listens, where to commit. Made by [`Migrations::migrator`].
///
/// ```
/// # async fn f(migrations: &revchain::Migrations, database: &mut revchain::Database) -> revchain::Result {
/// use revchain::Event;
///
/// migrations
///     .migrator()
///     .on_event(|event| {
///         if let Event::StepDone { step, elapsed, .. } = event {
///             println!("{} in {elapsed:?}", step.revision().id());
///         }
///     })
///     .upgrade(database, "head")
///     .await?;
/// # Ok(())
/// # }
/// ```
pub struct Migrator<'m> {
    chain: &'m Migrations,
    listener: Listener<'m>,
    transaction: Transaction,
    timeouts: Timeouts,
    tries: u32,
    purge: bool,
    edited: Edited,
}

impl<'m> Migrator<'m> {
    fn new(chain: &'m Migrations) -> Migrator<'m> {
        let transaction = chain.settings.transaction;
        let timeouts = Timeouts::of(&chain.settings);
        Migrator {
            chain,
            listener: Listener::new(),
            transaction,
            timeouts,
            tries: TRIES,
            purge: false,
            edited: chain.settings.edited,
        }
    }

    /// Calls a function for everything that happens.
    pub fn on_event(mut self, listener: impl FnMut(Event<'_>) + Send + 'm) -> Migrator<'m> {
        self.listener.listen(listener);
        self
    }

    /// Makes a run tell of each statement, too: [`Event::StatementStarted`], [`Event::StatementDone`].
    pub fn watch_statements(mut self) -> Migrator<'m> {
        self.listener.watch_statements();
        self
    }

    /// Sets where a run commits, in place of what `revchain.toml` says.
    pub fn transaction(mut self, transaction: Transaction) -> Migrator<'m> {
        self.transaction = transaction;
        self
    }

    /// Sets what a run does about applied revisions that have been edited since, in place of what `revchain.toml` says. Where that
    /// says `off` nothing was noted that could tell.
    pub fn edited(mut self, edited: Edited) -> Migrator<'m> {
        self.edited = edited;
        self
    }

    /// Sets how long a statement may wait for a lock that someone else holds; zero is for ever. What a starter waits
    /// for another one is not limited by it, but on SQLite, whose only lock is that one. Without it, what `revchain.toml`
    /// says; and where that says nothing, five seconds on PostgreSQL (unless the session, the user or the database has a
    /// limit of its own there; and not for statements outside transactions, such as CREATE INDEX CONCURRENTLY) and at the
    /// most five on MySQL, where the server's own default is a day or a year. A limit that a revision sets itself wins.
    pub fn lock_timeout(mut self, limit: Duration) -> Migrator<'m> {
        self.timeouts.lock = Some(limit);
        self
    }

    /// Sets how often something is tried, at the most, that runs into the lock time-out: 5 without it, and 1 is no second
    /// time. What is tried again is a transaction that was rolled back, or on MySQL a DDL statement that had no effect; a
    /// `.rs` revision never is, nor is anything on SQLite. Between two tries nothing is locked: first for about a quarter of
    /// the lock time-out, then for twice as long each time. Each time there is an [`Event::Blocked`], which says by whom.
    pub fn lock_tries(mut self, tries: u32) -> Migrator<'m> {
        self.tries = tries;
        self
    }

    /// Sets how long to wait between two rounds of a `repeat` section, for the sake of the database's other users. None
    /// without it.
    pub fn pause(mut self, pause: Duration) -> Migrator<'m> {
        self.listener.set_pause(pause);
        self
    }

    /// Sets how long a statement may run; zero is for ever. (MySQL, other than MariaDB, knows such a limit for SELECT
    /// only.) Without it, what `revchain.toml` says.
    pub fn statement_timeout(mut self, limit: Duration) -> Migrator<'m> {
        self.timeouts.statement = Some(limit);
        self
    }

    /// Makes `stamp` empty the version table first, whatever it holds: the way out of a table that names a revision
    /// which this chain does not have.
    pub fn purge(mut self, purge: bool) -> Migrator<'m> {
        self.purge = purge;
        self
    }

    /// Tells `.rs` revisions something: they read it with [`Op::argument`](crate::Op::argument). Of several values for
    /// a key, the last is read.
    pub fn argument(mut self, key: impl Into<String>, value: impl Into<String>) -> Migrator<'m> {
        self.listener.tell(key.into(), value.into());
        self
    }

    /// Tells `.rs` revisions one thing, without a key: they read it with [`Op::tag`](crate::Op::tag).
    pub fn tag(mut self, tag: impl Into<String>) -> Migrator<'m> {
        self.listener.set_tag(tag.into());
        self
    }

    /// As [`Migrations::upgrade`].
    ///
    /// # Errors
    ///
    /// As [`Migrations::upgrade`].
    pub async fn upgrade<'c>(self, db: impl Connect<'c>, target: &str) -> Result<Report> {
        self.go(db.source(), Direction::Upgrade, target).await
    }

    /// As [`Migrations::downgrade`].
    ///
    /// # Errors
    ///
    /// As [`Migrations::downgrade`].
    pub async fn downgrade<'c>(self, db: impl Connect<'c>, target: &str) -> Result<Report> {
        self.go(db.source(), Direction::Downgrade, target).await
    }

    /// As [`Migrations::stamp`].
    ///
    /// # Errors
    ///
    /// As [`Migrations::stamp`].
    pub async fn stamp<'c>(mut self, db: impl Connect<'c>, target: &str) -> Result<Report> {
        let source = db.source();
        let target = Target::parse(target)?;
        let mut session = source.open(&self.chain.settings).await?;
        let done = self.stamp_in(&mut session, &target).await;
        session.close(done.is_err()).await;
        done
    }

    async fn go(mut self, source: Source<'_>, direction: Direction, target: &str) -> Result<Report> {
        let target = Target::parse(target)?;
        let span = trace::run(direction);
        let run = async {
            let mut session = source.open(&self.chain.settings).await?;
            // On the way down the row may be where it should be, and a step be left to finish: only a whole read tells.
            let glanced = match direction {
                Direction::Upgrade => session.glance(self.chain, self.looks_at_every_start()).await,
                Direction::Downgrade => Ok(None),
            };
            let done = match glanced {
                // Most starts end here. They carry nothing of what a run needs: it is a future of its own.
                Ok(Some(level)) if level == self.chain.len() && target.is_head() => {
                    Ok(Report::new(session.dialect(), plan::id_at(self.chain, level).map(str::to_owned)))
                }
                Ok(glanced) => self.go_on(&mut session, direction, &target, glanced).await,
                Err(error) => Err(error),
            };
            session.close(done.is_err()).await;
            done
        };
        run.instrument(span).await
    }

    /// Whether a start with nothing to do looks for revisions that were edited: while one develops. In earnest whoever edits one
    /// has something to deploy as well, and a start is to cost nothing.
    fn looks_at_every_start(&self) -> bool {
        cfg!(debug_assertions) && self.edited != Edited::Off
    }

    /// [`go_in`](Migrator::go_in), where a start that ends before it doesn't have to keep room for it.
    #[cold]
    #[inline(never)]
    fn go_on<'f>(
        &'f mut self,
        session: &'f mut Session<'_>,
        direction: Direction,
        target: &'f Target,
        glanced: Option<usize>,
    ) -> BoxFuture<'f, Result<Report>> {
        Box::pin(self.go_in(session, direction, target, glanced))
    }

    async fn go_in(
        &mut self,
        session: &mut Session<'_>,
        direction: Direction,
        target: &Target,
        glanced: Option<usize>,
    ) -> Result<Report> {
        let (chain, dialect) = (self.chain, session.dialect());
        let mut current = match glanced {
            Some(level) => level,
            None => session.level(chain).await?,
        };
        let (mut plan, mut level) = plan::plan(chain, dialect, direction, current, target)?;
        let looks = match plan.steps.is_empty() {
            true => self.looks_at_every_start(),
            false => self.edited != Edited::Off,
        };
        if glanced.is_some()
            && (looks && session.has_version_table()
                || Flight::next(&plan.steps, dialect, self.transaction, false)
                    .is_some_and(|flight| !session.flies_after_a_glance(flight)))
        {
            current = session.level(chain).await?;
            (plan, level) = plan::plan(chain, dialect, direction, current, target)?;
        }
        let mut is_free = false;
        // At base nothing is applied.
        if looks
            && current > 0
            && let Some(rows) = session.noted().await?
        {
            is_free = applied::is_free(&rows);
            self.judge(direction, current, dialect, rows)?;
        }
        let (levels, behind) = ((current, level), plan.behind);
        // The run plans for itself.
        drop(plan);
        self.listener.try_locks(self.tries, self.timeouts.lock);
        if current != level || direction == Direction::Downgrade {
            session.limit(self.timeouts, &mut self.listener).await?;
        }
        let way = (direction, self.transaction, is_free);
        let mut report = run::run(session, self.chain, way, levels, &mut self.listener).await?;
        report.behind = behind;
        Ok(report)
    }

    /// Looks for revisions that have been edited since they were applied, and says so; or refuses to go on.
    fn judge(&mut self, direction: Direction, level: usize, dialect: Dialect, rows: Texts) -> Result {
        let revisions = applied::edited(self.chain, level, dialect, rows);
        let Some(current) = plan::id_at(self.chain, level).filter(|_| !revisions.is_empty()) else { return Ok(()) };
        // The way down may be what sets it right.
        if self.edited == Edited::Error && direction == Direction::Upgrade {
            return Err(Error::new(ErrorKind::Edited { revisions, current }));
        }
        for revision in &revisions {
            self.listener.say(Event::Edited { revision });
        }
        Ok(())
    }

    async fn stamp_in(&mut self, session: &mut Session<'_>, target: &Target) -> Result<Report> {
        if self.purge {
            // The rows may say anything; only a relative target needs them to say something.
            let current = if target.is_relative() { session.level(self.chain).await? } else { 0 };
            let to = plan::id_at(self.chain, target.resolve_either(self.chain, current)?);
            let before = session.read().await?.ids.join(", ");
            interrupted::abandon(session).await?;
            self.forget(session, to).await?;
            session.purge(to).await?;
            let mut report = Report::new(session.dialect(), Some(before).filter(|before| !before.is_empty()));
            report.to = to.map(str::to_owned);
            return Ok(report);
        }
        for _ in 0..run::ATTEMPTS {
            let current = session.level(self.chain).await?;
            let from = plan::id_at(self.chain, current);
            let to = plan::id_at(self.chain, target.resolve_either(self.chain, current)?);
            let mut report = Report::new(session.dialect(), from.map(str::to_owned));
            report.to = to.map(str::to_owned);
            interrupted::abandon(session).await?;
            self.forget(session, to).await?;
            let swap = Some(Swap { from, to });
            // Someone else moved the row between the read and the guard: what they wrote is then what is replaced.
            let done = from == to
                || matches!(
                    session.flight(swap, Pieces::NONE, false, &mut None, &mut self.listener).await?,
                    run::Outcome::Done(_)
                );
            if done {
                return Ok(report);
            }
        }
        Err(Error::new(ErrorKind::Contended { attempts: run::ATTEMPTS }))
    }

    /// Notes that somebody said where the database stands. Before it is moved: should it not be, all that is lost is what could
    /// tell of an edit.
    async fn forget(&mut self, session: &mut Session<'_>, to: Option<&str>) -> Result {
        let Some(journal) = session.journal().filter(|_| self.edited != Edited::Off) else { return Ok(()) };
        if session.noted().await?.is_some() {
            session.execute(journal.record_stamp(to)).await.map_err(Error::database)?;
        }
        Ok(())
    }
}

impl Migrations {
    /// The verbs with something said first.
    pub fn migrator(&self) -> Migrator<'_> {
        Migrator::new(self)
    }

    /// Brings a database up to a target: `head`, a revision id or the start of one, `+2`, `<id>+1`. At or past the
    /// target nothing is done. Any number of starters may call this at the same instant: each revision runs once.
    ///
    /// # Errors
    ///
    /// A target that the chain does not have, a database that the chain does not know, or the database's own refusal;
    /// [`Error::report`](crate::Error::report) says what was committed before it.
    pub async fn upgrade<'c>(&self, db: impl Connect<'c>, target: &str) -> Result<Report> {
        self.migrator().upgrade(db, target).await
    }

    /// Takes a database back to a target: `-1`, `base`, a revision id or the start of one, `<id>-2`. Refused as a whole,
    /// before anything runs, where a revision on the way has no way back.
    ///
    /// # Errors
    ///
    /// As [`Migrations::upgrade`].
    pub async fn downgrade<'c>(&self, db: impl Connect<'c>, target: &str) -> Result<Report> {
        self.migrator().downgrade(db, target).await
    }

    /// Sets where a database stands without running anything.
    ///
    /// # Errors
    ///
    /// As [`Migrations::upgrade`].
    pub async fn stamp<'c>(&self, db: impl Connect<'c>, target: &str) -> Result<Report> {
        self.migrator().stamp(db, target).await
    }

    /// The step that is under way, or was interrupted: of those that can't be one transaction. `None` where there is none,
    /// and the database stands where its version table says.
    ///
    /// # Errors
    ///
    /// The database's own refusal.
    pub async fn under_way<'c>(&self, db: impl Connect<'c>) -> Result<Option<UnderWay>> {
        let mut session = db.source().open(&self.settings).await?;
        let found = async {
            // Learns where to look.
            session.read().await?;
            session.under_way().await
        };
        let found = found.await;
        session.close(found.is_err()).await;
        Ok(found?.map(|entry| UnderWay { entry }))
    }

    /// The applied revisions that have been edited since: those of which the journal has another checksum. Nobody knows of
    /// what was applied by others, by a script, or where [`Edited::Off`] was said; nor of `.rs` revisions.
    ///
    /// # Errors
    ///
    /// A database that the chain does not know, or the database's own refusal.
    pub async fn edited<'c>(&self, db: impl Connect<'c>) -> Result<Vec<EditedRevision>> {
        let mut session = db.source().open(&self.settings).await?;
        let found = async {
            let level = session.level(self).await?;
            let rows = session.noted().await?.unwrap_or_default();
            Ok(applied::edited(self, level, session.dialect(), rows))
        };
        let found = found.await;
        session.close(found.is_err()).await;
        found
    }

    /// Says whether the statement ran that an interrupted step left in doubt: for where only a person can tell
    /// ([`ErrorKind::InDoubt`](crate::ErrorKind::InDoubt)). The next run goes on behind it, or runs it again. It is also the
    /// word that nobody is at the step any more, where the database can't tell
    /// ([`UnderWay::is_running`](crate::UnderWay::is_running)). Gives the step; `None` where nothing is in doubt.
    ///
    /// # Errors
    ///
    /// A step that is still under way, or that this chain does not have; the database's own refusal.
    pub async fn settle<'c>(&self, db: impl Connect<'c>, ran: bool) -> Result<Option<Step>> {
        let mut session = db.source().open(&self.settings).await?;
        let done = async {
            session.level(self).await?;
            interrupted::settle(&mut session, self, ran).await
        };
        let done = done.await;
        session.close(done.is_err()).await;
        done
    }

    /// Makes the version table where there is none, empty: for roles that may not make tables later. `false` where it
    /// was there.
    ///
    /// # Errors
    ///
    /// The database's own refusal.
    pub async fn ensure_version<'c>(&self, db: impl Connect<'c>) -> Result<bool> {
        let mut session = db.source().open(&self.settings).await?;
        let done = async {
            session.read().await?;
            let is_missing = !session.has_version_table();
            if is_missing {
                // Made by the guard of a move that goes nowhere. Where someone else was quicker, theirs will do.
                let (swap, nobody) = (Some(Swap { from: None, to: None }), &mut Listener::new());
                session.flight(swap, Pieces::NONE, false, &mut None, nobody).await?;
            }
            // Whoever runs revisions may not be able to make that one either.
            if self.settings.edited != Edited::Off && session.noted().await?.is_none() {
                session.prepare().await?;
            }
            Ok(is_missing)
        };
        let done = done.await;
        session.close(done.is_err()).await;
        done
    }

    /// Reads where a database stands: one SELECT, and no privilege but that.
    ///
    /// # Errors
    ///
    /// A version table that names what this chain does not have, or the database's own refusal.
    pub async fn current<'c>(&self, db: impl Connect<'c>) -> Result<Current> {
        let mut session = db.source().open(&self.settings).await?;
        let level = session.level(self).await;
        let (dialect, version_table) = (session.dialect(), session.has_version_table());
        session.close(level.is_err()).await;
        let level = level?;
        let pending = self.len().saturating_sub(level);
        Ok(Current { dialect, revision: plan::revision_at(self, level), pending, version_table })
    }

    /// Says what a verb would do, and does nothing: one SELECT.
    ///
    /// # Errors
    ///
    /// As the verb, before it runs anything.
    pub async fn plan<'c>(&self, db: impl Connect<'c>, direction: Direction, target: &str) -> Result<Plan> {
        let source = db.source();
        let target = Target::parse(target)?;
        let (level, dialect) = self.look(source).await?;
        Ok(plan::plan(self, dialect, direction, level, &target)?.0)
    }

    /// Lists the revisions of a range, newest first, and marks where a database stands. The empty range is everything.
    ///
    /// # Errors
    ///
    /// A range that is none, or that the chain does not have; and as [`Migrations::current`].
    pub async fn history<'c>(&self, db: impl Connect<'c>, range: &str) -> Result<Vec<HistoryEntry>> {
        let source = db.source();
        let range = Range::parse(range)?;
        let (level, _) = self.look(source).await?;
        Ok(self.entries(range.resolve(self, level)?, plan::revision_at(self, level)))
    }

    /// The step that applies a revision, or takes it back: for looking at its statements. `None` for an id that the
    /// chain does not have.
    pub fn step(&self, id: &str, direction: Direction) -> Option<Step> {
        let position = self.position(id)?;
        let (from, to) = match direction {
            Direction::Upgrade => (position, position + 1),
            Direction::Downgrade => (position + 1, position),
        };
        plan::steps(self, direction, from, to).pop()
    }

    /// The version table's name, as `revchain.toml` gives it: `alembic_version`, or `schema.name`.
    pub fn version_table(&self) -> String {
        match self.settings.version_table_schema {
            Some(schema) => format!("{schema}.{}", self.settings.version_table),
            None => self.settings.version_table.to_owned(),
        }
    }

    /// Lists the revisions of a range, newest first, without a database. `None` where an end of the range is `current`:
    /// only a database knows that.
    ///
    /// # Errors
    ///
    /// A range that is none, or that the chain does not have.
    pub fn history_offline(&self, range: &str) -> Result<Option<Vec<HistoryEntry>>> {
        let range = Range::parse(range)?;
        match range.needs_current() {
            true => Ok(None),
            false => Ok(Some(self.entries(range.resolve(self, 0)?, None))),
        }
    }

    /// Finds a revision without a database: `head`, an id or the start of one, `head-1`. `None` for `base`.
    ///
    /// # Errors
    ///
    /// A target that the chain does not have.
    pub fn find(&self, target: &str) -> Result<Option<Revision>> {
        let target = Target::parse(target)?;
        // As Alembic's `show`: `-1` counts from the head.
        Ok(plan::revision_at(self, target.resolve_either(self, self.len())?))
    }

    fn entries(&self, revisions: Vec<Revision>, current: Option<Revision>) -> Vec<HistoryEntry> {
        let is = |revision: Revision, other: Option<Revision>| other.is_some_and(|other| other.id() == revision.id());
        let entry =
            |revision| HistoryEntry { revision, head: is(revision, self.head()), current: is(revision, current) };
        revisions.into_iter().map(entry).collect()
    }

    async fn look(&self, source: Source<'_>) -> Result<(usize, Dialect)> {
        let mut session = source.open(&self.settings).await?;
        let level = session.level(self).await;
        let dialect = session.dialect();
        session.close(level.is_err()).await;
        Ok((level?, dialect))
    }
}

impl fmt::Debug for Migrator<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Migrator")
            .field("chain", &self.chain)
            .field("transaction", &self.transaction)
            .field("purge", &self.purge)
            .finish_non_exhaustive()
    }
}
