//! What each runner prints: how long the library's call took, and the most memory that the process ever held.

use std::time::Instant;

/// Runs the measured call and prints its time in nanoseconds and the process's peak of resident memory in KiB.
macro_rules! measured {
    ($call:expr) => {{
        let since = std::time::Instant::now();
        $call;
        $crate::measure::print(since);
    }};
}

pub(crate) use measured;

pub(crate) fn print(since: Instant) {
    let nanoseconds = since.elapsed().as_nanos();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    let peak = line.trim().trim_end_matches("kB").trim();
    println!("{nanoseconds} {}", if peak.is_empty() { "0" } else { peak });
}

/// The arguments: what to do, the database's URL, and what only the floor's errands have.
pub(crate) fn arguments() -> (String, String, String) {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().unwrap_or_default();
    (next(), next(), next())
}
