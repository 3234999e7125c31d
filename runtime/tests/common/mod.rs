//! Chains built by hand, and throwaway databases. SQLite always; PostgreSQL and MySQL or MariaDB where
//! `REVCHAIN_TEST_POSTGRES` and `REVCHAIN_TEST_MYSQL` name a server on which databases may be made.

#![allow(dead_code, unreachable_pub, unused_imports, reason = "each test file uses its part")]

pub mod child;
mod embed;
pub mod everything;
pub mod long;

use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};

pub use embed::{Batch, Mode, Revision, Script, Statement, Work, work};

use revchain::__private::{Settings, StepFn, Transaction};
use revchain::{Database, Dialect, Edited, Migrations};
use sqlx::{AssertSqlSafe, Connection, Row, raw_sql};

/// Writes a test for each scenario on each database.
#[allow(unused_macros, reason = "each test file uses its part")]
macro_rules! scenarios {
    ($($name:ident)*) => {
        $crate::common::scenarios! { @ sqlite Sqlite $($name)* }
        $crate::common::scenarios! { @ postgres Postgres $($name)* }
        $crate::common::scenarios! { @ mysql Mysql $($name)* }
    };
    (@ $module:ident $dialect:ident $($name:ident)*) => {
        mod $module {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() {
                    if let Some(db) = $crate::common::TestDatabase::make(revchain::Dialect::$dialect).await {
                        super::$name(&db).await;
                        db.finish().await;
                    }
                }
            )*
        }
    };
}

pub(crate) use scenarios;

/// A chain in the making. What it makes lives for ever, as an embedded chain does.
pub struct Chain {
    revisions: Vec<Revision>,
    transaction: Transaction,
    table: &'static str,
    schema: Option<&'static str>,
    edited: Edited,
}

impl Chain {
    pub fn new() -> Chain {
        Chain {
            revisions: Vec::new(),
            transaction: Transaction::Default,
            table: "alembic_version",
            schema: None,
            edited: Edited::Error,
        }
    }

    pub fn transaction(mut self, transaction: Transaction) -> Chain {
        self.transaction = transaction;
        self
    }

    pub fn table(mut self, table: &'static str, schema: Option<&'static str>) -> Chain {
        (self.table, self.schema) = (table, schema);
        self
    }

    pub fn edited(mut self, edited: Edited) -> Chain {
        self.edited = edited;
        self
    }

    /// A revision of plain statements.
    pub fn sql(self, id: &'static str, upgrade: &[&str], downgrade: &[&str]) -> Chain {
        self.work(id, work(&[batch(Mode::Transaction, upgrade)]), work(&[batch(Mode::Transaction, downgrade)]))
    }

    /// A revision of batches.
    pub fn batches(self, id: &'static str, upgrade: &[Batch], downgrade: &[Batch]) -> Chain {
        self.work(id, work(upgrade), work(downgrade))
    }

    /// A `.rs` revision.
    pub fn functions(self, id: &'static str, upgrade: StepFn, downgrade: StepFn) -> Chain {
        self.work(id, Work::Rust(upgrade), Work::Rust(downgrade))
    }

    pub fn work(mut self, id: &'static str, upgrade: Work, downgrade: Work) -> Chain {
        let file = format!("versions/{id}_test.sql");
        self.revisions.push(Revision { id, file, message: "a test", upgrade, downgrade });
        self
    }

    pub fn build(self) -> &'static Migrations {
        let settings = Settings::new([true; 3], self.table, self.schema, self.transaction);
        embed::embed(&self.revisions, settings.edited(self.edited))
    }
}

/// A batch whose first statement begins at line 10, as its section in a file would.
pub fn batch(mode: Mode, statements: &[&str]) -> Batch {
    let (mut sql, mut entries, mut line) = (String::new(), Vec::new(), 10u32);
    for statement in statements {
        // A comment with characters of more than one byte: positions are counted in characters on the wire.
        let comment = "-- é ☃\n";
        sql.push_str(comment);
        line += 1;
        let (start, end) = (sql.len() as u32, (sql.len() + statement.len()) as u32);
        entries.push(Statement { start, end, line });
        sql.push_str(statement);
        sql.push_str(";\n");
        line += statement.matches('\n').count() as u32 + 1;
    }
    Batch { mode, sql, statements: entries }
}

/// Three revisions: a table, a column with data, another table.
pub fn three() -> Chain {
    Chain::new()
        .sql("a1", &["CREATE TABLE runs (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40))"], &["DROP TABLE runs"])
        .sql(
            "b2",
            &[
                "INSERT INTO runs (id, name) VALUES (1, 'one'), (2, 'two')",
                "ALTER TABLE runs ADD COLUMN state VARCHAR(10)",
                "UPDATE runs SET state = 'new'",
            ],
            &["ALTER TABLE runs DROP COLUMN state", "DELETE FROM runs"],
        )
        .sql("c3", &["CREATE TABLE results (id INTEGER NOT NULL PRIMARY KEY)"], &["DROP TABLE results"])
}

/// A revision that doesn't even fail.
#[allow(clippy::panic, reason = "it is what this one does")]
pub fn panics() -> &'static Migrations {
    Chain::new().functions("p1", |_| Box::pin(async { panic!("on purpose") }), |_| Box::pin(async { Ok(()) })).build()
}

/// A database that is gone after the test.
pub struct TestDatabase {
    pub url: String,
    pub dialect: Dialect,
    name: String,
    server: String,
    directory: Option<tempfile::TempDir>,
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

impl TestDatabase {
    /// One on each server there is. Says loudly which are missing; under `CI=true` that is a failure.
    pub async fn make(dialect: Dialect) -> Option<TestDatabase> {
        let name = format!("revchain_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let variable = match dialect {
            Dialect::Sqlite => {
                let directory = tempfile::tempdir().unwrap();
                let url = format!("sqlite:{}", directory.path().join("test.db").display());
                return Some(TestDatabase { url, dialect, name, server: String::new(), directory: Some(directory) });
            }
            Dialect::Postgres => "REVCHAIN_TEST_POSTGRES",
            _ => "REVCHAIN_TEST_MYSQL",
        };
        let server = server(dialect, variable)?;
        Some(TestDatabase::made(dialect, name, server).await)
    }

    /// One on a certain server.
    pub async fn make_on(dialect: Dialect, server: &str) -> TestDatabase {
        let name = format!("revchain_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        TestDatabase::made(dialect, name, server.to_owned()).await
    }

    async fn made(dialect: Dialect, name: String, server: String) -> TestDatabase {
        let template = if dialect == Dialect::Postgres { " TEMPLATE template0" } else { "" };
        execute(dialect, &server, &format!("CREATE DATABASE {name}{template}")).await.unwrap();
        let (bare, query) =
            server.split_once('?').map_or((server.as_str(), String::new()), |(b, q)| (b, format!("?{q}")));
        let scheme = bare.find("://").unwrap() + 3;
        let host = bare[scheme..].find('/').map_or(bare, |slash| &bare[..scheme + slash]);
        TestDatabase { url: format!("{host}/{name}{query}"), dialect, name, server, directory: None }
    }

    pub async fn open(&self) -> Database {
        Database::connect(&self.url).await.unwrap()
    }

    /// The file of a SQLite database.
    pub fn path(&self) -> std::path::PathBuf {
        self.directory.as_ref().unwrap().path().join("test.db")
    }

    /// The URL for another user, without a password.
    pub fn url_as(&self, user: &str) -> String {
        let (scheme, rest) = self.url.split_once("://").unwrap();
        let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        format!("{scheme}://{user}@{host}")
    }

    pub async fn run(&self, sql: &str) {
        execute(self.dialect, &self.url, sql).await.unwrap();
    }

    /// The first column of a query, as text, sorted.
    pub async fn list(&self, sql: &str) -> String {
        let mut found = select(self.dialect, &self.url, sql).await.unwrap();
        found.sort();
        found.join(",")
    }

    /// What the version table holds; `-` where there is none.
    pub async fn version(&self) -> String {
        match select(self.dialect, &self.url, "SELECT version_num FROM alembic_version").await {
            Ok(found) => found.join(","),
            Err(_) => "-".to_owned(),
        }
    }

    /// The tables of the test.
    pub async fn tables(&self) -> String {
        let sql = match self.dialect {
            Dialect::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'table'",
            Dialect::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
            _ => "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()",
        };
        self.list(sql).await
    }

    /// Whether its server is MariaDB, and not MySQL.
    pub async fn is_mariadb(&self) -> bool {
        self.dialect == Dialect::Mysql && self.list("SELECT VERSION()").await.contains("MariaDB")
    }

    pub async fn finish(self) {
        if self.directory.is_none() {
            let force = if self.dialect == Dialect::Postgres { " WITH (FORCE)" } else { "" };
            execute(self.dialect, &self.server, &format!("DROP DATABASE {}{force}", self.name)).await.unwrap();
        }
    }
}

/// Someone else, in a transaction that goes on until they are dropped.
pub enum Holder {
    Postgres(sqlx::PgConnection),
    Mysql(sqlx::MySqlConnection),
    Sqlite(sqlx::SqliteConnection),
}

impl TestDatabase {
    /// Begins a transaction, and runs something in it.
    pub async fn hold(&self, sql: &str) -> Holder {
        let run = |begin: &str| raw_sql(AssertSqlSafe(format!("{begin}; {sql}")));
        match self.dialect {
            Dialect::Sqlite => {
                let mut connection = sqlx::SqliteConnection::connect(&self.url).await.unwrap();
                run("BEGIN IMMEDIATE").execute(&mut connection).await.unwrap();
                Holder::Sqlite(connection)
            }
            Dialect::Postgres => {
                let mut connection = sqlx::PgConnection::connect(&self.url).await.unwrap();
                run("BEGIN").execute(&mut connection).await.unwrap();
                Holder::Postgres(connection)
            }
            _ => {
                let mut connection = sqlx::MySqlConnection::connect(&self.url).await.unwrap();
                run("BEGIN").execute(&mut connection).await.unwrap();
                Holder::Mysql(connection)
            }
        }
    }
}

impl Holder {
    /// Closes the connection, and has seen it closed.
    pub async fn let_go(self) {
        match self {
            Holder::Postgres(connection) => connection.close().await,
            Holder::Mysql(mut connection) => {
                raw_sql("ROLLBACK").execute(&mut connection).await.unwrap();
                connection.close().await
            }
            Holder::Sqlite(connection) => connection.close().await,
        }
        .unwrap();
    }
}

/// The URL of a server. Says loudly that there is none; under `CI=true` that is a failure.
pub fn server(dialect: Dialect, variable: &str) -> Option<String> {
    let server = std::env::var(variable).ok();
    if server.is_none() {
        skipped(dialect, variable);
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{variable} must be set where CI=true");
    }
    server
}

/// Once for each test binary, and past the test harness, which keeps what passing tests print to itself.
#[allow(clippy::explicit_write, reason = "eprintln! would be captured")]
fn skipped(dialect: Dialect, variable: &str) {
    static SAID: AtomicU32 = AtomicU32::new(0);
    let bit = 1 << dialect as u32;
    if SAID.fetch_or(bit, Ordering::Relaxed) & bit == 0 {
        writeln!(std::io::stderr(), "SKIPPED: {} tests, {variable} is not set", dialect.name()).unwrap();
    }
}

async fn execute(dialect: Dialect, url: &str, sql: &str) -> Result<(), sqlx::Error> {
    select(dialect, url, sql).await.map(|_| ())
}

/// The first column of what a query gives, as text.
pub async fn select(dialect: Dialect, url: &str, sql: &str) -> Result<Vec<String>, sqlx::Error> {
    let sql = raw_sql(AssertSqlSafe(sql.to_owned()));
    match dialect {
        Dialect::Sqlite => {
            let options: sqlx::sqlite::SqliteConnectOptions = url.parse()?;
            let mut connection = sqlx::SqliteConnection::connect_with(&options.create_if_missing(true)).await?;
            let rows = sql.fetch_all(&mut connection).await?;
            connection.close().await?;
            Ok(rows.iter().map(|row| row.get_unchecked::<String, _>(0)).collect())
        }
        Dialect::Postgres => {
            let mut connection = sqlx::PgConnection::connect(url).await?;
            let rows = sql.fetch_all(&mut connection).await;
            connection.close().await?;
            Ok(rows?.iter().map(|row| row.get_unchecked::<String, _>(0)).collect())
        }
        _ => {
            let mut connection = sqlx::MySqlConnection::connect(url).await?;
            let rows = sql.fetch_all(&mut connection).await;
            connection.close().await?;
            Ok(rows?.iter().map(|row| row.get_unchecked::<String, _>(0)).collect())
        }
    }
}
