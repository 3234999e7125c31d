//! What is right, as the files in `evidence/` have it. Reads those files and nothing else.

use std::collections::{BTreeMap, BTreeSet};

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

/// Statements that make these objects of PostgreSQL's or SQLite's, without asking any revision.
pub(crate) fn script(objects: &Objects) -> String {
    let mut tables: BTreeMap<&str, BTreeMap<u32, String>> = BTreeMap::new();
    let (mut keys, mut rest) = (Vec::new(), Vec::new());
    for object in objects {
        if let Some(column) = object.strip_prefix("column ") {
            let (table, column) = column.split_once('.').expect("table.column");
            let [name, position, sql] = column.splitn(3, ' ').collect::<Vec<_>>()[..] else { panic!("{object}") };
            let position = position.parse().expect("a position");
            tables.entry(table).or_default().insert(position, format!("\"{name}\" {sql}"));
        } else if let Some(constraint) = object.strip_prefix("constraint ") {
            let (table, constraint) = constraint.split_once('.').expect("table.name");
            let is_primary = constraint.contains(" PRIMARY KEY ");
            keys.push((!is_primary, format!("ALTER TABLE {table} ADD CONSTRAINT {constraint};\n")));
        } else {
            rest.push(object.strip_prefix("index ").unwrap_or(object));
        }
    }
    // The foreign keys refer to primary keys, which bring their indexes with them.
    keys.sort();
    let is_of_key = |object: &str| {
        keys.iter().any(|(_, key)| {
            let name = key.split(' ').nth(5).unwrap_or_default();
            object.starts_with(&format!("CREATE UNIQUE INDEX {name} "))
        })
    };
    rest.retain(|object| !is_of_key(object));
    // Tables of which the text is known come before their indexes.
    rest.sort_by_key(|object| !object.starts_with("CREATE TABLE"));
    let tables = tables.into_iter().map(|(table, columns)| {
        let columns: Vec<String> = columns.into_values().collect();
        format!("CREATE TABLE {table} ({});\n", columns.join(", "))
    });
    let keys = keys.iter().map(|(_, key)| key.clone());
    tables.chain(keys).chain(rest.iter().map(|object| format!("{object};\n"))).collect()
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
