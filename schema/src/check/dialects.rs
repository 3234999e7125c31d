//! RC322: the sections of the dialects lead to the same logical schema. Logical are tables, columns, nullability, primary and
//! foreign keys with their actions, and types by family. Indexes, names and defaults may differ.

use std::collections::BTreeSet;
use std::sync::Arc;

use revchain_core::revision::{Direction, RevisionFile};
use revchain_core::{Code, Dialect, Severity};

use super::hits::{Hit, Hits};
use crate::model::{Column, DataType, Family, ForeignKey, ObjectName, ReferentialAction, Schema, Table};

/// What was said already: a difference is the business of the revision that makes it.
#[derive(Debug, Default)]
pub(super) struct Known(BTreeSet<String>);

/// Compares the tables that a revision changed, each dialect's with the first one's. `schemas` are before and after it.
pub(super) fn compare(revision: &RevisionFile, schemas: &[(&Schema, &Schema)], known: &mut Known, hits: &mut Hits) {
    let Some(((_, first), others)) = schemas.split_first() else { return };
    if others.is_empty() || schemas.iter().any(|(_, schema)| !schema.unknown.is_empty()) {
        return;
    }
    let mut changed: BTreeSet<String> = BTreeSet::new();
    for (before, after) in schemas {
        for (name, table) in &after.tables {
            if before.tables.get(name).is_none_or(|known| !Arc::ptr_eq(known, table)) {
                changed.insert(name.to_string());
            }
        }
        changed.extend(before.tables.keys().filter(|name| !after.tables.contains_key(name)).map(ToString::to_string));
    }
    if changed.is_empty() {
        return;
    }
    for (_, other) in others {
        for shown in &changed {
            let sentences = differences(shown, first, other);
            let key = |sentence: &str| format!("{} {sentence}", other.dialect);
            let new: Vec<&String> = sentences.iter().filter(|sentence| !known.0.contains(&key(sentence))).collect();
            if let Some(sentence) = new.first() {
                report(revision, (first.dialect, other.dialect), sentence, new.len(), hits);
            }
            // What was mended may be broken again.
            known.0.retain(|sentence| {
                !sentence.contains(&format!("`{shown}`")) || !sentence.starts_with(other.dialect.name())
            });
            known.0.extend(sentences.iter().map(|sentence| key(sentence)));
        }
    }
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
    if hits.silences(sides.flat_map(|section| &section.allows), Code::DialectsDiffer) {
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

/// What differs in one table, as sentences.
fn differences(name: &str, first: &Schema, other: &Schema) -> Vec<String> {
    let find = |schema: &Schema| -> Option<(ObjectName, Arc<Table>)> {
        let found = schema.tables.iter().find(|(known, _)| known.to_string().eq_ignore_ascii_case(name));
        found.map(|(name, table)| (name.clone(), table.clone()))
    };
    let (one, two) = (first.dialect, other.dialect);
    let (a, b) = match (find(first), find(other)) {
        (Some((_, a)), Some((_, b))) => (a, b),
        (Some((_, a)), None) if a.is_known() && !a.temporary => {
            return vec![format!("table `{name}` is there on {one}, and not on {two}")];
        }
        (None, Some((_, b))) if b.is_known() && !b.temporary => {
            return vec![format!("table `{name}` is there on {two}, and not on {one}")];
        }
        _ => return Vec::new(),
    };
    if !a.is_known() || !b.is_known() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let find = |table: &Table, name: &str| {
        table.columns.iter().find(|column| column.name.as_str().eq_ignore_ascii_case(name)).cloned()
    };
    for column in &a.columns {
        match find(&b, column.name.as_str()) {
            None => found.push(format!("column `{name}.{}` is there on {one}, and not on {two}", column.name)),
            Some(twin) => columns(name, (column, one), (&twin, two), &a, &b, &mut found),
        }
    }
    for column in b.columns.iter().filter(|column| find(&a, column.name.as_str()).is_none()) {
        found.push(format!("column `{name}.{}` is there on {two}, and not on {one}", column.name));
    }
    let key = |table: &Table| {
        table
            .primary_key
            .as_ref()
            .map(|key| key.columns.iter().map(|name| name.as_str().to_lowercase()).collect::<Vec<_>>())
    };
    let (from, to) = (key(&a), key(&b));
    if from != to {
        let shown =
            |key: Option<Vec<String>>| key.map_or_else(|| "none".to_owned(), |key| format!("({})", key.join(", ")));
        found.push(format!("the primary key of `{name}` is {} on {one}, and {} on {two}", shown(from), shown(to)));
    }
    let keys = |table: &Table| -> BTreeSet<String> { table.foreign_keys.iter().map(foreign_key).collect() };
    let (from, to) = (keys(&a), keys(&b));
    for key in from.difference(&to) {
        found.push(format!("foreign key {key} of `{name}` is there on {one}, and not on {two}"));
    }
    for key in to.difference(&from) {
        found.push(format!("foreign key {key} of `{name}` is there on {two}, and not on {one}"));
    }
    found
}

fn columns(
    table: &str,
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
        let shown = |nullable: bool| if nullable { "NULL" } else { "NOT NULL" };
        found.push(format!("column `{table}.{}` is {} on {one}, and {} on {two}", a.name, shown(from), shown(to)));
    }
    if let (Some(from), Some(to)) = (&a.data_type, &b.data_type)
        && !alike(from.family(one), from, to.family(two), to)
    {
        found.push(format!("column `{table}.{}` is `{from}` on {one}, and `{to}` on {two}", a.name));
    }
}

/// Whether two types of two dialects may hold the same. Families that a dialect lacks are what people put in their place.
fn alike(one: Family, a: &DataType, other: Family, b: &DataType) -> bool {
    use Family::{
        Binary, Boolean, Date, Decimal, Enum, Float, Integer, Interval, Json, Other, Text, Time, Timestamp, Uuid,
    };
    if one == other || one == Other || other == Other {
        return true;
    }
    let _ = (a, b);
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
