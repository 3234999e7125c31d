//! PostgreSQL. A flight is one simple-query string, so one round trip, and atomic: guard, work and version row commit
//! together or not at all.

mod beacon;
mod blame;
mod flight;
mod guard;
mod many;

use std::sync::Arc;

use futures_util::FutureExt;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgDatabaseError, Postgres};
use sqlx::{AssertSqlSafe, Connection, Row, raw_sql};

use crate::atomic::{Atomic, Part, run_parts};
use crate::connect::{Held, Texts};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::event::Listener;
use crate::journal::Journal;
use crate::plan::Step;
use crate::timeouts::Timeouts;
use crate::version_table::{Rows, VersionTable, literal};

/// A connection, and what has been learnt about the version table.
pub(crate) struct Session<'c> {
    pub(crate) held: Held<'c, Postgres>,
    pub(crate) table: VersionTable,
    /// Whether the last read found no version table.
    pub(crate) missing: bool,
    /// Whether there is a journal, as far as the last read tells.
    pub(crate) has_journal: bool,
    /// Whether what lies around the version table is known: a journal, a second table of that name.
    is_known: bool,
    /// How often another session was quicker to create it.
    creates_lost: u32,
    /// Who we are, as the journal is told.
    who: Option<String>,
    timeouts: Timeouts,
    /// What the session's own limits were, while ours stand in their place.
    session_limits: Option<[String; 2]>,
    /// How to open a second connection, where that can be known.
    pub(crate) options: Option<Arc<PgConnectOptions>>,
    /// The second connection, in a transaction that holds the lock of an epoch.
    beacon: Option<PgConnection>,
}

impl<'c> Session<'c> {
    pub(crate) fn new(
        held: Held<'c, Postgres>,
        table: VersionTable,
        options: Option<Arc<PgConnectOptions>>,
    ) -> Result<Session<'c>> {
        if held.get().is_in_transaction() {
            return Err(Error::new(ErrorKind::OpenTransaction {}));
        }
        Ok(Session {
            held,
            table,
            missing: false,
            has_journal: false,
            is_known: false,
            creates_lost: 0,
            who: None,
            timeouts: Timeouts::default(),
            session_limits: None,
            options,
            beacon: None,
        })
    }

    /// Reads the ids, and nothing else: most starts find nothing to do, and this is all that they send. (On a new connection
    /// the server looks up every name in a query for the first time. Those of the whole [`read`](Session::read) cost it more
    /// than the row does.) What lies around the table is not known then. `None` where it isn't read as easily as that.
    /// Behind it comes what is asked of the `journal`, if anything is.
    pub(crate) async fn glance(&mut self, journal: Option<String>) -> Result<Option<(Rows, Texts)>> {
        let sql = ["SELECT version_num::text FROM ", &self.table.name()].concat();
        match self.held.glance(sql, journal).await {
            Ok(seen) => Ok(seen.map(|(ids, texts)| (Rows::new(ids), texts))),
            Err(error) if is_missing(&error) => {
                self.missing = true;
                Ok(Some(Default::default()))
            }
            Err(error) => Err(refused(error)),
        }
    }

    /// Reads the version table: one SELECT, which also learns the schema, and whether a transaction is open.
    pub(crate) async fn read(&mut self) -> Result<Rows> {
        let name = self.table.name();
        let sql = format!(
            "SELECT CASE WHEN v.is_row THEN coalesce(v.version_num::text, '') END, n.nspname::text, (transaction_timestamp() <> statement_timestamp())::text, \
             (SELECT string_agg(o.nspname::text, ', ' ORDER BY array_position(current_schemas(false), o.nspname)) \
             FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace o ON o.oid = t.relnamespace \
             WHERE t.relname = {bare} AND t.relkind IN ('r', 'p', 'v', 'f') AND o.nspname = ANY (current_schemas(false))), \
             (to_regclass(quote_ident(n.nspname) || '.revchain_journal') IS NOT NULL)::text \
             FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             LEFT JOIN (SELECT version_num, true AS is_row FROM {name}) v ON true WHERE c.oid = {regclass}::pg_catalog.regclass",
            bare = literal(self.table.bare()),
            regclass = literal(&name),
        );
        (self.missing, self.has_journal, self.is_known) = (false, false, false);
        let rows = match raw_sql(AssertSqlSafe(sql)).fetch_all(self.held.get_mut()).await {
            Ok(rows) => rows,
            // Base. Creating it is the first writer's business.
            Err(error) if is_missing(&error) => {
                self.missing = true;
                return Ok(Rows::default());
            }
            Err(error) => return Err(refused(error)),
        };
        let mut ids = Vec::new();
        for row in &rows {
            if let Some(id) = row.try_get::<Option<String>, _>(0)? {
                ids.push(id);
            }
            if row.try_get::<String, _>(2)? == "true" && self.held.is_lent() {
                return Err(Error::new(ErrorKind::OpenTransaction {}));
            }
            self.has_journal = row.try_get::<String, _>(4)? == "true";
            if !self.table.has_schema() {
                let schemas = row.try_get::<Option<String>, _>(3)?.unwrap_or_default();
                if schemas.contains(", ") {
                    let table = self.table.bare().to_owned();
                    return Err(Error::new(ErrorKind::ManyTables { table, schemas }));
                }
                self.table.learn_schema(row.try_get(1)?);
            }
        }
        self.is_known = true;
        Ok(Rows::new(ids))
    }

    /// Learns what the last read left out, for a guard that stumbled over it.
    async fn look_around(&mut self) -> Result {
        self.read().await?;
        if self.missing {
            let sql = format!("SELECT (to_regclass({}) IS NOT NULL)::text", literal(self.journal().name()));
            let row = raw_sql(AssertSqlSafe(sql)).fetch_one(self.held.get_mut()).await.map_err(refused)?;
            self.has_journal = row.try_get::<String, _>(0)? == "true";
            self.is_known = true;
        }
        Ok(())
    }

    /// Sets the limits that every transaction begins with.
    pub(crate) async fn limit(&mut self, timeouts: Timeouts, _: &mut Listener<'_>) -> Result {
        self.timeouts = timeouts;
        Ok(())
    }

    /// Makes the limits the session's. Behind a pooler that hands out connections by the transaction they may reach
    /// another one, and hold for nobody.
    pub(crate) async fn limit_session(&mut self) -> Result {
        if self.timeouts.are_unset() || self.session_limits.is_some() {
            return Ok(());
        }
        let sql = "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')";
        let row = raw_sql(sql).fetch_one(self.held.get_mut()).await.map_err(refused)?;
        self.session_limits = Some([row.try_get(0)?, row.try_get(1)?]);
        self.will_roll_back();
        let sql = self.timeouts.postgres("SET").concat();
        raw_sql(AssertSqlSafe(sql)).execute(self.held.get_mut()).await.map_err(refused)?;
        Ok(())
    }

    /// Gives the session its own limits back.
    pub(crate) async fn free_session(&mut self) -> Result {
        let Some(sql) = self.own_limits() else { return Ok(()) };
        raw_sql(AssertSqlSafe(sql)).execute(self.held.get_mut()).await.map_err(refused)?;
        self.session_limits = None;
        self.will_roll_back();
        Ok(())
    }

    fn own_limits(&self) -> Option<String> {
        let [lock, statement] = self.session_limits.as_ref()?;
        let (lock, statement) = (literal(lock), literal(statement));
        Some(format!("SET lock_timeout = {lock}; SET statement_timeout = {statement}"))
    }

    /// Says what is to be sent should the caller stop waiting. sqlx rolls back when its `Transaction` is dropped, but a
    /// BEGIN that was sent and not yet answered makes none.
    fn will_roll_back(&mut self) {
        let limits = self.own_limits();
        self.held.will_restore(|| format!("ROLLBACK; {}", limits.unwrap_or_default()));
    }

    /// Parts with the connection.
    pub(crate) async fn close(mut self, failed: bool) {
        // Where it fails the connection is gone, and its limits with it.
        self.free_session().await.ok();
        self.held.close(failed).await;
    }

    /// Runs the parts in one transaction.
    pub(crate) async fn atomically(
        &mut self,
        parts: &[Part],
        _rebuild: bool,
        step: &Step,
        listener: &mut Listener<'_>,
    ) -> Result<Atomic> {
        let limits = self.timeouts.of_postgres_transaction().concat();
        self.will_roll_back();
        let mut transaction = self.held.get_mut().begin().await.map_err(refused)?;
        if !limits.is_empty() {
            raw_sql(AssertSqlSafe(limits)).execute(&mut *transaction).await.map_err(refused)?;
        }
        Ok(match run_parts!(transaction, parts, step, listener) {
            Atomic::Done(rows) => match transaction.commit().await {
                Ok(()) => Atomic::Done(rows),
                Err(error) => Atomic::Failed(None, error),
            },
            ended => {
                transaction.rollback().await.ok();
                ended
            }
        })
    }

    /// Runs one statement outside any transaction.
    pub(crate) async fn statement(&mut self, sql: &'static str) -> std::result::Result<u64, sqlx::Error> {
        // As its own string: `CREATE INDEX CONCURRENTLY` refuses company (25001).
        Ok(raw_sql(sql).execute(self.held.get_mut()).await?.rows_affected())
    }

    /// The same, with a comment that names an epoch: whoever wonders whether it still runs looks for that among the
    /// server's sessions. Behind a pooler nothing else tells which of them it is.
    pub(crate) async fn marked_statement(
        &mut self,
        sql: &'static str,
        epoch: u64,
    ) -> std::result::Result<u64, sqlx::Error> {
        let sql = format!("/* revchain {epoch} */ {sql}");
        Ok(raw_sql(AssertSqlSafe(sql)).execute(self.held.get_mut()).await?.rows_affected())
    }

    /// Empties the version table and writes one row, whatever was there.
    pub(crate) async fn purge(&mut self, to: Option<&str>) -> Result {
        let name = self.table.name();
        let explicit = !self.held.is_lent();
        let mut sql = format!(
            "{}{};\nLOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE;\nDELETE FROM {name};\n",
            if explicit { "BEGIN;\n" } else { "" },
            self.table.create()
        );
        if let Some(to) = to {
            sql.push_str(&format!("{};\n", self.table.insert(to)));
        }
        if explicit {
            sql.push_str("COMMIT");
        }
        let done = raw_sql(AssertSqlSafe(sql)).execute(self.held.get_mut()).await;
        if done.is_err() {
            self.roll_back().await;
        }
        done.map(|_| ()).map_err(refused)
    }

    /// The journal beside the version table.
    pub(crate) fn journal(&self) -> Journal {
        Journal::new(Dialect::Postgres, &self.table).of(self.who.clone())
    }

    /// After an error inside an explicit BEGIN the session stays in an aborted transaction.
    async fn roll_back(&mut self) {
        if !self.held.is_lent() {
            // Where this fails the connection is gone, and the transaction with it.
            raw_sql("ROLLBACK").execute(self.held.get_mut()).await.ok();
        }
    }
}

/// Sends something on a connection whose run was abandoned, whatever it waits for. sqlx's `begin_with` puts its statement
/// into the queue before anything else, and that is where it stays when nobody polls it again; what `execute` does first
/// is wait.
pub(crate) fn send(connection: &mut PgConnection, sql: String) {
    drop(connection.begin_with(AssertSqlSafe(sql)).now_or_never());
}

fn code(error: &sqlx::Error) -> Option<&str> {
    match error {
        sqlx::Error::Database(error) => error.try_downcast_ref::<PgDatabaseError>().map(PgDatabaseError::code),
        _ => None,
    }
}

/// Whether an error says that there is no such table, or no such schema.
fn is_missing(error: &sqlx::Error) -> bool {
    matches!(code(error), Some("42P01" | "3F000"))
}

/// An error of something of ours.
fn refused(error: sqlx::Error) -> Error {
    match code(&error) {
        // In an aborted transaction; LOCK and BEGIN where they can't be.
        Some("25P02" | "25001") => Error::new(ErrorKind::OpenTransaction {}).because(error),
        _ => Error::database(error),
    }
}
