//! What a test's function may take, as `#[sqlx::test]` has it: a pool, a connection of one, or what makes a pool. And what it may
//! give. Never opens or drops a database.

use sqlx::Pool;
use sqlx::pool::{PoolConnection, PoolOptions};

use super::{Options, Test, Testable, part, within};

/// A function that can be a test: it takes a `Pool`, a `PoolConnection`, or `PoolOptions` and the driver's options to connect with,
/// and gives nothing or a `Result`.
#[diagnostic::on_unimplemented(
    message = "this function is no test with a database",
    label = "expected `(Pool<_>)`, `(PoolConnection<_>)` or `(PoolOptions<_>, <options to connect with>)`, and `()` or a `Result`",
    note = "the driver is a feature of `revchain`: `postgres`, `mysql` or `sqlite`"
)]
pub trait TestFn<Parameters> {
    /// What it gives.
    type Output: Outcome;

    #[doc(hidden)]
    #[track_caller]
    fn run(self, test: Test) -> Self::Output;
}

/// What a test gives: nothing, or a `Result`.
pub trait Outcome {
    /// Whether the test's database is needed no more.
    fn is_success(&self) -> bool;
}

impl Outcome for () {
    fn is_success(&self) -> bool {
        true
    }
}

impl<T, E> Outcome for Result<T, E> {
    fn is_success(&self) -> bool {
        self.is_ok()
    }
}

impl<DB, F, Fut> TestFn<(Pool<DB>,)> for F
where
    DB: Testable,
    F: FnOnce(Pool<DB>) -> Fut,
    Fut: Future<Output: Outcome>,
{
    type Output = Fut::Output;

    #[track_caller]
    fn run(self, test: Test) -> Fut::Output {
        within(test, async move |pool, connect| {
            let pool: Pool<DB> = PoolOptions::connect_with(pool, connect).await.map_err(super::unreachable)?;
            let outcome = self(pool.clone()).await;
            part(&test, pool).await;
            Ok(outcome)
        })
    }
}

impl<DB, F, Fut> TestFn<(PoolConnection<DB>,)> for F
where
    DB: Testable,
    F: FnOnce(PoolConnection<DB>) -> Fut,
    Fut: Future<Output: Outcome>,
{
    type Output = Fut::Output;

    #[track_caller]
    fn run(self, test: Test) -> Fut::Output {
        within(test, async move |pool, connect| {
            let pool: Pool<DB> = PoolOptions::connect_with(pool, connect).await.map_err(super::unreachable)?;
            let connection = pool.acquire().await.map_err(super::unreachable)?;
            let outcome = self(connection).await;
            part(&test, pool).await;
            Ok(outcome)
        })
    }
}

impl<DB, F, Fut> TestFn<(PoolOptions<DB>, Options<DB>)> for F
where
    DB: Testable,
    F: FnOnce(PoolOptions<DB>, Options<DB>) -> Fut,
    Fut: Future<Output: Outcome>,
{
    type Output = Fut::Output;

    #[track_caller]
    fn run(self, test: Test) -> Fut::Output {
        within(test, async move |pool, connect| Ok(self(pool, connect).await))
    }
}
