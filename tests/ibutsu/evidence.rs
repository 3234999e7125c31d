//! What is right, as the files in `evidence/` have it. Reads those files and nothing else.

use std::collections::BTreeSet;

use crate::database::Dialect;

/// The chain, base to head.
pub(crate) const REVISIONS: [&str; 6] =
    ["cacecc4f1237", "fc3df1d9ee4e", "53994db980f1", "8cf9148b9ad9", "e5736dbcc0b0", "d18de2b3253f"];

/// Rows for the baseline.
pub(crate) const SEED: &str = include_str!("evidence/seed.sql");

/// The objects of a schema, each as a line.
pub(crate) type Objects = BTreeSet<String>;

/// The base and the six revisions, each with the objects that the schema has then.
pub(crate) fn schemas(dialect: Dialect) -> Vec<(&'static str, Objects)> {
    let text = match dialect {
        Dialect::Postgres => include_str!("evidence/postgres.txt"),
        Dialect::Mysql => include_str!("evidence/mysql.txt"),
        _ => include_str!("evidence/sqlite.txt"),
    };
    let mut schemas: Vec<(&str, Objects)> = Vec::new();
    for line in lines(text) {
        if let Some(revision) = line.strip_prefix("@ ") {
            let objects = schemas.last().map(|(_, objects)| objects.clone()).unwrap_or_default();
            schemas.push((revision, objects));
        } else {
            let (_, objects) = schemas.last_mut().expect("a revision is named first");
            let (sign, object) = line.split_at(2);
            let changed = if sign == "+ " { objects.insert(object.to_owned()) } else { objects.remove(object) };
            assert!(changed, "{line}");
        }
    }
    assert_eq!(schemas.len(), 1 + REVISIONS.len());
    schemas
}

/// The rows of the seed that a revision changes.
pub(crate) fn changes(revision: &str, dialect: Dialect) -> Vec<String> {
    let mut wanted = false;
    let mut changes = Vec::new();
    for line in lines(include_str!("evidence/changes.txt")) {
        if let Some(marker) = line.strip_prefix("@ ") {
            let (marked, dialects) = marker.split_once(' ').unwrap_or((marker, ""));
            wanted =
                marked == revision && (dialects.is_empty() || dialects.split(", ").any(|name| name == dialect.name()));
        } else if wanted {
            changes.push(line.to_owned());
        }
    }
    changes
}

/// A run, its summary before the backfill and afterwards.
#[derive(Debug)]
pub(crate) struct Summary {
    pub(crate) run: String,
    /// `None` is SQL's NULL.
    pub(crate) before: Option<&'static str>,
    pub(crate) after: Option<&'static str>,
}

/// The 49 summaries.
pub(crate) fn summaries() -> Vec<Summary> {
    let text = |summary: &'static str| (summary != "NULL").then_some(summary);
    let summaries: Vec<Summary> = lines(include_str!("evidence/summaries.txt"))
        .zip(1..)
        .map(|(line, number)| {
            let (before, after) = line.split_once(" => ").expect("before => after");
            let (group, number) = if number <= 10 { (1, number) } else { (2, number - 10) };
            Summary {
                run: format!("{group}0000000-0000-4000-8000-{number:012}"),
                before: text(before),
                after: text(if after == "=" { before } else { after }),
            }
        })
        .collect();
    assert_eq!(summaries.len(), 49);
    summaries
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with("# "))
}
