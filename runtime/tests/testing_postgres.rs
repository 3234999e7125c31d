//! `#[revchain::test]` on PostgreSQL: copies of template databases.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite", feature = "test"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests say so when they fail")]
#![allow(deprecated, reason = "no build script watches the chain of these tests")]

mod common;
#[path = "testing_servers/rollback.rs"]
mod rollback;
#[path = "testing_servers/scenarios.rs"]
mod scenarios;

use common::{Chain, child};
use revchain::Dialect;
use revchain::testing::{Test, roll_back};

revchain::embed_migrations!("tests/migrations");

type Driver = sqlx::Postgres;
type Pool = sqlx::PgPool;
type Connection = sqlx::PgConnection;
type PoolOptions = sqlx::postgres::PgPoolOptions;
type Options = sqlx::postgres::PgConnectOptions;

const DIALECT: Dialect = Dialect::Postgres;
const VARIABLE: &str = "REVCHAIN_TEST_POSTGRES";
const CURRENT: &str = "SELECT current_database()::text";
/// Which databases somebody is connected to.
const BUSY: &str = "SELECT datname::text FROM pg_stat_activity WHERE datname IS NOT NULL";
const DATABASES: &str = "SELECT datname::text FROM pg_database";

/// Asks whether the server knows that a process is dead.
fn gone(process: u32) -> String {
    format!("SELECT (NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = {process}))::int::text")
}

/// What stands before the password, which nobody has.
fn as_user(server: &str, user: &str) -> String {
    let (scheme, rest) = server.split_once("://").unwrap();
    format!("{scheme}://{user}@{}", rest.rsplit_once('@').map_or(rest, |(_, host)| host))
}

#[tokio::test]
async fn a_role_that_may_not_make_databases() {
    let Some(server) = common::server(DIALECT, VARIABLE) else { return };
    let role = format!("revchain_poor_{}", std::process::id());
    let run = async |sql: String| common::select(DIALECT, &server, &sql).await.unwrap();
    run(format!("CREATE ROLE {role} LOGIN")).await;
    let url = as_user(&server, &role);
    let variables = [("REVCHAIN_TEST_ROLE", "passes"), (VARIABLE, url.as_str())];
    let ended = child::ended("scenarios::child", &variables);
    run(format!("DROP ROLE {role}")).await;
    assert!(!ended.is_success);
    let words = format!(
        "the role `{role}` may not make databases, and each test gets one\n  help: as a superuser, `ALTER ROLE \"{role}\" CREATEDB`"
    );
    assert!(ended.output.contains(&words), "{}", ended.output);
}

#[test]
fn ddl_is_rolled_back() {
    let Some(_) = common::server(DIALECT, VARIABLE) else { return };
    let id: &'static str = child::unique().leak();
    let test = Test::new("tests::ddl", Chain::new().sql(id, &["CREATE TABLE a (n INT)"], &[]).build()).env(VARIABLE);
    for _ in 0..2 {
        let ddl = "DROP TABLE a; CREATE TABLE b (n INT); SET search_path = nowhere; CREATE TEMP TABLE c (n INT)";
        let changes = async |connection: &mut Connection| sqlx::raw_sql(ddl).execute(connection).await.map(drop);
        roll_back(test, changes).unwrap();
    }
}
