//! `rollback` on every server: what tests share, and what becomes of it when one of them commits.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use revchain::testing::{Fixture, Test, roll_back, run};
use sqlx::{Connection as _, raw_sql};

use super::common::child::unique;
use super::common::child::{self, Child};
use super::common::{self, Chain};
use super::scenarios::{databases, failure};
use super::{BUSY, CURRENT, Connection, DIALECT, MIGRATIONS, Pool, VARIABLE};

const CHILD: &str = "rollback::child";
const ROLE: &str = "REVCHAIN_TEST_ROLE";
const REVISION: &str = "REVCHAIN_TEST_REVISION";
const ADDS: &str = "INSERT INTO users (id, name) VALUES (1, 'Ada')";
/// Each test here has a chain, and so a database, of its own.
const TABLE: &str = "CREATE TABLE users (id INT, name VARCHAR(9))";

fn server() -> Option<String> {
    common::server(DIALECT, VARIABLE)
}

fn test(revision: &str) -> Test {
    let id: &'static str = revision.to_owned().leak();
    Test::new("tests::rolls_back", Chain::new().sql(id, &[TABLE], &[]).build()).env(VARIABLE)
}

async fn names(connection: &mut Connection) -> Vec<String> {
    sqlx::query_scalar("SELECT name FROM users ORDER BY id").fetch_all(connection).await.unwrap()
}

async fn adds(connection: &mut Connection) -> String {
    assert!(names(connection).await.is_empty(), "nobody else's");
    sqlx::query(ADDS).execute(&mut *connection).await.unwrap();
    assert_eq!(names(connection).await, ["Ada"]);
    sqlx::query_scalar(CURRENT).fetch_one(connection).await.unwrap()
}

/// Notes which database the tests of a chain share.
fn shared(test: Test) -> String {
    let used = Mutex::new(String::new());
    roll_back(test, async |connection: &mut Connection| *used.lock().unwrap() = adds(connection).await);
    used.into_inner().unwrap()
}

#[test]
fn tests_share_a_database_and_see_nothing_of_each_other() {
    let Some(server) = server() else { return };
    let test = test(&unique());
    let used = Mutex::new(BTreeSet::new());
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                roll_back(test, async |connection: &mut Connection| {
                    let database = adds(connection).await;
                    used.lock().unwrap().insert(database);
                });
            });
        }
    });
    let used = used.into_inner().unwrap();
    assert_eq!(used.len(), 1, "{used:?}");
    assert!(used.is_subset(&databases(&server)), "and it lasts");
}

#[test]
fn processes_share_it_too() {
    let Some(_) = server() else { return };
    let revision = unique();
    let variables = [(ROLE, "passes"), (REVISION, revision.as_str())];
    let (one, two) = (child::ended(CHILD, &variables), child::ended(CHILD, &variables));
    assert!(one.is_success && two.is_success, "{}{}", one.output, two.output);
    assert_eq!((one.said.len(), &one.said), (1, &two.said));
}

#[test]
fn a_transaction_of_the_test_is_a_savepoint() {
    let Some(_) = server() else { return };
    let test = test(&unique());
    let before = shared(test);
    roll_back(test, async |connection: &mut Connection| {
        let mut transaction = connection.begin().await.unwrap();
        adds(&mut transaction).await;
        transaction.commit().await.unwrap();
        assert_eq!(names(connection).await, ["Ada"]);
        let mut transaction = connection.begin().await.unwrap();
        sqlx::query("DELETE FROM users").execute(&mut *transaction).await.unwrap();
        transaction.rollback().await.unwrap();
        assert_eq!(names(connection).await, ["Ada"]);
    });
    assert_eq!(shared(test), before);
}

#[test]
fn an_error_is_not_the_end_of_the_transaction() {
    let Some(_) = server() else { return };
    let test = test(&unique());
    let before = shared(test);
    roll_back(test, async |connection: &mut Connection| {
        adds(connection).await;
        raw_sql("SELECT nothing FROM nowhere").execute(connection).await.unwrap_err();
    });
    assert_eq!(shared(test), before);
}

#[test]
fn a_test_that_fails_is_rolled_back() {
    let Some(_) = server() else { return };
    let test = test(&unique());
    let before = shared(test);
    let message = failure(|| {
        roll_back(test, async |connection: &mut Connection| {
            adds(connection).await;
            assert!(names(connection).await.is_empty(), "on purpose");
        });
    });
    assert!(message.contains("on purpose"), "{message}");
    let refused = roll_back(test, async |connection: &mut Connection| {
        adds(connection).await;
        Err::<(), _>("on purpose")
    });
    assert_eq!(refused, Err("on purpose"));
    assert_eq!(shared(test), before);
}

#[test]
fn fixtures_are_rolled_back() {
    let Some(_) = server() else { return };
    let test = test(&unique());
    let users = const { &[Fixture::new("fixtures/users.sql", include_str!("../fixtures/users.sql"))] };
    for _ in 0..2 {
        roll_back(test.fixtures(users), async |connection: &mut Connection| {
            assert_eq!(names(connection).await, ["Ada", "Grace"]);
        });
    }
    let wrong = const { &[Fixture::new("fixtures/wrong.sql", "SELECT 3 FROM nowhere")] };
    let message = failure(|| roll_back(test.fixtures(wrong), async |_: &mut Connection| {}));
    assert!(message.contains("\n  the fixture fixtures/wrong.sql"), "{message}");
    shared(test);
}

/// However it ends: after some of these nothing is left in the database, and nobody could tell.
#[test]
fn a_test_that_ends_its_transaction_fails_and_spoils_the_database() {
    let Some(server) = server() else { return };
    let test = test(&unique());
    let mut used = BTreeSet::from([shared(test)]);
    for words in
        ["COMMIT", "COMMIT; BEGIN", "ROLLBACK", "ROLLBACK; BEGIN", "COMMIT; BEGIN; SELECT nothing FROM nowhere"]
    {
        let message = failure(|| {
            roll_back(test, async |connection: &mut Connection| {
                adds(connection).await;
                let _ = raw_sql(words).execute(connection).await;
            });
        });
        assert!(
            message.starts_with("the test `tests::rolls_back` has ended the transaction that it runs in ("),
            "{message}"
        );
        assert!(
            message.contains("\n  help: COMMIT and ROLLBACK end a transaction, and on MySQL every CREATE"),
            "{message}"
        );
        assert!(used.insert(shared(test)), "{words}: another one");
    }
    // What is spoilt goes when nobody is in it: one more of them takes all along whose sessions the server has seen go.
    wait_until_nobody_is_in(&server, &used);
    let before = shared(test);
    failure(|| {
        roll_back(test, async |connection: &mut Connection| raw_sql("COMMIT").execute(connection).await.map(drop))
    });
    used.remove(&before);
    let left = databases(&server);
    assert_eq!(used.intersection(&left).next(), None);
    assert_ne!(shared(test), before);
}

#[test]
fn a_test_that_commits_and_panics_spoils_the_database() {
    let Some(_) = server() else { return };
    let test = test(&unique());
    let before = shared(test);
    let message = failure(|| {
        roll_back(test, async |connection: &mut Connection| {
            adds(connection).await;
            raw_sql("COMMIT").execute(connection).await.unwrap();
            assert!(before.is_empty(), "on purpose");
        });
    });
    assert!(message.contains("on purpose"), "{message}");
    assert_ne!(shared(test), before);
}

/// Nobody was there to tell: the row that only a commit leaves tells.
#[test]
fn what_a_killed_test_committed_nobody_sees() {
    let Some(_) = server() else { return };
    let revision = unique();
    let killed = child::killed(CHILD, &[(ROLE, "commits"), (REVISION, &revision)]);
    let ended = child::ended(CHILD, &[(ROLE, "passes"), (REVISION, &revision)]);
    assert!(ended.is_success, "{}", ended.output);
    assert_ne!(ended.said, [killed]);
}

/// A process that has used it before finds out as well.
#[test]
fn what_another_process_committed_nobody_sees() {
    let Some(_) = server() else { return };
    let revision = unique();
    let test = test(&revision);
    let before = shared(test);
    let killed = child::killed(CHILD, &[(ROLE, "commits"), (REVISION, &revision)]);
    assert_eq!(killed, before);
    assert_ne!(shared(test), before);
}

#[test]
fn a_shared_database_that_is_gone_is_made_again() {
    let Some(server) = server() else { return };
    let test = test(&unique());
    let before = shared(test);
    drops(&server, &before);
    assert_ne!(shared(test), before);
}

#[tokio::main(flavor = "current_thread")]
async fn wait_until_nobody_is_in(server: &str, used: &BTreeSet<String>) {
    // A hand of ours that has just made a copy, or a session that the server has not seen go. More looks than either takes.
    for _ in 0..5000 {
        let busy = common::select(DIALECT, server, BUSY).await.unwrap();
        if !busy.iter().any(|database| used.contains(database)) {
            return;
        }
    }
    panic!("somebody stays in one of {used:?}");
}

#[tokio::main(flavor = "current_thread")]
async fn drops(server: &str, database: &str) {
    let force = if DIALECT == revchain::Dialect::Postgres { " WITH (FORCE)" } else { "" };
    common::select(DIALECT, server, &format!("DROP DATABASE {database}{force}")).await.unwrap();
}

#[revchain::test(MIGRATIONS, rollback, env = "NOBODY_SETS_THIS")]
#[should_panic(expected = "`NOBODY_SETS_THIS` is not set: a test that takes a `")]
async fn the_attribute_says_it(connection: &mut Connection) {
    names(connection).await;
}

/// Tests of both kinds, of one chain.
#[test]
fn a_pool_has_a_database_of_its_own() {
    let Some(_) = server() else { return };
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let test = test(&unique());
    let before = shared(test);
    run(test, async |pool: Pool| {
        let database: String = sqlx::query_scalar(CURRENT).fetch_one(&pool).await.unwrap();
        assert_ne!(database, before);
        RUNS.fetch_add(1, Ordering::Relaxed);
    });
    assert_eq!(RUNS.load(Ordering::Relaxed), 1);
    assert_eq!(shared(test), before);
}

/// Not a test, and nothing where nobody asked for it.
#[test]
fn child() {
    let (Some(child), Ok(role)) = (Child::here(), std::env::var(ROLE)) else { return };
    let test = test(&std::env::var(REVISION).unwrap());
    roll_back(test, async |connection: &mut Connection| {
        let database = adds(connection).await;
        if role == "commits" {
            raw_sql("COMMIT").execute(connection).await.unwrap();
        }
        child.says(&database);
    });
}
