//! A long run on PostgreSQL, whose transactions share messages: each of them is still one by itself, and what fails in the
//! middle of a message fails as it does alone.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#![allow(clippy::unwrap_used, reason = "tests say so when they fail")]

mod common;

use common::TestDatabase;
use common::long::{LENGTH, long};
use revchain::{Dialect, ErrorKind, Event, Kept, Migrations};

/// Upgrades, and gives what was said, and the error if there was one.
async fn upgrade(chain: &Migrations, db: &TestDatabase) -> (String, Option<revchain::Error>) {
    let mut said = String::new();
    let run = chain.migrator().on_event(|event| match event {
        Event::StepStarted { step, .. } => said.push_str(&format!(" +{}", step.revision().id())),
        Event::StepDone { step, .. } => said.push_str(&format!(" {}", step.revision().id())),
        Event::MovedElsewhere { .. } => said.push_str(" moved"),
        _ => {}
    });
    let done = run.upgrade(&mut db.open().await, "head").await;
    (said, done.err())
}

/// What is said of a run from the table's revision up to one, of which `begun` have begun.
fn said(done: usize, begun: usize) -> String {
    let mut said = " +r00 r00".to_owned();
    // By eight, as long as sixteen are left.
    let (mut at, mut message) = (1, 8);
    while at <= begun {
        let end = at + message;
        (at..end).for_each(|at| said.push_str(&format!(" +r{at:02}")));
        (at..end.min(done + 1)).for_each(|at| said.push_str(&format!(" r{at:02}")));
        (at, message) = (end, if LENGTH + 1 - end >= 16 { 8 } else { 1 });
    }
    said
}

#[tokio::test]
async fn each_is_a_transaction() {
    let Some(db) = TestDatabase::make(Dialect::Postgres).await else { return };
    let chain = long(0, &[]);
    let (heard, error) = upgrade(chain, &db).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(heard, said(LENGTH, LENGTH));
    assert_eq!(db.list("SELECT count(DISTINCT by)::text FROM runs").await, LENGTH.to_string());
    // The journal's rows lie in them, too.
    let both = "SELECT count(*)::text FROM runs r JOIN revchain_journal j ON j.xmin::text::bigint = r.by % 4294967296 \
                AND j.revision = 'r' || lpad(r.at::text, 2, '0')";
    assert_eq!(db.list(both).await, LENGTH.to_string());
    chain.downgrade(&mut db.open().await, "r00").await.unwrap();
    assert_eq!(db.list("SELECT count(*)::text FROM runs").await, "0");
    db.finish().await;
}

/// At a statement; where it is parsed, which is before anything of the message runs; at the commit.
#[tokio::test]
async fn one_fails_in_the_middle() {
    let fails: [(&'static [&'static str], &str, u32); 3] = [
        (&["INSERT INTO runs VALUES (12)", "INSERT INTO runs VALUES (1 / 0)"], "division by zero", 13),
        (&["INSERT INTO runs VALUES (12)", "INSERT INTO runs VALUEZ (1)"], "syntax error", 13),
        (&["INSERT INTO runs VALUES (12, 1, 1), (13, 1, 1)"], "duplicate key", 0),
    ];
    for (statements, reason, line) in fails {
        let Some(db) = TestDatabase::make(Dialect::Postgres).await else { return };
        // The last but two of the second message.
        let chain = long(6, statements);
        let (heard, error) = upgrade(chain, &db).await;
        let error = error.unwrap();
        assert!(error.to_string().contains(reason), "{error}");
        assert_eq!(error.revision().unwrap(), "r06", "{error}");
        assert!(matches!(error.kind(), ErrorKind::Statement { kept: Kept::Nothing, .. }), "{error:?}");
        assert_eq!(error.statement().and_then(|statement| statement.line()).unwrap_or_default(), line, "{error}");
        assert_eq!(error.report().unwrap().steps().len(), 6, "{error}");
        assert_eq!(heard, said(5, 8), "each is said to start once");
        assert_eq!(
            (db.version().await.as_str(), db.list("SELECT count(*)::text FROM runs").await.as_str()),
            ("r05", "5")
        );
        // Mended, it goes on.
        let (_, error) = upgrade(long(0, &[]), &db).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(db.list("SELECT count(*)::text FROM runs").await, LENGTH.to_string());
        db.finish().await;
    }
}

/// A revision that moves the row itself: what comes behind it finds somebody else's, and says so.
#[tokio::test]
async fn the_row_moves_in_the_middle() {
    let Some(db) = TestDatabase::make(Dialect::Postgres).await else { return };
    let chain = long(5, &["INSERT INTO runs VALUES (5)", "UPDATE alembic_version SET version_num = 'r10'"]);
    let (heard, error) = upgrade(chain, &db).await;
    assert!(error.is_none(), "{error:?}");
    assert!(heard.contains(" r05 moved"), "{heard}");
    let jumped = (1..=5).chain(11..=LENGTH).map(|at| at.to_string()).collect::<Vec<_>>().join(" ");
    assert_eq!(db.list("SELECT string_agg(at::text, ' ' ORDER BY at) FROM runs").await, jumped);
    db.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn starters_race() {
    let Some(db) = TestDatabase::make(Dialect::Postgres).await else { return };
    let chain = long(0, &[]);
    let starters: Vec<_> = (0..8)
        .map(|_| {
            let url = db.url.clone();
            tokio::spawn(async move {
                let mut database = revchain::Database::connect(&url).await?;
                chain.upgrade(&mut database, "head").await
            })
        })
        .collect();
    for starter in starters {
        starter.await.unwrap().unwrap();
    }
    assert_eq!(db.list("SELECT count(*) || ' ' || count(DISTINCT at) FROM runs").await, format!("{LENGTH} {LENGTH}"));
    db.finish().await;
}

/// The session ends in the middle of a message: of the one that ended it nobody knows, and the next run goes on.
#[tokio::test]
async fn the_session_ends_in_the_middle() {
    let Some(db) = TestDatabase::make(Dialect::Postgres).await else { return };
    let (heard, error) = upgrade(long(6, &["SELECT pg_terminate_backend(pg_backend_pid())"]), &db).await;
    let error = error.unwrap();
    assert_eq!(error.revision(), Some("r06"), "{error}");
    // The server has said so itself.
    assert!(matches!(error.kind(), ErrorKind::Statement { kept: Kept::Nothing, .. }), "{error:?}");
    assert_eq!(heard, said(5, 8));
    assert_eq!(db.version().await, "r05");
    let (_, error) = upgrade(long(0, &[]), &db).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(db.list("SELECT count(*)::text FROM runs").await, LENGTH.to_string());
    db.finish().await;
}
