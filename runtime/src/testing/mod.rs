//! What `#[revchain::test]` expands to: a test's database is made, handed over, and dropped again, or kept where the test fails.
//!
//! The migrated state is made once (`key.rs` says for what) and cloned for each test; how, is each driver's own file. Nothing here
//! knows a revision, and nothing of this is in a program: the feature `test` belongs in `[dev-dependencies]`.

// Without a driver there is no database to make.
#![cfg_attr(not(any(feature = "postgres", feature = "mysql", feature = "sqlite")), allow(unused_imports, dead_code))]

mod function;
mod key;
#[cfg(feature = "mysql")]
mod mysql;
mod name;
#[cfg(feature = "sqlite")]
mod place;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "prove")]
mod prove;
mod rollback;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod server;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::panic::{self, AssertUnwindSafe};
use std::time::Duration;

use futures_util::FutureExt as _;
use sqlx::pool::PoolOptions;
use sqlx::{Connection, Pool};
use tokio::runtime::Runtime;

use crate::chain::Migrations;
use crate::connect::Connect;
pub use function::{Outcome, TestFn};
#[cfg(feature = "prove")]
pub use prove::Proof;
pub use rollback::roll_back;

/// How long the end of a test waits for connections that something of it still holds.
const PARTING: Duration = Duration::from_secs(2);

/// A test, as the attribute says it.
#[derive(Debug, Clone, Copy)]
pub struct Test {
    path: &'static str,
    chain: &'static Migrations,
    at: &'static str,
    fixtures: &'static [Fixture],
    variable: &'static str,
    should_panic: bool,
}

/// A script that runs in the test's database before the test.
#[derive(Debug, Clone, Copy)]
pub struct Fixture {
    path: &'static str,
    sql: &'static str,
}

impl Fixture {
    /// A script and where it stands.
    pub const fn new(path: &'static str, sql: &'static str) -> Fixture {
        Fixture { path, sql }
    }
}

impl Test {
    /// A test of this path, at the head of a chain.
    pub const fn new(path: &'static str, chain: &'static Migrations) -> Test {
        Test { path, chain, at: "head", fixtures: &[], variable: "DATABASE_URL", should_panic: false }
    }

    /// Starts at this target instead: `base`, a revision id or the start of one, `head-1`.
    #[must_use]
    pub const fn at(mut self, target: &'static str) -> Test {
        self.at = target;
        self
    }

    /// Runs these scripts first, in this order.
    #[must_use]
    pub const fn fixtures(mut self, fixtures: &'static [Fixture]) -> Test {
        self.fixtures = fixtures;
        self
    }

    /// Reads the server's URL from this variable, and not from `DATABASE_URL`.
    #[must_use]
    pub const fn env(mut self, variable: &'static str) -> Test {
        self.variable = variable;
        self
    }

    /// A panic is what this test is about: its database is not kept.
    #[must_use]
    pub const fn should_panic(mut self) -> Test {
        self.should_panic = true;
        self
    }
}

/// Runs a test in a database of its own.
///
/// # Panics
///
/// As the test does; and where there can be no database for it, with what is in the way.
#[track_caller]
pub fn run<F: TestFn<Parameters>, Parameters>(test: Test, function: F) -> F::Output {
    function.run(test)
}

/// A driver on whose databases tests can run.
#[doc(hidden)]
pub trait Testable: sqlx::Database {
    /// The database of one test. Dropped without a word of how the test ended, it may stay until the next run.
    type Place;

    /// Makes one, migrated.
    fn make(test: &Test, runtime: &Runtime) -> Result<Made<Self>, String>;

    /// Runs a fixture.
    fn script(connection: &mut Self::Connection, sql: &'static str) -> impl Future<Output = Result<(), sqlx::Error>>;

    /// Takes it away.
    fn discard(place: Self::Place);

    /// Keeps it, and says where: until the test runs again.
    fn keep(place: Self::Place, test: &Test) -> Result<String, String>;
}

/// A database that was made for a test.
#[doc(hidden)]
pub struct Made<DB: Testable> {
    place: DB::Place,
    pool: PoolOptions<DB>,
    connect: Options<DB>,
}

type Options<DB> = <<DB as sqlx::Database>::Connection as Connection>::Options;

impl<DB: Testable> std::fmt::Debug for Made<DB> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Made").finish_non_exhaustive()
    }
}

/// From the database to its end; `body` is the test, or why it could not begin.
#[track_caller]
fn within<DB, B, Fut, O>(test: Test, body: B) -> O
where
    DB: Testable,
    B: FnOnce(PoolOptions<DB>, Options<DB>) -> Fut,
    Fut: Future<Output = Result<O, String>>,
    O: Outcome,
{
    let runtime = runtime(&test);
    let Made { place, pool, connect } = match DB::make(&test, &runtime) {
        Ok(made) => made,
        Err(reason) => refuse(&test, &reason),
    };
    if let Err(reason) = runtime.block_on(fill::<DB>(&test, &connect)) {
        DB::discard(place);
        refuse(&test, &reason);
    }
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| runtime.block_on(body(pool, connect))));
    // What the test left running ends with its runtime, and with it what still held the database.
    runtime.shutdown_background();
    let is_success = match &outcome {
        Ok(Ok(outcome)) => outcome.is_success(),
        Ok(Err(_)) => true,
        Err(_) => test.should_panic,
    };
    if is_success {
        DB::discard(place);
    } else {
        told(&match DB::keep(place, &test) {
            Ok(kept) => format!("`{}` failed; its database is kept until it runs again: {kept}", test.path),
            Err(reason) => format!("`{}` failed; its database could not be kept: {reason}", test.path),
        });
    }
    match outcome {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(reason)) => refuse(&test, &reason),
        Err(panic) => panic::resume_unwind(panic),
    }
}

/// What a test runs on: as sqlx's and tokio's own tests have it.
#[track_caller]
fn runtime(test: &Test) -> Runtime {
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => refuse(test, &format!("tokio does not start: {error}")),
    }
}

/// Brings a database to where a test starts. A `.rs` revision may panic: that is the chain's failure, and nobody else's.
async fn migrate<'c>(test: &Test, target: Option<&str>, database: impl Connect<'c>) -> Result<(), String> {
    let Some(target) = target else { return Ok(()) };
    let reason = match AssertUnwindSafe(test.chain.upgrade(database, target)).catch_unwind().await {
        Ok(Ok(_)) => return Ok(()),
        Ok(Err(error)) => error.to_string(),
        Err(panic) => {
            let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            format!("a revision panicked: {}", said.unwrap_or("without a word"))
        }
    };
    Err(format!("the chain fails before the test can begin: {reason}"))
}

/// Runs the fixtures, where there are any.
async fn fill<DB: Testable>(test: &Test, connect: &Options<DB>) -> Result<(), String> {
    if test.fixtures.is_empty() {
        return Ok(());
    }
    let mut connection = DB::Connection::connect_with(connect).await.map_err(unreachable)?;
    scripts::<DB>(test, &mut connection).await?;
    connection.close().await.map_err(unreachable)
}

/// Runs the fixtures on a connection.
async fn scripts<DB: Testable>(test: &Test, connection: &mut DB::Connection) -> Result<(), String> {
    for fixture in test.fixtures {
        if let Err(error) = DB::script(connection, fixture.sql).await {
            let line = line_of(&error, fixture.sql).map_or(String::new(), |line| format!(":{line}"));
            return Err(format!("the fixture {}{line} fails: {}", fixture.path, words(&error)));
        }
    }
    Ok(())
}

/// Where a script went wrong, where the database tells.
fn line_of(error: &sqlx::Error, sql: &str) -> Option<usize> {
    #[cfg(feature = "postgres")]
    {
        let error = error.as_database_error()?.try_downcast_ref::<sqlx::postgres::PgDatabaseError>()?;
        let Some(sqlx::postgres::PgErrorPosition::Original(position)) = error.position() else { return None };
        Some(1 + sql.chars().take(position.saturating_sub(1)).filter(|character| *character == '\n').count())
    }
    #[cfg(not(feature = "postgres"))]
    None
}

/// The database's own words, without sqlx's around them.
fn words(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Io(error) => format!("nobody answers there: {error}"),
        error => error.to_string(),
    }
}

fn unreachable(error: sqlx::Error) -> String {
    format!("the test's database can't be reached: {}", words(&error))
}

/// Closes a test's pool. Something that the test left running may hold a connection for ever.
async fn part<DB: sqlx::Database>(test: &Test, pool: Pool<DB>) {
    if tokio::time::timeout(PARTING, pool.close()).await.is_err() {
        told(&format!("`{}` has ended, and something that it started still holds a connection", test.path));
    }
}

/// The test can't begin.
#[track_caller]
#[expect(clippy::panic, reason = "this is how a test fails")]
fn refuse(test: &Test, reason: &str) -> ! {
    panic!("no database for the test `{}`\n  {reason}\n", test.path)
}

/// Says something where the test harness shows it: with the output of this test.
#[expect(clippy::print_stderr, reason = "the author of the test reads this")]
fn told(message: &str) {
    eprintln!("revchain: {message}");
}
