//! The connection is cut, at every event; the caller stops waiting, at every await. On the same process, and often on the same
//! connection, the next run ends well.

use std::collections::BTreeMap;
use std::future::Future;
use std::io::Write;
use std::task::Poll;
use std::time::Duration;

use revchain::{Connect, Dialect, ErrorKind, Migrations, Migrator};
use sqlx::{AssertSqlSafe, Connection, raw_sql};

use crate::common::TestDatabase;
use crate::common::everything::{chain, state};

/// Ends all other sessions of a database.
fn cut_all(dialect: Dialect, url: String) {
    let cut = async move {
        match dialect {
            Dialect::Postgres => {
                let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
                let sql = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity \
                           WHERE datname = current_database() AND pid <> pg_backend_pid()";
                raw_sql(sql).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
            _ => {
                let mut connection = sqlx::MySqlConnection::connect(&url).await.unwrap();
                let sql = "SELECT CAST(id AS CHAR) FROM information_schema.processlist WHERE db = DATABASE() \
                           AND id <> CONNECTION_ID()";
                let ids: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut connection).await.unwrap();
                for id in ids {
                    // Gone by itself, perhaps.
                    raw_sql(AssertSqlSafe(format!("KILL {id}"))).execute(&mut connection).await.ok();
                }
                connection.close().await.unwrap();
            }
        }
    };
    // A listener can't wait for a future: a thread can.
    let run = move || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(cut);
    std::thread::spawn(run).join().unwrap();
}

async fn undisturbed(dialect: Dialect) -> Option<String> {
    let db = TestDatabase::make(dialect).await?;
    chain(dialect).upgrade(&mut db.open().await, "head").await.unwrap();
    let expected = state(&db).await;
    db.finish().await;
    Some(expected)
}

async fn cut(dialect: Dialect) {
    let Some(expected) = undisturbed(dialect).await else { return };
    let (chain, mut counts) = (chain(dialect), BTreeMap::<String, u32>::new());
    let db = TestDatabase::make(dialect).await.unwrap();
    let mut open = db.open().await;
    for at in 0.. {
        let mut events = 0;
        let run = chain.migrator().watch_statements().on_event(|_| {
            if events == at {
                cut_all(dialect, db.url.clone());
            }
            events += 1;
        });
        let ended = match run.upgrade(&mut open, "head").await {
            Ok(_) => {
                // Cut when all was over: nobody has noticed.
                open = db.open().await;
                "it was over".to_owned()
            }
            Err(error) => {
                let said = error.to_string();
                match error.kind() {
                    ErrorKind::Statement { kept, .. } | ErrorKind::Function { kept, .. } => format!("{kept:?}"),
                    // Of something of ours, which is one transaction or a look.
                    _ => {
                        assert!(said.contains("before it: "), "{said}");
                        "nothing that was not noted".to_owned()
                    }
                }
            }
        };
        *counts.entry(ended).or_default() += 1;
        let done = chain.upgrade(&mut open, "head").await;
        assert!(done.is_ok(), "{at}: {}", done.unwrap_err());
        assert_eq!(state(&db).await, expected, "{at}");
        chain.downgrade(&mut open, "base").await.unwrap();
        if events <= at {
            break;
        }
    }
    let mut table =
        format!("cut on {}, and then upgraded to the same end; what is said to be kept of the step:\n", dialect.name());
    for (ended, count) in &counts {
        table.push_str(&format!("  {count:4} × {ended}\n"));
    }
    std::io::stderr().write_all(table.as_bytes()).unwrap();
    drop(open);
    db.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_on_postgres() {
    cut(Dialect::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_on_mysql() {
    cut(Dialect::Mysql).await;
}

/// Polls a future so many times, and then drops it. `None` where it was not done.
pub(crate) async fn polls<F: Future>(mut left: u32, future: F) -> Option<F::Output> {
    let mut future = Box::pin(future);
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// More polls than any run here takes.
const MANY: u32 = 1000;

/// How often in a row a run must have been over. Once is chance: an answer that was there already, since somebody else had
/// the processor, takes no poll.
const OVER: u32 = 8;

/// With limits, which are the session's while a statement runs.
fn limited(chain: &Migrations) -> Migrator<'_> {
    chain.migrator().lock_timeout(Duration::from_secs(31)).statement_timeout(Duration::from_secs(62))
}

/// Stops waiting after more and more polls, up and down. `$db` is what is handed in, and `$after` looks at it then.
macro_rules! dropped {
    ($dialect:expr, $what:literal, $db:ident, $connect:expr, $handed:expr, $after:expr) => {{
        let Some(expected) = undisturbed($dialect).await else { return };
        let chain = chain($dialect);
        let $db = TestDatabase::make($dialect).await.unwrap();
        chain.upgrade(&mut $db.open().await, "b2").await.unwrap();
        let mut connection = $connect;
        let before = $after(&mut connection).await.unwrap();
        let (mut dropped, mut broken, mut over) = (0, 0, 0);
        for polled in 0.. {
            assert!(polled < MANY, "what a run asks of the database grows with each run before it");
            let done = polls(polled, limited(chain).upgrade($handed(&mut connection), "head")).await;
            if let Some(Err(error)) = &done {
                panic!("{polled}: {error}");
            }
            over = if done.is_some() { over + 1 } else { 0 };
            dropped += u32::from(done.is_none());
            match $after(&mut connection).await {
                Ok(after) => assert_eq!(after, before, "{polled}"),
                Err(_) => {
                    broken += 1;
                    connection = $connect;
                }
            }
            let done = chain.upgrade($handed(&mut connection), "head").await;
            assert!(done.is_ok(), "{polled}: {}", done.unwrap_err());
            assert_eq!(state(&$db).await, expected, "{polled}");
            // And of the way down a part, which the next way up finishes.
            if let None = polls(polled, limited(chain).downgrade($handed(&mut connection), "b2")).await {
                if $after(&mut connection).await.is_err() {
                    connection = $connect;
                }
                chain.downgrade($handed(&mut connection), "b2").await.unwrap();
            }
            if over == OVER {
                break;
            }
        }
        let line = format!(
            "dropped on {}, {}: {dropped} ×, of which {broken} × the connection was given up\n",
            $dialect.name(),
            $what
        );
        std::io::stderr().write_all(line.as_bytes()).unwrap();
        assert!(dropped > 10, "{line}");
        drop(connection);
        $db.finish().await;
    }};
}

/// What is of no interest.
async fn nothing<T>(_: &mut T) -> Result<String, sqlx::Error> {
    Ok(String::new())
}

/// Lends it as it is.
fn lend<'c, T>(connection: &'c mut T) -> &'c mut T
where
    &'c mut T: Connect<'c>,
{
    connection
}

pub(crate) const POSTGRES: &str = "SELECT concat_ws(' ', current_setting('search_path'), current_user, \
     current_setting('lock_timeout'), current_setting('statement_timeout'), \
     (transaction_timestamp() <> statement_timestamp())::text)";
pub(crate) const MYSQL: &str = "SELECT CAST(CONCAT_WS(' ', DATABASE(), CURRENT_USER(), @@sql_mode, @@autocommit, \
     @@foreign_key_checks, @@lock_wait_timeout, @@innodb_lock_wait_timeout /*M! , @@in_transaction, @@max_statement_time */ \
     /*!50708 , @@max_execution_time */) AS CHAR)";

pub(crate) async fn of_postgres(connection: &mut sqlx::PgConnection) -> Result<String, sqlx::Error> {
    sqlx::query_scalar(POSTGRES).fetch_one(connection).await
}

pub(crate) async fn of_mysql(connection: &mut sqlx::MySqlConnection) -> Result<String, sqlx::Error> {
    sqlx::query_scalar(MYSQL).fetch_one(connection).await
}

pub(crate) async fn of_sqlite(connection: &mut sqlx::SqliteConnection) -> Result<String, sqlx::Error> {
    let keys: i64 = sqlx::query_scalar("PRAGMA foreign_keys").fetch_one(&mut *connection).await?;
    let busy: i64 = sqlx::query_scalar("PRAGMA busy_timeout").fetch_one(&mut *connection).await?;
    // Refused inside a transaction.
    raw_sql("BEGIN; COMMIT").execute(connection).await?;
    Ok(format!("{keys} {busy}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_on_postgres() {
    dropped!(Dialect::Postgres, "a database of ours", db, db.open().await, lend, nothing);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_on_mysql() {
    dropped!(Dialect::Mysql, "a database of ours", db, db.open().await, lend, nothing);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_on_sqlite() {
    dropped!(Dialect::Sqlite, "a database of ours", db, db.open().await, lend, nothing);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_on_postgres_lent() {
    let connect = |url: String| async move { sqlx::PgConnection::connect(&url).await.unwrap() };
    dropped!(Dialect::Postgres, "a connection", db, connect(db.url.clone()).await, lend, of_postgres);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_on_sqlite_lent() {
    let connect = |url: String| async move { sqlx::SqliteConnection::connect(&url).await.unwrap() };
    dropped!(Dialect::Sqlite, "a connection", db, connect(db.url.clone()).await, lend, of_sqlite);
}

/// A pool of one connection, which is lent: after an abandoned run it is closed, and the next one is another.
struct Pooled(sqlx::MySqlPool, Option<sqlx::pool::PoolConnection<sqlx::MySql>>);

async fn pooled(url: String) -> Pooled {
    let pool = sqlx::mysql::MySqlPoolOptions::new().max_connections(1).connect(&url).await.unwrap();
    let connection = pool.acquire().await.unwrap();
    Pooled(pool, Some(connection))
}

fn lend_pooled(pooled: &mut Pooled) -> &mut sqlx::pool::PoolConnection<sqlx::MySql> {
    pooled.1.as_mut().unwrap()
}

/// Gives it back first.
async fn of_pooled(pooled: &mut Pooled) -> Result<String, sqlx::Error> {
    pooled.1 = None;
    pooled.1 = Some(pooled.0.acquire().await?);
    of_mysql(lend_pooled(pooled)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_on_mysql_lent_by_a_pool() {
    dropped!(Dialect::Mysql, "a pool's connection", db, pooled(db.url.clone()).await, lend_pooled, of_pooled);
}

/// A pool, which is never lent: a run has a connection of its own.
fn pool<DB: sqlx::Database>(pool: &mut sqlx::Pool<DB>) -> &sqlx::Pool<DB> {
    pool
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_on_a_pool_of_postgres() {
    let connect = |url: String| async move { sqlx::PgPool::connect(&url).await.unwrap() };
    let look = async |pool: &mut sqlx::PgPool| of_postgres(&mut *pool.acquire().await?).await;
    dropped!(Dialect::Postgres, "a pool", db, connect(db.url.clone()).await, pool, look);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_on_a_pool_of_mysql() {
    let connect = |url: String| async move { sqlx::MySqlPool::connect(&url).await.unwrap() };
    let look = async |pool: &mut sqlx::MySqlPool| of_mysql(&mut *pool.acquire().await?).await;
    dropped!(Dialect::Mysql, "a pool", db, connect(db.url.clone()).await, pool, look);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_on_a_pool_of_sqlite() {
    let connect = |url: String| async move { sqlx::SqlitePool::connect(&url).await.unwrap() };
    let look = async |pool: &mut sqlx::SqlitePool| of_sqlite(&mut *pool.acquire().await?).await;
    dropped!(Dialect::Sqlite, "a pool", db, connect(db.url.clone()).await, pool, look);
}

/// What only an abandoned run leaves on a connection of MySQL's that was lent by itself, where nothing may restore it.
#[tokio::test(flavor = "multi_thread")]
async fn dropped_on_mysql_lent() {
    let Some(expected) = undisturbed(Dialect::Mysql).await else { return };
    let chain = chain(Dialect::Mysql);
    let db = TestDatabase::make(Dialect::Mysql).await.unwrap();
    chain.upgrade(&mut db.open().await, "b2").await.unwrap();
    let (mut dropped, mut left, mut late, mut over) = (0, 0, 0, 0);
    for polled in 0.. {
        assert!(polled < MANY, "what a run asks of the database grows with each run before it");
        let mut lent = sqlx::MySqlConnection::connect(&db.url).await.unwrap();
        let before = of_mysql(&mut lent).await.unwrap();
        let is_over = polls(polled, limited(chain).upgrade(&mut lent, "head")).await.is_some();
        dropped += u32::from(!is_over);
        over = if is_over { over + 1 } else { 0 };
        // How the run's last statement failed is what the next one is told; then it answers what it is asked.
        let after = match of_mysql(&mut lent).await {
            Err(sqlx::Error::Database(_)) => {
                late += 1;
                of_mysql(&mut lent).await.unwrap()
            }
            after => after.unwrap(),
        };
        left += u32::from(after != before);
        assert!(!is_over || after == before, "{polled}: {after}");
        // Closed, it leaves nothing to anybody.
        lent.close().await.unwrap();
        let mut open = db.open().await;
        let done = chain.upgrade(&mut open, "head").await;
        assert!(done.is_ok(), "{polled}: {}", done.unwrap_err());
        assert_eq!(state(&db).await, expected, "{polled}");
        chain.downgrade(&mut open, "b2").await.unwrap();
        if over == OVER {
            break;
        }
    }
    let line = format!(
        "dropped on mysql, a connection by itself: {dropped} ×, of which {left} × not as it was, {late} × with an error left\n"
    );
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    // Where this is 0 one day, `Connect` need not warn of it any more.
    assert!(dropped > 10 && left > 0, "{line}");
    db.finish().await;
}
