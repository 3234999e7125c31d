//! RC207: a `repeat` section is run until its statement affects fewer rows than the batch, so it has to be one
//! statement, and one that affects rows.

use crate::{
    Code, Dialect, DialectSet,
    check::statements::{Hit, Walk},
    sql::{Split, Words},
};

const HELP: &str = "write one INSERT, UPDATE or DELETE that leaves fewer rows to do each time; put the rest into sections of their own";

/// Checks a whole `repeat` section, as one dialect reads it.
pub(super) fn check(walk: &Walk<'_>, split: &Split, dialect: Dialect) -> Option<Hit> {
    let hit = |start: usize, end: usize, message: String| Hit {
        code: Code::RepeatShape,
        start,
        end,
        message,
        label: String::new(),
        help: HELP.to_owned(),
        also: None,
        dialects: DialectSet::from_iter([dialect]),
    };
    let mut statements = split.statements();
    let Some(only) = statements.next() else {
        return Some(hit(0, 0, "this `repeat` section has no statement to repeat".to_owned()));
    };
    if let Some(second) = statements.next() {
        let (start, end) = (second.start as usize, second.end as usize);
        let text = walk.text.get(start..end)?;
        let (_, length) = Words::new(text, dialect).range(0, 1);
        let message = "a `repeat` section holds one statement, and this is a second one".to_owned();
        return Some(hit(start, start + length, message));
    }
    let (start, end) = (only.start as usize, only.end as usize);
    let mut words = Words::new(walk.text.get(start..end)?, dialect);
    let changes = ["INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE"];
    let first = words.text(0).to_ascii_uppercase();
    if changes.contains(&first.as_str())
        || (first == "WITH" && changes.iter().any(|word| words.find(1, word).is_some()))
    {
        return None;
    }
    let (from, to) = words.range(0, 1);
    let message = if first == "WITH" {
        "this statement changes no rows, so repeating it would never end".to_owned()
    } else {
        format!("`{first}` does not say how many rows it changed, so it cannot be repeated until none are left")
    };
    Some(hit(start + from, start + to, message))
}
