//! MySQL and MariaDB: a template database for each state, and in it a script that makes another one like it, which is sent for each
//! test as one message.
//!
//! There is no renaming a database: a template is whole when it has its script, which it gets last. Sign of life is a named lock.
//! Each table of ours has a primary key: there are servers that take no other.

mod rollback;
mod script;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::mysql::{MySqlConnectOptions, MySqlRow};
use sqlx::pool::PoolOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, MySql, MySqlConnection, MySqlPool, Row, raw_sql};
use tokio::runtime::Runtime;

use super::key::{Key, State};
use super::server::{self, CONNECTIONS, HANDS, Known, OURS, Place, STALE, Server, TEMPLATE, USED};
use super::{Made, Test, Testable, migrate, name, words};
use crate::dialect::Dialect;

/// The table that holds a template's script, and when it was used.
const SCRIPT: &str = "revchain_script";
/// The table that says, in its comment, of which test a database is that failed.
const FAILED: &str = "revchain_failed";
/// How long somebody may take to make a template, in seconds.
const PATIENCE: u32 = 600;

/// A server.
#[derive(Debug)]
#[allow(unreachable_pub, reason = "part of a driver's associated type, which nobody names")]
pub struct MySqlServer {
    options: MySqlConnectOptions,
    /// Who makes and drops databases.
    hands: MySqlPool,
    scripts: Mutex<BTreeMap<Key, Arc<str>>>,
    /// Holds this process's lock.
    _life: Mutex<MySqlConnection>,
}

impl Testable for MySql {
    type Place = Place<MySqlServer>;

    fn make(test: &Test, runtime: &Runtime) -> Result<Made<MySql>, String> {
        let place = server::make::<MySqlServer>(*test, runtime)?;
        let connect = server::of(&place).options.clone().database(&place.database);
        Ok(Made { place, pool: PoolOptions::new().max_connections(CONNECTIONS), connect })
    }

    async fn script(connection: &mut MySqlConnection, sql: &'static str) -> Result<(), sqlx::Error> {
        raw_sql(sql).execute(connection).await.map(drop)
    }

    fn discard(place: Place<MySqlServer>) {
        server::discard(place);
    }

    fn keep(place: Place<MySqlServer>, test: &Test) -> Result<String, String> {
        server::keep(place, test)
    }
}

impl Server for MySqlServer {
    const DIALECT: Dialect = Dialect::Mysql;
    const POOL: &'static str = "MySqlPool";
    const EXAMPLE: &'static str = "mysql://root@localhost/";

    fn known() -> &'static Known<MySqlServer> {
        static KNOWN: Known<MySqlServer> = Mutex::new(BTreeMap::new());
        &KNOWN
    }

    async fn open(url: &str) -> Result<MySqlServer, String> {
        let options: MySqlConnectOptions = url.parse().map_err(said)?;
        let mut life = options.connect().await.map_err(said)?;
        // A test that is being debugged lets its process wait for longer than servers like.
        execute(&mut life, "SET SESSION wait_timeout = 2147483".to_owned()).await?;
        let sign = sign(name::process());
        if list(&mut life, &format!("SELECT GET_LOCK('{sign}', 10)")).await? != ["1"] {
            return Err(format!("the lock `{sign}`, which says that this process lives, can't be had"));
        }
        let hands = PoolOptions::new().max_connections(HANDS).connect_lazy_with(options.clone());
        Ok(MySqlServer { options, hands, scripts: Mutex::default(), _life: Mutex::new(life) })
    }

    fn user(&self) -> &str {
        self.options.get_username()
    }

    async fn sweep(&self) -> Result<BTreeMap<String, Vec<String>>, String> {
        let kept = self.kept("").await?;
        let databases = self.list(&databases(OURS)).await?;
        for database in databases.iter().filter(|database| !kept.values().flatten().any(|kept| kept == *database)) {
            let Some(owner) = server::owner(database) else { continue };
            // After the database was seen: who has one had its lock before.
            if self.list(&format!("SELECT IS_FREE_LOCK('{}')", sign(owner))).await? == ["1"] {
                // Somebody else may be doing the same; and what is not ours to drop is not ours to complain about.
                let _ = self.drop(database).await;
            }
        }
        Ok(kept)
    }

    async fn prepare(&self, test: Test, state: &State) -> Result<(), String> {
        let template = template(state.key);
        let script = match self.stored(&template).await {
            Some(script) => script,
            None => {
                let queue = self.queue(state.key).await?;
                let script = match self.stored(&template).await {
                    Some(script) => script,
                    None => {
                        self.drop_stale().await;
                        self.build(test, state, &template).await?
                    }
                };
                queue.close().await.map_err(said)?;
                script
            }
        };
        self.scripts.lock().unwrap_or_else(PoisonError::into_inner).insert(state.key, script.into());
        Ok(())
    }

    async fn copy(&self, key: Key, database: &str) -> Result<Option<()>, String> {
        let script = self.scripts.lock().unwrap_or_else(PoisonError::into_inner).get(&key).map(Arc::clone);
        let Some(script) = script else { return Ok(None) };
        let sql = format!("CREATE DATABASE {database};\nUSE {database};\n{script}");
        let mut hand = self.hands.acquire().await.map_err(said)?;
        let copied = raw_sql(AssertSqlSafe(sql)).execute(&mut *hand).await;
        // Nobody is to take the hand for a test that is in there; and a script that broke off holds its tables, which are dropped next.
        let left = raw_sql("ROLLBACK; USE information_schema").execute(&mut *hand).await;
        drop(hand);
        let Err(error) = copied.and(left) else { return Ok(Some(())) };
        self.drop(database).await?;
        match number(&error) {
            // The template's rows.
            Some(1049 | 1146) if self.stored(&template(key)).await.is_none() => Ok(None),
            _ => Err(refused(&error)),
        }
    }

    async fn drop(&self, database: &str) -> Result<(), String> {
        self.run(format!("DROP DATABASE IF EXISTS {database}")).await
    }

    async fn keep(&self, database: &str, test: &str) -> Result<String, String> {
        for before in self.kept(test).await?.into_values().flatten() {
            self.drop(&before).await?;
        }
        self.run(format!("CREATE TABLE {database}.{FAILED} (test INT PRIMARY KEY) COMMENT '{test}'")).await?;
        Ok(database.to_owned())
    }
}

impl MySqlServer {
    /// The script of a template that is whole; and so it is used.
    async fn stored(&self, template: &str) -> Option<String> {
        let sql = format!("SELECT script FROM {template}.{SCRIPT}");
        let script = self.list(&sql).await.ok()?.pop()?;
        let touch =
            format!("UPDATE {template}.{SCRIPT} SET used = UNIX_TIMESTAMP() WHERE used < UNIX_TIMESTAMP() - {USED}");
        let _ = self.run(touch).await;
        Some(script)
    }

    /// One makes what is of a state: of all processes. To be closed.
    async fn queue(&self, key: Key) -> Result<MySqlConnection, String> {
        let mut queue = self.options.connect().await.map_err(said)?;
        if list(&mut queue, &format!("SELECT GET_LOCK('{}', {PATIENCE})", making(key))).await? != ["1"] {
            return Err(format!("somebody has been making {} for {PATIENCE} seconds", template(key)));
        }
        Ok(queue)
    }

    /// Makes a template.
    async fn build(&self, test: Test, state: &State, template: &str) -> Result<String, String> {
        // Half of one, whose maker died.
        self.drop(template).await?;
        let made = format!("CREATE DATABASE {template}");
        raw_sql(AssertSqlSafe(made)).execute(&self.hands).await.map_err(|error| refused(&error))?;
        let built = async {
            let mut connection = self.options.clone().database(template).connect().await.map_err(said)?;
            migrate(&test, state.target, &mut connection).await?;
            let script = script::of(&mut connection, template).await.map_err(said)?;
            silence(&mut connection, template).await?;
            let columns = "used BIGINT NOT NULL PRIMARY KEY, script LONGTEXT NOT NULL";
            let table = format!("CREATE TABLE {SCRIPT} ({columns}) CHARACTER SET utf8mb4");
            execute(&mut connection, table).await?;
            let row = AssertSqlSafe(format!("INSERT INTO {SCRIPT} VALUES (UNIX_TIMESTAMP(), ?)"));
            sqlx::query(row).bind(&script).execute(&mut connection).await.map_err(said)?;
            connection.close().await.map_err(said)?;
            Ok(script)
        };
        let built = built.await;
        if built.is_err() {
            self.drop(template).await?;
        }
        built
    }

    /// Drops the templates that nobody uses any more, and the halves of those whose makers died.
    async fn drop_stale(&self) {
        for template in self.list(&databases(TEMPLATE)).await.unwrap_or_default() {
            let used = format!("SELECT used < UNIX_TIMESTAMP() - {STALE} FROM {template}.{SCRIPT}");
            match self.list(&used).await.as_deref() {
                Ok([stale]) if stale == "1" => drop(self.drop(&template).await),
                Ok([_]) => {}
                _ => drop(self.drop_half(&template).await),
            }
        }
    }

    /// Drops a template that is not whole, unless somebody is making it.
    async fn drop_half(&self, template: &str) -> Result<(), String> {
        let Some(key) = template.strip_prefix(TEMPLATE).and_then(Key::parse) else { return Ok(()) };
        let mut hand = self.hands.acquire().await.map_err(said)?;
        if list(&mut hand, &format!("SELECT GET_LOCK('{}', 0)", making(key))).await? != ["1"] {
            return Ok(());
        }
        // Looked at once more, now that nobody else is at it.
        let dropped = match list(&mut hand, &format!("SELECT used FROM {template}.{SCRIPT}")).await.as_deref() {
            Ok([_]) => Ok(()),
            _ => execute(&mut hand, format!("DROP DATABASE IF EXISTS {template}")).await,
        };
        list(&mut hand, &format!("SELECT RELEASE_LOCK('{}')", making(key))).await?;
        dropped
    }

    /// The databases that are kept, by their tests: of this one, or of all.
    async fn kept(&self, test: &str) -> Result<BTreeMap<String, Vec<String>>, String> {
        let sql = format!(
            "SELECT CONCAT(table_comment, ' ', table_schema) FROM information_schema.tables \
             WHERE table_name = '{FAILED}' AND table_schema LIKE '{}%' AND '{test}' IN ('', table_comment)",
            pattern(OURS)
        );
        let mut kept: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in self.list(&sql).await? {
            if let Some((test, database)) = line.split_once(' ') {
                kept.entry(test.to_owned()).or_default().push(database.to_owned());
            }
        }
        Ok(kept)
    }

    async fn list(&self, sql: &str) -> Result<Vec<String>, String> {
        let mut connection = self.hands.acquire().await.map_err(said)?;
        list(&mut connection, sql).await
    }

    async fn run(&self, sql: String) -> Result<(), String> {
        raw_sql(AssertSqlSafe(sql)).execute(&self.hands).await.map(drop).map_err(|error| refused(&error))
    }
}

/// The lock that says that a process lives.
fn sign(process: u32) -> String {
    format!("{OURS}{process:08x}")
}

/// The lock of whoever makes a template.
fn making(key: Key) -> String {
    format!("{TEMPLATE}{:016x}", key.half())
}

fn template(key: Key) -> String {
    format!("{TEMPLATE}{key}")
}

fn databases(start: &str) -> String {
    format!("SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE '{}%'", pattern(start))
}

/// For LIKE, to which `_` is any character; and to a text, a `\\` is one `\`.
fn pattern(start: &str) -> String {
    start.replace('_', "\\\\_")
}

async fn execute(connection: &mut MySqlConnection, sql: String) -> Result<(), String> {
    raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop).map_err(said)
}

/// Drops the events of a database that stays as it is while tests come and go. To disable one is not enough: MySQL's scheduler
/// enables it again, where it has just begun to run it.
async fn silence(connection: &mut MySqlConnection, database: &str) -> Result<(), String> {
    let events = format!(
        "SELECT REPLACE(event_name, '`', '``') FROM information_schema.events WHERE event_schema = '{database}'"
    );
    for event in list(connection, &events).await? {
        execute(connection, format!("DROP EVENT IF EXISTS {database}.`{event}`")).await?;
    }
    Ok(())
}

/// The first column, as text.
async fn list(connection: &mut MySqlConnection, sql: &str) -> Result<Vec<String>, String> {
    let rows = raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(connection).await.map_err(said)?;
    rows.iter().map(|row: &MySqlRow| text(row, 0).map_err(said)).collect()
}

/// A column as text, whatever its type: the protocol of texts gives nothing else. Nothing, where it is NULL.
fn text(row: &MySqlRow, column: usize) -> Result<String, sqlx::Error> {
    let bytes: Option<Vec<u8>> = row.try_get_unchecked(column)?;
    Ok(String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned())
}

fn number(error: &sqlx::Error) -> Option<u16> {
    let error = error.as_database_error()?.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()?;
    Some(error.number())
}

/// The server's words, and what helps where it is about privileges.
fn refused(error: &sqlx::Error) -> String {
    match number(error) {
        Some(1044 | 1142 | 1227) => format!(
            "{}\n  help: each test gets a database: as an administrator, GRANT ALL ON `revchain\\_%`.* TO the user that it names",
            words(error)
        ),
        _ => words(error),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn said(error: sqlx::Error) -> String {
    words(&error)
}
