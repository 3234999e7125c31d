//! MySQL and MariaDB. DDL commits by itself: a step that has any runs statement by statement, with an entry in the journal;
//! one that has none is one transaction, which is `flight`'s.

mod flight;
mod implicit;
mod look;
mod quotes;

use futures_util::{FutureExt, TryStreamExt};
use sqlx::mysql::{MySql, MySqlConnection, MySqlDatabaseError};
use sqlx::{AssertSqlSafe, Connection, Either, Row, raw_sql};

pub(crate) use self::implicit::stands_alone;
use self::look::{look, state, states};
use crate::atomic::{Atomic, Part, commit_parts, run_parts};
use crate::chain::StepFn;
use crate::connect::{Held, Texts};
use crate::crash;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Kept, Result};
use crate::event::Listener;
use crate::journal::{Journal, Object};
use crate::op::{Handle, Op};
use crate::plan::Step;
use crate::split::ATTEMPTS;
use crate::timeouts::Timeouts;
use crate::version_table::{Rows, VersionTable};

/// Fails where the statement before it in the same message did not affect one row: one more than the greatest number is none,
/// whatever the SQL mode.
const STOP_UNLESS_ONE: &str = "SET @revchain = 9223372036854775807 + (ROW_COUNT() <> 1)";

/// How it fails.
const OUT_OF_RANGE: u16 = 1690;

/// How a server answers that doesn't know a variable.
const UNKNOWN_VARIABLE: u16 = 1193;

/// A connection, and what has been learnt about the version table.
pub(crate) struct Session<'c> {
    pub(crate) held: Held<'c, MySql>,
    pub(crate) table: VersionTable,
    /// Whether the last read found no version table.
    pub(crate) missing: bool,
    /// Whether a journal has been seen.
    pub(crate) has_journal: bool,
    /// The statement that gives a connection that was handed in its own limits back.
    limits: Option<String>,
    /// Whether it has the lock that says that somebody is at it.
    has_lock: bool,
    /// Who we are to people, as the server said when it was asked for the lock.
    who: Option<String>,
}

impl<'c> Session<'c> {
    pub(crate) fn new(held: Held<'c, MySql>, table: VersionTable) -> Result<Session<'c>> {
        if held.get().is_in_transaction() {
            return Err(Error::new(ErrorKind::OpenTransaction {}));
        }
        Ok(Session { held, table, missing: false, has_journal: false, limits: None, has_lock: false, who: None })
    }

    /// Reads the ids, and nothing else: most starts find nothing to do, and this is all that they send. `None` where it
    /// isn't read as easily as that.
    /// Behind it comes what is asked of the `journal`, if anything is.
    pub(crate) async fn glance(&mut self, journal: Option<String>) -> Result<Option<(Rows, Texts)>> {
        // As it is: in the text protocol every type comes as text.
        let sql = ["SELECT version_num FROM ", &self.table.name()].concat();
        match self.held.glance(sql, journal).await {
            Ok(seen) => Ok(seen.map(|(ids, texts)| (Rows::new(ids), texts))),
            // As `read` finds it.
            Err(error) if matches!(number(&error), Some(1146 | 1049)) => {
                self.missing = true;
                self.learn_database().await?;
                Ok(Some(Default::default()))
            }
            Err(error) => Err(Error::database(error)),
        }
    }

    /// Reads the version table: one SELECT, which also learns the database, and (on MariaDB, which can tell) whether
    /// a transaction is open.
    pub(crate) async fn read(&mut self) -> Result<Rows> {
        let sql = format!(
            "SELECT CASE WHEN v.is_row = 1 THEN COALESCE(CAST(v.version_num AS CHAR), '') END, s.opened, s.name FROM \
             (SELECT CAST(0 /*M!+ @@in_transaction */ AS CHAR) AS opened, DATABASE() AS name) s \
             LEFT JOIN (SELECT version_num, 1 AS is_row FROM {}) v ON TRUE",
            self.table.name()
        );
        self.missing = false;
        let mut found = raw_sql(AssertSqlSafe(sql.clone())).fetch_all(self.held.get_mut()).await;
        for _ in 1..ATTEMPTS {
            // Even who only looks is a victim on Galera, where another node makes the table.
            if !found.as_ref().is_err_and(deadlock) {
                break;
            }
            found = raw_sql(AssertSqlSafe(sql.clone())).fetch_all(self.held.get_mut()).await;
        }
        let rows = match found {
            Ok(rows) => rows,
            // No such table, or no such database: base.
            Err(error) if matches!(number(&error), Some(1146 | 1049)) => {
                self.missing = true;
                // Known from the beginning, and not only once there is a table: the lock's name has it.
                self.learn_database().await?;
                return Ok(Rows::default());
            }
            Err(error) => return Err(Error::database(error)),
        };
        let mut ids = Vec::new();
        for row in &rows {
            if let Some(id) = row.try_get_unchecked::<Option<String>, _>(0)? {
                ids.push(id);
            }
            if row.try_get_unchecked::<String, _>(1)? != "0" && self.held.is_lent() {
                return Err(Error::new(ErrorKind::OpenTransaction {}));
            }
            // A revision may say USE; the version table stays where it was.
            if let Some(name) = row.try_get_unchecked::<Option<String>, _>(2)? {
                self.table.learn_schema(name);
            }
        }
        Ok(Rows::new(ids))
    }

    /// Runs the parts in one transaction.
    pub(crate) async fn atomically(
        &mut self,
        parts: &[Part],
        _rebuild: bool,
        step: &Step,
        listener: &mut Listener<'_>,
    ) -> Result<Atomic> {
        self.will_restore();
        // A statement is a transaction by itself, unless somebody has switched `autocommit` off.
        if let [Part::One(sql)] = parts {
            let done = raw_sql(AssertSqlSafe(format!("{sql};\nCOMMIT"))).execute(self.held.get_mut()).await;
            crash::here("noted by itself");
            return Ok(match done {
                Ok(done) if done.rows_affected() == 1 => Atomic::Done(1),
                Ok(_) => Atomic::Fenced,
                Err(error) => Atomic::Failed(None, error),
            });
        }
        // On a connection that is handed in, sqlx has to know of the transaction: it ends it when the caller stops waiting.
        if !self.held.is_lent() {
            return self.atomically_at_once(parts, step, listener).await;
        }
        let mut transaction = self.held.get_mut().begin().await?;
        Ok(commit_parts!(transaction, parts, step, listener))
    }

    /// The same on a connection of our own, which ends with a run that is given up. What we note is one message with the BEGIN
    /// before it and, where there is nothing else, the COMMIT behind it: the server itself stops at what did not affect one
    /// row, before it comes to a statement of the revision, or to the commit.
    async fn atomically_at_once(&mut self, parts: &[Part], step: &Step, listener: &mut Listener<'_>) -> Result<Atomic> {
        let ours = parts.iter().take_while(|part| matches!(part, Part::One(_))).count();
        let (ours, rest) = parts.split_at(ours);
        let mut sql = "START TRANSACTION".to_owned();
        each_affects_one(&mut sql, ours);
        if rest.is_empty() {
            sql = committed_at_once(&sql);
        }
        let connection = self.held.get_mut();
        let ended = match raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await {
            Ok(_) if rest.is_empty() => {
                crash::here("noted by itself");
                return Ok(Atomic::Done(1));
            }
            Ok(_) => {
                crash::here("before a commit");
                run_parts!(connection, rest, step, listener)
            }
            Err(error) if number(&error) == Some(OUT_OF_RANGE) => Atomic::Fenced,
            Err(error) => Atomic::Failed(None, error),
        };
        let Atomic::Done(rows) = ended else {
            raw_sql("ROLLBACK").execute(connection).await.ok();
            return Ok(ended);
        };
        Ok(match raw_sql("COMMIT").execute(connection).await {
            Ok(_) => Atomic::Done(rows),
            Err(error) => Atomic::Failed(None, error),
        })
    }

    /// The journal beside the version table.
    pub(crate) fn journal(&self) -> Journal {
        Journal::new(Dialect::Mysql, &self.table).of(self.who.clone())
    }

    /// Asks for the lock that says that somebody is at it, for a second at most. `None` where the server has no such locks.
    /// (`GET_LOCK` takes no time-out below zero on MariaDB, and says so by NULL: nothing but 1 is a lock.)
    pub(crate) async fn lock(&mut self) -> Result<Option<bool>> {
        if self.has_lock {
            return Ok(Some(true));
        }
        if crash::without_locks() {
            return Ok(None);
        }
        // Never twice: it would have to be released twice. A session that was lent, and given up, may have it.
        let lock = self.journal().lock();
        // In a Galera cluster such a lock is its node's, and says nothing of whoever is at it on another. (Looked up in
        // `information_schema`, the variable would cost the server as much as a table does: it fills in all that there are.)
        let sql = |get: &str| {
            let who = self.journal().who();
            format!("SELECT CAST(IF(IS_USED_LOCK({lock}) = CONNECTION_ID(), 1, {get}) AS CHAR), {who}")
        };
        let get = format!("GET_LOCK({lock}, 1)");
        let (plain, cautious) = (sql(&get), sql(&format!("/*M! IF(@@GLOBAL.wsrep_on, NULL, */ {get} /*M! ) */")));
        self.will_restore();
        let row = match raw_sql(AssertSqlSafe(cautious)).fetch_one(self.held.get_mut()).await {
            // A MariaDB that was built without Galera.
            Err(error) if number(&error) == Some(UNKNOWN_VARIABLE) => {
                raw_sql(AssertSqlSafe(plain)).fetch_one(self.held.get_mut()).await
            }
            found => found,
        };
        let Ok(row) = row else { return Ok(None) };
        let found: Option<String> = row.try_get_unchecked(0)?;
        self.who = row.try_get_unchecked(1).ok();
        self.has_lock = found.as_deref() == Some("1");
        Ok(found.map(|found| found == "1"))
    }

    /// What the objects that a statement names are like: a digest of each, `-` for one that is not there.
    pub(crate) async fn state_of(&mut self, objects: &[Object]) -> Vec<String> {
        states(self.held.get_mut(), objects).await
    }

    /// Runs one statement outside any transaction that has one answer and no rows, and looks at an object behind it: in one
    /// message, where nobody else goes on with the connection. The error is the statement's own.
    pub(crate) async fn statement_and_look(
        &mut self,
        sql: &'static str,
        object: &Object,
    ) -> std::result::Result<Option<String>, sqlx::Error> {
        if self.held.is_lent() {
            self.statement(sql).await?;
            return Ok(None);
        }
        // On a line of its own: a comment may stand at the end.
        let sql = format!("{sql}\n;\n{}", look(object));
        let mut results = raw_sql(AssertSqlSafe(sql)).fetch_many(self.held.get_mut());
        let (mut is_over, mut row) = (false, None);
        loop {
            match results.try_next().await {
                Ok(Some(Either::Left(_))) => is_over = true,
                Ok(Some(Either::Right(found))) => row = Some(found),
                Ok(None) => return Ok(Some(state(Ok(row)))),
                Err(error) if is_over => return Ok(Some(state(Err(error)))),
                Err(error) => return Err(error),
            }
        }
    }

    /// Runs one statement outside any transaction. Affected are the rows that matched, changed or not: sqlx asks for
    /// CLIENT_FOUND_ROWS.
    pub(crate) async fn statement(&mut self, sql: &'static str) -> std::result::Result<u64, sqlx::Error> {
        Ok(raw_sql(sql).execute(self.held.get_mut()).await?.rows_affected())
    }

    /// Runs a `.rs` revision in a transaction, as far as its statements leave that open, and the parts at its end. Before a
    /// statement that commits by itself, `announce` says so once: it is committed with what ran before. Also gives whether
    /// that happened.
    pub(crate) async fn function(
        &mut self,
        step: &Step,
        function: StepFn,
        announce: String,
        parts: &[Part],
        listener: &mut Listener<'_>,
    ) -> (Result<Atomic>, bool) {
        self.will_restore();
        let mut transaction = match self.held.get_mut().begin().await {
            Ok(transaction) => transaction,
            Err(error) => return (Err(Error::database(error)), false),
        };
        let mut op = Op::new(Handle::Mysql(&mut transaction), step, listener);
        op.announce(announce);
        let done = function(&mut op).await;
        let committed = op.committed();
        if let Err(error) = done {
            transaction.rollback().await.ok();
            let kept = if committed { Kept::Part } else { Kept::Nothing };
            return (Err(error.in_function(step, kept)), committed);
        }
        (Ok(commit_parts!(transaction, parts, step, listener)), committed)
    }

    /// Empties the version table and writes one row, whatever was there.
    pub(crate) async fn purge(&mut self, to: Option<&str>) -> Result {
        create(self.held.get_mut(), &self.table.create()).await?;
        let name = self.table.name();
        self.will_restore();
        let mut transaction = self.held.get_mut().begin().await?;
        raw_sql(AssertSqlSafe(format!("DELETE FROM {name}"))).execute(&mut *transaction).await?;
        if let Some(to) = to {
            raw_sql(AssertSqlSafe(self.table.insert(to))).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Sets the limits of the session.
    pub(crate) async fn limit(&mut self, timeouts: Timeouts, _: &mut Listener<'_>) -> Result {
        let sql = "SELECT CONCAT('SET SESSION lock_wait_timeout = ', @@lock_wait_timeout, \
                   ', innodb_lock_wait_timeout = ', @@innodb_lock_wait_timeout \
                   /*M! , ', max_statement_time = ', @@max_statement_time */ \
                   /*!50708 , ', max_execution_time = ', @@max_execution_time */)";
        let set = timeouts.of_mysql_session();
        // In one message, unless somebody else goes on with the connection: then they have to be known before they are
        // changed, should the caller stop waiting in between.
        let (read, set) = match self.held.is_lent() {
            true => (sql.to_owned(), Some(set)),
            false => (format!("{sql}; {set}"), None),
        };
        let rows = raw_sql(AssertSqlSafe(read)).fetch_all(self.held.get_mut()).await?;
        self.limits = rows.first().map(|row| row.try_get_unchecked(0)).transpose()?;
        self.will_restore();
        if let Some(set) = set {
            raw_sql(AssertSqlSafe(set)).execute(self.held.get_mut()).await?;
        }
        Ok(())
    }

    /// Parts with the connection.
    pub(crate) async fn close(mut self, failed: bool) {
        let lock = self.has_lock.then(|| format!("DO RELEASE_LOCK({})", self.journal().lock()));
        let left: Vec<String> = self.limits.take().into_iter().chain(lock).collect();
        if !left.is_empty() {
            // Where it fails the connection is gone, and what it had with it.
            raw_sql(AssertSqlSafe(left.join("; "))).execute(self.held.get_mut()).await.ok();
        }
        self.held.close(failed).await;
    }

    /// Says what is to be sent should the caller stop waiting.
    fn will_restore(&mut self) {
        if !self.held.is_lent() {
            return;
        }
        let (limits, lock) = (self.limits.clone().unwrap_or_default(), self.journal().lock());
        self.held.will_restore(|| format!("ROLLBACK; DO RELEASE_LOCK({lock}); {limits}"));
    }

    /// Learns the database that the version table is in, or will be.
    async fn learn_database(&mut self) -> Result {
        if !self.table.has_schema() {
            let row = raw_sql("SELECT DATABASE()").fetch_one(self.held.get_mut()).await?;
            if let Some(name) = row.try_get_unchecked::<Option<String>, _>(0)? {
                self.table.learn_schema(name);
            }
        }
        Ok(())
    }

    /// Creates the journal where none was seen.
    pub(crate) async fn create_journal(&mut self) -> Result {
        let sql = self.journal().create();
        create(self.held.get_mut(), &sql).await?;
        self.has_journal = true;
        Ok(())
    }

    /// Creates the version table where the last read found none, and learns the database it is in.
    async fn create_missing(&mut self) -> Result {
        if !self.missing {
            return Ok(());
        }
        self.learn_database().await?;
        create(self.held.get_mut(), &self.table.create()).await?;
        self.missing = false;
        Ok(())
    }
}

/// Makes a table of ours. Galera makes a deadlock of two that do so on two nodes.
async fn create(connection: &mut MySqlConnection, sql: &str) -> Result {
    for _ in 1..ATTEMPTS {
        match raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut *connection).await {
            Err(error) if deadlock(&error) => {}
            done => return done.map(drop).map_err(Error::database),
        }
    }
    raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await.map(drop).map_err(Error::database)
}

/// Sends something on a connection whose run was abandoned. It gets there if no answer is outstanding: sqlx waits for that
/// first, and there is no other way into its queue.
pub(crate) fn send(connection: &mut MySqlConnection, sql: String) {
    drop(raw_sql(AssertSqlSafe(sql)).execute(connection).now_or_never());
}

fn number(error: &sqlx::Error) -> Option<u16> {
    match error {
        sqlx::Error::Database(error) => error.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number),
        _ => None,
    }
}

/// Whether this transaction was a deadlock's victim, and is rolled back. Galera reports a conflict at certification the
/// same way.
fn deadlock(error: &sqlx::Error) -> bool {
    number(error) == Some(1213)
}

/// Whether another starter moved the version row first: a deadlock, or a key that is already there.
fn lost(error: &sqlx::Error) -> bool {
    deadlock(error) || number(error) == Some(1062)
}

/// Statements of ours, and the commit, as one: MariaDB answers a compound statement once, where it would answer each statement
/// of a message, and wake us each time. MySQL, which has none outside of programs that are stored, reads a message of many.
fn committed_at_once(sql: &str) -> String {
    format!("/*M!100101 BEGIN NOT ATOMIC */ {sql};\nCOMMIT /*M!100101 ; END */")
}

/// Writes parts of ours down, behind what stands there: the server stops at one that does not affect one row.
fn each_affects_one(sql: &mut String, parts: &[Part]) {
    for part in parts {
        if let Part::One(statement) = part {
            sql.push_str(&format!(";\n{statement};\n{STOP_UNLESS_ONE}"));
        }
    }
}
