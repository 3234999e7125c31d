//! What `#[revchain::test(…, rollback)]` expands to: a test in a transaction that is rolled back, in a migrated database that many
//! tests share. Never commits anything, and never trusts a database in which somebody else's test did.
//!
//! Each test sets a savepoint first. Whoever ends the transaction, by COMMIT, by ROLLBACK, or on MySQL by any DDL, ends the savepoint
//! with it: so going back to it at the end says whether the transaction is still the one that began, even where an error has broken
//! it. A row that only a commit leaves says the same to every other process, whatever has become of this one.

#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) mod server;

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};

use futures_util::FutureExt as _;
use sqlx::{Connection, Transaction};
use tokio::runtime::Runtime;

use super::{Options, Outcome, Test, Testable, refuse, runtime, scripts, told, unreachable, words};

/// How many databases may turn out to be spoilt before a test gives up: its neighbours may be about to commit.
const TRIES: usize = 5;
const BACK: &str = "ROLLBACK TO SAVEPOINT revchain_test";

/// A driver whose tests can share a database.
#[doc(hidden)]
pub trait Shareable: Testable {
    /// A database, for as long as a test is in it.
    type Lent;

    /// Where to connect to.
    fn lend(test: &Test, runtime: &Runtime) -> Result<(Self::Lent, Options<Self>), String>;

    /// Sets the savepoint, and the row that only a commit leaves. Says whether no test before has left one.
    fn mark(lent: &Self::Lent, connection: &mut Self::Connection) -> impl Future<Output = Result<bool, sqlx::Error>>;

    /// Whether there is no such database any more.
    fn is_gone(error: &sqlx::Error) -> bool;

    /// Lets no test begin in it any more.
    fn spoil(lent: Self::Lent) -> Result<(), String>;
}

/// How a test went.
enum Run<F, O> {
    /// It did not begin: its database is spoilt, or gone.
    Not(F),
    Ended(Result<O, Box<dyn Any + Send>>, Result<(), sqlx::Error>),
}

/// Runs a test in a transaction that is rolled back.
///
/// # Panics
///
/// As the test does; where there can be no database for it, with what is in the way; and where the test ends the transaction.
#[track_caller]
pub fn roll_back<C, F, O>(test: Test, function: F) -> O
where
    C: Connection<Database: Shareable<Connection = C>>,
    F: AsyncFnOnce(&mut C) -> O,
    O: Outcome,
{
    let runtime = runtime(&test);
    let mut function = function;
    let mut tries = 0..TRIES;
    let (lent, outcome, back) = loop {
        let (lent, connect) = match C::Database::lend(&test, &runtime) {
            Ok(lent) => lent,
            Err(reason) => refuse(&test, &reason),
        };
        match runtime.block_on(within::<C, F, O>(&test, &lent, &connect, function)) {
            Ok(Run::Ended(outcome, back)) => break (lent, outcome, back),
            Ok(Run::Not(again)) if tries.next().is_some() => function = again,
            Ok(Run::Not(_)) => refuse(&test, "each database that tests with `rollback` share is spoilt by one of them"),
            Err(reason) => refuse(&test, &reason),
        }
        spoil::<C::Database>(lent);
    };
    runtime.shutdown_background();
    let ended = back.err().map(|error| {
        spoil::<C::Database>(lent);
        ended(&error)
    });
    match (outcome, ended) {
        (Ok(_), Some(reason)) => fail(&test, &reason),
        (Ok(outcome), None) => {
            if !outcome.is_success() {
                told(&format!("`{}` failed, and is rolled back; without `rollback` its database is kept", test.path));
            }
            outcome
        }
        (Err(panic), ended) => {
            if let Some(reason) = ended {
                told(&format!("`{}` {reason}", test.path));
            } else if !test.should_panic {
                told(&format!("`{}` failed, and is rolled back; without `rollback` its database is kept", test.path));
            }
            panic::resume_unwind(panic)
        }
    }
}

/// From the beginning of the transaction to its end.
async fn within<C, F, O>(
    test: &Test,
    lent: &<C::Database as Shareable>::Lent,
    connect: &C::Options,
    function: F,
) -> Result<Run<F, O>, String>
where
    C: Connection<Database: Shareable<Connection = C>>,
    F: AsyncFnOnce(&mut C) -> O,
{
    let is_gone = <C::Database as Shareable>::is_gone;
    let mut connection = match C::connect_with(connect).await {
        Err(error) if is_gone(&error) => return Ok(Run::Not(function)),
        connected => connected.map_err(unreachable)?,
    };
    let mut transaction = connection.begin().await.map_err(unreachable)?;
    match C::Database::mark(lent, &mut transaction).await {
        Ok(true) => {}
        Ok(false) => return Ok(Run::Not(function)),
        Err(error) if is_gone(&error) => return Ok(Run::Not(function)),
        Err(error) => return Err(unreachable(error)),
    }
    scripts::<C::Database>(test, &mut transaction).await?;
    let outcome = AssertUnwindSafe(function(&mut transaction)).catch_unwind().await;
    let back = back::<C::Database>(transaction).await;
    // What the session holds besides ends with it. Nothing hangs on how it says good-bye.
    drop(connection.close().await);
    Ok(Run::Ended(outcome, back))
}

/// Takes everything back. An error says that it may not be everything.
async fn back<DB: Shareable>(mut transaction: Transaction<'_, DB>) -> Result<(), sqlx::Error> {
    DB::script(&mut transaction, BACK).await?;
    transaction.rollback().await
}

fn spoil<DB: Shareable>(lent: DB::Lent) {
    if let Err(reason) = DB::spoil(lent) {
        told(&format!("a database that a test has spoilt could not be thrown away: {reason}"));
    }
}

/// What is wrong with a test that can't be rolled back.
fn ended(error: &sqlx::Error) -> String {
    format!(
        "has ended the transaction that it runs in ({}): what it wrote may have stayed in the database that tests with `rollback` \
         share, which is thrown away\n  help: COMMIT and ROLLBACK end a transaction, and on MySQL every CREATE, ALTER, DROP and TRUNCATE; \
         a test that needs them has no `rollback`, and so a database of its own",
        words(error)
    )
}

/// A test that has passed and should not have.
#[track_caller]
#[expect(clippy::panic, reason = "this is how a test fails")]
fn fail(test: &Test, reason: &str) -> ! {
    panic!("the test `{}` {reason}\n", test.path)
}
