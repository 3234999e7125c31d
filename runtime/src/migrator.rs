//! The verbs that move a database, with something said first. They read where it stands, resolve the target, and hand the rest to
//! the run loop.

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tracing::Instrument;

use crate::applied;
use crate::chain::{Edited, Migrations, Transaction};
use crate::connect::{Connect, Session, Source, Texts};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, Listener};
use crate::interrupted;
use crate::locks::TRIES;
use crate::plan::{self, Direction, Flight};
use crate::report::Report;
use crate::run::{self, Pieces};
use crate::target::Target;
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
    pub(crate) fn new(chain: &'m Migrations) -> Migrator<'m> {
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

impl fmt::Debug for Migrator<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Migrator")
            .field("chain", &self.chain)
            .field("transaction", &self.transaction)
            .field("purge", &self.purge)
            .finish_non_exhaustive()
    }
}
