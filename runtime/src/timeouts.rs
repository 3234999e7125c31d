//! How long a statement may wait for a lock, and how long it may run. What that means to a server is each driver's.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The limits of a run. `None` leaves a limit as the database has it; zero means that there is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Timeouts {
    /// For a lock that someone else holds.
    pub(crate) lock: Option<Duration>,
    /// For a statement as a whole.
    pub(crate) statement: Option<Duration>,
}

impl Timeouts {
    /// Whether nothing is limited, and nothing is freed of a limit.
    pub(crate) fn are_unset(self) -> bool {
        self == Timeouts::default()
    }
}

/// A limit in whole milliseconds, as servers take it: at least one, for zero would mean "no limit".
pub(crate) fn milliseconds(limit: Duration) -> u64 {
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
    fn a_deadline_passes() {
        let deadline = Deadline::default();
        assert!(!deadline.is_over());
        deadline.set(Some(Instant::now()));
        assert!(deadline.is_over());
        deadline.set(None);
        assert!(!deadline.is_over());
    }
}
