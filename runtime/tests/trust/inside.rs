//! The program is killed while the server is inside a statement, which goes on without it. Whoever comes next waits for that
//! statement, and then finishes the step.

use std::sync::Arc;

use revchain::{Database, Dialect, Event};
use tokio::sync::Notify;

use crate::common::TestDatabase;
use crate::common::everything::{chain, state};
use crate::pooler::Pooler;
use crate::program::start;

/// Where the statement to be killed in is the last to run, what keeps it from ending, and how the server shows it.
fn blocked(dialect: Dialect) -> [(&'static str, &'static str, &'static str); 2] {
    match dialect {
        Dialect::Postgres => [
            // Waits for the transaction before it begins, and for the one that came meanwhile before it ends.
            ("c3", "INSERT INTO runs (id) VALUES (100)", "%CREATE INDEX CONCURRENTLY one%"),
            ("b2", "LOCK TABLE runs IN ROW EXCLUSIVE MODE", "%ALTER TABLE runs ADD COLUMN percent%"),
        ],
        _ => [
            ("a1", "SELECT * FROM runs", "%ALTER TABLE runs ADD COLUMN state%"),
            ("c3", "SELECT * FROM runs", "%CREATE INDEX one%"),
        ],
    }
}

async fn killed_inside(dialect: Dialect, pooled: bool) {
    let Some(undisturbed) = TestDatabase::make(dialect).await else { return };
    chain(dialect).upgrade(&mut undisturbed.open().await, "head").await.unwrap();
    let expected = state(&undisturbed).await;
    undisturbed.finish().await;
    for (before, hold, shown) in blocked(dialect) {
        let db = TestDatabase::make(dialect).await.unwrap();
        let pooler = pooled.then(|| Pooler::start(5));
        let url = pooler.as_ref().map_or_else(|| db.url.clone(), |pooler| pooler.url(&db));
        chain(dialect).upgrade(&mut db.open().await, before).await.unwrap();
        let holder = db.hold(hold).await;
        let mut child = start(&url, "upgrade", &[]);
        is_shown(&db, shown).await;
        child.kill().unwrap();
        child.wait().unwrap();
        let (begun, mut first) = (Arc::new(Notify::new()), None);
        let begin = Arc::clone(&begun);
        let next = chain(dialect).migrator().on_event(|event| {
            first.get_or_insert(matches!(event, Event::Waiting { .. }));
            begin.notify_one();
        });
        let mut open = Database::connect(&url).await.unwrap();
        let (done, ()) = tokio::join!(next.upgrade(&mut open, "head"), async {
            begun.notified().await;
            holder.let_go().await;
        });
        done.unwrap_or_else(|error| panic!("{}, {shown}: {error}", dialect.name()));
        // PostgreSQL and MySQL go on with what nobody waits for any more; MariaDB stops it, sooner or later.
        assert!(first == Some(true) || db.is_mariadb().await, "{shown}");
        db.run("DELETE FROM walks WHERE id = 100").await;
        assert_eq!(state(&db).await, expected, "{shown}");
        drop(open);
        drop(pooler);
        db.finish().await;
    }
}

/// Waits until the server shows a statement that runs.
async fn is_shown(db: &TestDatabase, like: &str) {
    let sql = match db.dialect {
        Dialect::Postgres => format!(
            "SELECT pid::text FROM pg_stat_activity WHERE state = 'active' AND wait_event_type = 'Lock' \
             AND pid <> pg_backend_pid() AND query LIKE '{like}'"
        ),
        _ => format!(
            "SELECT CAST(id AS CHAR) FROM information_schema.processlist WHERE state LIKE 'Waiting for table metadata lock' \
             AND id <> CONNECTION_ID() AND info LIKE '{like}'"
        ),
    };
    while db.list(&sql).await.is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_postgres() {
    killed_inside(Dialect::Postgres, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_postgres_behind_a_pooler() {
    if Pooler::is_here() {
        killed_inside(Dialect::Postgres, true).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_mysql() {
    killed_inside(Dialect::Mysql, false).await;
}
