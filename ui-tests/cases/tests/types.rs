//! Functions of types that no test has. (What the attribute writes is compiled in tests only; here it is written by hand.)

use revchain::Migrations;
use revchain::sqlx::SqlitePool;
use revchain::testing::{Test, run};

static MIGRATIONS: Migrations = Migrations::empty();

async fn takes_a_number(_: u32) {}

async fn takes_two_pools(_: SqlitePool, _: SqlitePool) {}

async fn gives_a_number(_: SqlitePool) -> u32 {
    7
}

fn main() {
    let test = Test::new("main", &MIGRATIONS);
    run(test, takes_a_number);
    run(test, takes_two_pools);
    run(test, gives_a_number);
}
