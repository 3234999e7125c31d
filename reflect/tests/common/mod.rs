//! Throwaway databases, and schemas as text. SQLite always; PostgreSQL and MySQL or MariaDB where `REVCHAIN_TEST_POSTGRES` and
//! `REVCHAIN_TEST_MYSQL` name a server on which databases may be made.

#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say so when they fail")]

pub mod dump;
pub mod walk;

use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};

use revchain_core::Dialect;
use revchain_reflect::Scope;
use revchain_schema::Schema;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, SqliteConnection, raw_sql};

/// A connection to a database that is gone after the test.
pub struct TestDatabase {
    pub connection: Open,
    name: String,
}

pub enum Open {
    Postgres(PgConnection),
    Mysql(MySqlConnection),
    Sqlite(SqliteConnection),
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

impl TestDatabase {
    /// One on each server there is. Says loudly which are missing; under `CI=true` that is a failure.
    pub async fn make(dialect: Dialect) -> Option<TestDatabase> {
        let name = format!("revchain_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let connection = match dialect {
            Dialect::Sqlite => Open::Sqlite(SqliteConnection::connect("sqlite::memory:").await.unwrap()),
            Dialect::Postgres => {
                let server = server(dialect, "REVCHAIN_TEST_POSTGRES")?;
                let mut first = PgConnection::connect(&server).await.unwrap();
                raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE template0")))
                    .execute(&mut first)
                    .await
                    .unwrap();
                first.close().await.unwrap();
                Open::Postgres(PgConnection::connect(&at(&server, &name)).await.unwrap())
            }
            Dialect::Mysql => {
                let server = server(dialect, "REVCHAIN_TEST_MYSQL")?;
                let mut connection = MySqlConnection::connect(&server).await.unwrap();
                let make =
                    format!("CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci; USE {name}");
                raw_sql(AssertSqlSafe(make)).execute(&mut connection).await.unwrap();
                Open::Mysql(connection)
            }
        };
        Some(TestDatabase { connection, name })
    }

    pub async fn run(&mut self, sql: &str) {
        let sql = raw_sql(AssertSqlSafe(sql.to_owned()));
        match &mut self.connection {
            Open::Postgres(connection) => drop(sql.execute(connection).await.unwrap()),
            Open::Mysql(connection) => drop(sql.execute(connection).await.unwrap()),
            Open::Sqlite(connection) => drop(sql.execute(connection).await.unwrap()),
        }
    }

    /// Runs a statement, which may fail.
    pub async fn execute(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = raw_sql(AssertSqlSafe(sql.to_owned()));
        match &mut self.connection {
            Open::Postgres(connection) => sql.execute(connection).await.map(drop),
            Open::Mysql(connection) => sql.execute(connection).await.map(drop),
            Open::Sqlite(connection) => sql.execute(connection).await.map(drop),
        }
    }

    /// The first column of an answer of PostgreSQL's.
    pub async fn texts(&mut self, sql: &'static str) -> Vec<String> {
        let Open::Postgres(connection) = &mut self.connection else { return Vec::new() };
        let rows = raw_sql(sql).fetch_all(connection).await.unwrap();
        rows.iter().map(|row| sqlx::Row::get(row, 0)).collect()
    }

    /// Runs what is expected to fail.
    pub async fn try_run(&mut self, sql: &str) -> bool {
        let sql = raw_sql(AssertSqlSafe(sql.to_owned()));
        match &mut self.connection {
            Open::Postgres(connection) => sql.execute(connection).await.is_ok(),
            Open::Mysql(connection) => sql.execute(connection).await.is_ok(),
            Open::Sqlite(connection) => sql.execute(connection).await.is_ok(),
        }
    }

    pub async fn reflect(&mut self, scope: &Scope) -> Schema {
        match &mut self.connection {
            Open::Postgres(connection) => revchain_reflect::postgres(connection, scope).await.unwrap(),
            Open::Mysql(connection) => revchain_reflect::mysql(connection, scope).await.unwrap(),
            Open::Sqlite(connection) => revchain_reflect::sqlite(connection, scope).await.unwrap(),
        }
    }

    pub async fn finish(mut self) {
        let drop_it = format!("DROP DATABASE {}", self.name);
        match self.connection {
            Open::Sqlite(_) => {}
            Open::Mysql(_) => self.run(&drop_it).await,
            Open::Postgres(connection) => {
                connection.close().await.unwrap();
                let server = server(Dialect::Postgres, "REVCHAIN_TEST_POSTGRES").unwrap();
                let mut first = PgConnection::connect(&server).await.unwrap();
                raw_sql(AssertSqlSafe(drop_it)).execute(&mut first).await.unwrap();
            }
        }
    }
}

/// The address of a server, with the name of a database.
fn at(server: &str, name: &str) -> String {
    let (bare, query) = server.split_once('?').map_or((server, String::new()), |(b, q)| (b, format!("?{q}")));
    let scheme = bare.find("://").unwrap() + 3;
    let host = bare[scheme..].find('/').map_or(bare, |slash| &bare[..scheme + slash]);
    format!("{host}/{name}{query}")
}

/// The server of a variable. Past the test harness, which keeps what passing tests print to itself.
#[allow(clippy::explicit_write, reason = "eprintln! would be captured")]
fn server(dialect: Dialect, variable: &str) -> Option<String> {
    let server = std::env::var(variable).ok();
    if server.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{variable} must be set where CI=true");
        writeln!(std::io::stderr(), "SKIPPED: {} tests, {variable} is not set", dialect.name()).unwrap();
    }
    server
}

/// Panics with both texts, line by line, where they differ.
pub fn assert_text(found: &str, expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let lines: Vec<&str> = found.lines().map(str::trim).collect();
    let only = |here: &[&str], there: &[&str]| -> String {
        here.iter().filter(|line| !there.contains(line)).map(|line| format!("\n  {line}")).collect()
    };
    let (extra, missing) = (only(&lines, &expected), only(&expected, &lines));
    assert!(lines == expected, "found only:{extra}\nexpected only:{missing}\nfound:\n{found}");
}
