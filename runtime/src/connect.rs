//! What the verbs accept as a database, and which connection they then use. One connection does everything: our own
//! for a pool (opened with the pool's options, closed afterwards, so that nothing of a run leaks into the pool), the
//! given one otherwise.

use std::fmt;
use std::marker::PhantomData;

#[cfg(any(feature = "postgres", feature = "mysql"))]
use futures_util::TryStreamExt;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
use futures_util::future::{BoxFuture, FutureExt};
#[cfg(any(feature = "postgres", feature = "mysql"))]
use sqlx::Either;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
use sqlx::{
    AssertSqlSafe, ColumnIndex, ConnectOptions, Connection, Decode, Executor, Pool, Row, Type, pool::PoolConnection,
    raw_sql,
};

use crate::chain::Settings;
use crate::database::Database;
#[cfg(feature = "sqlite")]
use crate::database::in_memory;
use crate::dialect::Dialect;
#[cfg(feature = "mysql")]
use crate::dialect::mysql;
#[cfg(feature = "postgres")]
use crate::dialect::postgres;
#[cfg(feature = "sqlite")]
use crate::dialect::sqlite;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
use crate::error::Error;
use crate::error::Result;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
use crate::version_table::VersionTable;

/// Rows of texts.
pub(crate) type Texts = Vec<Vec<Option<String>>>;

/// What the verbs take as a database: `&Pool`, `&mut` connection, `&mut PoolConnection`, `&mut` [`Database`].
///
/// From a pool, a connection is opened outside the pool, with the pool's options (its `after_connect` hook does not
/// run), and closed afterwards; only an in-memory SQLite database is reached through the pool's own connection. A
/// connection that is handed in is used as it is, and refused inside an open transaction. (On PostgreSQL a revision runs
/// there in an implicit transaction, in which there is no SAVEPOINT.)
///
/// Of a future that is dropped half-way, the next run takes up what it left. A connection that was handed in is then as it
/// was, on PostgreSQL and SQLite; a pool's own is closed instead of given back. On MySQL and MariaDB a plain
/// `&mut MySqlConnection` may be left inside a transaction, with the run's limits and its lock, and its next use may be told
/// how the run's last statement failed: close it, or hand in a `&mut PoolConnection`, or the pool.
pub trait Connect<'c>: sealed::Sealed + Send {
    #[doc(hidden)]
    fn source(self) -> Source<'c>;
}

mod sealed {
    /// Closed, so that a driver can learn new tricks without breaking anyone.
    pub trait Sealed {}
}

/// Where a connection comes from.
#[doc(hidden)]
pub struct Source<'c>(Kind<'c>);

enum Kind<'c> {
    #[cfg(feature = "postgres")]
    PgPool(Pool<sqlx::Postgres>),
    #[cfg(feature = "postgres")]
    Pg(&'c mut sqlx::PgConnection),
    #[cfg(feature = "mysql")]
    MySqlPool(Pool<sqlx::MySql>),
    #[cfg(feature = "mysql")]
    MySql(&'c mut sqlx::MySqlConnection),
    #[cfg(feature = "postgres")]
    PgPooled(&'c mut PoolConnection<sqlx::Postgres>),
    #[cfg(feature = "mysql")]
    MySqlPooled(&'c mut PoolConnection<sqlx::MySql>),
    #[cfg(feature = "sqlite")]
    SqlitePooled(&'c mut PoolConnection<sqlx::Sqlite>),
    #[cfg(feature = "sqlite")]
    SqlitePool(Pool<sqlx::Sqlite>),
    #[cfg(feature = "sqlite")]
    Sqlite(&'c mut sqlx::SqliteConnection),
    Database(&'c mut Database),
}

macro_rules! connect {
    ($feature:literal, $database:ty, $connection:ty, $pool:ident, $single:ident, $pooled:ident) => {
        #[cfg(feature = $feature)]
        impl sealed::Sealed for &Pool<$database> {}
        #[cfg(feature = $feature)]
        impl<'c> Connect<'c> for &Pool<$database> {
            fn source(self) -> Source<'c> {
                Source(Kind::$pool(self.clone()))
            }
        }
        #[cfg(feature = $feature)]
        impl sealed::Sealed for &mut $connection {}
        #[cfg(feature = $feature)]
        impl<'c> Connect<'c> for &'c mut $connection {
            fn source(self) -> Source<'c> {
                Source(Kind::$single(self))
            }
        }
        #[cfg(feature = $feature)]
        impl sealed::Sealed for &mut PoolConnection<$database> {}
        #[cfg(feature = $feature)]
        impl<'c> Connect<'c> for &'c mut PoolConnection<$database> {
            fn source(self) -> Source<'c> {
                Source(Kind::$pooled(self))
            }
        }
    };
}

connect!("postgres", sqlx::Postgres, sqlx::PgConnection, PgPool, Pg, PgPooled);
connect!("mysql", sqlx::MySql, sqlx::MySqlConnection, MySqlPool, MySql, MySqlPooled);
connect!("sqlite", sqlx::Sqlite, sqlx::SqliteConnection, SqlitePool, Sqlite, SqlitePooled);

impl sealed::Sealed for &mut Database {}
impl<'c> Connect<'c> for &'c mut Database {
    fn source(self) -> Source<'c> {
        Source(Kind::Database(self))
    }
}

impl fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").finish_non_exhaustive()
    }
}

/// A connection, and how to part with it.
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
pub(crate) enum Held<'c, DB: sqlx::Database> {
    /// Ours: opened for this run, closed after it.
    Own(DB::Connection),
    /// A [`Database`]'s: put back after the run, unless the run was abandoned half-way.
    Borrowed(DB::Connection, &'c mut Option<DB::Connection>),
    /// The caller's, or their pool's.
    Lent(Lent<'c, DB>),
}

/// A connection that the caller lends. Where they stop waiting half-way they get it back as it was, as far as that can be
/// done without waiting; where it can't, a pool closes it.
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
pub(crate) struct Lent<'c, DB: sqlx::Database> {
    connection: Lender<'c, DB>,
    /// What is sent, without waiting for it, where the run is abandoned: a driver's own way.
    send: fn(&mut DB::Connection, String),
    /// What there is to send. `None` while nothing has been changed that the caller would notice.
    restore: Option<String>,
}

#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
enum Lender<'c, DB: sqlx::Database> {
    Caller(&'c mut DB::Connection),
    Pool(&'c mut PoolConnection<DB>),
    /// The pool's only one to an in-memory database, which is never closed.
    #[cfg(feature = "sqlite")]
    Memory(PoolConnection<DB>),
}

#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
impl<DB: sqlx::Database> Drop for Lent<'_, DB> {
    fn drop(&mut self) {
        let Some(sql) = self.restore.take() else { return };
        match &mut self.connection {
            Lender::Caller(connection) => (self.send)(connection, sql),
            Lender::Pool(connection) => connection.close_on_drop(),
            #[cfg(feature = "sqlite")]
            Lender::Memory(connection) => (self.send)(connection, sql),
        }
    }
}

#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
impl<DB: sqlx::Database> Held<'_, DB> {
    pub(crate) fn get(&self) -> &DB::Connection {
        match self {
            Held::Own(connection) | Held::Borrowed(connection, _) => connection,
            Held::Lent(lent) => match &lent.connection {
                Lender::Caller(connection) => connection,
                Lender::Pool(connection) => connection,
                #[cfg(feature = "sqlite")]
                Lender::Memory(connection) => connection,
            },
        }
    }

    pub(crate) fn get_mut(&mut self) -> &mut DB::Connection {
        match self {
            Held::Own(connection) | Held::Borrowed(connection, _) => connection,
            Held::Lent(lent) => match &mut lent.connection {
                Lender::Caller(connection) => connection,
                Lender::Pool(connection) => connection,
                #[cfg(feature = "sqlite")]
                Lender::Memory(connection) => connection,
            },
        }
    }

    fn lent(connection: Lender<'_, DB>, send: fn(&mut DB::Connection, String)) -> Held<'_, DB> {
        Held::Lent(Lent { connection, send, restore: None })
    }

    /// Says what gives a connection that is lent its own ways back, from now on and should the caller stop waiting.
    pub(crate) fn will_restore(&mut self, sql: impl FnOnce() -> String) {
        if let Held::Lent(lent) = self {
            lent.restore = Some(sql());
        }
    }

    /// Says that a connection that is lent is as it was.
    pub(crate) fn is_restored(&mut self) {
        if let Held::Lent(lent) = self {
            lent.restore = None;
        }
    }

    /// Whether someone else goes on using the connection after an abandoned run.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) fn is_lent(&self) -> bool {
        match self {
            Held::Own(_) | Held::Borrowed(..) => false,
            Held::Lent(_) => true,
        }
    }

    /// The texts that a query of one column gives; `None` where one is no text. Behind it, in the same message, come the rows that
    /// `more` gives: none where that fails, or where somebody else goes on with the connection, whose transaction that might end.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) async fn glance(
        &mut self,
        sql: String,
        more: Option<String>,
    ) -> std::result::Result<Option<(Vec<String>, Texts)>, sqlx::Error>
    where
        for<'e> &'e mut DB::Connection: Executor<'e, Database = DB>,
        for<'r> String: Decode<'r, DB>,
        for<'r> Option<String>: Decode<'r, DB>,
        usize: ColumnIndex<DB::Row>,
    {
        let sql = match more.filter(|_| !self.is_lent()) {
            Some(more) => [&sql, ";\n", &more].concat(),
            None => sql,
        };
        let mut results = self.get_mut().fetch_many(raw_sql(AssertSqlSafe(sql)));
        let (mut texts, mut rows, mut is_first) = (Some(Vec::new()), Vec::new(), true);
        loop {
            match results.try_next().await {
                Ok(Some(Either::Left(_))) => is_first = false,
                Ok(Some(Either::Right(row))) if is_first => match (row.try_get_unchecked(0), &mut texts) {
                    (Ok(text), Some(texts)) => texts.push(text),
                    _ => texts = None,
                },
                Ok(Some(Either::Right(row))) => {
                    rows.push((0..row.len()).map(|column| row.try_get_unchecked(column).ok().flatten()).collect());
                }
                Err(error) if is_first => return Err(error),
                Ok(None) | Err(_) => return Ok(texts.map(|texts| (texts, rows))),
            }
        }
    }

    /// How many rows a table has; `None` where that can't be told.
    pub(crate) async fn count(&mut self, table: &str) -> Option<u64>
    where
        for<'e> &'e mut DB::Connection: Executor<'e, Database = DB>,
        for<'r> i64: Decode<'r, DB> + Type<DB>,
        usize: ColumnIndex<DB::Row>,
    {
        let sql = format!("SELECT count(*) FROM {table}");
        let row = raw_sql(AssertSqlSafe(sql)).fetch_one(self.get_mut()).await.ok()?;
        row.try_get::<i64, _>(0).ok().and_then(|count| count.try_into().ok())
    }

    /// Closes what is ours. An error at the farewell changes nothing. After a failure a [`Database`]'s connection is put
    /// back only if it still answers: the next run opens another one.
    pub(crate) async fn close(mut self, failed: bool) {
        self.is_restored();
        match self {
            Held::Own(connection) => drop(connection.close().await),
            Held::Borrowed(mut connection, slot) => {
                if !failed || connection.ping().await.is_ok() {
                    *slot = Some(connection);
                }
            }
            Held::Lent(_) => {}
        }
    }
}

/// A connection of one of the dialects.
pub(crate) enum Session<'c> {
    #[cfg(feature = "postgres")]
    Postgres(postgres::Session<'c>),
    #[cfg(feature = "mysql")]
    Mysql(mysql::Session<'c>),
    #[cfg(feature = "sqlite")]
    Sqlite(sqlite::Session<'c>),
    /// A database that is not there, and is not to be made: nothing can be read from it but base.
    Absent(Dialect, String, PhantomData<&'c ()>),
}

impl<'c> Source<'c> {
    /// Opens, or takes, the connection. No request is sent on one that is handed in.
    pub(crate) async fn open(self, settings: &Settings) -> Result<Session<'c>> {
        match self.0 {
            #[cfg(feature = "postgres")]
            Kind::PgPool(pool) => {
                let options = pool.connect_options();
                let connection = connect(&*options).await.map_err(unreachable_by_pool)?;
                let table = VersionTable::new(settings, '"');
                postgres::Session::new(Held::Own(connection), table, Some(options)).map(Session::Postgres)
            }
            #[cfg(feature = "postgres")]
            Kind::Pg(connection) => {
                let (table, held) =
                    (VersionTable::new(settings, '"'), Held::lent(Lender::Caller(connection), postgres::send));
                postgres::Session::new(held, table, None).map(Session::Postgres)
            }
            #[cfg(feature = "postgres")]
            Kind::PgPooled(connection) => {
                let (table, held) =
                    (VersionTable::new(settings, '"'), Held::lent(Lender::Pool(connection), postgres::send));
                postgres::Session::new(held, table, None).map(Session::Postgres)
            }
            #[cfg(feature = "mysql")]
            Kind::MySqlPool(pool) => {
                let options = pool.connect_options();
                let connection = connect(&*options).await.map_err(unreachable_by_pool)?;
                mysql::Session::new(Held::Own(connection), VersionTable::new(settings, '`')).map(Session::Mysql)
            }
            #[cfg(feature = "mysql")]
            Kind::MySql(connection) => {
                let held = Held::lent(Lender::Caller(connection), mysql::send);
                mysql::Session::new(held, VersionTable::new(settings, '`')).map(Session::Mysql)
            }
            #[cfg(feature = "mysql")]
            Kind::MySqlPooled(connection) => {
                let held = Held::lent(Lender::Pool(connection), mysql::send);
                mysql::Session::new(held, VersionTable::new(settings, '`')).map(Session::Mysql)
            }
            #[cfg(feature = "sqlite")]
            Kind::SqlitePool(pool) => {
                let options = pool.connect_options();
                let held = match in_memory(&options) {
                    true => {
                        let connection = pool.acquire().boxed().await.map_err(unreachable_by_pool)?;
                        Held::lent(Lender::Memory(connection), sqlite::send)
                    }
                    false => Held::Own(connect(&*options).await.map_err(unreachable_by_pool)?),
                };
                sqlite::Session::new(held, VersionTable::new(settings, '"')).map(Session::Sqlite)
            }
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(connection) => {
                let held = Held::lent(Lender::Caller(connection), sqlite::send);
                sqlite::Session::new(held, VersionTable::new(settings, '"')).map(Session::Sqlite)
            }
            #[cfg(feature = "sqlite")]
            Kind::SqlitePooled(connection) => {
                // The pool may hold the only connection to an in-memory database: it is not to be closed.
                let held = Held::lent(Lender::Caller(&mut **connection), sqlite::send);
                sqlite::Session::new(held, VersionTable::new(settings, '"')).map(Session::Sqlite)
            }
            Kind::Database(database) => database.session(settings).await,
        }
    }
}

/// Opens a connection, in a future of its own: on one that is open already nobody has to keep room for it.
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#[cold]
#[inline(never)]
pub(crate) fn connect<O>(options: &O) -> BoxFuture<'_, std::result::Result<O::Connection, sqlx::Error>>
where
    O: ConnectOptions<Connection: Sized>,
{
    options.connect().boxed()
}

#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
fn unreachable_by_pool(error: sqlx::Error) -> Error {
    Error::connection(None, error)
}
