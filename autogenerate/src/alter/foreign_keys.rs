//! Foreign keys: dropped before all else where they go or are in the way, and made again at the end.

use std::collections::BTreeSet;

use revchain_core::Dialect;
use revchain_schema::compare::{Part, find};
use revchain_schema::model::{ForeignKey, Name, ObjectName};
use revchain_schema::{Changed, Object};

use super::progress::Progress;
use super::retyped::Columns;

/// Drops those that change, go, or hinder something.
pub(super) fn drop(progress: &mut Progress<'_>) {
    let dialect = progress.now.dialect;
    let changed = changed(progress);
    let held = match dialect {
        Dialect::Mysql => Columns::held(progress),
        _ => Columns::converted(progress),
    };
    let keys = changed_keys(progress);
    let order = progress.dropped_tables();
    let turn = |name: &ObjectName| order.iter().position(|other| other == name);
    let mut statements = Vec::new();
    let lasting = progress.now.tables.iter().filter(|(_, table)| !table.temporary);
    for (name, key) in lasting.flat_map(|(name, table)| table.foreign_keys.iter().map(move |key| (name, key))) {
        // Its table goes after the one that it refers to: they refer to each other.
        let is_of_circle = name != &key.table
            && match (turn(name), turn(&key.table)) {
                (Some(own), Some(other)) => own > other,
                _ => false,
            };
        let hinders = key.columns.iter().any(|column| held.has(name, column))
            || key.references.iter().any(|column| held.has(&key.table, column))
            || keys.iter().any(|(table, columns)| *table == key.table && is_same(columns, &key.references));
        let goes = key.name.as_ref().is_some_and(|label| changed.contains(&(name, label.as_str())));
        if goes || is_of_circle || hinders {
            statements.extend(drop_one(progress, name, key));
        }
    }
    for statement in statements {
        progress.step(statement);
    }
}

/// Those that are not to be as they are, by table and label.
fn changed<'p>(progress: &'p Progress<'_>) -> BTreeSet<(&'p ObjectName, &'p str)> {
    let all = progress.left.iter().filter(|difference| match &difference.change {
        Changed::Missing => true,
        Changed::Extra => false,
        // This can be made good.
        Changed::Differs { what, after, .. } => !(*what == "validity" && after == "checked"),
    });
    let labels = all.filter_map(|difference| match &difference.object {
        Object::ForeignKey(table, label) => Some((table, label.as_str())),
        _ => None,
    });
    labels.collect()
}

/// PostgreSQL: the columns of the keys that are dropped, so that nothing may refer to them for a while.
fn changed_keys(progress: &Progress<'_>) -> Vec<(ObjectName, Vec<Name>)> {
    if progress.now.dialect != Dialect::Postgres {
        return Vec::new();
    }
    let mut found = Vec::new();
    for difference in &progress.left {
        let is_only_named = matches!(difference.change, Changed::Differs { what: "the name", .. });
        let Some(table) = difference.object.table() else { continue };
        if difference.change == Changed::Extra || is_only_named {
            continue;
        }
        let columns = match find(&progress.now, &difference.object) {
            Some(Part::PrimaryKey(key) | Part::Unique(key)) => key.columns.clone(),
            Some(Part::Index(index)) if index.unique => {
                index.parts.iter().filter_map(|part| part.column.clone()).collect()
            }
            _ => continue,
        };
        found.push((table.clone(), columns));
    }
    found
}

fn is_same(one: &[Name], other: &[Name]) -> bool {
    one.len() == other.len() && one.iter().all(|name| other.contains(name))
}

fn drop_one(progress: &Progress<'_>, table: &ObjectName, key: &ForeignKey) -> Option<String> {
    let (writer, name) = (progress.writer(), key.name.as_ref()?);
    Some(match progress.now.dialect {
        Dialect::Mysql => format!("ALTER TABLE {} DROP FOREIGN KEY {}", writer.object(table), writer.name(name)),
        _ => writer.drop_constraint(table, name),
    })
}

/// Makes those that are not there.
pub(super) fn add(progress: &mut Progress<'_>) {
    let writer = progress.writer();
    let mut statements = Vec::new();
    for difference in &progress.left {
        let Object::ForeignKey(table, _) = &difference.object else { continue };
        let Some(Part::ForeignKey(key)) = find(progress.to, &difference.object) else { continue };
        match (&difference.change, &key.name) {
            (Changed::Extra, _) => statements.push(writer.add_constraint(table, &writer.foreign_key(key))),
            (Changed::Differs { what: "validity", .. }, Some(name)) => {
                let (table, name) = (writer.object(table), writer.name(name));
                statements.push(format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}"));
            }
            _ => {}
        }
    }
    for statement in statements {
        progress.step(statement);
    }
}
