//! What a run does when a statement ran into the lock time-out: looks who holds what it needs, waits a while with nothing
//! locked, and tries again. What may be tried again is the callers' to know: nothing of it may be there.
//!
//! One looks after the rollback, on the run's own connection: in PostgreSQL's aborted transaction nothing can be asked,
//! and a second connection is not always to be had (one that is handed in does not tell its options). What is found is
//! who holds locks on the tables that the statement names; where it names none, everybody with an open transaction.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::blocker::Blocker;
use crate::connect::Session;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Kept, TimedOut, timed_out};
use crate::event::{Event, Listener};
use crate::journal::epoch;
use crate::plan::Step;
use crate::timeouts::LOCK;

/// How often something is tried, where nobody says otherwise. With the pauses between them, five tries of five seconds are
/// three quarters of a minute.
pub(crate) const TRIES: u32 = 5;

/// Of all who hold locks, so many are shown.
const SHOWN: u32 = 10;

/// Of a statement's words, so many are looked up as names.
const NAMES: usize = 500;

/// How long something goes on being tried.
#[derive(Debug)]
pub(crate) struct Patience {
    tried: u32,
    tries: u32,
    pause: Duration,
}

impl Patience {
    /// With pauses that begin with a quarter of the time-out, and double: so others get about as much time with the locks
    /// free as they had to wait behind this statement.
    pub(crate) fn new(tries: u32, limit: Option<Duration>) -> Patience {
        // Where there is no limit of ours, somebody else's was hit.
        let limit = limit.filter(|limit| !limit.is_zero()).unwrap_or(LOCK);
        Patience { tried: 1, tries, pause: limit / 4 }
    }

    /// After a time-out: how often it was tried, and how long to wait before the next try. `None` where this was the last.
    fn next(&mut self, random: u64) -> Option<(u32, Duration)> {
        if self.tried >= self.tries {
            return None;
        }
        // Half as long to one and a half times as long: those who collided don't collide again.
        let pause = self.pause / 2 + self.pause.mul_f64((random % 1024) as f64 / 1024.0);
        let tried = self.tried;
        (self.tried, self.pause) = (tried + 1, self.pause.saturating_mul(2).min(Duration::from_secs(60)));
        Some((tried, pause))
    }
}

/// Whether an error says that a lock was not to be had.
pub(crate) fn is_lock(error: &sqlx::Error) -> bool {
    timed_out(error) == Some(TimedOut::Lock)
}

/// After a flight that failed and left nothing: whether to try it again. Then a while has passed.
pub(crate) async fn again(
    session: &mut Session<'_>,
    step: &Step,
    error: &Error,
    patience: &mut Patience,
    listener: &mut Listener<'_>,
) -> bool {
    let nothing = matches!(error.kind(), ErrorKind::Statement { kept: Kept::Nothing } | ErrorKind::Database {});
    error.timed_out() == Some(TimedOut::Lock)
        && nothing
        && wait(session, error.step().unwrap_or(step), &named_by(error), patience, listener).await
}

/// After a lock time-out of a statement of which nothing is there: whether to try it again. Then a while has passed.
pub(crate) async fn wait(
    session: &mut Session<'_>,
    step: &Step,
    sql: &str,
    patience: &mut Patience,
    listener: &mut Listener<'_>,
) -> bool {
    // SQLite's one lock blocks nobody who waits for it: its time-out is all the patience there is to have.
    if session.dialect() == Dialect::Sqlite {
        return false;
    }
    let Some((tried, pause)) = patience.next(epoch()) else { return false };
    let by = blockers(session, sql).await;
    listener.say(Event::Blocked { step, by: &by, tried, tries: patience.tries, pause });
    tokio::time::sleep(pause).await;
    true
}

/// Adds to an error that is the run's last who was in the way, if somebody was.
pub(crate) async fn explained(session: &mut Session<'_>, error: Error) -> Error {
    if error.timed_out() != Some(TimedOut::Lock) {
        return error;
    }
    let by = blockers(session, &named_by(&error)).await;
    error.blocked_by(by)
}

/// Text that names what the statement that failed needs: itself, and what PostgreSQL says where it was (`while updating
/// tuple (0,1) in relation "runs"`).
fn named_by(error: &Error) -> String {
    let mut text = error.statement().map_or("", |statement| statement.sql()).to_owned();
    if let Some(context) = error.context() {
        text.push(' ');
        text.push_str(context);
    }
    text
}

/// Who holds locks on what a statement needs, the likeliest first. Never fails: where one may not look, there is nobody.
async fn blockers(session: &mut Session<'_>, sql: &str) -> Vec<Blocker> {
    let dialect = session.dialect();
    let queries = match dialect {
        Dialect::Postgres => vec![on_postgres(sql)],
        Dialect::Mysql => on_mysql(sql),
        Dialect::Sqlite => Vec::new(),
    };
    for query in queries {
        let rows = session.texts(query).await.unwrap_or_default();
        if !rows.is_empty() {
            return rows.into_iter().map(|row| Blocker::from_row(dialect, row)).collect();
        }
    }
    Vec::new()
}

/// The words of a statement that may be names, as a list of literals; never empty.
fn names(sql: &str) -> String {
    let words = sql.split(|character: char| !(character.is_alphanumeric() || matches!(character, '_' | '$')));
    let mut known = BTreeSet::new();
    for word in words.filter(|word| !word.is_empty()) {
        if known.len() == NAMES {
            break;
        }
        known.insert(word.to_lowercase());
    }
    let mut list = "''".to_owned();
    for word in known {
        list.push_str(&format!(", '{word}'"));
    }
    list
}

/// The modes that a statement's own lock has room for: what holds no more than these is not in its way.
fn harmless(sql: &str) -> &'static str {
    let mut words = sql.split_whitespace().filter(|word| !word.starts_with("--")).map(str::to_ascii_uppercase);
    match words.next().as_deref() {
        Some("UPDATE" | "INSERT" | "DELETE" | "MERGE" | "SELECT" | "WITH") => "'AccessShareLock'",
        Some("CREATE") if matches!(words.next().as_deref(), Some("INDEX" | "UNIQUE")) => {
            "'AccessShareLock', 'RowShareLock'"
        }
        _ => "''",
    }
}

/// A session has many locks: of each the strongest is shown, of those on what the statement names where there are any.
/// A prepared transaction has locks and no session.
fn on_postgres(sql: &str) -> String {
    format!(
        "WITH held AS (SELECT l.pid, l.virtualtransaction, l.mode, n.nspname, c.relname, \
         lower(c.relname) IN ({names}) AND l.mode NOT IN ({harmless}) AS is_named, \
         array_position(ARRAY['AccessShareLock', 'RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock', \
         'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'], l.mode) AS strength \
         FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE l.granted AND l.locktype = 'relation' \
         AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database()) \
         AND l.pid IS DISTINCT FROM pg_backend_pid() AND c.relkind IN ('r', 'p', 'm', 'f', 'v', 'S') \
         AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'), \
         each AS (SELECT DISTINCT ON (pid, virtualtransaction) * FROM held \
         ORDER BY pid, virtualtransaction, is_named DESC, strength DESC) \
         SELECT e.pid::text, coalesce(a.usename, x.owner)::text, a.application_name, \
         CASE WHEN e.pid IS NULL THEN 'prepared' ELSE a.state END, \
         coalesce(a.query, 'ROLLBACK PREPARED ' || quote_literal(x.gid)), e.mode, \
         quote_ident(e.nspname) || '.' || quote_ident(e.relname), coalesce(a.xact_start, x.prepared)::text \
         FROM each e LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = e.pid \
         LEFT JOIN pg_catalog.pg_prepared_xacts x \
         ON e.pid IS NULL AND x.transaction::text = split_part(e.virtualtransaction, '/', 2) \
         WHERE e.is_named OR NOT EXISTS (SELECT FROM each o WHERE o.is_named) \
         ORDER BY coalesce(a.xact_start, x.prepared) NULLS LAST, e.pid LIMIT {SHOWN}",
        names = names(sql),
        harmless = harmless(sql),
    )
}

/// Whether a statement changes or reads rows, and who only reads is not in its way.
fn is_of_rows(sql: &str) -> bool {
    let word = sql.split_whitespace().find(|word| !word.starts_with("--")).unwrap_or_default();
    ["UPDATE", "INSERT", "DELETE", "REPLACE", "SELECT", "WITH"].iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Each server has its own ways, and each may be switched off, or not for this user: the first that finds somebody tells.
fn on_mysql(sql: &str) -> Vec<String> {
    let names = names(sql);
    let harmless = if is_of_rows(sql) { "'SHARED_READ', 'MDL_SHARED_READ'" } else { "''" };
    let session = "p.ID <> CONNECTION_ID() AND (p.DB = DATABASE() OR p.DB IS NULL)";
    vec![
        // MySQL's, and MariaDB's where the performance schema is on.
        format!(
            "SELECT CAST(t.PROCESSLIST_ID AS CHAR), \
             CONCAT(COALESCE(t.PROCESSLIST_USER, ''), '@', COALESCE(t.PROCESSLIST_HOST, '')), \
             (SELECT CAST(c.ATTR_VALUE AS CHAR) FROM performance_schema.session_connect_attrs c \
             WHERE c.PROCESSLIST_ID = t.PROCESSLIST_ID AND c.ATTR_NAME = 'program_name' LIMIT 1), \
             t.PROCESSLIST_COMMAND, COALESCE(t.PROCESSLIST_INFO, (SELECT e.SQL_TEXT \
             FROM performance_schema.events_statements_current e WHERE e.THREAD_ID = t.THREAD_ID LIMIT 1)), \
             MAX(m.LOCK_TYPE), MAX(CONCAT(m.OBJECT_SCHEMA, '.', m.OBJECT_NAME)), \
             (SELECT CAST(MIN(x.trx_started) AS CHAR) FROM information_schema.INNODB_TRX x \
             WHERE x.trx_mysql_thread_id = t.PROCESSLIST_ID) \
             FROM performance_schema.metadata_locks m JOIN performance_schema.threads t ON t.THREAD_ID = m.OWNER_THREAD_ID \
             WHERE m.OBJECT_TYPE = 'TABLE' AND m.LOCK_STATUS = 'GRANTED' AND LOWER(m.OBJECT_NAME) IN ({names}) \
             AND m.LOCK_TYPE NOT IN ({harmless}) AND m.OBJECT_SCHEMA = DATABASE() AND t.PROCESSLIST_ID <> CONNECTION_ID() \
             GROUP BY t.PROCESSLIST_ID, t.PROCESSLIST_USER, t.PROCESSLIST_HOST, t.PROCESSLIST_COMMAND, t.PROCESSLIST_INFO, \
             t.THREAD_ID ORDER BY 8, 1 LIMIT {SHOWN}"
        ),
        // MariaDB's, where the plugin is there.
        format!(
            "SELECT CAST(p.ID AS CHAR), CONCAT(p.USER, '@', p.HOST), NULL, p.COMMAND, p.INFO, REPLACE(MAX(m.LOCK_MODE), 'MDL_', ''), \
             MAX(CONCAT(m.TABLE_SCHEMA, '.', m.TABLE_NAME)), \
             (SELECT CAST(MIN(x.trx_started) AS CHAR) FROM information_schema.INNODB_TRX x WHERE x.trx_mysql_thread_id = p.ID) \
             FROM information_schema.METADATA_LOCK_INFO m JOIN information_schema.PROCESSLIST p ON p.ID = m.THREAD_ID \
             WHERE LOWER(m.TABLE_NAME) IN ({names}) AND m.LOCK_MODE NOT IN ({harmless}) \
             AND m.TABLE_SCHEMA = DATABASE() AND p.ID <> CONNECTION_ID() \
             GROUP BY p.ID, p.USER, p.HOST, p.COMMAND, p.INFO ORDER BY 8, 1 LIMIT {SHOWN}"
        ),
        // Which tables are locked is not told; whose transaction is open is. (INNODB_TRX is a copy, made anew only once nobody
        // has read it for a tenth of a second: where something polls it, nobody may be found.)
        format!(
            "SELECT CAST(p.ID AS CHAR), CONCAT(p.USER, '@', p.HOST), NULL, p.COMMAND, COALESCE(p.INFO, x.trx_query), NULL, NULL, \
             CAST(x.trx_started AS CHAR) FROM information_schema.INNODB_TRX x \
             JOIN information_schema.PROCESSLIST p ON p.ID = x.trx_mysql_thread_id \
             WHERE {session} ORDER BY x.trx_started, p.ID LIMIT {SHOWN}"
        ),
        // Nor is that told without the privilege PROCESS: the user's own sessions are.
        format!(
            "SELECT CAST(p.ID AS CHAR), CONCAT(p.USER, '@', p.HOST), NULL, p.COMMAND, p.INFO, NULL, NULL, NULL \
             FROM information_schema.PROCESSLIST p WHERE {session} AND p.COMMAND <> 'Daemon' \
             ORDER BY p.TIME DESC, p.ID LIMIT {SHOWN}"
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_ends() {
        let limit = Duration::from_secs(8);
        let mut patience = Patience::new(4, Some(limit));
        let pauses: Vec<_> = std::iter::from_fn(|| patience.next(512)).collect();
        assert_eq!(pauses, [(1, limit / 4), (2, limit / 2), (3, limit)]);
        assert_eq!(Patience::new(1, Some(limit)).next(0), None);
        assert_eq!(Patience::new(0, Some(limit)).next(0), None);
        // Half as long to one and a half times as long.
        assert_eq!(Patience::new(2, Some(limit)).next(1024), Some((1, Duration::from_secs(1))));
        assert!(Patience::new(2, Some(limit)).next(1023).unwrap().1 < Duration::from_secs(3));
        // Without a limit of ours.
        assert_eq!(Patience::new(2, Some(Duration::ZERO)).next(512), Some((1, LOCK / 4)));
        let mut long = Patience::new(u32::MAX, Some(Duration::MAX));
        assert!((0..100).all(|_| long.next(512).is_some()));
    }

    #[test]
    fn words_that_may_be_names() {
        for (sql, list) in [
            ("ALTER TABLE \"Runs\" ADD x int -- it's", "'', 'add', 'alter', 'int', 'it', 'runs', 's', 'table', 'x'"),
            ("", "''"),
            ("\\'; a$b", "'', 'a$b'"),
        ] {
            assert_eq!(names(sql), list);
        }
    }

    #[test]
    fn who_only_reads_is_not_in_everybodys_way() {
        for (sql, modes) in [
            ("ALTER TABLE runs ADD x int", "''"),
            ("update runs set x = 1", "'AccessShareLock'"),
            ("CREATE UNIQUE INDEX a ON runs (x)", "'AccessShareLock', 'RowShareLock'"),
            ("CREATE TRIGGER a", "''"),
            ("", "''"),
        ] {
            assert_eq!(harmless(sql), modes, "{sql}");
        }
    }
}
