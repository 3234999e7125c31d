//! Steps that can't be one transaction, and stopped half-way: what is noted, and how the next run goes on.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests say so when they fail")]

mod common;

use std::sync::Arc;

use common::{Mode, TestDatabase, batch, three};
use revchain::__private::StepFuture;
use revchain::{Dialect, ErrorKind, Event, Kept, Migrations, Op};
use tokio::sync::Notify;

macro_rules! database {
    ($dialect:ident) => {
        match TestDatabase::make(Dialect::$dialect).await {
            Some(db) => db,
            None => return,
        }
    };
}

/// A revision whose third statement fails, unless it is mended.
fn chain(first: &'static str, third: &'static str) -> &'static Migrations {
    let statements = ["CREATE TABLE d (x INTEGER)", first, third, "INSERT INTO d VALUES (4)"];
    let (head, tail) = statements.split_at(2);
    let batches = [batch(Mode::Transaction, head), batch(Mode::NoTransaction, tail)];
    three().batches("d4", &batches, &[batch(Mode::Transaction, &["DROP TABLE d"])]).build()
}

const FIRST: &str = "INSERT INTO d VALUES (1)";

async fn the_file_is_mended(db: &TestDatabase) {
    let mut open = db.open().await;
    let broken = chain(FIRST, "INSERT INTO nowhere VALUES (3)");
    let error = broken.upgrade(&mut open, "head").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Statement { kept: Kept::Noted, .. }), "{error:?}");
    assert!(error.to_string().contains("stays and is noted, and the version table names `c3`"), "{error}");
    let under_way = broken.under_way(&mut open).await.unwrap().unwrap();
    assert_eq!((under_way.revision(), under_way.direction()), ("d4", "upgrade"));
    assert_eq!((under_way.done(), under_way.statements(), under_way.is_in_doubt()), (2, 4, false));
    assert_eq!(under_way.is_running(), Some(false));
    assert!(under_way.error().unwrap().contains("nowhere"), "{under_way:?}");
    // What ran may not change.
    let error = chain("INSERT INTO d VALUES (2)", "SELECT 1").upgrade(&mut open, "head").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ChangedMeanwhile { done: 2, .. }), "{error}");
    // A chain that does not have the revision can't finish it.
    let error = three().sql("e5", &[], &[]).build().upgrade(&mut open, "head").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InterruptedElsewhere { .. }), "{error}");
    let mended = chain(FIRST, "INSERT INTO d VALUES (3)");
    mended.upgrade(&mut open, "head").await.unwrap();
    assert_eq!((db.version().await.as_str(), db.list("SELECT x FROM d").await.as_str()), ("d4", "1,3,4"));
    assert_eq!(mended.under_way(&mut open).await.unwrap(), None);
}

async fn a_stamp_gives_up(db: &TestDatabase) {
    let mut open = db.open().await;
    let broken = chain(FIRST, "INSERT INTO nowhere VALUES (3)");
    broken.upgrade(&mut open, "head").await.unwrap_err();
    // A target that is none gives up nothing.
    broken.stamp(&mut open, "zz").await.unwrap_err();
    assert!(broken.under_way(&mut open).await.unwrap().is_some());
    broken.stamp(&mut open, "c3").await.unwrap();
    assert_eq!(broken.under_way(&mut open).await.unwrap(), None);
    db.run("DROP TABLE d").await;
    chain(FIRST, "INSERT INTO d VALUES (3)").upgrade(&mut open, "head").await.unwrap();
    assert_eq!(db.list("SELECT x FROM d").await, "1,3,4");
}

/// What ran by a downgrade is finished, too, even by one that has nothing to do any more.
async fn a_downgrade_that_was_interrupted(db: &TestDatabase) {
    let mut open = db.open().await;
    let down = [
        batch(Mode::Transaction, &["INSERT INTO runs (id) VALUES (8)"]),
        batch(Mode::NoTransaction, &["SELECT 1 FROM nowhere"]),
    ];
    let chain = three().batches("d4", &[], &down).build();
    chain.upgrade(&mut open, "head").await.unwrap();
    chain.downgrade(&mut open, "-1").await.unwrap_err();
    assert_eq!((db.version().await.as_str(), db.list("SELECT id FROM runs").await.as_str()), ("c3", "1,2,8"));
    db.run("CREATE TABLE nowhere (x INTEGER)").await;
    let report = chain.downgrade(&mut open, "c3").await.unwrap();
    assert_eq!(report.steps().len(), 1);
    assert_eq!((db.version().await.as_str(), db.list("SELECT id FROM runs").await.as_str()), ("c3", "1,2,8"));
    assert_eq!(chain.under_way(&mut open).await.unwrap(), None);
}

macro_rules! everywhere {
    ($($name:ident)*) => { $(
        mod $name {
            use super::*;
            #[tokio::test]
            async fn sqlite() {
                let db = database!(Sqlite);
                super::$name(&db).await;
                db.finish().await;
            }
            #[tokio::test]
            async fn postgres() {
                let db = database!(Postgres);
                super::$name(&db).await;
                db.finish().await;
            }
            #[tokio::test]
            async fn mysql() {
                let db = database!(Mysql);
                super::$name(&db).await;
                db.finish().await;
            }
        }
    )* };
}

everywhere! {
    the_file_is_mended
    a_stamp_gives_up
    a_downgrade_that_was_interrupted
}

/// What can't be seen from outside is for a person to say.
#[tokio::test]
async fn a_call_in_doubt() {
    for dialect in [Dialect::Postgres, Dialect::Mysql] {
        let Some(db) = TestDatabase::make(dialect).await else { continue };
        let mut open = db.open().await;
        let chain = chain(FIRST, "CALL later()");
        let error = chain.upgrade(&mut open, "head").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Statement { kept: Kept::Noted, .. }), "{error:?}");
        assert!(chain.settle(&mut open, true).await.unwrap().is_none(), "the server said no: nothing is in doubt");
        // As if the program had died while it ran.
        let die = "UPDATE revchain_journal SET doubt = 2 WHERE finished_at IS NULL";
        db.run(die).await;
        let error = chain.upgrade(&mut open, "head").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InDoubt { position: 3, statements: 4, .. }), "{error}");
        assert!(error.to_string().contains("`settle ran`"), "{error}");
        assert_eq!(error.statement().unwrap().sql(), "CALL later()");
        let step = chain.settle(&mut open, false).await.unwrap().unwrap();
        assert_eq!(step.revision().id(), "d4");
        let error = chain.upgrade(&mut open, "head").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Statement { .. }), "it is tried again: {error}");
        db.run(die).await;
        chain.settle(&mut open, true).await.unwrap().unwrap();
        chain.upgrade(&mut open, "head").await.unwrap();
        assert_eq!((db.version().await.as_str(), db.list("SELECT x FROM d").await.as_str()), ("d4", "1,4"));
        drop(open);
        db.finish().await;
    }
}

fn half<'a, 'c>(op: &'a mut Op<'c>) -> StepFuture<'a> {
    Box::pin(async {
        op.execute("INSERT INTO results VALUES (5)").await?;
        op.execute("CREATE TABLE d (x INTEGER)").await?;
        op.execute("INSERT INTO nowhere VALUES (1)").await?;
        Ok(())
    })
}

/// A function that commits something on the way, and is never heard of again.
#[tokio::test]
async fn a_function_that_commits_on_the_way() {
    let db = database!(Mysql);
    let mut open = db.open().await;
    let chain = three().functions("d4", half, half).build();
    let error = chain.upgrade(&mut open, "head").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Function { kept: Kept::Part, .. }), "{error:?}");
    assert_eq!((db.version().await.as_str(), db.list("SELECT id FROM results").await.as_str()), ("c3", "5"));
    // It said no by itself, and is tried again.
    let error = chain.upgrade(&mut open, "head").await.unwrap_err();
    assert!(error.to_string().contains("Duplicate entry '5'"), "{error}");
    // As if the program had died behind the table.
    db.run("UPDATE revchain_journal SET doubt = 0 WHERE finished_at IS NULL").await;
    let error = chain.upgrade(&mut open, "head").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InDoubt { .. }), "{error}");
    assert!(error.to_string().contains("after something of it was committed"), "{error}");
    chain.settle(&mut open, true).await.unwrap().unwrap();
    chain.upgrade(&mut open, "head").await.unwrap();
    assert_eq!(db.version().await, "d4");
    drop(open);
    db.finish().await;
}

/// On MariaDB `DROP TABLE a, b` drops `a` before it finds that there is no `b`. On MySQL it drops nothing then.
#[tokio::test]
async fn half_of_a_statement() {
    let db = database!(Mysql);
    let mut open = db.open().await;
    let chain = three()
        .sql("d4", &["CREATE TABLE a (x INTEGER)", "DROP TABLE a, b", "CREATE TABLE e (x INTEGER)"], &[])
        .build();
    chain.upgrade(&mut open, "head").await.unwrap_err();
    let error = chain.upgrade(&mut open, "head").await.unwrap_err();
    if db.is_mariadb().await {
        assert!(matches!(error.kind(), ErrorKind::InDoubt { position: 2, .. }), "{error}");
        assert!(error.to_string().contains("look at table a, table b"), "{error}");
        chain.settle(&mut open, true).await.unwrap();
    } else {
        assert!(matches!(error.kind(), ErrorKind::Statement { kept: Kept::Noted, .. }), "{error}");
        db.run("CREATE TABLE b (x INTEGER)").await;
    }
    chain.upgrade(&mut open, "head").await.unwrap();
    assert_eq!(db.version().await, "d4");
    drop(open);
    db.finish().await;
}

/// A build that fails leaves an index that is not valid. It goes, and the next one is built.
#[tokio::test]
async fn an_index_that_is_not_valid() {
    let db = database!(Postgres);
    let mut open = db.open().await;
    for (id, first) in [("d4", &["INSERT INTO results VALUES (1)"][..]), ("e5", &[])] {
        let batches = [
            batch(Mode::Transaction, first),
            batch(Mode::NoTransaction, &["CREATE UNIQUE INDEX CONCURRENTLY once ON runs (state)"]),
        ];
        let chain = three().batches(id, &batches, &[]).build();
        let error = chain.upgrade(&mut open, "head").await.unwrap_err();
        assert_eq!(error.statement().unwrap().sql(), "CREATE UNIQUE INDEX CONCURRENTLY once ON runs (state)");
        let valid = "SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'once'::regclass";
        assert_eq!(db.list(valid).await, "false");
        // Again, with the same cause.
        chain.upgrade(&mut open, "head").await.unwrap_err();
        db.run("UPDATE runs SET state = name").await;
        chain.upgrade(&mut open, "head").await.unwrap();
        assert_eq!((db.version().await.as_str(), db.list(valid).await.as_str()), (id, "true"));
        db.run("DROP INDEX once; UPDATE runs SET state = 'new'; DELETE FROM results").await;
        chain.stamp(&mut open, "c3").await.unwrap();
    }
    drop(open);
    db.finish().await;
}

/// Somebody is at it, as far as the server can tell: one waits for them, says so, and goes on when they are gone.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_at_it() {
    let db = database!(Postgres);
    let mut open = db.open().await;
    chain(FIRST, "INSERT INTO nowhere VALUES (3)").upgrade(&mut open, "head").await.unwrap_err();
    drop(open);
    let holder = db
        .hold(
            "UPDATE revchain_journal SET session_id = (SELECT pid || ' ' || extract(epoch FROM backend_start)::text \
             FROM pg_stat_activity WHERE pid = pg_backend_pid()) WHERE finished_at IS NULL; COMMIT",
        )
        .await;
    let (waits, mut open) = (Arc::new(Notify::new()), db.open().await);
    let said = Arc::clone(&waits);
    let mended = chain(FIRST, "INSERT INTO d VALUES (3)");
    let run = mended.migrator().on_event(move |event| {
        if let Event::Waiting { revision, .. } = event {
            assert_eq!(revision, Some("d4"));
            said.notify_one();
        }
    });
    let (done, ()) = tokio::join!(run.upgrade(&mut open, "head"), async {
        waits.notified().await;
        assert_eq!(db.version().await, "c3");
        let error = mended.stamp(&mut db.open().await, "c3").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Busy { .. }), "{error}");
        holder.let_go().await;
    });
    done.unwrap();
    assert_eq!((db.version().await.as_str(), db.list("SELECT x FROM d").await.as_str()), ("d4", "1,3,4"));
    drop(open);
    db.finish().await;
}

/// Two programs on one server, and one of them has to wait for somebody: the other waits in line, and finds nothing left
/// to do.
#[tokio::test(flavor = "multi_thread")]
async fn in_line() {
    let db = database!(Mysql);
    let chain = three()
        .sql("d4", &["CREATE TABLE d (x INTEGER)", "ALTER TABLE runs ADD COLUMN y INTEGER", "DROP TABLE d"], &[])
        .build();
    let (mut one, mut two) = (db.open().await, db.open().await);
    chain.upgrade(&mut one, "c3").await.unwrap();
    let holder = db.hold("SELECT * FROM runs").await;
    let (begun, waits) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (begin, wait) = (Arc::clone(&begun), Arc::clone(&waits));
    let first = chain.migrator().watch_statements().on_event(move |event| {
        if let Event::StatementDone { line: Some(11), .. } = event {
            begin.notify_one();
        }
    });
    let second = chain.migrator().on_event(move |event| {
        if let Event::Waiting { revision, who, .. } = event {
            assert_eq!(revision, Some("d4"));
            assert!(who.unwrap().contains(&format!("process {}", std::process::id())), "{who:?}");
            wait.notify_one();
        }
    });
    let (first, second, ()) = tokio::join!(
        first.upgrade(&mut one, "head"),
        async {
            begun.notified().await;
            second.upgrade(&mut two, "head").await
        },
        async {
            waits.notified().await;
            holder.let_go().await;
        }
    );
    assert_eq!((first.unwrap().steps().len(), second.unwrap().steps().len()), (1, 0));
    drop((one, two));
    db.finish().await;
}
