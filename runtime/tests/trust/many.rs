//! A server that stops in the middle of a message that holds many transactions, some of which are not on the disk yet.

use revchain::{Database, Dialect, ErrorKind, Event, Kept};
use sqlx::{Connection, raw_sql};

use super::servers::{Server, open};
use crate::common::TestDatabase;
use crate::common::long::{LENGTH, long};

const ROWS: &str = "SELECT coalesce(string_agg(at::text, ' ' ORDER BY at), '') FROM runs";

/// What numbers up to one are in a list.
fn numbers(up_to: usize) -> String {
    (1..=up_to).map(|at| at.to_string()).collect::<Vec<_>>().join(" ")
}

/// A server of the test's own, and a database there.
async fn own_server() -> Option<(Server, TestDatabase)> {
    // Where the tests have no server at all, none is started either.
    TestDatabase::make(Dialect::Postgres).await?.finish().await;
    // Nobody else writes to the disk what a commit didn't wait for.
    let server = Server::make(Dialect::Postgres, &["-c", "wal_writer_delay=10s"])?;
    let url = server.url("postgres");
    drop(open(&url).await);
    Some((server, TestDatabase::make_on(Dialect::Postgres, &url).await))
}

#[tokio::test]
async fn postgres_stopped_in_a_message() {
    let Some((mut server, db)) = own_server().await else { return };
    let mut holder = sqlx::PgConnection::connect(&db.url).await.unwrap();
    raw_sql("SELECT pg_advisory_lock(7)").execute(&mut holder).await.unwrap();
    let mut database = Database::connect(&db.url).await.unwrap();
    let (chain, mut done) = (long(6, &["SELECT pg_advisory_xact_lock(7)"]), Vec::new());
    let run = chain.migrator().on_event(|event| {
        if let Event::StepDone { step, .. } = event {
            done.push(step.revision().id());
        }
    });
    let (ended, ()) = tokio::join!(run.upgrade(&mut database, "head"), async {
        let waits = "SELECT pid::text FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
        while db.list(waits).await.is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(db.list(ROWS).await, numbers(5), "each is there for everybody");
        server.stop();
    });
    let error = ended.unwrap_err();
    assert_eq!(error.revision(), Some("r01"), "{error}");
    assert!(matches!(error.kind(), ErrorKind::Statement { kept: Kept::Unknown, .. }), "{error:?}");
    server.start();
    drop(open(&db.url).await);
    // Whole revisions, and none that was said to be done is missing.
    let version = db.version().await;
    let stands: usize = version.trim_start_matches('r').parse().unwrap();
    assert!(stands <= 5, "{version}");
    assert_eq!(db.list(ROWS).await, numbers(stands));
    assert_eq!(done, ["r00"]);
    long(0, &[]).upgrade(&mut database, "head").await.unwrap();
    assert_eq!(db.list(ROWS).await, numbers(LENGTH));
    eprintln!("stopped in a message of eight, of which five were committed: it stood at {version}, and then went on");
}

/// What stands before the one that failed is said to be there, and so it is on the disk.
#[tokio::test]
async fn postgres_stopped_after_a_failure() {
    let Some((mut server, db)) = own_server().await else { return };
    let mut database = Database::connect(&db.url).await.unwrap();
    let error = long(6, &["SELECT 1 / 0"]).upgrade(&mut database, "head").await.unwrap_err();
    assert_eq!(error.report().unwrap().to(), Some("r05"));
    server.stop();
    server.start();
    drop(open(&db.url).await);
    assert_eq!((db.version().await, db.list(ROWS).await), ("r05".to_owned(), numbers(5)));
}
