//! What a chain of changes makes of an empty database, on each of the three, and what is said of it.

mod absent;
mod columns;
mod impossible;
mod make;
mod mentioned;
mod mysql;
mod names;
mod operands;
mod postgres;
mod rows;
mod sqlite;
mod statements;
mod users;

use revchain_core::Dialect;

use crate::model::{Place, Schema, Table};
use crate::read::{Reading, read};

use super::Replay;
use make::Make;

/// Applies changes, each a statement of its own, and gives the replay and the faults as `kind: message`.
fn replay(make: Make, statements: Vec<Reading>) -> (Replay, Vec<String>) {
    let mut replay = Replay::new(make.0);
    let faults = go_on(&mut replay, statements);
    (replay, faults)
}

fn go_on(replay: &mut Replay, statements: Vec<Reading>) -> Vec<String> {
    let mut said = Vec::new();
    replay.begin_revision();
    for statement in statements {
        for fault in replay.apply(statement, "the statement", Place::NOWHERE, &|_| Place::NOWHERE) {
            said.push(format!("{:?}: {}", fault.kind, fault.message));
        }
    }
    said
}

/// What is said of some statements' text.
pub(super) fn said(statements: &str, dialect: Dialect) -> Vec<String> {
    let mut replay = Replay::new(dialect);
    replay.begin_revision();
    let faults = statements
        .split(";\n")
        .flat_map(|text| replay.apply(read(text, dialect), text, Place::NOWHERE, &|_| Place::NOWHERE));
    faults.map(|fault| format!("{:?}: {}", fault.kind, fault.message)).collect()
}

/// A case: what is done, and what is said of it.
type Case = (&'static str, Vec<Reading>, &'static [&'static str]);

fn check(make: Make, cases: Vec<Case>) {
    for (name, statements, expected) in cases {
        let (_, said) = replay(make, statements);
        assert_eq!(said, expected, "{name}");
    }
}

fn table<'s>(schema: &'s Schema, make: Make, name: &str) -> &'s Table {
    schema.tables.get(&make.object(name).name).unwrap_or_else(|| panic!("{name} is not there"))
}

/// Every name of a table's constraints and indexes.
fn names(table: &Table) -> Vec<String> {
    let keys = table.primary_key.iter().chain(&table.uniques).map(|key| &key.name);
    let foreign = table.foreign_keys.iter().map(|key| &key.name);
    let checks = table.checks.iter().map(|check| &check.name);
    let exclusions = table.exclusions.iter().map(|exclusion| &exclusion.name);
    let indexes = table.indexes.iter().map(|index| &index.name);
    let all = keys.chain(foreign).chain(checks).chain(exclusions).chain(indexes);
    all.map(|name| name.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string)).collect()
}
