//! Functions that `#[revchain::test]` can't make a test of.

use std::time::Duration;

use revchain::Migrations;
use revchain::sqlx::{Error, Pool, Sqlite, SqlitePool};

static MIGRATIONS: Migrations = Migrations::empty();

#[revchain::test]
fn does_not_wait(pool: SqlitePool) -> Result<(), Error> {
    pool.begin().await?.rollback().await
}

#[revchain::test]
#[should_panic]
async fn takes_nothing() {
    panic!("{:?}", Duration::ZERO);
}

#[revchain::test]
async fn of_any_driver<DB: revchain::sqlx::Database>(_: revchain::sqlx::Pool<DB>) {}

#[revchain::test]
#[tokio::test]
async fn a_test_twice(_: SqlitePool) {}

#[revchain::test]
struct NoFunction;

#[revchain::test]
async fn no_body(_: Pool<Sqlite>);

#[revchain::test(MIGRATIONS, rollback)]
async fn a_pool_in_a_transaction(_: SqlitePool) {}

#[revchain::test]
async fn a_connection_of_somebody_elses(_: &mut revchain::sqlx::SqliteConnection) {}

fn main() {}
