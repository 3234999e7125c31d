//! A database that lives for one test: made on the server that the environment names, dropped when the test ends,
//! however it ends. Runs SQL, moves the chain, reads text; expects nothing.

use std::env;
use std::error::Error;
use std::future::Future;
use std::io::Write as _;
use std::panic::resume_unwind;
use std::str::FromStr as _;
use std::sync::atomic::{AtomicU32, Ordering};

use ibutsu_db::MIGRATIONS;
pub(crate) use revchain::Dialect;
use sqlx::mysql::{MySqlConnectOptions, MySqlPool, MySqlPoolOptions};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};
use tokio::task::LocalSet;

/// One row, every column as text.
pub(crate) type TextRow = Vec<Option<String>>;

/// A fresh database.
#[derive(Debug, Clone)]
pub(crate) enum Database {
    Postgres(PgPool),
    Mysql(MySqlPool),
    Sqlite(SqlitePool),
}

/// The same call on whichever pool it is.
macro_rules! each_pool {
    ($database:expr, $pool:ident => $call:expr) => {
        match $database {
            Database::Postgres($pool) => $call,
            Database::Mysql($pool) => $call,
            Database::Sqlite($pool) => $call,
        }
    };
}

/// Runs a test on a database of its own. Where the environment names no server it says so, and under `CI=true` fails.
pub(crate) async fn with<F>(dialect: Dialect, test: impl FnOnce(Database) -> F)
where
    F: Future<Output = ()> + 'static,
{
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let name = format!("revchain_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
    let (create, drop_it) = (format!("CREATE DATABASE {name}"), format!("DROP DATABASE {name}"));
    let outcome = match dialect {
        Dialect::Postgres => {
            let Some(url) = server("REVCHAIN_TEST_POSTGRES") else { return };
            let options = PgConnectOptions::from_str(&url).expect("REVCHAIN_TEST_POSTGRES is a URL");
            let mut server = options.connect().await.expect("the server of REVCHAIN_TEST_POSTGRES answers");
            sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut server).await.expect("a database can be made");
            let pool = PgPoolOptions::new().max_connections(2).connect_lazy_with(options.database(&name));
            let outcome = run(test(Database::Postgres(pool.clone()))).await;
            pool.close().await;
            sqlx::raw_sql(AssertSqlSafe(drop_it + " WITH (FORCE)"))
                .execute(&mut server)
                .await
                .expect("it can be dropped");
            server.close().await.expect("the server says goodbye");
            outcome
        }
        Dialect::Mysql => {
            let Some(url) = server("REVCHAIN_TEST_MYSQL") else { return };
            let options = MySqlConnectOptions::from_str(&url).expect("REVCHAIN_TEST_MYSQL is a URL");
            let mut server = options.connect().await.expect("the server of REVCHAIN_TEST_MYSQL answers");
            sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut server).await.expect("a database can be made");
            let pool = MySqlPoolOptions::new().max_connections(2).connect_lazy_with(options.database(&name));
            let outcome = run(test(Database::Mysql(pool.clone()))).await;
            pool.close().await;
            sqlx::raw_sql(AssertSqlSafe(drop_it)).execute(&mut server).await.expect("it can be dropped");
            server.close().await.expect("the server says goodbye");
            outcome
        }
        Dialect::Sqlite => {
            let folder = tempfile::tempdir().expect("a temporary folder can be made");
            let options = SqliteConnectOptions::new().filename(folder.path().join("ibutsu.db")).create_if_missing(true);
            let pool = SqlitePoolOptions::new().max_connections(2).connect_lazy_with(options);
            let outcome = run(test(Database::Sqlite(pool.clone()))).await;
            pool.close().await;
            outcome
        }
        other => panic!("no database for {}", other.name()),
    };
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// Runs the test so that a panic comes back as a value: the database is to be dropped first.
async fn run(test: impl Future<Output = ()> + 'static) -> std::thread::Result<()> {
    let tasks = LocalSet::new();
    let test = tasks.spawn_local(test);
    tasks.run_until(test).await.map_err(tokio::task::JoinError::into_panic)
}

fn server(variable: &str) -> Option<String> {
    if let Ok(url) = env::var(variable) {
        return Some(url);
    }
    assert_ne!(env::var("CI").as_deref(), Ok("true"), "{variable} is not set, and under CI=true nothing is skipped");
    // Not eprintln!, which the test harness would keep to itself.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {variable} is not set; `cargo xtask test` starts a server for it");
    None
}

impl Database {
    /// What it is.
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Database::Postgres(_) => Dialect::Postgres,
            Database::Mysql(_) => Dialect::Mysql,
            Database::Sqlite(_) => Dialect::Sqlite,
        }
    }

    /// Its URL, password included.
    pub(crate) fn url(&self) -> String {
        match self {
            Database::Postgres(pool) => pool.connect_options().to_url_lossy().to_string(),
            Database::Mysql(pool) => pool.connect_options().to_url_lossy().to_string(),
            Database::Sqlite(pool) => format!("sqlite:{}", pool.connect_options().get_filename().display()),
        }
    }

    /// The URL of a database of this name in the same place, there or not.
    pub(crate) fn url_of_another(&self, name: &str) -> String {
        match self {
            Database::Postgres(pool) => {
                pool.connect_options().as_ref().clone().database(name).to_url_lossy().to_string()
            }
            Database::Mysql(pool) => pool.connect_options().as_ref().clone().database(name).to_url_lossy().to_string(),
            Database::Sqlite(pool) => {
                format!("sqlite:{}", pool.connect_options().get_filename().with_file_name(name).display())
            }
        }
    }

    /// Upgrades, or gives the whole error as text, its causes included.
    pub(crate) async fn try_upgrade(&self, target: &str) -> Result<(), String> {
        each_pool!(self, pool => MIGRATIONS.upgrade(pool, target).await.map(drop).map_err(|error| in_full(&error)))
    }

    /// Upgrades.
    pub(crate) async fn upgrade(&self, target: &str) {
        self.try_upgrade(target).await.unwrap_or_else(|error| panic!("upgrade to {target}: {error}"));
    }

    /// Downgrades.
    pub(crate) async fn downgrade(&self, target: &str) {
        each_pool!(self, pool => MIGRATIONS.downgrade(pool, target).await.map(drop).map_err(|error| in_full(&error)))
            .unwrap_or_else(|error| panic!("downgrade to {target}: {error}"));
    }

    /// What the version table says.
    pub(crate) async fn version(&self) -> Vec<String> {
        self.texts("SELECT version_num FROM alembic_version").await
    }

    /// Runs statements. On MySQL, `"` quotes names and `\` is just a character, as on the others.
    pub(crate) async fn execute(&self, sql: impl Into<String>) {
        let sql = sql.into();
        let told = sql.clone();
        let ran = match self {
            Database::Postgres(pool) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.map(drop),
            Database::Sqlite(pool) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.map(drop),
            Database::Mysql(pool) => {
                let mode = "SET sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES,NO_BACKSLASH_ESCAPES');\n";
                // A connection of its own: the mode must not reach anybody else's.
                let mut connection = pool.connect_options().connect().await.expect("the server answers");
                let ran = sqlx::raw_sql(AssertSqlSafe(format!("{mode}{sql}"))).execute(&mut connection).await.map(drop);
                connection.close().await.expect("the server says goodbye");
                ran
            }
        };
        ran.unwrap_or_else(|error| panic!("{error}\n{told}"));
    }

    /// The rows of a query whose columns are all text.
    pub(crate) async fn rows(&self, sql: impl Into<String>) -> Vec<TextRow> {
        let sql = sql.into();
        let told = sql.clone();
        let query = sqlx::raw_sql(AssertSqlSafe(sql));
        each_pool!(self, pool => {
            let rows = query.fetch_all(pool).await.unwrap_or_else(|error| panic!("{error}\n{told}"));
            rows.iter()
                .map(|row| (0..row.len()).map(|at| row.try_get(at).unwrap_or_else(|error| panic!("{error}\n{told}"))).collect())
                .collect()
        })
    }

    /// The first column of a query, which is text and never NULL.
    pub(crate) async fn texts(&self, sql: impl Into<String>) -> Vec<String> {
        self.rows(sql).await.into_iter().map(|mut row| row.swap_remove(0).expect("the column is not NULL")).collect()
    }
}

fn in_full(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}\ncaused by: {error}");
        cause = error.source();
    }
    text
}
