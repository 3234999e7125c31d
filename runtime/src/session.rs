//! What every session can do, whatever its driver: each call is handed to the driver's own session. Decides nothing, but that a
//! deadlock's victim tries again.

#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
use sqlx::{AssertSqlSafe, raw_sql};

use crate::applied;
use crate::atomic::{Atomic, Part};
use crate::chain::{Migrations, StepFn};
use crate::connect::{Session, Texts};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::event::Listener;
use crate::journal::{Entry, Journal, Object};
use crate::plan::{Flight, Step};
use crate::run::{Outcome, Pieces};
use crate::split::{self, Split};
use crate::timeouts::Timeouts;
use crate::version_table::{Rows, Swap, VersionTable};

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

    /// Reads where on the chain the database stands with as little as that takes: what a start with nothing to do sends.
    /// `None` where only a whole [`read`](Session::read) can tell, or can say what is wrong; and where in the same message it
    /// `looks` at the journal, and sees a revision that has been edited.
    pub(crate) async fn glance(&mut self, chain: &Migrations, looks: bool) -> Result<Option<usize>> {
        let journal = if looks { self.journal().map(|journal| journal.read_last()) } else { None };
        let seen: Option<(Rows, Texts)> = match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(session) => session.glance(journal).await?,
            #[cfg(feature = "mysql")]
            Session::Mysql(session) => session.glance(journal).await?,
            _ => {
                drop(journal);
                None
            }
        };
        let Some((rows, finished)) = seen else { return Ok(None) };
        let level = self.version_table().and_then(|table| rows.level(chain, table).ok());
        // Most starts have asked for nothing, and make room for nothing.
        Ok(level
            .filter(|level| finished.is_empty() || applied::edited(chain, *level, self.dialect(), finished).is_empty()))
    }

    /// Whether a flight may follow a glance: its guard learns what that left out. (On a connection that is handed in a
    /// transaction may be open: the guard would find that out by breaking it.)
    pub(crate) fn flies_after_a_glance(&self, flight: Flight<'_>) -> bool {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(session) => !session.held.is_lent() && !matches!(flight, Flight::Split(_)),
            // No table: nothing is left out.
            #[cfg(feature = "mysql")]
            Session::Mysql(session) => session.missing,
            _ => {
                let _ = flight;
                false
            }
        }
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

    /// Moves the version row and runs the pieces, in one transaction. On MySQL it also claims the step `ahead`, and leaves
    /// none there where that was not to be had.
    pub(crate) async fn flight(
        &mut self,
        swap: Option<Swap<'_>>,
        pieces: Pieces<'_>,
        rebuild: bool,
        ahead: &mut Option<Box<Split<'_>>>,
        listener: &mut Listener<'_>,
    ) -> Result<Outcome> {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(session) => session.flight(swap, pieces, listener).await,
            #[cfg(feature = "mysql")]
            Session::Mysql(session) => session.flight(swap, pieces, ahead, listener).await,
            #[cfg(feature = "sqlite")]
            Session::Sqlite(session) => session.flight(swap, pieces, rebuild, listener).await,
            Session::Absent(_, path, _) => Err(missing(path)),
        }
    }

    /// Whether one message may hold a transaction for each of several steps.
    pub(crate) fn takes_many(&self, listener: &Listener<'_>) -> bool {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(session) => session.takes_many(listener),
            _ => {
                let _ = listener;
                false
            }
        }
    }

    /// Runs a transaction for each of several steps, in one message, up to the first that fails. It is not said how: who runs
    /// that one alone finds out.
    pub(crate) async fn flights(&mut self, steps: &[Step]) -> Result<Outcome> {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(session) => session.flights(steps).await,
            _ => {
                let _ = steps;
                Ok(Outcome::Done(Vec::new()))
            }
        }
    }

    /// Runs one statement by itself, which makes a transaction of its own of it where it can stand in one. Gives how
    /// many rows it affected.
    pub(crate) async fn statement(&mut self, sql: &'static str) -> std::result::Result<u64, sqlx::Error> {
        driver!(self, session => session.statement(sql).await, _path => Err(sqlx::Error::PoolClosed))
    }

    /// The same, for a statement that others may have to find: on PostgreSQL it names the epoch in a comment. On MySQL it
    /// may have a look at an object on its way back, and gives what that is like.
    pub(crate) async fn marked_statement(
        &mut self,
        sql: &'static str,
        epoch: u64,
        look: Option<&Object>,
    ) -> std::result::Result<Option<String>, sqlx::Error> {
        match (self, look) {
            #[cfg(feature = "postgres")]
            (Session::Postgres(session), _) => session.marked_statement(sql, epoch).await.map(|_| None),
            #[cfg(feature = "mysql")]
            (Session::Mysql(session), Some(object)) => session.statement_and_look(sql, object).await,
            (session, _) => {
                let _ = epoch;
                session.statement(sql).await.map(|_| None)
            }
        }
    }

    /// Whether a second connection can be opened from here: see `postgres`. Other dialects need none.
    pub(crate) fn has_second(&self) -> bool {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(session) => session.options.is_some(),
            _ => false,
        }
    }

    /// Holds the lock of an epoch on a second connection.
    pub(crate) async fn light_beacon(&mut self, epoch: u64) -> std::result::Result<(), sqlx::Error> {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(session) => session.light_beacon(epoch).await,
            _ => {
                let _ = epoch;
                Ok(())
            }
        }
    }

    /// Whether that lock is still held. `true` where there never was one.
    pub(crate) async fn beacon_burns(&mut self) -> bool {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(session) => session.beacon_burns().await,
            _ => true,
        }
    }

    /// Lets go of it.
    pub(crate) async fn put_out_beacon(&mut self) {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(session) => session.put_out_beacon().await,
            _ => {}
        }
    }

    pub(crate) async fn function(
        &mut self,
        step: &Step,
        function: StepFn,
        listener: &mut Listener<'_>,
    ) -> Result<Outcome> {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(session) => session.function(step, function, listener).await,
            #[cfg(feature = "sqlite")]
            Session::Sqlite(session) => session.function(step, function, listener).await,
            // There a function is part of a step that is noted: no flight of its own is made of it.
            #[cfg(feature = "mysql")]
            Session::Mysql(_) => Ok(Outcome::Moved),
            Session::Absent(_, path, _) => Err(missing(path)),
        }
    }

    /// Empties the version table and writes one row, whatever was there.
    pub(crate) async fn purge(&mut self, to: Option<&str>) -> Result {
        driver!(self, session => session.purge(to).await, path => Err(missing(path)))
    }

    /// How many rows a table has; `None` where nobody can tell.
    pub(crate) async fn count(&mut self, table: &str) -> Option<u64> {
        driver!(self, session => session.held.count(table).await, _path => None)
    }

    /// Runs the parts in one transaction; with `rebuild`, with SQLite's foreign keys off.
    pub(crate) async fn atomically(
        &mut self,
        parts: &[Part],
        rebuild: bool,
        step: &Step,
        listener: &mut Listener<'_>,
    ) -> Result<Atomic> {
        driver!(self, session => session.atomically(parts, rebuild, step, listener).await, path => Err(missing(path)))
    }

    /// Runs a `.rs` revision and the parts at its end: see `mysql::Session::function`.
    pub(crate) async fn noted_function(
        &mut self,
        step: &Step,
        function: StepFn,
        announce: String,
        parts: &[Part],
        listener: &mut Listener<'_>,
    ) -> (Result<Atomic>, bool) {
        match self {
            #[cfg(feature = "mysql")]
            Session::Mysql(session) => session.function(step, function, announce, parts, listener).await,
            _ => {
                let _ = (step, function, announce, parts, listener);
                (Ok(Atomic::Fenced), false)
            }
        }
    }

    /// The version table, as far as it is known.
    pub(crate) fn version_table(&self) -> Option<&VersionTable> {
        driver!(self, session => Some(&session.table), _path => None)
    }

    /// The journal beside the version table.
    pub(crate) fn journal(&self) -> Option<Journal> {
        driver!(self, session => Some(session.journal()), _path => None)
    }

    /// Makes the version table and the journal where they are missing.
    pub(crate) async fn prepare(&mut self) -> Result {
        if !self.has_version_table() {
            // Made by the guard of a move that goes nowhere. Where someone else was quicker, theirs will do.
            let nowhere = Swap { from: None, to: None };
            self.flight(Some(nowhere), Pieces::NONE, false, &mut None, &mut Listener::new()).await?;
        }
        let Some(journal) = self.journal() else { return Ok(()) };
        match self.execute(journal.create()).await {
            // Another session made it at the same moment.
            Err(error) if already_there(&error) => {}
            done => drop(done.map_err(Error::database)?),
        }
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(session) => session.has_journal = true,
            #[cfg(feature = "mysql")]
            Session::Mysql(session) => session.has_journal = true,
            _ => {}
        }
        Ok(())
    }

    /// Reads what the journal has of steps; `None` where there is no journal. See [`Journal::read_last`].
    pub(crate) async fn noted(&mut self) -> Result<Option<Texts>> {
        let Some(journal) = self.journal() else { return Ok(None) };
        #[cfg(feature = "postgres")]
        if let Session::Postgres(session) = self
            && !session.has_journal
        {
            return Ok(None);
        }
        let rows = match self.texts(journal.read_last()).await {
            Ok(rows) => rows,
            // Who may not look starts all the same. Who runs something has to write there, and is told then.
            Err(error) if no_such_table(&error) || not_allowed(&error) => return Ok(None),
            Err(error) => return Err(Error::database(error)),
        };
        #[cfg(feature = "mysql")]
        if let Session::Mysql(session) = self {
            session.has_journal = true;
        }
        Ok(Some(rows))
    }

    /// Reads the step that is under way, if one is.
    pub(crate) async fn under_way(&mut self) -> Result<Option<Entry>> {
        let Some(journal) = self.journal() else { return Ok(None) };
        #[cfg(feature = "postgres")]
        if let Session::Postgres(session) = self
            && !session.has_journal
        {
            return Ok(None);
        }
        match self.texts(journal.read()).await {
            Ok(rows) => Ok(rows.into_iter().next().and_then(Entry::from_row)),
            Err(error) if no_such_table(&error) => Ok(None),
            Err(error) => Err(Error::database(error)),
        }
    }

    /// Asks for the lock that says that somebody is at it, where the dialect has such a lock. `Some(false)` after a second.
    pub(crate) async fn lock(&mut self) -> Result<Option<bool>> {
        match self {
            #[cfg(feature = "mysql")]
            Session::Mysql(session) => session.lock().await,
            _ => Ok(None),
        }
    }

    /// Whether whoever has that lock does nothing at this moment. `false` where that is hidden.
    pub(crate) async fn lock_is_idle(&mut self) -> Result<bool> {
        let Some(journal) = self.journal() else { return Ok(false) };
        let sql = format!(
            "SELECT COMMAND FROM information_schema.PROCESSLIST WHERE ID = IS_USED_LOCK({}) AND COMMAND = 'Sleep'",
            journal.lock()
        );
        Ok(!self.texts(sql).await.map_err(Error::database)?.is_empty())
    }

    /// What objects are like.
    pub(crate) async fn state_of(&mut self, objects: &[Object]) -> Vec<String> {
        match self {
            #[cfg(feature = "mysql")]
            Session::Mysql(session) => session.state_of(objects).await,
            _ => vec![String::new(); objects.len()],
        }
    }

    /// Runs a statement of ours by itself. Gives how many rows it affected.
    pub(crate) async fn execute(&mut self, sql: String) -> std::result::Result<u64, sqlx::Error> {
        for _ in 1..split::ATTEMPTS {
            match self.execute_once(sql.clone()).await {
                // Nothing of it is there. Galera says so even of two that make the same table on two nodes.
                Err(error) if split::is_victim(&error) => {}
                done => return done,
            }
        }
        self.execute_once(sql).await
    }

    async fn execute_once(&mut self, sql: String) -> std::result::Result<u64, sqlx::Error> {
        driver!(
            self,
            session => Ok(raw_sql(AssertSqlSafe(sql)).execute(session.held.get_mut()).await?.rows_affected()),
            _path => {
                drop(sql);
                Err(sqlx::Error::PoolClosed)
            }
        )
    }

    /// Runs a query of ours whose columns are text.
    pub(crate) async fn texts(&mut self, sql: String) -> std::result::Result<Texts, sqlx::Error> {
        for _ in 1..split::ATTEMPTS {
            match self.texts_once(sql.clone()).await {
                Err(error) if split::is_victim(&error) => {}
                done => return done,
            }
        }
        self.texts_once(sql).await
    }

    async fn texts_once(&mut self, sql: String) -> std::result::Result<Texts, sqlx::Error> {
        #[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
        use sqlx::Row;
        driver!(
            self,
            session => {
                let rows = raw_sql(AssertSqlSafe(sql)).fetch_all(session.held.get_mut()).await?;
                let texts = |row: &_| -> std::result::Result<Vec<Option<String>>, sqlx::Error> {
                    (0..Row::len(row)).map(|column| Row::try_get_unchecked(row, column)).collect()
                };
                rows.iter().map(texts).collect()
            },
            _path => {
                drop(sql);
                Err(sqlx::Error::PoolClosed)
            }
        )
    }

    /// Sets the limits of a run, as far as they hold for the whole session.
    pub(crate) async fn limit(&mut self, timeouts: Timeouts, listener: &mut Listener<'_>) -> Result {
        // MySQL's session gets a limit for locks in any case.
        if timeouts.are_unset() && self.dialect() != Dialect::Mysql {
            return Ok(());
        }
        driver!(self, session => session.limit(timeouts, listener).await, _path => Ok(()))
    }

    /// Says that statements outside any transaction begin, or that they are over: on PostgreSQL the limits hold for
    /// transactions, and for such statements they are the session's for a while.
    pub(crate) async fn outside_transactions(&mut self, begins: bool) -> Result {
        match self {
            #[cfg(feature = "postgres")]
            Session::Postgres(session) if begins => session.limit_session().await,
            #[cfg(feature = "postgres")]
            Session::Postgres(session) => session.free_session().await,
            _ => Ok(()),
        }
    }

    /// Parts with the connection, after a success or a failure.
    pub(crate) async fn close(self, failed: bool) {
        driver!(self, session => session.close(failed).await, _path => { let _ = failed; })
    }
}

fn missing(path: &str) -> Error {
    Error::new(ErrorKind::MissingFile { path: path.to_owned() })
}

/// Whether an error says that a table is not there.
pub(crate) fn no_such_table(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return false };
    matches!(error.code().as_deref(), Some("42P01" | "3F000" | "42S02")) || error.message().starts_with("no such table")
}

/// Whether an error says that this user may not read a table.
fn not_allowed(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return false };
    // MySQL's SQLSTATE is that of a syntax error.
    error.code().as_deref() == Some("42501") || error.message().starts_with("SELECT command denied")
}

/// Whether an error says that somebody else made the table at this moment: see `postgres::create_lost`.
fn already_there(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return false };
    matches!(error.code().as_deref(), Some("42P07" | "42710"))
        || (error.code().as_deref() == Some("23505") && error.constraint().is_some_and(|name| name.starts_with("pg_")))
}
