//! The database that tests with `rollback` share, on PostgreSQL: one that is fit for use says so in its comment, and when it was
//! used; any other is dropped as soon as nobody is connected to it. What only a commit leaves is a row in a schema of ours.

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Postgres, raw_sql};
use tokio::runtime::Runtime;

use super::super::key::Key;
use super::super::rollback::Shareable;
use super::super::rollback::server::{self as shared, Lender, Lent, SHARED};
use super::super::server::{OURS, STALE, Server};
use super::super::{Test, name};
use super::{COMMENT, PgServer, get, has_code, run, said};

const MARKS: &str = "CREATE SCHEMA revchain_rollback; CREATE TABLE revchain_rollback.marks ()";
/// The row is not seen by others until it is committed, and then stays.
const MARK: &str = "INSERT INTO revchain_rollback.marks DEFAULT VALUES; SAVEPOINT revchain_test; \
                    SELECT count(*)::int FROM revchain_rollback.marks";

impl Shareable for Postgres {
    type Lent = Lent<PgServer>;

    fn lend(test: &Test, runtime: &Runtime) -> Result<(Lent<PgServer>, PgConnectOptions), String> {
        let lent: Lent<PgServer> = shared::lend(*test, runtime)?;
        let connect = lent.shared.server.options.clone().database(&lent.database);
        Ok((lent, connect))
    }

    async fn mark(_: &Lent<PgServer>, connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
        let rows: i32 = get(&raw_sql(MARK).fetch_one(connection).await?, 0)?;
        // Ours.
        Ok(rows == 1)
    }

    fn is_gone(error: &sqlx::Error) -> bool {
        // No such database, or no such table in it.
        has_code(error, "3D000") || has_code(error, "42P01")
    }

    fn spoil(lent: Lent<PgServer>) -> Result<(), String> {
        shared::spoil(lent)
    }
}

impl Lender for PgServer {
    async fn share(&self, key: Key) -> Result<Option<String>, String> {
        if let Some(database) = self.fit(key).await? {
            return Ok(Some(database));
        }
        let queue = self.queue(key).await?;
        let shared = match self.fit(key).await? {
            Some(database) => Some(database),
            None => {
                self.drop_unfit().await;
                self.build_shared(key).await?
            }
        };
        queue.close().await.map_err(said)?;
        Ok(shared)
    }

    async fn spoil(&self, _: Key, database: &str) -> Result<(), String> {
        let comment = format!("COMMENT ON DATABASE {database} IS 'spoilt'");
        match raw_sql(AssertSqlSafe(comment)).execute(&self.hands).await {
            Err(error) if !has_code(&error, "3D000") => return Err(said(error)),
            _ => {}
        }
        self.drop_unfit().await;
        Ok(())
    }
}

impl PgServer {
    /// One that is fit for use; and so it is used.
    async fn fit(&self, key: Key) -> Result<Option<String>, String> {
        let sql = format!(
            "SELECT datname::text FROM pg_database WHERE datname LIKE '{}' AND shobj_description(oid, 'pg_database') LIKE '{COMMENT}%'",
            pattern(&format!("{SHARED}{key}_"))
        );
        let Some(database) = self.list(&sql).await?.pop() else { return Ok(None) };
        Ok(self.is_there(&database).await?.then_some(database))
    }

    /// Makes one.
    async fn build_shared(&self, key: Key) -> Result<Option<String>, String> {
        // Under a name of ours, as long as it is half of one.
        let database = format!("{OURS}{:08x}_{}", name::process(), name::number());
        if self.copy(key, &database).await?.is_none() {
            return Ok(None);
        }
        let built = async {
            let mut connection = self.options.clone().database(&database).connect().await.map_err(said)?;
            run(&mut connection, MARKS.to_owned()).await?;
            connection.close().await.map_err(said)?;
            let now = self.now().await?;
            self.run(format!("COMMENT ON DATABASE {database} IS '{COMMENT}{now}'")).await?;
            let shared = format!("{SHARED}{key}_{:08x}", name::token() as u32);
            self.run(format!("ALTER DATABASE {database} RENAME TO {shared}")).await?;
            Ok(Some(shared))
        };
        let built = built.await;
        if built.is_err() {
            self.drop(&database).await?;
        }
        built
    }

    /// Drops those that are spoilt and those that nobody uses any more, where nobody is connected. What can't be dropped now is
    /// dropped by whoever comes next.
    async fn drop_unfit(&self) {
        let sql = format!(
            "SELECT datname::text FROM pg_database d WHERE datname LIKE '{}' \
             AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid) \
             AND CASE WHEN shobj_description(oid, 'pg_database') LIKE '{COMMENT}%' \
             THEN substr(shobj_description(oid, 'pg_database'), {})::bigint < extract(epoch FROM now()) - {STALE} ELSE true END",
            pattern(SHARED),
            COMMENT.len() + 1
        );
        for database in self.list(&sql).await.unwrap_or_default() {
            let _ = self.run(format!("DROP DATABASE IF EXISTS {database}")).await;
        }
    }
}

/// For LIKE, to which `_` is any character.
fn pattern(start: &str) -> String {
    format!("{}%", start.replace('_', "\\_"))
}
