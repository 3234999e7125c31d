//! RC322: the sections of the dialects lead to the same logical schema. Logical are tables, columns, nullability, primary and
//! foreign keys with their actions, and types by family. Indexes, names and defaults may differ.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use revchain_core::revision::{Direction, RevisionFile};
use revchain_core::{Code, Dialect, Severity};

use super::hits::{Hit, Hits};
use crate::model::{Catalog, Column, DataType, Family, ForeignKey, ObjectName, ReferentialAction, Table};

/// The tables of the dialects, and what was said of them already: a difference is the business of the revision that makes
/// it. A table goes by its name in lower case: that is what the dialects share.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The tables of each dialect.
    names: Vec<HashMap<String, ObjectName>>,
    /// What was said of a table, of each dialect but the first.
    said: Vec<BTreeMap<String, BTreeSet<String>>>,
}

/// What a revision makes of a dialect's tables.
pub(super) struct State<'a> {
    pub(super) dialect: Dialect,
    pub(super) before: &'a Catalog<Table>,
    pub(super) after: &'a Catalog<Table>,
    /// Whether nothing that nobody understood may have changed them.
    pub(super) is_known: bool,
}

/// Compares the tables that a revision changed, each dialect's with the first one's.
pub(super) fn compare(revision: &RevisionFile, states: &[State<'_>], known: &mut Known, hits: &mut Hits) {
    let Some((first, others)) = states.split_first() else { return };
    if others.is_empty() {
        return;
    }
    known.names.resize_with(states.len(), HashMap::new);
    known.said.resize_with(others.len(), BTreeMap::new);
    let mut changed: BTreeSet<String> = BTreeSet::new();
    for (state, names) in states.iter().zip(&mut known.names) {
        for (name, _, now) in state.before.changes(state.after) {
            let lower = name.to_string().to_lowercase();
            match now {
                Some(_) => names.insert(lower.clone(), name.clone()),
                None => names.remove(&lower),
            };
            changed.insert(lower);
        }
    }
    if states.iter().any(|state| !state.is_known) {
        return;
    }
    let Some((names_of_first, names)) = known.names.split_first() else { return };
    for ((other, names), said) in others.iter().zip(names).zip(&mut known.said) {
        for lower in &changed {
            let find = |state: &State<'_>, names: &HashMap<String, ObjectName>| -> Option<Arc<Table>> {
                names.get(lower).and_then(|name| state.after.get(name)).cloned()
            };
            let tables = (find(first, names_of_first), find(other, names));
            let sentences = differences(lower, (first.dialect, tables.0), (other.dialect, tables.1));
            // What was mended may be broken again.
            let before = said.remove(lower).unwrap_or_default();
            let mut new = sentences.iter().filter(|sentence| !before.contains(*sentence));
            if let Some(sentence) = new.next() {
                report(revision, other.dialect, sentence, 1 + new.count(), hits);
            }
            if !sentences.is_empty() {
                said.insert(lower.clone(), sentences.into_iter().collect());
            }
        }
    }
}

fn report(revision: &RevisionFile, dialect: Dialect, sentence: &str, count: usize, hits: &mut Hits) {
    let serves = revision
        .sections
        .iter()
        .filter(|section| section.direction == Direction::Upgrade && section.dialects.contains(dialect));
    let Some(section) = serves.max_by_key(|section| section.named) else { return };
    if section.allows.iter().any(|allow| allow.code == Code::DialectsDiffer) {
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
fn differences(
    name: &str,
    (one, a): (Dialect, Option<Arc<Table>>),
    (two, b): (Dialect, Option<Arc<Table>>),
) -> Vec<String> {
    let (a, b) = match (a, b) {
        (Some(a), Some(b)) => (a, b),
        (Some(a), None) if a.is_known() && !a.temporary => {
            return vec![format!("table `{name}` is there on {one}, and not on {two}")];
        }
        (None, Some(b)) if b.is_known() && !b.temporary => {
            return vec![format!("table `{name}` is there on {two}, and not on {one}")];
        }
        _ => return Vec::new(),
    };
    if !a.is_known() || !b.is_known() {
        return Vec::new();
    }
    let mut found = Vec::new();
    fn find<'t>(table: &'t Table, name: &str, at: usize) -> Option<&'t Column> {
        let is_it = |column: &&Column| column.name.as_str().eq_ignore_ascii_case(name);
        // The same columns in the same order, as a rule.
        table.columns.get(at).filter(is_it).or_else(|| table.columns.iter().find(is_it))
    }
    for (at, column) in a.columns.iter().enumerate() {
        match find(&b, column.name.as_str(), at) {
            None => found.push(format!("column `{name}.{}` is there on {one}, and not on {two}", column.name)),
            Some(twin) => columns(name, (column, one), (twin, two), &a, &b, &mut found),
        }
    }
    for (_, column) in b.columns.iter().enumerate().filter(|(at, column)| find(&a, column.name.as_str(), *at).is_none())
    {
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
