//! Mistakes between the parentheses of `#[revchain::test(…)]`.

use revchain::Migrations;
use revchain::sqlx::SqlitePool;

static MIGRATIONS: Migrations = Migrations::empty();

#[revchain::test(at = 7)]
async fn a_number(_: SqlitePool) {}

#[revchain::test(MIGRATIONS, at = "base", at = "head")]
async fn twice(_: SqlitePool) {}

#[revchain::test(MIGRATIONS, migrations = "migrations")]
async fn two_chains(_: SqlitePool) {}

#[revchain::test(migrations = true)]
async fn redundant(_: SqlitePool) {}

#[revchain::test(migrator = "crate::MIGRATIONS")]
async fn words_of_sqlx(_: SqlitePool) {}

#[revchain::test(env = "postgres://me:secret@localhost/app")]
async fn a_url(_: SqlitePool) {}

#[revchain::test(revision = "head")]
async fn no_such_word(_: SqlitePool) {}

#[revchain::test(users("a"))]
async fn no_such_list(_: SqlitePool) {}

#[revchain::test(rollback = true)]
async fn no_value(_: SqlitePool) {}

#[revchain::test(MIGRATIONS, rollback, rollback)]
async fn a_word_twice(_: SqlitePool) {}

#[revchain::test(at = "base", MIGRATIONS)]
async fn a_chain_behind(_: SqlitePool) {}

#[revchain::test(fixtures())]
async fn no_fixtures(_: SqlitePool) {}

#[revchain::test(fixtures(users))]
async fn no_string(_: SqlitePool) {}

#[revchain::test(fixtures(scripts("users"), path = "fixtures"))]
async fn the_wrong_way_round(_: SqlitePool) {}

#[revchain::test("migrations")]
async fn a_directory(_: SqlitePool) {}

mod imported {
    use super::{MIGRATIONS, SqlitePool};

    #[revchain::test(MIGRATIONS, revision = "head")]
    async fn a_chain(_: SqlitePool) {}
}

fn main() {}
