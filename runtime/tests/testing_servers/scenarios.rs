//! What holds on every server. The file that includes this says which: its pool, its variable, and how it lists its databases.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use revchain::__private::StepFuture;
use revchain::testing::{Fixture, Test, run};
use revchain::{Migrations, Op};
use sqlx::Row;
use sqlx::pool::PoolConnection;

use super::common::child::{self, Child};
use super::common::{self, Chain};
use super::{DATABASES, DIALECT, Driver, MIGRATIONS, Options, Pool, PoolOptions, VARIABLE, gone};

const CHILD: &str = "scenarios::child";
/// Which part a child plays, and in which chain.
const ROLE: &str = "REVCHAIN_TEST_ROLE";
const REVISION: &str = "REVCHAIN_TEST_REVISION";

fn server() -> Option<String> {
    common::server(DIALECT, VARIABLE)
}

fn test(path: &'static str) -> Test {
    Test::new(path, &MIGRATIONS).env(VARIABLE)
}

fn database(pool: &Pool) -> String {
    pool.connect_options().get_database().unwrap().to_owned()
}

async fn names(pool: &Pool) -> Vec<String> {
    sqlx::query_scalar("SELECT name FROM users ORDER BY id").fetch_all(pool).await.unwrap()
}

async fn adds(pool: Pool) {
    assert!(names(&pool).await.is_empty(), "nobody else's");
    sqlx::query("INSERT INTO users (id, name) VALUES (1, 'Ada')").execute(&pool).await.unwrap();
    assert_eq!(names(&pool).await, ["Ada"]);
}

/// The server's databases.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn databases(server: &str) -> BTreeSet<String> {
    common::select(DIALECT, server, DATABASES).await.unwrap().into_iter().collect()
}

#[tokio::main(flavor = "current_thread")]
async fn wait_until_gone(server: &str, database: &str) {
    let process = u32::from_str_radix(database.split('_').nth(2).unwrap(), 16).unwrap();
    while common::select(DIALECT, server, &gone(process)).await.unwrap() != ["1"] {}
}

pub(crate) fn failure<O>(test: impl FnOnce() -> O) -> String {
    let Err(panic) = catch_unwind(AssertUnwindSafe(test)) else { panic!("the test did not fail") };
    panic.downcast::<String>().map_or_else(|panic| (*panic.downcast::<&str>().unwrap()).to_owned(), |text| *text)
}

#[test]
fn a_test_starts_at_head_and_alone() {
    let Some(_) = server() else { return };
    for _ in 0..2 {
        run(test("tests::head"), async |pool: Pool| {
            assert!(MIGRATIONS.current(&pool).await.unwrap().is_head());
            adds(pool).await;
        });
    }
    run(test("tests::connection"), async |mut connection: PoolConnection<Driver>| {
        sqlx::query("DELETE FROM users").execute(&mut *connection).await.map(drop)
    })
    .unwrap();
    run(test("tests::options"), async |pool: PoolOptions, connect: Options| {
        adds(pool.max_connections(1).connect_with(connect).await.unwrap()).await;
    });
}

#[test]
fn rows_from_before_a_revision() {
    let Some(_) = server() else { return };
    run(test("tests::before").at("a1b2c3d4e5f6"), async |pool: Pool| {
        adds(pool.clone()).await;
        MIGRATIONS.upgrade(&pool, "+1").await.unwrap();
        let row = sqlx::query("SELECT name, email FROM users").fetch_one(&pool).await.unwrap();
        assert_eq!(row.get::<Option<String>, _>(1), None);
    });
    run(test("tests::base").at("base"), async |pool: Pool| {
        sqlx::query("SELECT name FROM users").fetch_all(&pool).await.unwrap_err();
        MIGRATIONS.upgrade(&pool, "head").await.unwrap();
    });
}

#[test]
fn fixtures_are_many_statements() {
    let Some(_) = server() else { return };
    let users = const { &[Fixture::new("fixtures/users.sql", include_str!("../fixtures/users.sql"))] };
    run(test("tests::fixtures").fixtures(users), async |pool: Pool| assert_eq!(names(&pool).await, ["Ada", "Grace"]));
    let wrong = const { &[Fixture::new("fixtures/wrong.sql", "SELECT 1;\nSELECT 2;\nSELECT 3 FROM nowhere")] };
    let message = failure(|| run(test("tests::fixtures").fixtures(wrong), adds));
    let start = "no database for the test `tests::fixtures`\n  the fixture fixtures/wrong.sql";
    assert!(message.starts_with(start) && message.contains("nowhere"), "{message}");
}

#[test]
fn a_chain_that_has_changed_is_run_again() {
    let Some(_) = server() else { return };
    let chain = |sql: &str| Chain::new().sql("a1", &[sql], &[]).build();
    let one = chain("CREATE TABLE users (id INT, name VARCHAR(9))");
    run(Test::new("tests::changes", one).env(VARIABLE), adds);
    let two = chain("CREATE TABLE users (id INT, name VARCHAR(9), email INT)");
    run(Test::new("tests::changes", two).env(VARIABLE), async |pool: Pool| {
        sqlx::query("INSERT INTO users (email) VALUES (1)").execute(&pool).await.unwrap();
    });
}

#[test]
fn two_hundred_at_once_leave_nothing_behind() {
    let Some(server) = server() else { return };
    let ended = child::ended(CHILD, &[(ROLE, "two hundred")]);
    assert!(ended.is_success, "{}", ended.output);
    let used: BTreeSet<String> = ended.said.into_iter().collect();
    assert_eq!(used.len(), 200);
    assert_eq!(used.intersection(&databases(&server)).next(), None);
}

#[test]
fn what_a_killed_process_left_is_dropped_by_the_next() {
    let Some(server) = server() else { return };
    let killed = child::killed(CHILD, &[(ROLE, "passes")]);
    assert!(databases(&server).contains(&killed), "nobody could drop it");
    wait_until_gone(&server, &killed);
    let ended = child::ended(CHILD, &[(ROLE, "passes")]);
    assert!(ended.is_success, "{}", ended.output);
    let left = databases(&server);
    assert!(!left.contains(&killed) && !left.contains(&ended.said[0]), "{left:?}");
}

#[test]
fn what_a_living_process_has_is_left_to_it() {
    let Some(server) = server() else { return };
    run(test("tests::lives"), async |pool: Pool| {
        let database = database(&pool);
        pool.close().await;
        let other = std::thread::spawn(|| child::ended(CHILD, &[(ROLE, "passes")]));
        assert!(other.join().unwrap().is_success);
        let server = server.clone();
        let left = std::thread::spawn(move || databases(&server)).join().unwrap();
        assert!(left.contains(&database), "{database} of {left:?}");
    });
}

#[test]
fn a_template_whose_maker_is_killed_is_made_again() {
    let Some(server) = server() else { return };
    let revision = child::unique();
    let variables = [(ROLE, "migrates"), (REVISION, revision.as_str())];
    let killed = child::killed(CHILD, &variables);
    let ended = child::ended(CHILD, &variables);
    assert!(ended.is_success, "{}", ended.output);
    assert_eq!(ended.said.len(), 2, "it ran the chain itself: {:?}", ended.said);
    drop((killed, server));
}

#[test]
fn many_processes_make_one_template() {
    let Some(_) = server() else { return };
    let revision = child::unique();
    let children: Vec<_> = (0..6)
        .map(|_| {
            let revision = revision.clone();
            std::thread::spawn(move || child::ended(CHILD, &[(ROLE, "migrates"), (REVISION, revision.as_str())]))
        })
        .collect();
    let mut said = Vec::new();
    for child in children {
        let ended = child.join().unwrap();
        assert!(ended.is_success, "{}", ended.output);
        said.extend(ended.said);
    }
    assert_eq!(said.iter().filter(|words| *words == "migrates").count(), 1, "{said:?}");
    assert_eq!(said.len(), 7);
}

#[test]
fn what_failed_is_kept_and_named_until_the_test_runs_again() {
    let Some(server) = server() else { return };
    let mut before = None;
    for _ in 0..2 {
        let ended = child::ended(CHILD, &[(ROLE, "fails")]);
        assert!(!ended.is_success && ended.output.contains("on purpose"), "{}", ended.output);
        let words = "revchain: `tests::child` failed; its database is kept until it runs again: ";
        let url = ended.output.lines().find_map(|line| Some(line.split_once(words)?.1)).expect(&ended.output);
        let kept = url.rsplit('/').next().unwrap().to_owned();
        let left = databases(&server);
        assert!(left.contains(&kept), "{kept} of {left:?}");
        assert!(kept == ended.said[0] || !left.contains(&ended.said[0]), "one of them");
        assert!(before.is_none_or(|before| before == kept || !left.contains(&before)), "the newest, and no other");
        assert_eq!(names_in(url), ["Ada"]);
        before = Some(kept);
    }
    assert!(child::ended(CHILD, &[(ROLE, "passes")]).is_success);
    assert!(!databases(&server).contains(&before.unwrap()));
}

#[tokio::main(flavor = "current_thread")]
async fn names_in(url: &str) -> Vec<String> {
    common::select(DIALECT, url, "SELECT name FROM users").await.unwrap()
}

#[test]
fn a_chain_that_fails_half_way_leaves_nothing() {
    let Some(server) = server() else { return };
    let ended = child::ended(CHILD, &[(ROLE, "half"), (REVISION, &child::unique())]);
    assert!(ended.is_success, "{}", ended.output);
    let [passed, message, again] = &ended.said[..] else { panic!("{:?}", ended.said) };
    assert!(
        message.contains("the chain fails before the test can begin: ") && message.contains("z9_test.sql"),
        "{message}"
    );
    assert_eq!(message, again, "and is not tried again");
    let process = passed.rsplit_once('_').unwrap().0;
    let left = databases(&server);
    assert!(!left.iter().any(|database| database.starts_with(process)), "{left:?}");
}

#[test]
fn a_chain_runs_once_for_all_its_tests() {
    let Some(_) = server() else { return };
    static RUNS: AtomicU32 = AtomicU32::new(0);
    fn count<'a>(op: &'a mut Op<'_>) -> StepFuture<'a> {
        RUNS.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move { op.execute("CREATE TABLE users (id INT, name VARCHAR(9))").await.map(drop) })
    }
    let chain = Chain::new().functions("a1", count, count).build();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| run(Test::new("tests::counts", chain).env(VARIABLE), adds));
        }
    });
    // Not even once, where this very program has run before.
    assert!(RUNS.load(Ordering::Relaxed) <= 1);
}

#[test]
fn a_revision_that_panics_is_a_chain_that_fails() {
    let Some(_) = server() else { return };
    let message = failure(|| run(Test::new("tests::panics", common::panics()).env(VARIABLE), adds));
    let words = "no database for the test `tests::panics`\n  the chain fails before the test can begin: a revision panicked: on purpose";
    assert!(message.starts_with(words), "{message}");
}

/// What is said where there can be no database; by a child, whose variables are its own.
fn message(url: &str) -> String {
    let ended = child::ended(CHILD, &[(ROLE, "passes"), (VARIABLE, url)]);
    assert!(!ended.is_success);
    assert!(!ended.output.contains("secret"), "{}", ended.output);
    ended.output
}

#[test]
fn a_server_that_is_not_there() {
    let scheme = DIALECT.name();
    let output = message(&format!("{scheme}://me:secret@127.0.0.1:1/app"));
    let words = format!(
        "no database for the test `tests::child`\n  `{VARIABLE}` is {scheme}://me:***@127.0.0.1:1/app: nobody answers there: "
    );
    assert!(output.contains(&words), "{output}");
}

#[test]
fn a_url_of_another_dialect() {
    let output = message("sqlite:app.db?password=secret");
    assert!(
        output.contains(&format!("`{VARIABLE}` is sqlite:app.db?password=***, and the test takes a `")),
        "{output}"
    );
    let output = message("app.db");
    assert!(output.contains(&format!("`{VARIABLE}`: ")) && output.contains("it has no scheme"), "{output}");
}

#[test]
fn no_url_at_all() {
    let message = failure(|| run(Test::new("tests::lost", &MIGRATIONS).env("NOBODY_SETS_THIS"), adds));
    assert!(message.contains("`NOBODY_SETS_THIS` is not set: a test that takes a `"), "{message}");
    assert!(message.contains("\n  help: NOBODY_SETS_THIS="), "{message}");
}

/// The chain that a child's parent chose: one function, which says that it runs; and where it can't work, one that fails behind it.
fn chosen(is_broken: bool) -> &'static Migrations {
    fn migrates<'a>(op: &'a mut Op<'_>) -> StepFuture<'a> {
        Child::here().unwrap().says("migrates");
        Box::pin(async move { op.execute("CREATE TABLE users (id INT, name VARCHAR(9))").await.map(drop) })
    }
    let id = std::env::var(REVISION).unwrap().leak();
    match is_broken {
        false => Chain::new().functions(id, migrates, migrates).build(),
        true => Chain::new().sql(id, &["CREATE TABLE a (id INT)"], &[]).sql("z9", &["DROP TABLE b"], &[]).build(),
    }
}

/// Not a test, and nothing where nobody asked for it.
#[test]
fn child() {
    let (Some(child), Ok(role)) = (Child::here(), std::env::var(ROLE)) else { return };
    let test = test("tests::child");
    match role.as_str() {
        "passes" => run(test, async |pool: Pool| child.says(&database(&pool))),
        "fails" => run(test, async |pool: Pool| {
            child.says(&database(&pool));
            adds(pool.clone()).await;
            assert!(names(&pool).await.is_empty(), "on purpose");
        }),
        "migrates" => {
            run(Test::new("tests::child", chosen(false)).env(VARIABLE), async |pool: Pool| {
                child.says(&database(&pool))
            });
        }
        "half" => {
            run(test, async |pool: Pool| child.says(&database(&pool)));
            for _ in 0..2 {
                let message = failure(|| run(Test::new("tests::child", chosen(true)).env(VARIABLE), adds));
                child.says(&message.replace('\n', " "));
            }
        }
        "two hundred" => {
            static USED: Mutex<Vec<String>> = Mutex::new(Vec::new());
            std::thread::scope(|scope| {
                for _ in 0..200 {
                    scope.spawn(|| {
                        run(test, async |pool: Pool| {
                            USED.lock().unwrap().push(database(&pool));
                            adds(pool).await;
                        });
                    });
                }
            });
            USED.lock().unwrap().iter().for_each(|database| child.says(database));
        }
        other => panic!("`{other}` is no part"),
    }
}
