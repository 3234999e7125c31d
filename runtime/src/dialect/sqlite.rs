//! SQLite. A flight is one `BEGIN IMMEDIATE` transaction: the lock comes before the first read, so that two starters
//! never both believe they may write. How its statements run is `flight`'s.

mod flight;

use std::collections::BTreeMap;
use std::time::Instant;

use futures_util::FutureExt;
use sqlx::sqlite::{Sqlite, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, Row, raw_sql};

use crate::atomic::{Atomic, Part, run_parts};
use crate::chain::StepFn;
use crate::connect::Held;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Kept, Result, Violation};
use crate::event::Listener;
use crate::journal::Journal;
use crate::op::{Handle, Op};
use crate::plan::Step;
use crate::run::{Outcome, Pieces};
use crate::timeouts::{Deadline, Timeouts, busy_timeout};
use crate::version_table::{Rows, Swap, VersionTable};

/// How many instructions of its virtual machine SQLite works between two questions whether to stop: about a millisecond.
const INSTRUCTIONS: i32 = 10_000;

/// Violations that a message shows.
const SHOWN: usize = 10;

/// A connection, and the version table's name.
pub(crate) struct Session<'c> {
    pub(crate) held: Held<'c, Sqlite>,
    pub(crate) table: VersionTable,
    /// Whether the last read found no version table.
    pub(crate) missing: bool,
    /// What a connection that was handed in had as its `busy_timeout`.
    busy_timeout: Option<i64>,
    /// Whether it asks us, while it works, if it is time to stop.
    is_limited: bool,
}

impl<'c> Session<'c> {
    pub(crate) fn new(held: Held<'c, Sqlite>, mut table: VersionTable) -> Result<Session<'c>> {
        // A failed BEGIN inside a transaction would take sqlx's own with it: its Transaction rolls back when dropped.
        if held.get().is_in_transaction() {
            return Err(Error::new(ErrorKind::OpenTransaction {}));
        }
        // A table of that name in `temp` or in an attached database is not ours.
        table.learn_schema("main".to_owned());
        Ok(Session { held, table, missing: false, busy_timeout: None, is_limited: false })
    }

    /// Reads the version table.
    pub(crate) async fn read(&mut self) -> Result<Rows> {
        let found = read(self.held.get_mut(), &self.table).await?;
        self.missing = found.is_none();
        Ok(found.unwrap_or_default())
    }

    /// Moves the version row and runs the pieces in one transaction.
    pub(crate) async fn flight(
        &mut self,
        swap: Option<Swap<'_>>,
        pieces: Pieces<'_>,
        rebuild: bool,
        listener: &mut Listener<'_>,
    ) -> Result<Outcome> {
        let outcome = if rebuild {
            let mut keys = ForeignKeys::off(self.held.get_mut()).await?;
            let outcome = flight::transact(keys.connection, &self.table, swap, pieces, true, listener).await;
            keys.restore().await?;
            outcome
        } else {
            flight::transact(self.held.get_mut(), &self.table, swap, pieces, false, listener).await
        }?;
        if matches!(outcome, Outcome::Done(_)) && swap.is_some() {
            self.missing = false;
        }
        Ok(outcome)
    }

    /// Runs the parts in one transaction.
    pub(crate) async fn atomically(
        &mut self,
        parts: &[Part],
        rebuild: bool,
        step: &Step,
        listener: &mut Listener<'_>,
    ) -> Result<Atomic> {
        if !rebuild {
            return atomically(self.held.get_mut(), parts, false, step, listener).await;
        }
        let mut keys = ForeignKeys::off(self.held.get_mut()).await?;
        let done = atomically(keys.connection, parts, true, step, listener).await;
        keys.restore().await?;
        done
    }

    /// The journal beside the version table.
    pub(crate) fn journal(&self) -> Journal {
        Journal::new(Dialect::Sqlite, &self.table)
    }

    /// Runs one statement outside any transaction.
    pub(crate) async fn statement(&mut self, sql: &'static str) -> std::result::Result<u64, sqlx::Error> {
        Ok(raw_sql(sql).execute(self.held.get_mut()).await?.rows_affected())
    }

    /// Runs a `.rs` revision: guard, function and version row in one transaction.
    pub(crate) async fn function(
        &mut self,
        step: &Step,
        function: StepFn,
        listener: &mut Listener<'_>,
    ) -> Result<Outcome> {
        let started = Instant::now();
        let connection = self.held.get_mut();
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(refused)?;
        if !move_row(&mut transaction, &self.table, Swap { from: step.from(), to: step.to() }).await? {
            transaction.rollback().await.map_err(refused)?;
            return Ok(Outcome::Moved);
        }
        record(&mut transaction, &self.table, std::slice::from_ref(step)).await?;
        let mut op = Op::new(Handle::Sqlite(&mut transaction), step, listener);
        if let Err(error) = function(&mut op).await {
            give_up(transaction).await;
            return Err(error.in_function(step, Kept::Nothing));
        }
        transaction.commit().await.map_err(|error| Error::step_failed(step, Kept::Nothing, error))?;
        self.missing = false;
        Ok(Outcome::Done(vec![started.elapsed()]))
    }

    /// Sets the limits of the session. There is one lock, the database's, and one wait for it, at BEGIN.
    pub(crate) async fn limit(&mut self, timeouts: Timeouts, listener: &mut Listener<'_>) -> Result {
        if let Some(limit) = timeouts.lock {
            let row = raw_sql("PRAGMA busy_timeout").fetch_one(self.held.get_mut()).await.map_err(refused)?;
            let before: i64 = row.try_get(0)?;
            self.busy_timeout = Some(before);
            self.held.will_restore(|| format!("PRAGMA busy_timeout = {before}"));
            let sql = busy_timeout(limit);
            raw_sql(AssertSqlSafe(sql)).execute(self.held.get_mut()).await.map_err(refused)?;
        }
        if let Some(limit) = timeouts.statement.filter(|limit| !limit.is_zero()) {
            let deadline = Deadline::default();
            listener.limit(deadline.clone(), limit);
            let mut handle = self.held.get_mut().lock_handle().await.map_err(refused)?;
            handle.set_progress_handler(INSTRUCTIONS, move || !deadline.is_over());
            self.is_limited = true;
        }
        Ok(())
    }

    /// Parts with the connection.
    pub(crate) async fn close(mut self, failed: bool) {
        if let Some(limit) = self.busy_timeout.take() {
            let sql = format!("PRAGMA busy_timeout = {limit}");
            raw_sql(AssertSqlSafe(sql)).execute(self.held.get_mut()).await.ok();
        }
        if self.is_limited
            && let Ok(mut handle) = self.held.get_mut().lock_handle().await
        {
            handle.remove_progress_handler();
        }
        self.held.close(failed).await;
    }

    /// Empties the version table and writes one row, whatever was there.
    pub(crate) async fn purge(&mut self, to: Option<&str>) -> Result {
        let name = self.table.name();
        let mut transaction = self.held.get_mut().begin_with("BEGIN IMMEDIATE").await.map_err(refused)?;
        let mut statements = vec![self.table.create(), format!("DELETE FROM {name}")];
        statements.extend(to.map(|to| self.table.insert(to)));
        for sql in statements {
            raw_sql(AssertSqlSafe(sql)).execute(&mut *transaction).await.map_err(refused)?;
        }
        transaction.commit().await.map_err(refused)
    }
}

/// Sends something on a connection whose run was abandoned. Polled once, it is on its way to sqlx's worker thread, behind
/// the rollback that the transaction queued when it was dropped before this.
pub(crate) fn send(connection: &mut SqliteConnection, sql: String) {
    drop(raw_sql(AssertSqlSafe(sql)).execute(connection).now_or_never());
}

/// The rows of the version table; `None` where there is no table.
async fn read(connection: &mut SqliteConnection, table: &VersionTable) -> Result<Option<Rows>> {
    let sql = format!("SELECT coalesce(CAST(version_num AS TEXT), '') FROM {}", table.name());
    match raw_sql(AssertSqlSafe(sql)).fetch_all(connection).await {
        Ok(rows) => {
            let ids = rows.iter().map(|row| row.try_get(0)).collect::<std::result::Result<_, _>>()?;
            Ok(Some(Rows::new(ids)))
        }
        // The code is 1, as for a syntax error: only the message tells.
        Err(sqlx::Error::Database(error)) if error.message().starts_with("no such table") => Ok(None),
        Err(error) => Err(refused(error)),
    }
}

/// Whether a step is under way that is no single transaction.
async fn is_claimed(connection: &mut SqliteConnection, table: &VersionTable) -> Result<bool> {
    let journal = Journal::new(Dialect::Sqlite, table);
    let sql = format!("SELECT 1 FROM {} WHERE {}", journal.name(), journal.is_claimed());
    match raw_sql(AssertSqlSafe(sql)).fetch_optional(connection).await {
        Ok(row) => Ok(row.is_some()),
        Err(sqlx::Error::Database(error)) if error.message().starts_with("no such table") => Ok(false),
        Err(error) => Err(refused(error)),
    }
}

/// Moves the version row inside a transaction that holds the write lock. `false` where the row is not where it should
/// be.
async fn move_row(connection: &mut SqliteConnection, table: &VersionTable, swap: Swap<'_>) -> Result<bool> {
    let rows = read(connection, table).await?;
    let missing = rows.is_none();
    let ids = rows.unwrap_or_default().ids;
    if is_claimed(connection, table).await? {
        return Ok(false);
    }
    if ids.iter().map(String::as_str).ne(swap.from) {
        return Ok(false);
    }
    if missing {
        raw_sql(AssertSqlSafe(table.create())).execute(&mut *connection).await.map_err(refused)?;
    }
    let Some(sql) = table.swap(swap) else { return Ok(true) };
    let done = raw_sql(AssertSqlSafe(sql)).execute(connection).await.map_err(refused)?;
    Ok(done.rows_affected() == 1)
}

/// Tells the journal of steps, inside their transaction.
async fn record(connection: &mut SqliteConnection, table: &VersionTable, steps: &[Step]) -> Result {
    if !table.is_recorded() || steps.is_empty() {
        return Ok(());
    }
    let journal = Journal::new(Dialect::Sqlite, table);
    raw_sql(AssertSqlSafe(journal.create())).execute(&mut *connection).await.map_err(refused)?;
    for sql in journal.record(steps) {
        raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await.map_err(refused)?;
    }
    Ok(())
}

/// One transaction of parts, and after a rebuild the check of the foreign keys.
async fn atomically(
    connection: &mut SqliteConnection,
    parts: &[Part],
    rebuild: bool,
    step: &Step,
    listener: &mut Listener<'_>,
) -> Result<Atomic> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(refused)?;
    let before = if rebuild { violations(&mut transaction).await.ok() } else { None };
    let ended = run_parts!(transaction, parts, step, listener);
    if !matches!(ended, Atomic::Done(_)) {
        give_up(transaction).await;
        return Ok(ended);
    }
    if let Some(before) = before {
        let after = violations(&mut transaction).await?;
        let (count, new) = new_violations(&before, after);
        if count > 0 {
            give_up(transaction).await;
            return Err(Error::new(ErrorKind::ForeignKeys { violations: new, count }).at_step(step));
        }
    }
    Ok(match transaction.commit().await {
        Ok(()) => ended,
        Err(error) => Atomic::Failed(None, error),
    })
}

/// Rolls back after an error.
///
/// Some errors end the transaction by themselves: an interrupt, a full disk, `ON CONFLICT ROLLBACK`, `RAISE(ROLLBACK)`
/// (<https://sqlite.org/lang_transaction.html>). sqlx, whose ROLLBACK then fails, would take the connection for one
/// inside a transaction for ever; so it gets one to roll back. Where the transaction is still open, that BEGIN is what
/// fails.
async fn give_up(mut transaction: sqlx::Transaction<'_, Sqlite>) {
    raw_sql("BEGIN").execute(&mut *transaction).await.ok();
    transaction.rollback().await.ok();
}

/// What `foreign_key_check` finds in the whole database.
async fn violations(connection: &mut SqliteConnection) -> Result<Vec<Violation>> {
    let rows = raw_sql("PRAGMA main.foreign_key_check").fetch_all(connection).await.map_err(refused)?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.push(Violation { table: row.try_get(0)?, rowid: row.try_get(1)?, parent: row.try_get(2)? });
    }
    Ok(found)
}

/// The violations that were not there before: how many, and the first few.
///
/// A rebuilt table may number its rows anew, so an old violation can come back under another rowid. Counted are, for
/// each pair of tables, those in excess of what there was; shown first are those whose row is new.
fn new_violations(before: &[Violation], after: Vec<Violation>) -> (usize, Vec<Violation>) {
    let mut pairs: BTreeMap<(&str, &str), (usize, Vec<&Violation>)> = BTreeMap::new();
    for violation in before {
        pairs.entry((&violation.table, &violation.parent)).or_default().0 += 1;
    }
    for violation in &after {
        pairs.entry((&violation.table, &violation.parent)).or_default().1.push(violation);
    }
    let known: std::collections::BTreeSet<&Violation> = before.iter().collect();
    let (mut count, mut shown) = (0, Vec::new());
    for (had, mut has) in pairs.into_values() {
        let new = has.len().saturating_sub(had);
        has.sort_by_key(|violation| known.contains(violation));
        shown.extend(has.into_iter().take(new).cloned());
        count += new;
    }
    shown.truncate(SHOWN);
    (count, shown)
}

/// Foreign keys, switched off. The pragma does nothing inside a transaction, and with the keys on `DROP TABLE` deletes
/// the rows of the children (`ON DELETE CASCADE`), `defer_foreign_keys` or not: so it stands around the transaction.
struct ForeignKeys<'a> {
    connection: &'a mut SqliteConnection,
    /// What is still to be put back.
    on: bool,
}

impl<'a> ForeignKeys<'a> {
    async fn off(connection: &'a mut SqliteConnection) -> Result<ForeignKeys<'a>> {
        let row = raw_sql("PRAGMA foreign_keys").fetch_optional(&mut *connection).await.map_err(refused)?;
        let on = row.map(|row| row.try_get::<i64, _>(0)).transpose()?.unwrap_or_default() != 0;
        let keys = ForeignKeys { connection, on };
        if on {
            raw_sql("PRAGMA foreign_keys = OFF").execute(&mut *keys.connection).await.map_err(refused)?;
        }
        Ok(keys)
    }

    async fn restore(&mut self) -> Result {
        if self.on {
            raw_sql("PRAGMA foreign_keys = ON").execute(&mut *self.connection).await.map_err(refused)?;
            self.on = false;
        }
        Ok(())
    }
}

impl Drop for ForeignKeys<'_> {
    /// The caller stopped waiting. Polled once, the request is on its way to sqlx's worker thread, behind the rollback
    /// that the transaction queued when it was dropped before this.
    fn drop(&mut self) {
        if self.on {
            drop(raw_sql("PRAGMA foreign_keys = ON").execute(&mut *self.connection).now_or_never());
        }
    }
}

/// An error of something of ours.
fn refused(error: sqlx::Error) -> Error {
    match &error {
        sqlx::Error::Database(found) if found.message().contains("within a transaction") => {
            Error::new(ErrorKind::OpenTransaction {}).because(error)
        }
        _ => Error::database(error),
    }
}
