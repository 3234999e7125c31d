//! RC322: the sections of the dialects lead to the same logical schema. Logical are tables, columns, nullability, primary and
//! foreign keys with their actions, and types by family. Indexes, names and defaults may differ.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use revchain_core::revision::{Direction, RevisionFile};
use revchain_core::{Code, Dialect, Severity};

use super::hits::{Hit, Hits};
use super::walk::ChangedTable;
use crate::model::{Catalog, Column, Family, ForeignKey, Key, Name, ObjectName, ReferentialAction, Table};

/// The tables of the dialects, and what was said of them already: a difference is the business of the revision that makes
/// it. A table goes by its name in lower case: that is what the dialects share.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The tables of each dialect.
    tables: Vec<Catalog<Table>>,
    /// What was said of a table, of each dialect but the first.
    said: Vec<BTreeMap<ObjectName, BTreeSet<String>>>,
}

/// What a revision makes of a dialect's tables.
pub(super) struct State<'a> {
    pub(super) dialect: Dialect,
    pub(super) changed: &'a [ChangedTable],
    /// Whether nothing that nobody understood may have changed them.
    pub(super) is_known: bool,
    /// Whether something in the revision can't work there: then the difference is no mistake of its own.
    pub(super) has_failed: bool,
}

/// Compares the tables that a revision changed, each dialect's with the first one's.
pub(super) fn compare(revision: &RevisionFile, states: &[State<'_>], known: &mut Known, hits: &mut Hits) {
    let Some((first, others)) = states.split_first() else { return };
    if others.is_empty() {
        return;
    }
    known.tables.resize_with(states.len(), Catalog::new);
    known.said.resize_with(others.len(), BTreeMap::new);
    let mut changed: Vec<ObjectName> = Vec::new();
    for (state, tables) in states.iter().zip(&mut known.tables) {
        for (name, now) in state.changed {
            let name = shared(name);
            match now {
                Some(table) => tables.insert(name.clone(), Arc::clone(table)),
                None => tables.remove(&name),
            };
            if changed.last() != Some(&name) {
                changed.push(name);
            }
        }
    }
    if changed.len() > 1 {
        changed.sort_by_cached_key(shown);
        changed.dedup();
    }
    if states.iter().any(|state| !state.is_known) {
        return;
    }
    let has_failed = states.iter().any(|state| state.has_failed);
    let Some((tables_of_first, tables)) = known.tables.split_first() else { return };
    for ((other, tables), said) in others.iter().zip(tables).zip(&mut known.said) {
        for name in &changed {
            let pair = ((first.dialect, tables_of_first.get(name)), (other.dialect, tables.get(name)));
            let sentences = differences(name, pair.0, pair.1);
            // What was mended may be broken again.
            let before = said.remove(name).unwrap_or_default();
            if sentences.is_empty() {
                continue;
            }
            let mut new = sentences.iter().filter(|sentence| !before.contains(*sentence));
            if !has_failed && let Some(sentence) = new.next() {
                report(revision, (first.dialect, other.dialect), sentence, 1 + new.count(), hits);
            }
            said.insert(name.clone(), sentences.into_iter().collect());
        }
    }
}

/// A table's name as the dialects share it.
fn shared(name: &ObjectName) -> ObjectName {
    ObjectName { schema: name.schema.as_ref().map(Name::without_case), name: name.name.without_case() }
}

/// The same, for people.
fn shown(name: &ObjectName) -> String {
    name.to_string().to_lowercase()
}

fn report(
    revision: &RevisionFile,
    (first, dialect): (Dialect, Dialect),
    sentence: &str,
    count: usize,
    hits: &mut Hits,
) {
    let upgrades = || revision.sections.iter().filter(|section| section.direction == Direction::Upgrade);
    let serves = upgrades().filter(|section| section.dialects.contains(dialect));
    let Some(section) = serves.max_by_key(|section| section.named) else { return };
    // It is about both sides, so that either may say that it is meant.
    let sides = upgrades().filter(|section| section.dialects.contains(dialect) || section.dialects.contains(first));
    if hits.silenced.take(sides.flat_map(|section| &section.allows), Code::DialectsDiffer) {
        return;
    }
    let more = if count > 1 { format!("; and {} more", count - 1) } else { String::new() };
    hits.add(
        Hit {
            code: Code::DialectsDiffer,
            severity: Severity::Error,
            span: section.marker,
            message: format!("the dialects come to different schemas: {sentence}{more}"),
            label: String::new(),
            also: Vec::new(),
            help:
                "make the sections say the same, or say that it is meant, below the marker: `-- @allow RC322: <reason>`"
                    .to_owned(),
        },
        dialect,
        section.dialects,
    );
}

/// What differs in one table, as sentences. What is equal as it stands is not looked at more closely: it is the rule.
fn differences(
    name: &ObjectName,
    (one, a): (Dialect, Option<&Arc<Table>>),
    (two, b): (Dialect, Option<&Arc<Table>>),
) -> Vec<String> {
    let (a, b) = match (a, b) {
        (Some(a), Some(b)) => (&**a, &**b),
        (Some(a), None) if a.is_known() && !a.temporary => {
            return vec![format!("table `{}` is there on {one}, and not on {two}", shown(name))];
        }
        (None, Some(b)) if b.is_known() && !b.temporary => {
            return vec![format!("table `{}` is there on {two}, and not on {one}", shown(name))];
        }
        _ => return Vec::new(),
    };
    if !a.is_known() || !b.is_known() {
        return Vec::new();
    }
    let mut found = Vec::new();
    // The same columns in the same order, as a rule.
    let mut in_order = a.columns.len() == b.columns.len();
    for (at, column) in a.columns.iter().enumerate() {
        match find(b, column, at) {
            None => {
                let table = shown(name);
                found.push(format!("column `{table}.{}` is there on {one}, and not on {two}", column.name));
                in_order = false;
            }
            Some((place, twin)) => {
                columns(name, (column, one), (twin, two), a, b, &mut found);
                in_order &= place == at;
            }
        }
    }
    if !in_order {
        for (at, column) in b.columns.iter().enumerate() {
            if find(a, column, at).is_none() {
                let table = shown(name);
                found.push(format!("column `{table}.{}` is there on {two}, and not on {one}", column.name));
            }
        }
    }
    let (from, to) = (a.primary_key.as_ref(), b.primary_key.as_ref());
    if !matches!((from, to), (Some(from), Some(to)) if from.columns == to.columns) {
        let key = |key: Option<&Key>| {
            key.map(|key| key.columns.iter().map(|name| name.as_str().to_lowercase()).collect::<Vec<_>>())
        };
        let (from, to) = (key(from), key(to));
        if from != to {
            let said =
                |key: Option<Vec<String>>| key.map_or_else(|| "none".to_owned(), |key| format!("({})", key.join(", ")));
            let (table, from, to) = (shown(name), said(from), said(to));
            found.push(format!("the primary key of `{table}` is {from} on {one}, and {to} on {two}"));
        }
    }
    if !(a.foreign_keys.is_empty() && b.foreign_keys.is_empty()) {
        let keys = |table: &Table| -> BTreeSet<String> { table.foreign_keys.iter().map(foreign_key).collect() };
        let (from, to) = (keys(a), keys(b));
        for key in from.difference(&to) {
            found.push(format!("foreign key {key} of `{}` is there on {one}, and not on {two}", shown(name)));
        }
        for key in to.difference(&from) {
            found.push(format!("foreign key {key} of `{}` is there on {two}, and not on {one}", shown(name)));
        }
    }
    found
}

/// The column of a table that is another table's on another dialect, and its place, which may be the other's.
fn find<'t>(table: &'t Table, column: &Column, at: usize) -> Option<(usize, &'t Column)> {
    let name = column.name.as_str();
    let is_it = |other: &Column| {
        let other = other.name.as_str();
        other == name || other.eq_ignore_ascii_case(name)
    };
    match table.columns.get(at) {
        Some(column) if is_it(column) => Some((at, column)),
        _ => table.columns.iter().enumerate().find(|(_, column)| is_it(column)),
    }
}

fn columns(
    table: &ObjectName,
    (a, one): (&Column, Dialect),
    (b, two): (&Column, Dialect),
    in_a: &Table,
    in_b: &Table,
    found: &mut Vec<String>,
) {
    // SQLite lets NULL into primary keys, by an old mistake of its own.
    let in_key = |table: &Table, column: &Column| {
        table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.name))
    };
    let nullable = |table: &Table, column: &Column| column.nullable && !in_key(table, column);
    let (from, to) = (nullable(in_a, a), nullable(in_b, b));
    if from != to {
        let null = |nullable: bool| if nullable { "NULL" } else { "NOT NULL" };
        let (table, from, to) = (shown(table), null(from), null(to));
        found.push(format!("column `{table}.{}` is {from} on {one}, and {to} on {two}", a.name));
    }
    if let (Some(from), Some(to)) = (&a.data_type, &b.data_type)
        && !alike(from.family(one), to.family(two))
    {
        let table = shown(table);
        found.push(format!("column `{table}.{}` is `{from}` on {one}, and `{to}` on {two}", a.name));
    }
}

/// Whether two types of two dialects may hold the same. Families that a dialect lacks are what people put in their place.
fn alike(one: Family, other: Family) -> bool {
    use Family::{
        Binary, Boolean, Date, Decimal, Enum, Float, Integer, Interval, Json, Other, Text, Time, Timestamp, Uuid,
    };
    if one == other || one == Other || other == Other {
        return true;
    }
    let pair = |x: Family, y: Family| (one, other) == (x, y) || (one, other) == (y, x);
    [
        (Boolean, Integer),
        (Decimal, Float),
        (Decimal, Integer),
        (Decimal, Text),
        (Integer, Timestamp),
        (Float, Timestamp),
        (Integer, Interval),
        (Integer, Date),
        (Integer, Time),
    ]
    .into_iter()
    .any(|(x, y)| pair(x, y))
        || [Uuid, Json, Enum, Interval, Date, Time, Timestamp, Binary].into_iter().any(|family| pair(family, Text))
        || [Uuid, Json].into_iter().any(|family| pair(family, Binary))
}

/// A foreign key without its name.
fn foreign_key(key: &ForeignKey) -> String {
    let names = |names: &[crate::model::Name]| {
        names.iter().map(|name| name.as_str().to_lowercase()).collect::<Vec<_>>().join(", ")
    };
    // RESTRICT and NO ACTION refuse alike, but for deferred constraints.
    let action = |action: ReferentialAction| match action {
        ReferentialAction::Restrict => ReferentialAction::NoAction.sql(),
        other => other.sql(),
    };
    format!(
        "({}) to `{}` on delete {} on update {}",
        names(&key.columns),
        key.table.to_string().to_lowercase(),
        action(key.on_delete),
        action(key.on_update)
    )
}
