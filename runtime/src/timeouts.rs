//! How long a statement may wait for a lock, and how long it may run. What that means to a server is each driver's.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::chain::Settings;

/// How long a statement waits for a lock where nobody says otherwise, on PostgreSQL and MySQL. Whoever comes after a
/// statement that waits for a table's lock waits behind it, readers too: the application stands still for as long. Five
/// seconds are about what its users bear, and enough for what ordinary transactions hold.
pub(crate) const LOCK: Duration = Duration::from_secs(5);

/// The limits of a run. `None` leaves a limit as the database has it; zero means that there is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Timeouts {
    /// For a lock that someone else holds.
    pub(crate) lock: Option<Duration>,
    /// For a statement as a whole.
    pub(crate) statement: Option<Duration>,
}

impl Timeouts {
    /// Those of `revchain.toml`.
    pub(crate) const fn of(settings: &Settings) -> Timeouts {
        Timeouts { lock: settings.lock_timeout, statement: settings.statement_timeout }
    }

    /// PostgreSQL's statements: for a transaction (`SET LOCAL`), or for the session (`SET`).
    pub(crate) fn postgres(self, set: &str) -> Vec<String> {
        let names = [("lock_timeout", self.lock), ("statement_timeout", self.statement)];
        let set = |(name, limit): (&str, Option<Duration>)| {
            limit.map(|limit| format!("{set} {name} = {};\n", milliseconds(limit)))
        };
        names.into_iter().filter_map(set).collect()
    }

    /// PostgreSQL's statements for a transaction, with the limit for locks where nobody has set one.
    pub(crate) fn of_postgres_transaction(self) -> Vec<String> {
        let mut set = self.postgres("SET LOCAL");
        set.extend(self.of_postgres_locks().map(|sql| format!("SELECT {sql};\n")));
        set
    }

    /// The expression that limits the wait for locks in a transaction where nobody has: neither we (`None` then), nor
    /// somebody for the session, the user or the database, nor a revision before this.
    ///
    /// Statements outside transactions get no such limit: CREATE INDEX CONCURRENTLY waits for all that is older than
    /// itself, blocks no reader and no writer meanwhile, and leaves a broken index where it is stopped.
    pub(crate) fn of_postgres_locks(self) -> Option<String> {
        let limit = milliseconds(LOCK);
        self.lock.is_none().then(|| {
            format!(
                "CASE WHEN current_setting('lock_timeout') = '0' THEN set_config('lock_timeout', '{limit}', true) END"
            )
        })
    }

    /// MySQL's statement, for the session, with the limit for locks where we have set none: never a longer wait than the
    /// session has.
    pub(crate) fn of_mysql_session(self) -> String {
        let seconds = LOCK.as_secs();
        // MySQL, whose variables are unsigned, takes no DECIMAL for one, which is what LEAST makes of them.
        let ours = |name: &str| format!("{name} = CAST(LEAST(@@{name}, {seconds}) AS UNSIGNED)");
        match (self.lock, self.mysql()) {
            (Some(_), Some(sql)) => sql,
            (_, sql) => {
                let sql = sql.map(|sql| format!("; {sql}")).unwrap_or_default();
                format!("SET SESSION {}, {}{sql}", ours("lock_wait_timeout"), ours("innodb_lock_wait_timeout"))
            }
        }
    }

    /// MySQL's statement, for the session. A lock's limits are two, and in whole seconds: for metadata (every DDL takes such
    /// a lock) and for InnoDB's rows. A statement's is MariaDB's; MySQL, which has it for SELECT alone, reads the other
    /// comment.
    pub(crate) fn mysql(self) -> Option<String> {
        let mut set = Vec::new();
        if let Some(limit) = self.lock {
            // A year is the longest that the servers take.
            let seconds = if limit.is_zero() { 31_536_000 } else { milliseconds(limit).div_ceil(1000) };
            set.push(format!("lock_wait_timeout = {seconds}, innodb_lock_wait_timeout = {seconds}"));
        }
        if let Some(limit) = self.statement {
            let (milliseconds, comma) = (milliseconds(limit), if set.is_empty() { "" } else { ", " });
            let seconds = milliseconds as f64 / 1000.0;
            set.push(format!("/*M! {comma}max_statement_time = {seconds:.3} */"));
            set.push(format!("/*!50708 {comma}max_execution_time = {milliseconds} */"));
        }
        (!set.is_empty()).then(|| format!("SET SESSION {}", set.join(" ")))
    }

    /// Whether nothing is limited, and nothing is freed of a limit.
    pub(crate) fn are_unset(self) -> bool {
        self == Timeouts::default()
    }
}

/// SQLite's statement for its one lock.
pub(crate) fn busy_timeout(limit: Duration) -> String {
    let limit = if limit.is_zero() { i32::MAX as u64 } else { milliseconds(limit) };
    format!("PRAGMA busy_timeout = {limit}")
}

/// A limit in whole milliseconds, as servers take it: at least one, for zero would mean "no limit".
fn milliseconds(limit: Duration) -> u64 {
    if limit.is_zero() {
        return 0;
    }
    u64::try_from(limit.as_millis()).unwrap_or(u64::MAX).clamp(1, i32::MAX as u64)
}

/// When the statement that runs has to be done: for SQLite, which has no such setting and asks while it works.
#[derive(Debug, Clone, Default)]
pub(crate) struct Deadline(Arc<Mutex<Option<Instant>>>);

impl Deadline {
    pub(crate) fn set(&self, deadline: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = deadline;
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|deadline| Instant::now() >= deadline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_never_rounded_to_none() {
        for (limit, shown) in [
            (Duration::ZERO, 0),
            (Duration::from_micros(1), 1),
            (Duration::from_secs(5), 5000),
            (Duration::MAX, i32::MAX as u64),
        ] {
            assert_eq!(milliseconds(limit), shown);
        }
    }

    #[test]
    fn every_dialect_says_it_its_own_way() {
        let (lock, statement) = (Some(Duration::from_millis(1500)), Some(Duration::ZERO));
        let both = Timeouts { lock, statement };
        assert_eq!(both.postgres("SET").concat(), "SET lock_timeout = 1500;\nSET statement_timeout = 0;\n");
        assert_eq!(
            both.mysql().as_deref(),
            Some(
                "SET SESSION lock_wait_timeout = 2, innodb_lock_wait_timeout = 2 /*M! , max_statement_time = 0.000 */ \
                 /*!50708 , max_execution_time = 0 */"
            )
        );
        let one = Timeouts { lock: None, statement: Some(Duration::from_secs(2)) };
        assert_eq!(
            one.mysql().as_deref(),
            Some("SET SESSION /*M! max_statement_time = 2.000 */ /*!50708 max_execution_time = 2000 */")
        );
        assert_eq!((Timeouts::default().mysql(), Timeouts::default().postgres("SET").len()), (None, 0));
        assert_eq!(busy_timeout(Duration::ZERO), "PRAGMA busy_timeout = 2147483647");
    }

    #[test]
    fn a_deadline_passes() {
        let deadline = Deadline::default();
        assert!(!deadline.is_over());
        deadline.set(Some(Instant::now()));
        assert!(deadline.is_over());
        deadline.set(None);
        assert!(!deadline.is_over());
    }
}
