//! PostgreSQL. A flight is one simple-query string, so one round trip, and atomic: guard, work and version row commit
//! together or not at all.

use std::sync::Arc;
use std::time::Instant;

use futures_util::{FutureExt, TryStreamExt};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgDatabaseError, PgErrorPosition, Postgres};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Either, Row, raw_sql};

use crate::atomic::{Atomic, Part, run_parts};
use crate::chain::StepFn;
use crate::connect::Held;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Kept, Result};
use crate::event::Listener;
use crate::journal::Journal;
use crate::op::{Handle, Op};
use crate::packed::{Batch, Statement};
use crate::plan::Step;
use crate::run::{Outcome, Piece};
use crate::timeouts::Timeouts;
use crate::version_table::{Rows, Swap, VersionTable, literal};

/// What the guard raises when it finds that the version row has moved.
const MOVED: &str = "RC001";

/// How it raises it.
const RAISE: &str = "RAISE EXCEPTION USING ERRCODE = 'RC001', MESSAGE = 'the version row has moved'";

/// How often creating the version table may be lost to another session. Where it goes on failing, something else has
/// that name.
const CREATES: u32 = 100;

/// A connection, and what has been learnt about the version table.
pub(crate) struct Session<'c> {
    pub(crate) held: Held<'c, Postgres>,
    pub(crate) table: VersionTable,
    /// Whether the last read found no version table.
    pub(crate) missing: bool,
    /// Whether there is a journal, as far as the last read tells.
    pub(crate) has_journal: bool,
    /// How often another session was quicker to create it.
    creates_lost: u32,
    timeouts: Timeouts,
    /// What the session's own limits were, while ours stand in their place.
    session_limits: Option<[String; 2]>,
    /// How to open a second connection, where that can be known.
    pub(crate) options: Option<Arc<PgConnectOptions>>,
    /// The second connection, in a transaction that holds the lock of an epoch.
    beacon: Option<PgConnection>,
}

/// A string in the making, and where each batch begins in it.
struct Composed {
    sql: String,
    /// Completions before the first batch's.
    before: usize,
    /// Where each piece begins in the string, in bytes.
    starts: Vec<usize>,
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
            creates_lost: 0,
            timeouts: Timeouts::default(),
            session_limits: None,
            options,
            beacon: None,
        })
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
        (self.missing, self.has_journal) = (false, false);
        let rows = match raw_sql(AssertSqlSafe(sql)).fetch_all(self.held.get_mut()).await {
            Ok(rows) => rows,
            // No such table, or no such schema: base. Creating it is the first writer's business.
            Err(error) if matches!(code(&error), Some("42P01" | "3F000")) => {
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
        Ok(Rows::new(ids))
    }

    /// Moves the version row and runs the pieces, in one transaction and one round trip.
    pub(crate) async fn flight(
        &mut self,
        swap: Option<Swap<'_>>,
        pieces: &[Piece],
        listener: &mut Listener<'_>,
    ) -> Result<Outcome> {
        // On a connection that is handed in, only the one string is safe: see `compose`.
        if listener.watches_statements() && !self.held.is_lent() {
            return self.flight_in_steps(swap, pieces, listener).await;
        }
        let composed = self.compose(swap, pieces);
        let ends: Vec<usize> = pieces
            .iter()
            .scan(composed.before, |end, piece| {
                *end += piece.batch.len();
                Some(*end)
            })
            .collect();
        let (mut completed, mut laps, mut since) = (0, Vec::with_capacity(pieces.len()), Instant::now());
        let mut schema = None;
        let mut stream = raw_sql(AssertSqlSafe(composed.sql.clone())).fetch_many(self.held.get_mut());
        let failure = loop {
            while laps.len() < ends.len() && ends.get(laps.len()).is_some_and(|end| completed >= *end) {
                laps.push(since.elapsed());
                since = Instant::now();
            }
            match stream.try_next().await {
                Ok(Some(Either::Left(_))) => completed += 1,
                // The only row of the prefix is the one that tells the schema of a table just made.
                Ok(Some(Either::Right(row))) if completed < composed.before => schema = row.try_get(0).ok(),
                Ok(Some(Either::Right(_))) => {}
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        drop(stream);
        let Some(error) = failure else {
            self.moved(swap, schema);
            if let Some(last) = laps.last_mut() {
                *last += since.elapsed();
            }
            return Ok(Outcome::Done(laps));
        };
        self.roll_back().await;
        if completed < composed.before && position(&error).is_none_or(|at| before(&composed, at)) {
            return self.lost_or(error);
        }
        Err(blame(&composed, pieces, completed, error))
    }

    /// The same, a message for each statement: for someone who watches.
    async fn flight_in_steps(
        &mut self,
        swap: Option<Swap<'_>>,
        pieces: &[Piece],
        listener: &mut Listener<'_>,
    ) -> Result<Outcome> {
        let prefix = self.prefix(swap, pieces).concat();
        let schema = match raw_sql(AssertSqlSafe(prefix)).fetch_optional(self.held.get_mut()).await {
            Ok(row) => row.and_then(|row| row.try_get(0).ok()),
            Err(error) => {
                self.roll_back().await;
                return self.lost_or(error);
            }
        };
        let mut laps = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let since = Instant::now();
            for statement in piece.batch.statements() {
                let lap = listener.statement_started(&piece.step, Some(statement.line), statement.sql);
                if let Err(error) = raw_sql(statement.sql).execute(self.held.get_mut()).await {
                    self.roll_back().await;
                    let byte = position(&error).map_or(0, |character| byte_at(statement.sql, character));
                    let line = statement.line + lines(statement.sql.get(..byte).unwrap_or_default());
                    return Err(Error::statement_failed(&piece.step, statement, Kept::Nothing, error).at_line(line));
                }
                listener.statement_done(&piece.step, Some(statement.line), lap);
            }
            laps.push(since.elapsed());
        }
        let since = Instant::now();
        if let Err(error) = raw_sql("COMMIT").execute(self.held.get_mut()).await {
            self.roll_back().await;
            return Err(match pieces.last() {
                Some(piece) => Error::step_failed(&piece.step, Kept::Nothing, error),
                None => Error::database(error),
            });
        }
        self.moved(swap, schema);
        if let Some(last) = laps.last_mut() {
            *last += since.elapsed();
        }
        Ok(Outcome::Done(laps))
    }

    /// What is known of the version table once its row has moved.
    fn moved(&mut self, swap: Option<Swap<'_>>, schema: Option<String>) {
        if let Some(schema) = schema {
            self.table.learn_schema(schema);
        }
        if swap.is_some() {
            self.missing = false;
        }
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

    /// Opens a second connection, and holds the lock of an epoch there, in a transaction, until it is closed: the sign that
    /// somebody is at it. It goes with this process, and no pooler lends a session to another in the middle of a
    /// transaction.
    ///
    /// READ COMMITTED, whatever the default is: an idle transaction has no snapshot then, and so CREATE INDEX
    /// CONCURRENTLY does not wait for it. Nor may the server think that it has been idle for too long.
    pub(crate) async fn light_beacon(&mut self, epoch: u64) -> std::result::Result<(), sqlx::Error> {
        let Some(options) = &self.options else { return Ok(()) };
        self.beacon = None;
        let mut beacon = options.connect().await?;
        let sql = format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT set_config(name, '0', true) FROM pg_catalog.pg_settings \
             WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout'); \
             SELECT 1 / pg_try_advisory_xact_lock({epoch})::int"
        );
        raw_sql(AssertSqlSafe(sql)).execute(&mut beacon).await?;
        self.beacon = Some(beacon);
        Ok(())
    }

    /// Whether the lock is still held: it is as long as its transaction is there. `true` where there never was one.
    pub(crate) async fn beacon_burns(&mut self) -> bool {
        match &mut self.beacon {
            // Not just any answer: behind a pooler the transaction may be gone, and the connection not.
            Some(beacon) => {
                let sql = "SELECT (transaction_timestamp() <> statement_timestamp())::text";
                let row = raw_sql(sql).fetch_one(beacon).await;
                row.and_then(|row| row.try_get::<String, _>(0)).is_ok_and(|inside| inside == "true")
            }
            None => true,
        }
    }

    /// Lets go of the lock.
    pub(crate) async fn put_out_beacon(&mut self) {
        if let Some(beacon) = self.beacon.take() {
            // Where it fails, it is gone.
            beacon.close().await.ok();
        }
    }

    /// Runs a `.rs` revision: guard, function and version row in one transaction.
    pub(crate) async fn function(
        &mut self,
        step: &Step,
        function: StepFn,
        listener: &mut Listener<'_>,
    ) -> Result<Outcome> {
        let started = Instant::now();
        let swap = Swap { from: step.from, to: step.to };
        let mut guard = self.guard(swap).concat();
        guard.extend(self.timeouts.of_postgres_transaction());
        self.will_roll_back();
        let mut transaction = self.held.get_mut().begin().await.map_err(refused)?;
        let schema = match raw_sql(AssertSqlSafe(guard)).fetch_optional(&mut *transaction).await {
            Ok(row) => row.and_then(|row| row.try_get(0).ok()),
            Err(error) => {
                // The session's transaction is over; only a rollback ends it.
                transaction.rollback().await.ok();
                return self.lost_or(error);
            }
        };
        let mut op = Op::new(Handle::Postgres(&mut transaction), step, listener);
        if let Err(error) = function(&mut op).await {
            transaction.rollback().await.ok();
            return Err(error.in_function(step, Kept::Nothing));
        }
        transaction.commit().await.map_err(|error| Error::step_failed(step, Kept::Nothing, error))?;
        self.moved(Some(swap), schema);
        Ok(Outcome::Done(vec![started.elapsed()]))
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

    /// The string of a flight.
    ///
    /// On a connection that is handed in there is no BEGIN and no COMMIT: PostgreSQL runs such a string as one implicit
    /// transaction, which ends with the string however it ends, even when the caller stops waiting for it. (An explicit
    /// one that failed would stay open, and aborted, on the caller's connection.) The price is that a revision can't
    /// use SAVEPOINT there.
    fn compose(&self, swap: Option<Swap<'_>>, pieces: &[Piece]) -> Composed {
        let explicit = !self.held.is_lent();
        let length: usize = pieces.iter().map(|piece| piece.batch.sql.len() + 4).sum();
        let mut composed = Composed { sql: String::with_capacity(length + 1024), before: 0, starts: Vec::new() };
        let prefix = self.prefix(swap, pieces);
        composed.before = prefix.len();
        prefix.iter().for_each(|part| composed.sql.push_str(part));
        for piece in pieces {
            composed.starts.push(composed.sql.len());
            composed.sql.push_str(piece.batch.sql);
            // On a line of its own: the batch may end with a comment.
            composed.sql.push_str("\n;\n");
        }
        if explicit {
            composed.sql.push_str("COMMIT");
        }
        composed
    }

    /// The journal beside the version table.
    pub(crate) fn journal(&self) -> Journal {
        Journal::new(Dialect::Postgres, &self.table)
    }

    /// The statements before the first of the revisions' own.
    fn prefix(&self, swap: Option<Swap<'_>>, pieces: &[Piece]) -> Vec<String> {
        let mut prefix = Vec::new();
        if !self.held.is_lent() {
            prefix.push("BEGIN;\n".to_owned());
        }
        if let Some(swap) = swap {
            prefix.extend(self.guard(swap));
        }
        // After the guard: waiting for another starter is no lock that someone holds by mistake.
        if !pieces.is_empty() {
            prefix.extend(self.timeouts.of_postgres_transaction());
        }
        prefix
    }

    /// The statements that exclude other writers, move the version row, and raise unless exactly that happened.
    fn guard(&self, swap: Swap<'_>) -> Vec<String> {
        let name = self.table.name();
        let mut statements = Vec::new();
        if self.missing {
            statements.push(format!("{};\n", self.table.create()));
        }
        // Keeps a second INSERT out, which the primary key does not: two starters may insert different ids.
        statements.push(format!("LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE;\n"));
        let action = match (swap.from, swap.to) {
            (None, Some(to)) => Some(format!(
                "INSERT INTO {name} (version_num) SELECT {} WHERE NOT EXISTS (SELECT FROM {name})",
                literal(to)
            )),
            _ => self.table.swap(swap),
        };
        // Base to base: nothing may have appeared.
        let action = action.unwrap_or_else(|| format!("PERFORM FROM {name} HAVING count(*) = 0"));
        let rows = u32::from(swap.to.is_some());
        // Nor may a step be under way that is no single transaction: its version row names the lower revision meanwhile.
        let journal = self.journal();
        let claimed = format!(
            "IF to_regclass({}) IS NOT NULL THEN EXECUTE {} INTO moved; IF moved > 0 THEN {RAISE}; END IF; END IF;",
            literal(journal.name()),
            literal(&format!("SELECT count(*) FROM {} WHERE {}", journal.name(), journal.is_claimed())),
        );
        let body = format!(
            " DECLARE moved bigint; BEGIN {claimed} {action}; GET DIAGNOSTICS moved = ROW_COUNT; \
             IF moved <> 1 OR (SELECT count(*) FROM {name}) <> {rows} THEN {RAISE}; END IF; END "
        );
        // Any tag that the text does not contain will do.
        let mut tag = "$revchain$".to_owned();
        while body.contains(&tag) {
            tag.insert(1, '_');
        }
        statements.push(format!("DO {tag}{body}{tag};\n"));
        if !self.table.has_schema() {
            // The revision may change the search path (every pg_dump does): from here on the name is qualified.
            statements.push(format!(
                "SELECT n.nspname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n \
                 ON n.oid = c.relnamespace WHERE c.oid = {}::pg_catalog.regclass;\n",
                literal(&name)
            ));
        }
        statements
    }

    /// Tells a lost race from an error, for an error before the revision's own statements.
    fn lost_or(&mut self, error: sqlx::Error) -> Result<Outcome> {
        if code(&error) == Some(MOVED) {
            return Ok(Outcome::Moved);
        }
        if create_lost(&error) && self.creates_lost < CREATES {
            self.creates_lost += 1;
            return Ok(Outcome::Moved);
        }
        Err(refused(error))
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

/// An error of something of ours.
fn refused(error: sqlx::Error) -> Error {
    match code(&error) {
        // In an aborted transaction; LOCK and BEGIN where they can't be.
        Some("25P02" | "25001") => Error::new(ErrorKind::OpenTransaction {}).because(error),
        _ => Error::database(error),
    }
}

/// Whether another session created the version table at the same moment. IF NOT EXISTS does not keep two from trying;
/// the loser meets the table (42P07), its row type (42710), or the catalogue's own unique indexes
/// (pg_type_typname_nsp_index, pg_class_relname_nsp_index), depending on how close it was.
fn create_lost(error: &sqlx::Error) -> bool {
    match (code(error), error) {
        (Some("42P07" | "42710"), _) => true,
        (Some("23505"), sqlx::Error::Database(error)) => error.constraint().is_some_and(|name| name.starts_with("pg_")),
        _ => false,
    }
}

/// Where in the string the error is, in bytes, counted by the server in characters from 1.
fn position(error: &sqlx::Error) -> Option<usize> {
    let sqlx::Error::Database(error) = error else { return None };
    match error.try_downcast_ref::<PgDatabaseError>()?.position()? {
        PgErrorPosition::Original(position) => position.checked_sub(1),
        PgErrorPosition::Internal { .. } => None,
    }
}

/// The byte at which a character stands.
fn byte_at(sql: &str, character: usize) -> usize {
    sql.char_indices().nth(character).map_or(sql.len(), |(byte, _)| byte)
}

fn before(composed: &Composed, character: usize) -> bool {
    let byte = byte_at(&composed.sql, character);
    composed.starts.first().is_none_or(|start| byte < *start)
}

/// Finds the statement that failed: at the position that the server gives, or after as many as it completed (it gives
/// none for many errors of DDL). A syntax error anywhere fails the string before anything is completed.
fn blame(composed: &Composed, pieces: &[Piece], completed: usize, error: sqlx::Error) -> Error {
    let byte = position(&error).map(|character| byte_at(&composed.sql, character));
    let at_position = byte.and_then(|byte| {
        let index = composed.starts.partition_point(|start| *start <= byte).checked_sub(1)?;
        let (piece, start) = (pieces.get(index)?, *composed.starts.get(index)?);
        let statement = statement_at(piece.batch, byte - start)?;
        let into = piece.batch.sql.get(statement.offset..byte - start).unwrap_or_default();
        Some((piece.step, statement, statement.line + lines(into)))
    });
    let by_count = || {
        let mut left = completed.saturating_sub(composed.before);
        for piece in pieces {
            if left < piece.batch.len() {
                let statement = piece.batch.statement(left)?;
                return Some((piece.step, statement, statement.line));
            }
            left -= piece.batch.len();
        }
        None
    };
    match at_position.or_else(by_count) {
        Some((step, statement, line)) => Error::statement_failed(&step, statement, Kept::Nothing, error).at_line(line),
        // All were completed: the commit failed, as it does where a deferred constraint is broken.
        None => match pieces.last() {
            Some(piece) => Error::step_failed(&piece.step, Kept::Nothing, error),
            None => Error::database(error),
        },
    }
}

fn lines(text: &str) -> u32 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u32
}

/// The statement of a batch that a byte belongs to.
fn statement_at(batch: Batch, byte: usize) -> Option<Statement> {
    batch.statements().take_while(|statement| statement.offset <= byte).last()
}
