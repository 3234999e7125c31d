//! What only SQLite has: files, memory, foreign keys that a rebuild must survive, a worker thread behind the connection.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests say so when they fail")]

mod common;

use common::{Chain, Mode, TestDatabase, batch, three};
use revchain::__private::{StepFuture, Transaction};
use revchain::{Access, Database, Dialect, ErrorKind, Kept, Op};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Connection, Row, SqliteConnection, raw_sql};
use tokio::sync::Notify;

/// Parents, children that go with their parents, and a rebuild of the parents.
fn family(rebuild: &[&str]) -> Chain {
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
        .batches("b2", &[batch(Mode::Rebuild, rebuild)], &[batch(Mode::Rebuild, rebuild)])
}

const REBUILD: [&str; 4] = [
    "CREATE TABLE new_parent (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
    "INSERT INTO new_parent SELECT * FROM parent",
    "DROP TABLE parent",
    "ALTER TABLE new_parent RENAME TO parent",
];

async fn foreign_keys(connection: &mut SqliteConnection) -> i64 {
    raw_sql("PRAGMA foreign_keys").fetch_one(connection).await.unwrap().get(0)
}

async fn lent(db: &TestDatabase) -> SqliteConnection {
    let options: SqliteConnectOptions = db.url.parse().unwrap();
    SqliteConnection::connect_with(&options.create_if_missing(true)).await.unwrap()
}

/// E4 of the peers: with the keys on, DROP TABLE takes the children along. sqlx switches them on.
#[tokio::test]
async fn a_rebuild_keeps_the_children() {
    let db = TestDatabase::make(Dialect::Sqlite).await.unwrap();
    let mut connection = lent(&db).await;
    assert_eq!(foreign_keys(&mut connection).await, 1);
    let chain = family(&REBUILD).build();
    chain.upgrade(&mut connection, "head").await.unwrap();
    assert_eq!(db.list("SELECT id FROM child").await, "10,20");
    assert_eq!(foreign_keys(&mut connection).await, 1, "the setting is back");
    chain.downgrade(&mut connection, "-1").await.unwrap();
    assert_eq!(db.list("SELECT id FROM child").await, "10,20");
    // Who had them off keeps them off.
    raw_sql("PRAGMA foreign_keys = OFF").execute(&mut connection).await.unwrap();
    chain.upgrade(&mut connection, "head").await.unwrap();
    assert_eq!(foreign_keys(&mut connection).await, 0);
}

/// The same statements in a plain section: why `rebuild` exists.
#[tokio::test]
async fn without_rebuild_the_children_go() {
    let db = TestDatabase::make(Dialect::Sqlite).await.unwrap();
    let chain = family(&[]).sql("c3", &REBUILD, &[]).build();
    chain.upgrade(&mut db.open().await, "head").await.unwrap();
    assert_eq!(db.list("SELECT id FROM child").await, "");
}

#[tokio::test]
async fn a_rebuild_that_orphans_rows_is_rolled_back() {
    let db = TestDatabase::make(Dialect::Sqlite).await.unwrap();
    let mut connection = lent(&db).await;
    let lossy = [REBUILD[0], "INSERT INTO new_parent SELECT * FROM parent WHERE id = 1", REBUILD[2], REBUILD[3]];
    let error = family(&lossy).build().upgrade(&mut connection, "head").await.unwrap_err();
    let ErrorKind::ForeignKeys { violations, count: 1, .. } = error.kind() else { panic!("{error}") };
    assert_eq!(
        (violations[0].table.as_str(), violations[0].rowid, violations[0].parent.as_str()),
        ("child", Some(20), "parent")
    );
    assert!(error.to_string().contains("table `child`, rowid 20: no parent in `parent`"), "{error}");
    assert_eq!((db.version().await.as_str(), db.list("SELECT id FROM parent").await.as_str()), ("a1", "1,2"));
    assert_eq!(foreign_keys(&mut connection).await, 1);
    // Orphans from before are not this revision's fault.
    raw_sql("PRAGMA foreign_keys = OFF").execute(&mut connection).await.unwrap();
    raw_sql("INSERT INTO child VALUES (30, 3)").execute(&mut connection).await.unwrap();
    family(&REBUILD).build().upgrade(&mut connection, "head").await.unwrap();
    // A statement that fails puts the setting back as well.
    raw_sql("PRAGMA foreign_keys = ON").execute(&mut connection).await.unwrap();
    let chain = family(&REBUILD).batches("c3", &[batch(Mode::Rebuild, &["DROP TABLE nowhere"])], &[]).build();
    let error = chain.upgrade(&mut connection, "head").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Statement { kept: Kept::Nothing, .. }), "{error}");
    assert_eq!(foreign_keys(&mut connection).await, 1);
}

/// Some errors end the transaction by themselves. The connection is not taken for one inside a transaction afterwards.
#[tokio::test]
async fn a_transaction_that_ends_by_itself() {
    let db = TestDatabase::make(Dialect::Sqlite).await.unwrap();
    let mut connection = lent(&db).await;
    let statement = "INSERT OR ROLLBACK INTO runs (id) VALUES (1), (1)";
    let chain = Chain::new()
        .sql("a1", &["CREATE TABLE runs (id INTEGER PRIMARY KEY)"], &[])
        .sql("b2", &["INSERT INTO runs (id) VALUES (9)", statement], &[])
        .build();
    chain.upgrade(&mut connection, "a1").await.unwrap();
    for _ in 0..2 {
        let error = chain.upgrade(&mut connection, "head").await.unwrap_err();
        assert_eq!(error.statement().unwrap().sql(), statement, "{error}");
        assert_eq!((db.version().await.as_str(), db.list("SELECT id FROM runs").await.as_str()), ("a1", ""));
    }
    connection.begin().await.unwrap().commit().await.unwrap();
}

static ARRIVED: Notify = Notify::const_new();

fn stop_here<'a, 'c>(op: &'a mut Op<'c>) -> StepFuture<'a> {
    Box::pin(async {
        op.execute("UPDATE runs SET name = 'half'").await?;
        ARRIVED.notify_one();
        std::future::pending().await
    })
}

/// The caller stops waiting in the middle of a revision: nothing half-done is left on its connection, or in its pool.
#[tokio::test]
async fn abandoned_half_way() {
    let db = TestDatabase::make(Dialect::Sqlite).await.unwrap();
    let chain = three().functions("d4", stop_here, stop_here).build();
    let mut connection = lent(&db).await;
    tokio::select! {
        done = chain.upgrade(&mut connection, "head") => panic!("{done:?}"),
        () = ARRIVED.notified() => {}
    }
    assert!(!connection.is_in_transaction() || foreign_keys(&mut connection).await == 1);
    raw_sql("BEGIN IMMEDIATE; UPDATE runs SET state = 'mine'; COMMIT").execute(&mut connection).await.unwrap();
    assert_eq!((db.version().await.as_str(), db.list("SELECT name FROM runs").await.as_str()), ("c3", "one,two"));

    // An in-memory database lives in the pool's own connection.
    let pool = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.unwrap();
    tokio::select! {
        done = chain.upgrade(&pool, "head") => panic!("{done:?}"),
        () = ARRIVED.notified() => {}
    }
    assert_eq!(chain.current(&pool).await.unwrap().id(), Some("c3"));
    let names = raw_sql("SELECT name FROM runs ORDER BY id").fetch_all(&pool).await.unwrap();
    assert_eq!(names.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>(), ["one", "two"]);
}

/// Abandoned in the middle of a rebuild: the foreign keys come back on, after the rollback. Each poll is a place to
/// stop; all of them are tried.
#[tokio::test]
async fn a_rebuild_abandoned_anywhere_restores_the_keys() {
    use std::future::Future;
    use std::task::Poll;
    let mut finished = false;
    for polls in 1..200 {
        let db = TestDatabase::make(Dialect::Sqlite).await.unwrap();
        let chain = family(&REBUILD).build();
        let mut connection = lent(&db).await;
        chain.upgrade(&mut connection, "a1").await.unwrap();
        {
            let mut upgrade = std::pin::pin!(chain.upgrade(&mut connection, "head"));
            let mut left = polls;
            let done = std::future::poll_fn(|context| {
                left -= 1;
                match upgrade.as_mut().poll(context) {
                    Poll::Ready(done) => Poll::Ready(Some(done)),
                    Poll::Pending if left == 0 => Poll::Ready(None),
                    Poll::Pending => Poll::Pending,
                }
            });
            finished = done.await.is_some();
        }
        assert_eq!(foreign_keys(&mut connection).await, 1, "after {polls} polls");
        assert!(!connection.is_in_transaction());
        assert_eq!(db.list("SELECT id FROM child").await, "10,20", "after {polls} polls");
        chain.upgrade(&mut connection, "head").await.unwrap();
        assert_eq!((db.version().await.as_str(), db.list("SELECT id FROM child").await.as_str()), ("b2", "10,20"));
        if finished {
            break;
        }
    }
    assert!(finished);
}

#[tokio::test]
async fn memory_is_reached_through_the_pool() {
    let pool = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.unwrap();
    three().build().upgrade(&pool, "head").await.unwrap();
    assert_eq!(raw_sql("SELECT id FROM runs").fetch_all(&pool).await.unwrap().len(), 2);
    let mut open = Database::connect("sqlite::memory:").await.unwrap();
    three().build().upgrade(&mut open, "head").await.unwrap();
    assert!(three().build().current(&mut open).await.unwrap().is_head());
}

#[tokio::test]
async fn files_that_are_not_there() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/no/such/app.db", directory.path().display());
    for access in [Access::Read, Access::Write] {
        let error = Database::open(&url, access).await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::MissingDirectory { path, .. } if path.ends_with("no/such")),
            "{error}"
        );
    }
    let error = Database::connect("oracle://scott:tiger@host/db").await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("tiger"), "{error}");
    assert!(error.to_string().contains("no driver is called `oracle`"), "{error}");
    let error = Database::connect("app.db").await.unwrap_err();
    assert!(error.to_string().contains("it has no scheme"), "{error}");
}

/// One commit for the run, or one for each revision.
#[tokio::test]
async fn where_it_commits() {
    let failing = || three().sql("d4", &["DROP TABLE nowhere"], &[]);
    for (transaction, version) in
        [(Transaction::Default, "-"), (Transaction::PerRun, "-"), (Transaction::PerRevision, "c3")]
    {
        let db = TestDatabase::make(Dialect::Sqlite).await.unwrap();
        failing().transaction(transaction).build().upgrade(&mut db.open().await, "head").await.unwrap_err();
        assert_eq!(db.version().await, version);
        let db = TestDatabase::make(Dialect::Sqlite).await.unwrap();
        let migrator = failing().build().migrator().transaction(transaction);
        migrator.upgrade(&mut db.open().await, "head").await.unwrap_err();
        assert_eq!(db.version().await, version);
    }
}

/// As many revisions as fill several strings of statements, of every kind that a string could be cut wrongly at: bodies with
/// statements of their own, comments, rows that nobody asked for.
fn long(failing: Option<(usize, &str)>) -> Chain {
    let mut chain = Chain::new()
        .sql("base", &["CREATE TABLE runs (id INTEGER PRIMARY KEY, name TEXT, CHECK (id <> 13))"], &[])
        .sql("log", &["CREATE TABLE log (id INTEGER)"], &[]);
    for number in 0..60 {
        let id: &'static str = format!("r{number}").leak();
        let trigger = format!(
            "CREATE TRIGGER t{number} AFTER INSERT ON runs WHEN new.id = {number} BEGIN\n  \
             INSERT INTO log VALUES (new.id);\n  UPDATE runs SET name = ';' WHERE id = new.id;\nEND"
        );
        let insert = format!("INSERT INTO runs (id) VALUES ({number}) RETURNING id /* ; */ -- and; that's all");
        let insert = if number == 13 { "SELECT 13".to_owned() } else { insert };
        let mut statements = vec![trigger.as_str(), "SELECT * FROM runs", insert.as_str(), "PRAGMA table_info(runs)"];
        if let Some((at, statement)) = failing
            && at == number
        {
            statements.insert(2, statement);
        }
        chain = chain.sql(id, &statements, &[]);
    }
    chain
}

/// Sent many at a time or one by one: the same is done, and the same statement is blamed.
#[tokio::test]
async fn many_statements_at_once() {
    for watched in [false, true] {
        let db = TestDatabase::make(Dialect::Sqlite).await.unwrap();
        let failures = [
            (0, "SELEC 1", "syntax error"),
            (13, "SELECT * FROM nowhere", "no such table"),
            (30, "INSERT INTO runs (id) VALUES (1)", "UNIQUE"),
            (59, "INSERT INTO runs (id) VALUES (13)", "CHECK"),
            (40, "INSERT OR ROLLBACK INTO runs (id) VALUES (1)", "UNIQUE"),
        ];
        let mut connection = lent(&db).await;
        let migrator = |chain: &'static revchain::Migrations| {
            let migrator = chain.migrator();
            if watched { migrator.watch_statements() } else { migrator }
        };
        for (number, statement, message) in failures {
            let chain = long(Some((number, statement))).build();
            let error = migrator(chain).upgrade(&mut connection, "head").await.unwrap_err();
            let failed = error.statement().unwrap();
            assert_eq!(error.revision(), Some(format!("r{number}").as_str()), "{error}");
            // A comment line before each of batch's statements; the trigger has four lines.
            assert_eq!((failed.sql(), failed.line()), (statement, Some(18)), "{error}");
            assert!(error.to_string().contains(message), "{error}");
            assert!(matches!(error.kind(), ErrorKind::Statement { kept: Kept::Nothing, .. }), "{error}");
            assert_eq!((db.version().await.as_str(), db.tables().await.as_str()), ("-", ""));
        }
        let report = migrator(long(None).build()).upgrade(&mut connection, "head").await.unwrap();
        assert_eq!((report.steps().len(), db.version().await.as_str()), (62, "r59"));
        assert_eq!(db.list("SELECT count(*) FROM log").await, "59");
        assert_eq!(db.list("SELECT count(*) FROM runs WHERE name = ';'").await, "59");
    }
}

/// A comment that nobody closes would swallow what comes after it in a string, and be no statement by itself.
#[tokio::test]
async fn what_is_cut_otherwise_runs_one_by_one() {
    let db = TestDatabase::make(Dialect::Sqlite).await.unwrap();
    let chain = Chain::new()
        .sql("a1", &["CREATE TABLE runs (id INTEGER)", "INSERT INTO runs VALUES (1) /* open"], &[])
        .sql("b2", &["INSERT INTO runs VALUES (2)", "-- nothing"], &[])
        .sql("c3", &["INSERT INTO runs VALUES (3); INSERT INTO runs VALUES (4)"], &[])
        .build();
    let report = chain.upgrade(&mut db.open().await, "head").await.unwrap();
    assert_eq!((report.steps().len(), db.version().await.as_str()), (3, "c3"));
    assert_eq!(db.list("SELECT id FROM runs").await, "1,2,3,4");
}

/// The caller stops waiting somewhere in a long flight, while sqlx's worker thread is further than they are.
#[tokio::test]
async fn a_flight_abandoned_anywhere_leaves_nothing() {
    use std::future::Future;
    use std::task::Poll;
    let chain = long(None).build();
    let (mut finished, mut polls) = (false, 1);
    while !finished {
        let db = TestDatabase::make(Dialect::Sqlite).await.unwrap();
        let mut connection = lent(&db).await;
        {
            let mut upgrade = std::pin::pin!(chain.upgrade(&mut connection, "head"));
            let mut left = polls;
            let done = std::future::poll_fn(|context| {
                left -= 1;
                match upgrade.as_mut().poll(context) {
                    Poll::Ready(done) => Poll::Ready(Some(done)),
                    Poll::Pending if left == 0 => Poll::Ready(None),
                    Poll::Pending => Poll::Pending,
                }
            });
            finished = done.await.is_some();
        }
        if !finished {
            raw_sql("BEGIN IMMEDIATE; ROLLBACK").execute(&mut connection).await.unwrap();
            assert!(!connection.is_in_transaction(), "after {polls} polls");
            // All or nothing: the commit may be on its way already.
            if !db.tables().await.is_empty() {
                assert!(chain.current(&mut connection).await.unwrap().is_head(), "after {polls} polls");
            }
        }
        polls += 1 + polls / 8;
    }
}
