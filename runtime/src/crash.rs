//! Places at which a test lets the process die, as if by SIGKILL: nothing is flushed, closed or dropped. Without the
//! feature `crash-points`, which is for this crate's own tests, they are nothing.

/// Dies here, if this is the place that `REVCHAIN_CRASH_AT` counts to.
#[cfg(feature = "crash-points")]
pub(crate) fn here(place: &str) {
    use std::io::Write;
    use std::sync::atomic::{AtomicU32, Ordering};

    static PASSED: AtomicU32 = AtomicU32::new(0);
    let Ok(at) = std::env::var("REVCHAIN_CRASH_AT") else { return };
    if at.parse() == Ok(PASSED.fetch_add(1, Ordering::Relaxed)) {
        let _ = writeln!(std::io::stderr(), "crashed {place}");
        // There is no way to a signal in safe Rust but the program of that name.
        let _ = std::process::Command::new("kill").arg("-9").arg(std::process::id().to_string()).status();
        std::process::abort();
    }
}

#[cfg(not(feature = "crash-points"))]
pub(crate) const fn here(_: &str) {}

/// How long to wait where nobody can tell: as long as `REVCHAIN_PATIENCE` says, in milliseconds, where a test doesn't want to
/// wait.
#[cfg(feature = "crash-points")]
pub(crate) fn patience(usual: std::time::Duration) -> std::time::Duration {
    let asked = std::env::var("REVCHAIN_PATIENCE").ok().and_then(|text| text.parse().ok());
    asked.map_or(usual, std::time::Duration::from_millis)
}

#[cfg(not(feature = "crash-points"))]
pub(crate) const fn patience(usual: std::time::Duration) -> std::time::Duration {
    usual
}

/// Whether a test wants a server without locks for sessions: with `REVCHAIN_NO_LOCKS`.
#[cfg(all(feature = "crash-points", feature = "mysql"))]
pub(crate) fn without_locks() -> bool {
    std::env::var_os("REVCHAIN_NO_LOCKS").is_some()
}

#[cfg(all(not(feature = "crash-points"), feature = "mysql"))]
pub(crate) const fn without_locks() -> bool {
    false
}
