//! `#[revchain::test]` on SQLite, without a server: what a test may take, where it starts, and what is left of it.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite", feature = "test"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say so when they fail")]
#![allow(deprecated, reason = "no build script watches the chain of these tests")]

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use common::Chain;
use common::child::{self, Child};
use revchain::__private::StepFuture;
use revchain::Op;
use revchain::testing::{Fixture, Test, roll_back, run};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Connection, Sqlite, SqliteConnection, SqlitePool};

revchain::embed_migrations!("tests/migrations");

async fn names(pool: &SqlitePool) -> Vec<String> {
    sqlx::query_scalar("SELECT name FROM users ORDER BY id").fetch_all(pool).await.unwrap()
}

#[revchain::test(MIGRATIONS)]
async fn a_test_starts_at_head(pool: SqlitePool) {
    assert!(MIGRATIONS.current(&pool).await.unwrap().is_head());
    assert!(names(&pool).await.is_empty());
}

#[revchain::test]
async fn the_chain_of_the_crate_is_meant(pool: SqlitePool) -> revchain::Result {
    assert!(MIGRATIONS.current(&pool).await?.is_head());
    Ok(())
}

#[revchain::test(crate::MIGRATIONS)]
async fn a_connection_of_the_pool(mut connection: PoolConnection<Sqlite>) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO users (name, email) VALUES ('Ada', '')").execute(&mut *connection).await?;
    Ok(())
}

#[revchain::test]
async fn what_makes_a_pool(pool: SqlitePoolOptions, connect: SqliteConnectOptions) {
    let pool = pool.max_connections(2).connect_with(connect.read_only(true)).await.unwrap();
    assert!(names(&pool).await.is_empty());
    sqlx::query("DELETE FROM users").execute(&pool).await.unwrap_err();
}

#[revchain::test(migrations = "tests/migrations")]
async fn a_directory_for_one_test(pool: SqlitePool) {
    assert!(names(&pool).await.is_empty());
}

#[revchain::test(migrations = false)]
async fn an_empty_database(pool: SqlitePool) {
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema").fetch_one(&pool).await.unwrap();
    assert_eq!(tables, 0);
}

#[revchain::test(at = "base")]
async fn before_the_first_revision(pool: SqlitePool) {
    assert_eq!(MIGRATIONS.current(&pool).await.unwrap().revision().map(|revision| revision.id()), None);
}

/// A data migration's test: three lines.
#[revchain::test(MIGRATIONS, at = "a1b2c3d4e5f6")]
async fn rows_from_before_a_revision(pool: SqlitePool) {
    sqlx::query("INSERT INTO users (id, name) VALUES (1, 'Ada')").execute(&pool).await.unwrap();
    MIGRATIONS.upgrade(&pool, "+1").await.unwrap();
    let row: (String, Option<String>) = sqlx::query_as("SELECT name, email FROM users").fetch_one(&pool).await.unwrap();
    assert_eq!(row, ("Ada".to_owned(), None));
}

#[revchain::test(fixtures("users", "emails.sql"))]
async fn fixtures_run_in_order(pool: SqlitePool) {
    assert_eq!(names(&pool).await, ["Ada", "Grace"]);
    let email: String = sqlx::query_scalar("SELECT email FROM users WHERE id = 1").fetch_one(&pool).await.unwrap();
    assert_eq!(email, "ada@example.org");
}

#[revchain::test(MIGRATIONS, fixtures("users"), fixtures("./fixtures/more/nobody.sql"))]
async fn fixtures_by_their_paths(pool: SqlitePool) {
    assert!(names(&pool).await.is_empty());
}

#[revchain::test(MIGRATIONS, fixtures(path = "fixtures/more", scripts("nobody")), fixtures("users"))]
async fn fixtures_of_another_folder(pool: SqlitePool) {
    assert_eq!(names(&pool).await, ["Ada", "Grace"]);
}

#[revchain::test]
async fn every_connection_sees_the_same_rows(pool: SqlitePool) {
    let (mut one, mut two) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
    sqlx::query("INSERT INTO users (name) VALUES ('Ada')").execute(&mut *one).await.unwrap();
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM users").fetch_one(&mut *two).await.unwrap();
    assert_eq!(count, 1);
}

#[revchain::test]
#[should_panic(expected = "on purpose")]
async fn a_test_that_should_panic_keeps_nothing(_pool: SqlitePool) {
    panic!("on purpose");
}

#[revchain::test(MIGRATIONS, rollback, fixtures("users"))]
async fn in_a_transaction(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    sqlx::query("DELETE FROM users WHERE name = 'Ada'").execute(&mut *transaction).await?;
    transaction.commit().await?;
    let names: Vec<String> = sqlx::query_scalar("SELECT name FROM users").fetch_all(connection).await?;
    assert_eq!(names, ["Grace"]);
    Ok(())
}

/// As those write it who test on several databases.
macro_rules! written_by_a_macro {
    ($test:ident, $at:literal, $body:block) => {
        #[revchain::test(MIGRATIONS, at = $at)]
        async fn $test(_pool: SqlitePool) $body
    };
}

written_by_a_macro!(a_macro_writes_tests, "base", { assert_eq!(MIGRATIONS.len(), 2) });

/// Runs a test that fails, and gives what the harness would show.
fn failure<O>(test: impl FnOnce() -> O) -> String {
    let Err(panic) = catch_unwind(AssertUnwindSafe(test)) else { panic!("the test did not fail") };
    panic.downcast::<String>().map_or_else(|panic| (*panic.downcast::<&str>().unwrap()).to_owned(), |text| *text)
}

/// What outlives a test.
fn lasting() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    let lasting = program.parent().unwrap().parent().unwrap().join("revchain-test");
    std::fs::create_dir_all(&lasting).unwrap();
    lasting
}

/// Where the database of a test is that failed.
fn kept(start: &str) -> Vec<PathBuf> {
    let files = std::fs::read_dir(lasting().join("failed")).into_iter().flatten().map(|entry| entry.unwrap().path());
    files.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(start)).collect()
}

fn fail() {
    panic!("on purpose");
}

async fn adds(pool: SqlitePool) {
    sqlx::query("INSERT INTO users (name) VALUES ('Ada')").execute(&pool).await.unwrap();
}

#[test]
fn what_failed_is_kept_until_the_test_runs_again() {
    let test = Test::new("tests::keeps_what_failed", &MIGRATIONS);
    let failing = async |pool: SqlitePool| {
        adds(pool).await;
        fail();
    };
    for _ in 0..2 {
        assert_eq!(failure(|| run(test, failing)), "on purpose");
        let kept = kept("tests_keeps_what_failed_");
        let [kept] = &kept[..] else { panic!("the newest, and no other: {kept:?}") };
        assert_eq!(names_in(kept), ["Ada"]);
    }
    let refused: Result<(), &str> = run(test, async |_: SqlitePool| Err("on purpose"));
    assert_eq!(refused, Err("on purpose"));
    let [kept_now] = &kept("tests_keeps_what_failed_")[..] else { panic!("the newest") };
    assert!(names_in(kept_now).is_empty(), "the newest");
    run(test, adds);
    assert!(kept("tests_keeps_what_failed_").is_empty());
}

#[tokio::main(flavor = "current_thread")]
async fn names_in(path: &Path) -> Vec<String> {
    let options = SqliteConnectOptions::new().filename(path);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let names = sqlx::query_scalar("SELECT name FROM users").fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    names
}

#[test]
fn a_panic_that_should_be_keeps_nothing() {
    let test = Test::new("tests::should_panic", &MIGRATIONS).should_panic();
    assert_eq!(failure(|| run(test, async |_: SqlitePool| fail())), "on purpose");
    assert!(kept("tests_should_panic_").is_empty());
}

/// What a connection that is still open has not written back is kept, too.
#[test]
fn a_log_is_kept_with_its_database() {
    let chain = Chain::new()
        .batches("a1", &[common::batch(common::Mode::NoTransaction, &["PRAGMA journal_mode = WAL"])], &[])
        .sql("b2", &["CREATE TABLE users (name TEXT)"], &[])
        .build();
    let test = Test::new("tests::keeps_the_log", chain);
    let files = |ending: &str| -> Vec<PathBuf> {
        kept("tests_keeps_the_log_").into_iter().filter(|path| path.extension().unwrap() == ending).collect()
    };
    let leaked = Mutex::new(None);
    let failing = async |pool: SqlitePoolOptions, connect: SqliteConnectOptions| {
        let pool = pool.connect_with(connect).await.unwrap();
        *leaked.lock().unwrap() = Some(pool.acquire().await.unwrap().detach());
        adds(pool).await;
        fail();
    };
    failure(|| run(test, failing));
    let [database] = &files("db")[..] else { panic!("one database") };
    assert_eq!(files("db-wal").len(), 1);
    assert_eq!(names_in(database), ["Ada"]);
    drop(leaked);
    run(test, adds);
    assert!(kept("tests_keeps_the_log_").is_empty());
}

#[test]
fn nothing_is_left_of_what_passed() {
    static PLACES: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
    let test = Test::new("tests::leaves_nothing", &MIGRATIONS);
    std::thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| {
                run(test, async |pool: SqlitePool| {
                    PLACES.lock().unwrap().push(pool.connect_options().get_filename().to_owned());
                    adds(pool.clone()).await;
                    assert_eq!(names(&pool).await, ["Ada"], "nobody else's");
                });
            });
        }
    });
    let places = std::mem::take(&mut *PLACES.lock().unwrap());
    assert_eq!(places.len(), 50);
    for place in places {
        assert!(!place.parent().unwrap().exists(), "{}", place.display());
    }
}

/// A test means the same on each database: who commits would spoil what others share, if this were a server.
#[test]
fn a_test_that_ends_its_transaction_fails() {
    let test = Test::new("tests::commits", &MIGRATIONS);
    for words in ["COMMIT", "COMMIT; BEGIN", "ROLLBACK", "ROLLBACK; BEGIN"] {
        let message = failure(|| {
            roll_back(test, async |connection: &mut SqliteConnection| {
                sqlx::raw_sql(sqlx::AssertSqlSafe(words)).execute(connection).await.map(drop)
            })
        });
        let start =
            "the test `tests::commits` has ended the transaction that it runs in (no such savepoint: revchain_test)";
        assert!(message.starts_with(start), "{message}");
    }
}

#[test]
fn nobody_waits_for_the_transaction_of_another_test() {
    let test = Test::new("tests::writes", &MIGRATIONS);
    let writes = "INSERT INTO users (name) VALUES ('Ada')";
    roll_back(test, async |connection: &mut SqliteConnection| {
        sqlx::query(writes).execute(&mut *connection).await.unwrap();
        let other = std::thread::spawn(move || {
            roll_back(test, async |connection: &mut SqliteConnection| {
                sqlx::query(writes).execute(connection).await.map(drop)
            })
        });
        other.join().unwrap().unwrap();
    });
}

#[test]
fn a_chain_runs_once_for_all_its_tests() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    fn count<'a>(op: &'a mut Op<'_>) -> StepFuture<'a> {
        RUNS.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move {
            op.execute("CREATE TABLE users (name TEXT)").await?;
            Ok(())
        })
    }
    let chain = Chain::new().functions("a1", count, count).build();
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| run(Test::new("tests::counts", chain), adds));
        }
    });
    // Not even once, where this very program has run before.
    assert!(RUNS.load(Ordering::Relaxed) <= 1);
}

#[test]
fn a_chain_that_has_changed_is_run_again() {
    let chain = |sql: &str| Chain::new().sql("a1", &[sql], &[]).build();
    run(Test::new("tests::changes", chain("CREATE TABLE users (name TEXT)")), adds);
    let test = Test::new("tests::changes", chain("CREATE TABLE users (name TEXT, email TEXT)"));
    run(test, async |pool: SqlitePool| {
        sqlx::query("INSERT INTO users (email) VALUES ('')").execute(&pool).await.unwrap();
    });
}

#[test]
fn a_chain_that_fails_half_way_fails_each_test() {
    let chain = Chain::new().sql("a1", &["CREATE TABLE a (id INT)"], &[]).sql("b2", &["DROP TABLE b"], &[]).build();
    for path in ["tests::one", "tests::two"] {
        let message = failure(|| run(Test::new(path, chain), adds));
        let start = format!("no database for the test `{path}`\n  the chain fails before the test can begin: ");
        assert!(message.starts_with(&start), "{message}");
        assert!(message.contains("no such table: b") && message.contains("b2_test.sql"), "{message}");
    }
    // What is below the failure can be tested.
    run(Test::new("tests::one", chain).at("a1"), async |_: SqlitePool| {});
}

#[test]
fn a_revision_that_panics_is_a_chain_that_fails() {
    let message = failure(|| run(Test::new("tests::panics", common::panics()), adds));
    assert!(
        message.contains("\n  the chain fails before the test can begin: a revision panicked: on purpose"),
        "{message}"
    );
}

#[test]
fn a_fixture_that_fails_is_named() {
    let fixtures = const { &[Fixture::new("fixtures/rows.sql", "INSERT INTO nowhere VALUES (1)")] };
    let message = failure(|| run(Test::new("tests::fills", &MIGRATIONS).fixtures(fixtures), adds));
    assert_eq!(
        message,
        "no database for the test `tests::fills`\n  the fixture fixtures/rows.sql fails: no such table: nowhere\n"
    );
    assert!(kept("tests_fills_").is_empty(), "the test did not even begin");
}

#[test]
fn a_target_that_the_chain_does_not_have() {
    let message = failure(|| run(Test::new("tests::lost", &MIGRATIONS).at("c3"), adds));
    assert!(message.contains("it starts at `c3`: Can't locate revision identified by 'c3'"), "{message}");
}

#[test]
fn what_a_killed_process_left_is_swept_by_the_next() {
    let killed = PathBuf::from(child::killed("child", &[]));
    assert!(killed.exists(), "nobody could take it away: {}", killed.display());
    let ended = child::ended("child", &[]);
    assert!(ended.is_success, "{}", ended.output);
    assert!(!killed.parent().unwrap().exists(), "{}", killed.display());
    assert!(!Path::new(&ended.said[0]).exists());
}

/// All of them find that there is none, and queue for the lock, which is ours until then.
#[test]
fn many_processes_make_one_image() {
    let lock = std::fs::File::create(lasting().join("lock")).unwrap();
    lock.lock().unwrap();
    let revision = child::unique();
    let children: Vec<_> = (0..6).map(|_| child::started("child", &[(REVISION, revision.as_str())])).collect();
    lock.unlock().unwrap();
    let said: Vec<String> = children.into_iter().flat_map(child::Running::ended).collect();
    assert_eq!(said.iter().filter(|words| *words == "migrates").count(), 1, "{said:?}");
    assert_eq!(said.len(), 7);
}

/// In which chain a child works, where it is not this file's.
const REVISION: &str = "REVCHAIN_TEST_REVISION";

/// Not a test, and nothing where nobody asked for it.
#[test]
fn child() {
    fn migrates<'a>(op: &'a mut Op<'_>) -> StepFuture<'a> {
        Child::here().unwrap().says("migrates");
        Box::pin(async move { op.execute("CREATE TABLE users (name TEXT)").await.map(drop) })
    }
    let Some(child) = Child::here() else { return };
    let chain = match std::env::var(REVISION) {
        Ok(revision) => {
            child.says("begins");
            Chain::new().functions(revision.leak(), migrates, migrates).build()
        }
        Err(_) => &MIGRATIONS,
    };
    run(Test::new("tests::child", chain), async |pool: SqlitePool| {
        child.says(&pool.connect_options().get_filename().display().to_string());
    });
}
