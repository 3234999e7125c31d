//! Names of what is made for tests: databases, folders, files. Only letters, digits and `_`, so that no dialect quotes them, and
//! no longer than the shortest limit of theirs.

use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};

use super::key;

/// What of a test's path a name has room for.
const SHOWN: usize = 28;

/// A number that nobody else has.
pub(super) fn token() -> u64 {
    // Seeded by the system, and new for each.
    std::hash::RandomState::new().build_hasher().finish()
}

/// This process, as the names of its databases say it.
pub(super) fn process() -> u32 {
    static PROCESS: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    // Half of it: as many bits as a lock of PostgreSQL's has room for.
    *PROCESS.get_or_init(|| token() as u32)
}

/// The next number of this process.
pub(super) fn number() -> u32 {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

/// What stands for a test in a name: the end of its path, which is what people look for, and a digest of all of it.
pub(super) fn of_test(path: &str) -> String {
    let mut shown = String::new();
    for character in path.chars() {
        match character {
            'a'..='z' | '0'..='9' => shown.push(character),
            'A'..='Z' => shown.push(character.to_ascii_lowercase()),
            _ if shown.ends_with('_') => {}
            _ => shown.push('_'),
        }
    }
    let start = shown.len().saturating_sub(SHOWN);
    let shown = shown.get(start..).unwrap_or_default().trim_matches('_');
    format!("{shown}_{:08x}", key::digest(path).half() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_known_by_its_name() {
        let name = of_test("orders::tests::Adds_a_«row»");
        assert!(name.starts_with("orders_tests_adds_a_row_"), "{name}");
        assert_ne!(of_test("a::b"), of_test("a::b_"));
        let long = of_test(&"module::".repeat(20));
        assert!(long.len() <= SHOWN + 9, "{long}");
        assert!(format!("revchain_failed_{long}").len() <= 63, "PostgreSQL's limit; MySQL's is 64");
    }

    #[test]
    fn tokens_differ() {
        assert_ne!(token(), token());
        assert_ne!(number(), number());
        assert_eq!(process(), process());
    }
}
