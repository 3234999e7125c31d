//! The caller stops waiting in the middle of a rebuild of SQLite's, in a transaction of its own or as a part of a longer step:
//! whichever connection it was, the foreign keys are on again, and nothing is half done.

use std::time::Duration;

use revchain::{Migrations, Result};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Connection, Row, Sqlite, SqliteConnection, SqlitePool, raw_sql};

use crate::common::{Chain, Mode, batch};
use crate::cut::polls;

const REBUILD: [&str; 4] = [
    "CREATE TABLE new_parent (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
    "INSERT INTO new_parent SELECT * FROM parent",
    "DROP TABLE parent",
    "ALTER TABLE new_parent RENAME TO parent",
];

/// Children that go with their parents; a rebuild of these by itself, and one in a step that is several transactions.
fn family() -> &'static Migrations {
    let one = "UPDATE parent SET name = 'x' WHERE id IN (SELECT id FROM parent WHERE name <> 'x' LIMIT 1)";
    Chain::new()
        .sql(
            "a1",
            &[
                "CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT)",
                "CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent (id) ON DELETE CASCADE)",
                "INSERT INTO parent VALUES (1, 'one'), (2, 'two')",
                "INSERT INTO child VALUES (10, 1), (20, 2)",
            ],
            &[],
        )
        .batches("b2", &[batch(Mode::Rebuild, &REBUILD)], &[])
        .batches(
            "c3",
            &[
                batch(Mode::Repeat(1), &[one]),
                batch(Mode::Rebuild, &REBUILD),
                batch(Mode::Transaction, &["INSERT INTO child VALUES (30, 2)"]),
            ],
            &[],
        )
        .build()
}

/// What is handed in.
enum Place {
    Connection(SqliteConnection),
    Lent(PoolConnection<Sqlite>),
    Pool(SqlitePool),
}

impl Place {
    /// Upgrades, and stops waiting after so many polls. `None` where it was not done.
    async fn upgrade(&mut self, polled: u32, target: &str) -> Option<Result<revchain::Report>> {
        // Limits are the session's while it runs.
        let run = family().migrator().lock_timeout(Duration::from_secs(31)).statement_timeout(Duration::from_secs(62));
        match self {
            Place::Connection(connection) => polls(polled, run.upgrade(connection, target)).await,
            Place::Lent(connection) => polls(polled, run.upgrade(connection, target)).await,
            Place::Pool(pool) => polls(polled, run.upgrade(&*pool, target)).await,
        }
    }

    /// What a query finds, as the caller sees it.
    async fn ask(&mut self, sql: &str) -> String {
        let sql = raw_sql(AssertSqlSafe(sql.to_owned()));
        let row = match self {
            Place::Connection(connection) => sql.fetch_one(connection).await,
            Place::Lent(connection) => sql.fetch_one(&mut **connection).await,
            Place::Pool(pool) => sql.fetch_one(&*pool).await,
        };
        row.unwrap().get_unchecked(0)
    }

    /// What is the session's.
    async fn session(&mut self) -> String {
        let keys = self.ask("SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys").await;
        let busy = self.ask("SELECT CAST(timeout AS TEXT) FROM pragma_busy_timeout").await;
        // Refused inside a transaction.
        self.ask("BEGIN; COMMIT; SELECT 'free'").await;
        format!("foreign_keys {keys}, busy_timeout {busy}")
    }
}

/// Tries every poll as the last one.
async fn sweep(what: &str, make: impl AsyncFn(SqliteConnectOptions) -> Place, is_file: bool) {
    let mut dropped = 0;
    for polled in 0.. {
        let folder = tempfile::tempdir().unwrap();
        let options = match is_file {
            true => SqliteConnectOptions::new().filename(folder.path().join("test.db")).create_if_missing(true),
            false => SqliteConnectOptions::new().in_memory(true),
        };
        let mut place = make(options).await;
        place.upgrade(u32::MAX, "a1").await.unwrap().unwrap();
        let before = place.session().await;
        assert!(before.starts_with("foreign_keys 1,"), "{before}");
        let is_over = place.upgrade(polled, "head").await.is_some();
        dropped += u32::from(!is_over);
        assert_eq!(place.session().await, before, "{what}, {polled}");
        // With the keys on, DROP TABLE would have taken the children along.
        let children = "SELECT group_concat(id, ' ') FROM (SELECT id FROM child ORDER BY id)";
        let alive = place.ask(children).await;
        assert!(alive.starts_with("10 20"), "{what}, {polled}: {alive}");
        place.upgrade(u32::MAX, "head").await.unwrap().unwrap();
        assert_eq!(place.ask(children).await, "10 20 30", "{what}, {polled}");
        let tables = "SELECT group_concat(name, ' ') FROM \
                      (SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name)";
        assert_eq!(place.ask(tables).await, "alembic_version child parent revchain_journal", "{what}, {polled}");
        let end = "SELECT (SELECT version_num FROM alembic_version) || ' ' || count(*) || ' ' || max(name) || ' ' || \
                   (SELECT count(*) FROM pragma_foreign_key_check) || ' ' || \
                   (SELECT count(*) FROM revchain_journal WHERE claim IS NOT NULL) FROM parent WHERE name = 'x'";
        assert_eq!(place.ask(end).await, "c3 2 x 0 0", "{what}, {polled}");
        if is_over {
            break;
        }
    }
    eprintln!("dropped in a rebuild, {what}: {dropped} ×");
    assert!(dropped > 10, "{what}: {dropped}");
}

/// A pool of one. It doesn't try the connection before it hands it out: whoever stops waiting just then has sqlx close it, and
/// a database in memory is gone with it.
async fn one(options: SqliteConnectOptions) -> SqlitePool {
    SqlitePoolOptions::new().max_connections(1).test_before_acquire(false).connect_with(options).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_connection() {
    let make = async |options| Place::Connection(SqliteConnection::connect_with(&options).await.unwrap());
    sweep("a connection", make, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_connection_of_a_pool() {
    sweep("a pool's connection", async |options| Place::Lent(one(options).await.acquire().await.unwrap()), false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_pool() {
    sweep("a pool", async |options| Place::Pool(one(options).await), true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_pool_in_memory() {
    sweep("a pool in memory", async |options| Place::Pool(one(options).await), false).await;
}
