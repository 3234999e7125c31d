//! Which epochs this process is at: of its own claims it knows better than any server whether somebody is at them. A run
//! whose future was dropped is over, though its connection, which somebody lent, lives on.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

static EPOCHS: Mutex<BTreeSet<u64>> = Mutex::new(BTreeSet::new());
static PROCESS: LazyLock<String> = LazyLock::new(|| super::epoch().to_string());

/// A number that no other process has.
pub(super) fn process() -> &'static str {
    &PROCESS
}

/// Says, until the last of its clones is dropped, that this process is at an epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alive(Arc<Registered>);

#[derive(Debug, PartialEq, Eq)]
struct Registered(u64);

impl Alive {
    pub(crate) fn new(epoch: u64) -> Alive {
        EPOCHS.lock().unwrap_or_else(PoisonError::into_inner).insert(epoch);
        Alive(Arc::new(Registered(epoch)))
    }

    /// Whether this process is at that epoch.
    pub(super) fn has(epoch: u64) -> bool {
        EPOCHS.lock().unwrap_or_else(PoisonError::into_inner).contains(&epoch)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        EPOCHS.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::Alive;

    #[test]
    fn alive_until_the_last_clone_is_gone() {
        let one = Alive::new(7);
        let two = one.clone();
        drop(one);
        assert!(Alive::has(7));
        drop(two);
        assert!(!Alive::has(7));
    }
}
