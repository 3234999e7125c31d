//! Names that nobody gave, of what is new: they give way where what stays has them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use revchain_core::Dialect;
use revchain_schema::Schema;
use revchain_schema::compare::canonical;
use revchain_schema::model::{Check, Name, ObjectName, Table};

use crate::declared::Said;

/// What has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    PrimaryKey,
    Unique,
    Index,
    ForeignKey,
    Check,
}

/// What is new under a name that nobody gave, and the names that somebody gave.
#[derive(Debug)]
pub(super) struct Fresh {
    pub(super) given: BTreeSet<Name>,
    parts: Vec<(ObjectName, Part, Name)>,
}

/// Where a name may stand only once.
type Scope = (Option<Name>, Option<ObjectName>, bool);

impl Fresh {
    /// With these names that somebody gave.
    pub(super) fn new(given: BTreeSet<Name>) -> Fresh {
        Fresh { given, parts: Vec::new() }
    }

    /// Notes one.
    pub(super) fn add(&mut self, table: &ObjectName, part: Part, name: &Name) {
        self.parts.push((table.clone(), part, name.clone()));
    }

    /// Notes all of a new table.
    pub(super) fn table(&mut self, name: &ObjectName, table: &Table, said: &Said) {
        for (part, known) in parts(table).filter(|(_, known)| !said.names.contains(known)) {
            self.add(name, part, known);
        }
    }

    /// Gives other names to those that clash.
    pub(super) fn settle(self, want: &mut Schema) {
        let dialect = want.dialect;
        let mut taken: BTreeMap<(Scope, Name), usize> = BTreeMap::new();
        for (name, table) in &want.tables {
            *taken.entry((scope(name, Part::Index, Dialect::Postgres), name.name.clone())).or_default() += 1;
            for (part, known) in parts(table) {
                *taken.entry((scope(name, part, dialect), known.clone())).or_default() += 1;
            }
        }
        for (table, part, name) in self.parts {
            let scope = scope(&table, part, dialect);
            let is_alone = |name: &Name| taken.get(&(scope.clone(), name.clone())).is_none_or(|count| *count == 0);
            if taken.get(&(scope.clone(), name.clone())).is_none_or(|count| *count < 2) {
                continue;
            }
            // InnoDB's have a number already.
            let base = match (dialect, part) {
                (Dialect::Mysql, Part::ForeignKey) => {
                    name.as_str().trim_end_matches(|last: char| last.is_ascii_digit())
                }
                _ => name.as_str(),
            };
            let numbered = |number: usize| Name::new(&format!("{base}{number}"), dialect);
            let Some(other) = (1..1000).map(numbered).find(is_alone) else { continue };
            if let Some(count) = taken.get_mut(&(scope.clone(), name.clone())) {
                *count -= 1;
            }
            taken.insert((scope, other.clone()), 1);
            if let Some(table) = want.tables.get_mut(&table) {
                rename(Arc::make_mut(table), part, &name, &other);
            }
        }
    }
}

/// Gives MySQL's new checks the name that MySQL would give them: what MariaDB calls them nobody can know, and without a name
/// none could be dropped again.
pub(super) fn name_checks(want: &mut Schema, have: &Schema) {
    let dialect = want.dialect;
    if dialect != Dialect::Mysql {
        return;
    }
    let has_nameless = |table: &Table| table.checks.iter().any(|check| check.name.is_none());
    let found = want.tables.iter().filter(|(_, table)| has_nameless(table)).map(|(name, _)| name.clone());
    for name in found.collect::<Vec<_>>() {
        let known = have.tables.get(&name);
        let is_new = |check: &Check| {
            let is_it = |other: &Check| {
                other.name.is_none() && canonical(&other.expression, dialect) == canonical(&check.expression, dialect)
            };
            check.name.is_none() && !known.is_some_and(|table| table.checks.iter().any(is_it))
        };
        let Some(table) = want.tables.get_mut(&name).map(Arc::make_mut) else { continue };
        let taken: BTreeSet<Name> = table.checks.iter().filter_map(|check| check.name.clone()).collect();
        let numbers = (1..1000).map(|number| Name::new(&format!("{}_chk_{number}", name.name), dialect));
        let mut free = numbers.filter(|name| !taken.contains(name));
        table.checks.iter_mut().filter(|check| is_new(check)).for_each(|check| check.name = free.next());
    }
}

fn scope(table: &ObjectName, part: Part, dialect: Dialect) -> Scope {
    let schema = table.schema.clone();
    match (dialect, part) {
        (Dialect::Mysql, Part::ForeignKey) => (schema, None, true),
        // An index's name is its table's.
        (Dialect::Mysql, _) => (schema, Some(table.clone()), part == Part::Check),
        // Constraints without an index of their own.
        (_, Part::ForeignKey | Part::Check) => (schema, Some(table.clone()), true),
        (_, Part::PrimaryKey | Part::Unique | Part::Index) => (schema, None, false),
    }
}

fn parts(table: &Table) -> impl Iterator<Item = (Part, &Name)> {
    let primary = table.primary_key.iter().map(|key| (Part::PrimaryKey, &key.name));
    let uniques = table.uniques.iter().map(|key| (Part::Unique, &key.name));
    let indexes = table.indexes.iter().map(|index| (Part::Index, &index.name));
    let keys = table.foreign_keys.iter().map(|key| (Part::ForeignKey, &key.name));
    let checks = table.checks.iter().map(|check| (Part::Check, &check.name));
    let all = primary.chain(uniques).chain(indexes).chain(keys).chain(checks);
    all.filter_map(|(part, name)| name.as_ref().map(|name| (part, name)))
}

/// Renames the last one of that name: the new one stands behind what was there.
fn rename(table: &mut Table, part: Part, from: &Name, to: &Name) {
    let names: Vec<&mut Option<Name>> = match part {
        Part::PrimaryKey => table.primary_key.iter_mut().map(|key| &mut key.name).collect(),
        Part::Unique => table.uniques.iter_mut().map(|key| &mut key.name).collect(),
        Part::Index => table.indexes.iter_mut().map(|index| &mut index.name).collect(),
        Part::ForeignKey => table.foreign_keys.iter_mut().map(|key| &mut key.name).collect(),
        Part::Check => table.checks.iter_mut().map(|check| &mut check.name).collect(),
    };
    if let Some(name) = names.into_iter().rev().find(|name| name.as_ref() == Some(from)) {
        *name = Some(to.clone());
    }
}
