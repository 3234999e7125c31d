//! How fast the splitter and the whole verification are, in the build in which users' macros and build scripts run
//! them: without optimisation. Run it on a quiet machine, and without `--release`:
//!
//! ```sh
//! cargo run -p bench --bin split
//! ```
//!
//! Prints a line for each kind of text, the worst ones that are known among them; twice the text should take twice the
//! time.

#![expect(clippy::print_stdout, reason = "a program that prints figures")]

use std::time::Instant;

use revchain_core::sql::readings;
use revchain_core::{DialectSet, Sources, chain};

fn main() {
    let plain = "-- A comment line\nALTER TABLE users ADD COLUMN created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP;\n\
                 INSERT INTO t (a, b) VALUES (1, 'some text');\n";
    let trigger =
        "CREATE TRIGGER t AFTER INSERT ON x FOR EACH ROW BEGIN UPDATE a SET b = CASE WHEN c THEN 1 END; END;\n";
    for (name, unit) in [
        ("plain", plain),
        ("triggers", trigger),
        ("quotes", "SELECT 'a\\\\b', \"x\", `y` FROM t -- c\n;\n"),
        ("an open parenthesis", "(a;\n"),
        ("dollars", "$a$ $b$ $"),
        ("copies", "COPY t FROM STDIN;\n"),
        ("e-strings", "E'a' \n"),
        ("comments", "/* a /* b */ \n"),
        ("delimiters", "DELIMITER //\na//\nDELIMITER ;\n"),
    ] {
        for size in [500_000, 5_000_000] {
            let text = unit.repeat(size / unit.len());
            let start = Instant::now();
            let groups = readings(&text, DialectSet::ALL);
            let taken = start.elapsed();
            let speed = text.len() as f64 / 1e6 / taken.as_secs_f64();
            println!(
                "{name:>20} {:>8} bytes, three dialects, {} readings {taken:>10.1?} {speed:>6.1} MB/s",
                text.len(),
                groups.len()
            );
        }
    }
    for count in [1000u32, 5000] {
        let sources = revisions(count, plain);
        let start = Instant::now();
        let (verified, findings) = chain::verify(&sources);
        let taken = start.elapsed();
        println!(
            "verify: {count} revisions of 5 statements: {taken:.1?} ({} findings, sound: {})",
            findings.len(),
            verified.is_some()
        );
    }
}

fn revisions(count: u32, body: &str) -> Sources {
    let mut sources = Sources::default();
    let mut down = "base".to_owned();
    for number in 0..count {
        let id = format!("{number:012x}");
        let name = format!("versions/{id}_step.sql");
        let text = format!(
            "-- Step\n-- revision: {id}\n-- down_revision: {down}\n\n-- @upgrade\n{body}{body}\n-- @downgrade\nSELECT 1;\n"
        );
        sources.add(name.clone(), name, text.into_bytes());
        down = id;
    }
    sources
}
