//! What a `.rs` revision works with: the connection, inside the revision's transaction, and a voice.

use std::fmt;
use std::marker::PhantomData;

#[cfg(feature = "mysql")]
use sqlx::AssertSqlSafe;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
use sqlx::raw_sql;
use sqlx::{SqlSafeStr, SqlStr};

use crate::dialect::Dialect;
use crate::error::{Error, FailedStatement, Result};
use crate::event::{Event, Lap, Listener};
use crate::plan::Step;

/// The database, as a `.rs` revision sees it. Everything runs in the revision's transaction, which is committed
/// together with the version row when the function returns `Ok`. The function must not begin or end transactions.
///
/// ```
/// use revchain::Op;
///
/// pub async fn upgrade(op: &mut Op<'_>) -> revchain::Result {
///     if op.exists("SELECT 1 FROM projects WHERE name = 'default'").await? {
///         let moved = op.execute("UPDATE runs SET project = 'default' WHERE project IS NULL").await?;
///         op.log(format!("{moved} runs moved"));
///     }
///     Ok(())
/// }
/// ```
pub struct Op<'c> {
    handle: Handle<'c>,
    step: &'c Step,
    said: &'c mut dyn Say,
    committed: bool,
    /// What has to be said before something commits by itself.
    announce: Option<String>,
}

/// The connection behind an [`Op`].
pub(crate) enum Handle<'c> {
    #[cfg(feature = "postgres")]
    Postgres(&'c mut sqlx::postgres::PgConnection),
    #[cfg(feature = "mysql")]
    Mysql(&'c mut sqlx::mysql::MySqlConnection),
    #[cfg(feature = "sqlite")]
    Sqlite(&'c mut sqlx::sqlite::SqliteConnection),
    /// Never made. Keeps the type whole where no driver is built in.
    #[allow(dead_code)]
    Absent(std::convert::Infallible, PhantomData<&'c ()>),
}

/// Who runs the chain, without their lifetime.
trait Say: Send {
    fn say(&mut self, event: Event<'_>);
    fn statement_started(&mut self, step: &Step, sql: &str) -> Lap;
    fn statement_done(&mut self, step: &Step, lap: Lap);
    fn argument(&self, key: &str) -> Option<&str>;
    fn tag(&self) -> Option<&str>;
}

impl Say for Listener<'_> {
    fn say(&mut self, event: Event<'_>) {
        Listener::say(self, event);
    }

    fn statement_started(&mut self, step: &Step, sql: &str) -> Lap {
        Listener::statement_started(self, step, None, sql)
    }

    fn statement_done(&mut self, step: &Step, lap: Lap) {
        Listener::statement_done(self, step, None, lap);
    }

    fn argument(&self, key: &str) -> Option<&str> {
        Listener::argument(self, key)
    }

    fn tag(&self) -> Option<&str> {
        Listener::tag(self)
    }
}

impl<'c> Op<'c> {
    pub(crate) fn new(handle: Handle<'c>, step: &'c Step, listener: &'c mut Listener<'_>) -> Op<'c> {
        Op { handle, step, said: listener, committed: false, announce: None }
    }

    /// The database's dialect.
    pub fn dialect(&self) -> Dialect {
        match &self.handle {
            #[cfg(feature = "postgres")]
            Handle::Postgres(_) => Dialect::Postgres,
            #[cfg(feature = "mysql")]
            Handle::Mysql(_) => Dialect::Mysql,
            #[cfg(feature = "sqlite")]
            Handle::Sqlite(_) => Dialect::Sqlite,
            Handle::Absent(never, _) => match *never {},
        }
    }

    /// Runs SQL and returns how many rows it affected (on MySQL: matched). Takes a literal, or
    /// [`AssertSqlSafe`](sqlx::AssertSqlSafe) around a `String` that was put together; values are better bound,
    /// through the typed connections below.
    ///
    /// # Errors
    ///
    /// The database's error, with the statement.
    pub async fn execute(&mut self, sql: impl SqlSafeStr + Send) -> Result<u64> {
        let sql = sql.into_sql_str();
        let lap = self.said.statement_started(self.step, sql.as_str());
        let affected = self.run(sql.clone()).await.map_err(|error| self.blame(&sql, error))?;
        self.said.statement_done(self.step, lap);
        crate::crash::here("inside a function");
        Ok(affected)
    }

    /// Whether a query gives a row. (`SELECT EXISTS (…)` and `SELECT count(*) …` always do: leave them out.)
    ///
    /// # Errors
    ///
    /// The database's error, with the statement.
    pub async fn exists(&mut self, sql: impl SqlSafeStr + Send) -> Result<bool> {
        let sql = sql.into_sql_str();
        let lap = self.said.statement_started(self.step, sql.as_str());
        let found = self.look(sql.clone()).await.map_err(|error| self.blame(&sql, error))?;
        self.said.statement_done(self.step, lap);
        Ok(found)
    }

    /// Says something to whoever watches the run: it arrives as [`Event::Log`].
    pub fn log(&mut self, text: impl Into<String>) {
        let text = text.into();
        self.said.say(Event::Log { step: self.step, text: &text });
    }

    /// What the caller said with `-x key=value`, or [`Migrator::argument`](crate::Migrator::argument); `None` where
    /// nothing was said.
    pub fn argument(&self, key: &str) -> Option<&str> {
        self.said.argument(key)
    }

    /// What the caller said with `--tag`, or [`Migrator::tag`](crate::Migrator::tag).
    pub fn tag(&self) -> Option<&str> {
        self.said.tag()
    }

    /// Makes an error for the function to return: what it found, and what to do. The same as [`Error::custom`].
    pub fn fail(&self, message: impl Into<String>) -> Error {
        Error::custom(message)
    }

    /// The PostgreSQL connection, where this is PostgreSQL: for binds, and rows.
    #[cfg(feature = "postgres")]
    pub fn postgres(&mut self) -> Option<&mut sqlx::postgres::PgConnection> {
        match &mut self.handle {
            Handle::Postgres(connection) => Some(connection),
            #[allow(unreachable_patterns)]
            _ => None,
        }
    }

    /// The MySQL or MariaDB connection, where this is one: for binds, and rows.
    #[cfg(feature = "mysql")]
    pub fn mysql(&mut self) -> Option<&mut sqlx::mysql::MySqlConnection> {
        match &mut self.handle {
            Handle::Mysql(connection) => {
                // What runs through it isn't seen here: assume the worst.
                self.committed = true;
                Some(connection)
            }
            #[allow(unreachable_patterns)]
            _ => None,
        }
    }

    /// The SQLite connection, where this is SQLite: for binds, and rows.
    #[cfg(feature = "sqlite")]
    pub fn sqlite(&mut self) -> Option<&mut sqlx::sqlite::SqliteConnection> {
        match &mut self.handle {
            Handle::Sqlite(connection) => Some(connection),
            #[allow(unreachable_patterns)]
            _ => None,
        }
    }

    /// Gives the statement that is to run before the first that commits by itself.
    #[cfg(feature = "mysql")]
    pub(crate) fn announce(&mut self, sql: String) {
        self.announce = Some(sql);
    }

    /// Whether something may have been committed already: MySQL commits DDL by itself.
    #[cfg(feature = "mysql")]
    pub(crate) fn committed(&self) -> bool {
        self.committed
    }

    async fn run(&mut self, sql: SqlStr) -> std::result::Result<u64, sqlx::Error> {
        match &mut self.handle {
            #[cfg(feature = "postgres")]
            Handle::Postgres(connection) => Ok(raw_sql(sql).execute(&mut **connection).await?.rows_affected()),
            #[cfg(feature = "mysql")]
            Handle::Mysql(connection) => {
                if crate::dialect::mysql::stands_alone(sql.as_str()) {
                    self.committed = true;
                    if let Some(announce) = self.announce.take() {
                        raw_sql(AssertSqlSafe(announce)).execute(&mut **connection).await?;
                    }
                }
                Ok(raw_sql(sql).execute(&mut **connection).await?.rows_affected())
            }
            #[cfg(feature = "sqlite")]
            Handle::Sqlite(connection) => Ok(raw_sql(sql).execute(&mut **connection).await?.rows_affected()),
            Handle::Absent(never, _) => {
                drop(sql);
                match *never {}
            }
        }
    }

    async fn look(&mut self, sql: SqlStr) -> std::result::Result<bool, sqlx::Error> {
        match &mut self.handle {
            #[cfg(feature = "postgres")]
            Handle::Postgres(connection) => Ok(raw_sql(sql).fetch_optional(&mut **connection).await?.is_some()),
            #[cfg(feature = "mysql")]
            Handle::Mysql(connection) => Ok(raw_sql(sql).fetch_optional(&mut **connection).await?.is_some()),
            #[cfg(feature = "sqlite")]
            Handle::Sqlite(connection) => Ok(raw_sql(sql).fetch_optional(&mut **connection).await?.is_some()),
            Handle::Absent(never, _) => {
                drop(sql);
                match *never {}
            }
        }
    }

    fn blame(&self, sql: &SqlStr, error: sqlx::Error) -> Error {
        Error::database(error).at_statement(FailedStatement::unplaced(sql.as_str().to_owned(), self.step))
    }
}

impl fmt::Debug for Op<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Op").field("dialect", &self.dialect()).field("step", &self.step).finish_non_exhaustive()
    }
}
