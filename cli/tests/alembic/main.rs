//! Alembic's behaviour on a linear chain, as tables: each row names its vector, what is done, and what comes of it, in
//! the real tool on real files and databases. The numbers are ours; what stands behind them was read in Alembic's own
//! tests or tried on Alembic. Where the answer here is another one on purpose, the row says what Alembic's is.
//!
//! A: paths. B: chains. C: what the verbs say. D: offline SQL and transactions. M: messages. And, without numbers, what
//! goes wrong in Alembic and must not here. That no number is missing is a test of each table.

// clippy.toml allows it in tests, but knows a test by its attribute: the functions that tests call have none.
#![allow(clippy::unwrap_used, clippy::panic)]

mod chains;
mod messages;
mod paths;
#[allow(dead_code, reason = "the tests of the tool use all of it")]
#[path = "../tool/project.rs"]
mod project;
mod scripts;
mod servers;
mod slips;
mod transcript;
mod verbs;

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// The five revisions of Alembic's own tests, oldest first, by the letters that the tables use.
const IDS: [(&str, &str); 5] =
    [("a", "e6239818bb3a"), ("b", "548bbb905360"), ("c", "b7ea43dc85e4"), ("d", "1bbe33445780"), ("e", "3975fb1a0125")];

/// Puts ids in place of `{a}` to `{e}`.
fn with_ids(text: &str) -> String {
    IDS.iter().fold(text.to_owned(), |text, (letter, id)| text.replace(&format!("{{{letter}}}"), id))
}

/// The letter of an id; `-` for the base.
fn letter(id: Option<&str>) -> &str {
    id.map_or("-", |id| IDS.iter().find(|(_, known)| *known == id).map_or(id, |(letter, _)| letter))
}

/// Fails unless the rows are about all of these vectors, and nothing else.
#[track_caller]
fn assert_complete<'a>(group: &str, numbers: RangeInclusive<u32>, rows: impl IntoIterator<Item = &'a str>) {
    let expected: BTreeSet<String> = numbers.map(|number| format!("{group}-{number}")).collect();
    let found: BTreeSet<String> = rows.into_iter().flat_map(|name| name.split(", ")).map(str::to_owned).collect();
    assert_eq!(found, expected, "rows without a vector, or vectors without a row");
}
