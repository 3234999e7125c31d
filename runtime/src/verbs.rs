//! The verbs, as they are said to a chain. Those that move a database are [`Migrator`]'s; the others look, or settle what is left
//! of a run.

use crate::applied::{self, EditedRevision};
use crate::chain::{Edited, Migrations, Revision};
use crate::connect::{Connect, Source};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::event::Listener;
use crate::interrupted;
use crate::migrator::Migrator;
use crate::plan::{self, Direction, Plan, Step};
use crate::report::{Current, HistoryEntry, Report, UnderWay};
use crate::run::Pieces;
use crate::target::{Range, Target};
use crate::version_table::Swap;

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
