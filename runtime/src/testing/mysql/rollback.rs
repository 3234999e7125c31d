//! The database that tests with `rollback` share, on MySQL and MariaDB. Which are fit for use is in a table of the template's
//! database; the row there that names one without a time is what only a commit leaves.

use sqlx::mysql::MySqlConnectOptions;
use sqlx::{AssertSqlSafe, Connection, MySql, MySqlConnection, raw_sql};
use tokio::runtime::Runtime;

use super::super::key::Key;
use super::super::rollback::Shareable;
use super::super::rollback::server::{self as shared, Lender, Lent, SHARED};
use super::super::server::Server;
use super::super::{Test, name};
use super::{MySqlServer, SCRIPT, databases, execute, list, number, said, silence, template, text};

/// The table.
const MARKS: &str = "revchain_rollback";

impl Shareable for MySql {
    type Lent = Lent<MySqlServer>;

    fn lend(test: &Test, runtime: &Runtime) -> Result<(Lent<MySqlServer>, MySqlConnectOptions), String> {
        let lent: Lent<MySqlServer> = shared::lend(*test, runtime)?;
        let connect = lent.shared.server.options.clone().database(&lent.database);
        Ok((lent, connect))
    }

    async fn mark(lent: &Lent<MySqlServer>, connection: &mut MySqlConnection) -> Result<bool, sqlx::Error> {
        let (marks, database) = (marks(lent.key), &lent.database);
        // The row is not seen by others until it is committed, and then stays.
        let sql = format!(
            "INSERT INTO {marks} (name) VALUES ('{database}'); SAVEPOINT revchain_test; \
             SELECT COUNT(*) FROM {marks} WHERE name = '{database}' AND used IS NULL"
        );
        let row = raw_sql(AssertSqlSafe(sql)).fetch_one(connection).await?;
        // Ours.
        Ok(text(&row, 0)? == "1")
    }

    fn is_gone(error: &sqlx::Error) -> bool {
        // No such database, or no such table in it.
        matches!(number(error), Some(1049 | 1146))
    }

    fn spoil(lent: Lent<MySqlServer>) -> Result<(), String> {
        shared::spoil(lent)
    }
}

impl Lender for MySqlServer {
    async fn share(&self, key: Key) -> Result<Option<String>, String> {
        let mut queue = self.queue(key).await?;
        if self.stored(&template(key)).await.is_none() {
            return Ok(None);
        }
        let marks = marks(key);
        let table = "(id BIGINT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(64) CHARACTER SET ascii NOT NULL, used BIGINT) \
                     ENGINE = InnoDB";
        execute(&mut queue, format!("CREATE TABLE IF NOT EXISTS {marks} {table}")).await?;
        stays(&mut queue, key).await?;
        let fit = list(&mut queue, &fit(key)).await?.pop();
        let shared = match fit {
            Some(database) => Some(database),
            None => {
                self.drop_unfit(&mut queue, key).await?;
                let database = format!("{SHARED}{key}_{:08x}", name::token() as u32);
                let made = self.copy(key, &database).await?;
                if made.is_some() {
                    silence(&mut queue, &database).await?;
                    execute(
                        &mut queue,
                        format!("INSERT INTO {marks} (name, used) VALUES ('{database}', UNIX_TIMESTAMP())"),
                    )
                    .await?;
                }
                made.map(|()| database)
            }
        };
        queue.close().await.map_err(said)?;
        Ok(shared)
    }

    async fn spoil(&self, key: Key, database: &str) -> Result<(), String> {
        let mut queue = self.queue(key).await?;
        let spoilt = format!("INSERT INTO {} (name) VALUES ('{database}')", marks(key));
        match raw_sql(AssertSqlSafe(spoilt)).execute(&mut queue).await {
            Err(error) if matches!(number(&error), Some(1049 | 1146)) => {}
            Err(error) => return Err(said(error)),
            Ok(_) => self.drop_unfit(&mut queue, key).await?,
        }
        queue.close().await.map_err(said)
    }
}

impl MySqlServer {
    /// Drops those of a state that are spoilt or half made, and those whose template has gone, where nobody is connected. What can't
    /// be dropped now is dropped by whoever comes next.
    async fn drop_unfit(&self, queue: &mut MySqlConnection, key: Key) -> Result<(), String> {
        let fit = list(queue, &fit(key)).await?;
        let templates = list(queue, &databases(super::TEMPLATE)).await?;
        let busy = list(queue, "SELECT DISTINCT db FROM information_schema.processlist WHERE db IS NOT NULL").await?;
        for database in list(queue, &databases(SHARED)).await? {
            let of = database.strip_prefix(SHARED).and_then(|rest| Key::parse(rest.split_once('_')?.0));
            let Some(of) = of else { continue };
            let is_unfit = if of == key { !fit.contains(&database) } else { !templates.contains(&template(of)) };
            if is_unfit && !busy.contains(&database) {
                execute(queue, format!("DROP DATABASE IF EXISTS {database}")).await?;
            }
        }
        Ok(())
    }
}

/// Asks for those that are fit for use.
fn fit(key: Key) -> String {
    format!(
        "SELECT name FROM {} WHERE name IN (SELECT schema_name FROM information_schema.schemata) GROUP BY name \
         HAVING COUNT(*) = COUNT(used)",
        marks(key)
    )
}

/// Refuses a state in which something stays whatever is rolled back.
async fn stays(queue: &mut MySqlConnection, key: Key) -> Result<(), String> {
    let sql = format!(
        "SELECT CONCAT('`', table_name, '` is a table of ', t.engine) FROM information_schema.tables t \
         JOIN information_schema.engines e ON e.engine = t.engine WHERE table_schema = '{}' AND table_type = 'BASE TABLE' \
         AND table_name <> '{SCRIPT}' AND NOT COALESCE(transactions = 'YES', FALSE) ORDER BY 1 LIMIT 1",
        template(key)
    );
    match list(queue, &sql).await?.pop() {
        None => Ok(()),
        Some(table) => Err(format!(
            "{table}, which takes nothing back\n  help: without `rollback` the test has a database of its own"
        )),
    }
}

fn marks(key: Key) -> String {
    format!("{}.{MARKS}", template(key))
}
