//! PostgreSQL: a template database for each state, and a copy of it for each test.
//!
//! A template is made under a name of its maker's and gets its own last, so that nobody copies half of one. Sign of life is an
//! advisory lock: those belong to a database, but `pg_locks` shows all of a server's to everybody.

mod rollback;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use sqlx::pool::PoolOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool, Postgres, Row, raw_sql};
use tokio::runtime::Runtime;

use super::key::{Key, State};
use super::server::{self, CONNECTIONS, HANDS, Known, OURS, Place, STALE, Server, TEMPLATE, USED};
use super::{Made, Test, Testable, migrate, name, words};
use crate::dialect::Dialect;

/// The databases of failed tests.
const FAILED: &str = "revchain_failed_";
/// The first half of the number of our locks: "revc".
const LOCKS: i32 = 0x7265_7663;
/// What stands before a template's last use in its comment.
const COMMENT: &str = "a template of tests by revchain; last used: ";

/// A server.
#[derive(Debug)]
#[allow(unreachable_pub, reason = "part of a driver's associated type, which nobody names")]
pub struct PgServer {
    options: PgConnectOptions,
    /// Who makes and drops databases.
    hands: PgPool,
    /// How a copy is made, and a database dropped, here.
    strategy: &'static str,
    force: &'static str,
    /// Holds this process's lock.
    _life: Mutex<PgConnection>,
}

impl Testable for Postgres {
    type Place = Place<PgServer>;

    fn make(test: &Test, runtime: &Runtime) -> Result<Made<Postgres>, String> {
        let place = server::make::<PgServer>(*test, runtime)?;
        let connect = server::of(&place).options.clone().database(&place.database);
        Ok(Made { place, pool: PoolOptions::new().max_connections(CONNECTIONS), connect })
    }

    async fn script(connection: &mut PgConnection, sql: &'static str) -> Result<(), sqlx::Error> {
        raw_sql(sql).execute(connection).await.map(drop)
    }

    fn discard(place: Place<PgServer>) {
        server::discard(place);
    }

    fn keep(place: Place<PgServer>, test: &Test) -> Result<String, String> {
        server::keep(place, test)
    }
}

impl Server for PgServer {
    const DIALECT: Dialect = Dialect::Postgres;
    const POOL: &'static str = "PgPool";
    const EXAMPLE: &'static str = "postgres://postgres@localhost/postgres";

    fn known() -> &'static Known<PgServer> {
        static KNOWN: Known<PgServer> = Mutex::new(BTreeMap::new());
        &KNOWN
    }

    async fn open(url: &str) -> Result<PgServer, String> {
        let options: PgConnectOptions = url.parse().map_err(said)?;
        let mut life = options.connect().await.map_err(said)?;
        let asked = "SELECT current_user::text, current_setting('server_version_num')::int, current_setting('fsync') = 'on', \
                     (SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user)";
        let row = raw_sql(asked).fetch_one(&mut life).await.map_err(said)?;
        let (role, version, is_safe, may): (String, i32, bool, Option<bool>) =
            (|| Ok((get(&row, 0)?, get(&row, 1)?, get(&row, 2)?, get(&row, 3)?)))().map_err(said)?;
        if may == Some(false) {
            return Err(format!(
                "the role `{role}` may not make databases, and each test gets one\n  help: as a superuser, `ALTER ROLE {} CREATEDB`",
                quoted(&role)
            ));
        }
        run(&mut life, format!("SELECT pg_advisory_lock({LOCKS}, {})", name::process().cast_signed())).await?;
        // Copying files asks for a checkpoint before and after it, which is the quicker way where nothing is synced.
        let strategy = match version {
            ..150_000 => "",
            _ if is_safe => " STRATEGY wal_log",
            _ => " STRATEGY file_copy",
        };
        let force = if version < 130_000 { "" } else { " WITH (FORCE)" };
        let hands = PoolOptions::new().max_connections(HANDS).connect_lazy_with(options.clone());
        Ok(PgServer { options, hands, strategy, force, _life: Mutex::new(life) })
    }

    fn user(&self) -> &str {
        self.options.get_username()
    }

    async fn sweep(&self) -> Result<BTreeMap<String, Vec<String>>, String> {
        // In this order: who has a database had its lock before.
        let databases = self.list("SELECT datname::text FROM pg_database WHERE datname LIKE 'revchain\\_%'").await?;
        let alive: BTreeSet<u32> = self.alive().await?;
        let mut kept: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for database in databases {
            if let Some(test) = database.strip_prefix(FAILED) {
                kept.entry(test.to_owned()).or_default().push(database);
            } else if server::owner(&database).is_some_and(|owner| !alive.contains(&owner)) {
                // Somebody else may be doing the same; and what is not ours to drop is not ours to complain about.
                let _ = self.drop(&database).await;
            }
        }
        Ok(kept)
    }

    async fn prepare(&self, test: Test, state: &State) -> Result<(), String> {
        let template = template(state.key);
        if self.is_there(&template).await? {
            return Ok(());
        }
        let queue = self.queue(state.key).await?;
        if !self.is_there(&template).await? {
            self.drop_stale().await;
            self.build(test, state, &template).await?;
        }
        queue.close().await.map_err(said)
    }

    async fn copy(&self, key: Key, database: &str) -> Result<Option<()>, String> {
        let template = template(key);
        let sql = format!("CREATE DATABASE {database} TEMPLATE {template}{}", self.strategy);
        match raw_sql(AssertSqlSafe(sql)).execute(&self.hands).await {
            Ok(_) => Ok(Some(())),
            Err(error) if has_code(&error, "3D000") => Ok(None),
            Err(error) if has_code(&error, "55006") => {
                Err(format!("{}\n  help: nobody can be connected to {template} while it is copied", words(&error)))
            }
            Err(error) => Err(said(error)),
        }
    }

    async fn drop(&self, database: &str) -> Result<(), String> {
        self.run(format!("DROP DATABASE IF EXISTS {database}{}", self.force)).await
    }

    async fn keep(&self, database: &str, test: &str) -> Result<String, String> {
        let kept = format!("{FAILED}{test}");
        self.drop(&kept).await?;
        // What the test left connected would stand in the way.
        let who = format!("FROM pg_stat_activity WHERE datname = '{database}'");
        self.run(format!("SELECT pg_terminate_backend(pid) {who}")).await?;
        self.run(format!("ALTER DATABASE {database} RENAME TO {kept}")).await?;
        Ok(kept)
    }
}

impl PgServer {
    /// Whether there is such a template; if so, it is used.
    async fn is_there(&self, template: &str) -> Result<bool, String> {
        let sql = format!(
            "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = '{template}'"
        );
        let comments = self.list(&sql).await?;
        let Some(comment) = comments.first() else { return Ok(false) };
        let now = self.now().await?;
        if used(comment).is_none_or(|used| now - used > USED) {
            // Two may do so at once, of whom one is refused.
            let _ = self.run(format!("COMMENT ON DATABASE {template} IS '{COMMENT}{now}'")).await;
        }
        Ok(true)
    }

    /// One makes what is of a state: of all processes that come from the same database. Others are told apart by the name. To be
    /// closed.
    async fn queue(&self, key: Key) -> Result<PgConnection, String> {
        let mut queue = self.options.connect().await.map_err(said)?;
        run(&mut queue, format!("SELECT pg_advisory_lock({})", key.half().cast_signed())).await?;
        Ok(queue)
    }

    /// Makes a template.
    async fn build(&self, test: Test, state: &State, template: &str) -> Result<(), String> {
        let database = format!("{OURS}{:08x}_{}", name::process(), name::number());
        self.run(format!("CREATE DATABASE {database}")).await?;
        let built = async {
            let options = self.options.clone().database(&database);
            let mut connection = options.connect().await.map_err(said)?;
            migrate(&test, state.target, &mut connection).await?;
            connection.close().await.map_err(said)?;
            let renamed = format!("ALTER DATABASE {database} RENAME TO {template}");
            match raw_sql(AssertSqlSafe(renamed)).execute(&self.hands).await {
                Err(error) if !has_code(&error, "42P04") => Err(said(error)),
                // Theirs will do, whoever was quicker.
                Err(_) => Ok(false),
                Ok(_) => Ok(true),
            }
        };
        let built = built.await;
        if built != Ok(true) {
            self.drop(&database).await?;
        }
        built?;
        self.is_there(template).await.map(drop)
    }

    /// Drops the templates that nobody uses any more.
    async fn drop_stale(&self) {
        let sql = format!(
            "SELECT datname::text || ' ' || coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database \
             WHERE datname LIKE '{}%'",
            TEMPLATE.replace('_', "\\_")
        );
        let (Ok(templates), Ok(now)) = (self.list(&sql).await, self.now().await) else { return };
        for template in templates {
            if let Some((template, comment)) = template.split_once(' ')
                && used(comment).is_some_and(|used| now - used > STALE)
            {
                // Without force: who copies it right now is not disturbed.
                let _ = self.run(format!("DROP DATABASE IF EXISTS {template}")).await;
            }
        }
    }

    /// The processes that live.
    async fn alive(&self) -> Result<BTreeSet<u32>, String> {
        let sql = format!(
            "SELECT objid::text FROM pg_locks WHERE locktype = 'advisory' AND classid = {LOCKS} AND objsubid = 2 AND granted"
        );
        Ok(self.list(&sql).await?.iter().filter_map(|process| process.parse().ok()).collect())
    }

    /// The server's clock, which all processes share.
    async fn now(&self) -> Result<i64, String> {
        let seconds = self.list("SELECT extract(epoch FROM now())::bigint::text").await?;
        seconds.first().and_then(|seconds| seconds.parse().ok()).ok_or_else(|| "the server has no clock".to_owned())
    }

    async fn list(&self, sql: &str) -> Result<Vec<String>, String> {
        let rows = raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&self.hands).await.map_err(said)?;
        rows.iter().map(|row| get(row, 0).map_err(said)).collect()
    }

    async fn run(&self, sql: String) -> Result<(), String> {
        raw_sql(AssertSqlSafe(sql)).execute(&self.hands).await.map(drop).map_err(said)
    }
}

async fn run(connection: &mut PgConnection, sql: String) -> Result<(), String> {
    raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop).map_err(said)
}

fn template(key: Key) -> String {
    format!("{TEMPLATE}{key}")
}

/// When a template was used, by its comment.
fn used(comment: &str) -> Option<i64> {
    comment.strip_prefix(COMMENT)?.parse().ok()
}

fn get<'r, T>(row: &'r sqlx::postgres::PgRow, column: usize) -> Result<T, sqlx::Error>
where
    T: sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>,
{
    row.try_get(column)
}

fn has_code(error: &sqlx::Error, code: &str) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|found| found == code)
}

fn quoted(role: &str) -> String {
    format!("\"{}\"", role.replace('"', "\"\""))
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn said(error: sqlx::Error) -> String {
    words(&error)
}
