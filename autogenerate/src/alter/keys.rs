//! PostgreSQL's primary keys, unique constraints, checks, exclusions and indexes: given another name, dropped, made. What goes
//! with its column is left to the column.

use std::collections::BTreeSet;

use revchain_core::Dialect;
use revchain_schema::compare::{Part, canonical, find};
use revchain_schema::model::{ForeignKey, Index, Key, Name, ObjectName};
use revchain_schema::{Changed, Object};

use super::progress::Progress;
use super::retyped::Columns;

/// Gives new names to what has another name and is else the same.
pub(super) fn rename(progress: &mut Progress<'_>) {
    let writer = progress.writer();
    let mut statements = Vec::new();
    let constraint = |table: &ObjectName, from: &Name, to: &Name| {
        let (table, from, to) = (writer.object(table), writer.name(from), writer.name(to));
        format!("ALTER TABLE {table} RENAME CONSTRAINT {from} TO {to}")
    };
    let mut taken = BTreeSet::new();
    for difference in &progress.left {
        let Some(table) = difference.object.table() else { continue };
        let Some(before) = find(&progress.now, &difference.object) else { continue };
        if let (Part::PrimaryKey(key), Changed::Differs { what: "the name", .. }) = (before, &difference.change)
            && let Some(Part::PrimaryKey(other)) = find(progress.to, &difference.object)
            && let (Some(from), Some(to)) = (&key.name, &other.name)
        {
            statements.push(constraint(table, from, to));
            continue;
        }
        if difference.change != Changed::Missing {
            continue;
        }
        let others = progress
            .left
            .iter()
            .enumerate()
            .filter(|(_, other)| other.change == Changed::Extra && other.object.table() == Some(table));
        let twin = others.filter(|(at, _)| !taken.contains(at)).find_map(|(at, other)| {
            let (from, to) = same_but_for_the_name(before, find(progress.to, &other.object)?)?;
            Some((at, from, to))
        });
        let Some((at, from, to)) = twin else { continue };
        taken.insert(at);
        statements.push(match before {
            Part::Index(_) => {
                format!("ALTER INDEX {} RENAME TO {}", writer.object(&table.beside(from.clone())), writer.name(to))
            }
            _ => constraint(table, from, to),
        });
    }
    for statement in statements {
        progress.step(statement);
    }
}

/// The names of two parts of a table that differ in nothing else.
fn same_but_for_the_name<'p>(before: Part<'p>, after: Part<'p>) -> Option<(&'p Name, &'p Name)> {
    let named = |from: &'p Option<Name>, to: &'p Option<Name>| Some((from.as_ref()?, to.as_ref()?));
    match (before, after) {
        (Part::Unique(one), Part::Unique(other)) => {
            let same = Key { name: other.name.clone(), ..one.clone() } == *other;
            named(&one.name, &other.name).filter(|_| same)
        }
        (Part::Index(one), Part::Index(other)) => {
            let same = Index { name: other.name.clone(), ..one.clone() } == *other;
            named(&one.name, &other.name).filter(|_| same)
        }
        (Part::ForeignKey(one), Part::ForeignKey(other)) => {
            let same = ForeignKey { name: other.name.clone(), ..one.clone() } == *other;
            named(&one.name, &other.name).filter(|_| same)
        }
        (Part::Check(one), Part::Check(other)) => {
            let text = |check: &revchain_schema::model::Check| canonical(&check.expression, Dialect::Postgres);
            let same = one.no_inherit == other.no_inherit && one.validated == other.validated;
            named(&one.name, &other.name).filter(|_| same && text(one) == text(other))
        }
        _ => None,
    }
}

/// Drops what changes or goes, what an expression in it makes a hindrance, and what has a name that is needed elsewhere.
pub(super) fn drop(progress: &mut Progress<'_>) {
    let writer = progress.writer();
    let converted = Columns::converted(progress);
    let mut statements = Vec::new();
    for difference in &progress.left {
        let Some(table) = difference.object.table() else { continue };
        match &difference.change {
            Changed::Missing => {}
            Changed::Differs { what: "validity", after, .. } if after == "checked" => continue,
            Changed::Differs { what: "the name", .. } | Changed::Extra => continue,
            Changed::Differs { .. } => {}
        }
        let Some(part) = find(&progress.now, &difference.object) else { continue };
        let goes = |columns: &[Name]| {
            columns.iter().any(|name| progress.is_missing(&Object::Column(table.clone(), name.clone())))
        };
        statements.extend(match part {
            Part::PrimaryKey(key) | Part::Unique(key) if goes(&key.columns) || goes(&key.include) => None,
            Part::Index(index)
                if goes(&index.parts.iter().filter_map(|part| part.column.clone()).collect::<Vec<_>>()) =>
            {
                None
            }
            Part::Index(index) => writer.drop_index(table, index),
            Part::PrimaryKey(Key { name, .. }) | Part::Unique(Key { name, .. }) => {
                name.as_ref().map(|name| writer.drop_constraint(table, name))
            }
            Part::Check(check) => check.name.as_ref().map(|name| writer.drop_constraint(table, name)),
            Part::Exclusion(exclusion) => exclusion.name.as_ref().map(|name| writer.drop_constraint(table, name)),
            _ => None,
        });
    }
    statements.extend(hindrances(progress, &converted));
    statements.extend(taken_names(progress));
    let mut seen = BTreeSet::new();
    for statement in statements.into_iter().filter(|statement| seen.insert(statement.clone())) {
        progress.step(statement);
    }
}

/// Checks and indexes whose expressions name a column that becomes something else.
fn hindrances(progress: &Progress<'_>, converted: &Columns) -> Vec<String> {
    let writer = progress.writer();
    let dialect = progress.now.dialect;
    let mut statements = Vec::new();
    let mut tables: Vec<&ObjectName> = converted.iter().map(|(table, _)| table).collect();
    tables.dedup();
    for name in tables {
        let Some(table) = progress.now.tables.get(name) else { continue };
        for check in table.checks.iter().filter(|check| converted.are_in(name, &check.expression, dialect)) {
            statements.extend(check.name.as_ref().map(|check| writer.drop_constraint(name, check)));
        }
        for index in table.indexes.iter().filter(|index| converted.are_in_index(name, index, dialect)) {
            statements.extend(writer.drop_index(name, index));
        }
        for exclusion in table.exclusions.iter().filter(|one| converted.are_in_index(name, &one.index, dialect)) {
            statements.extend(exclusion.name.as_ref().map(|exclusion| writer.drop_constraint(name, exclusion)));
        }
    }
    statements
}

/// Indexes and constraints of tables that go, whose name another table's is to have.
fn taken_names(progress: &Progress<'_>) -> Vec<String> {
    let dropped = progress.dropped_tables();
    if dropped.is_empty() {
        return Vec::new();
    }
    let writer = progress.writer();
    let mut wanted: BTreeSet<ObjectName> = progress.to.tables.keys().cloned().collect();
    for (name, table) in &progress.to.tables {
        let keys = table.primary_key.iter().chain(&table.uniques).filter_map(|key| key.name.as_ref());
        let indexes = table.indexes.iter().filter_map(|index| index.name.as_ref());
        wanted.extend(keys.chain(indexes).map(|label| name.beside(label.clone())));
    }
    let mut statements = Vec::new();
    for name in &dropped {
        let Some(table) = progress.now.tables.get(name) else { continue };
        let is_wanted = |label: &&Name| wanted.contains(&name.beside((*label).clone()));
        for label in table.uniques.iter().chain(&table.primary_key).filter_map(|key| key.name.as_ref()) {
            statements.extend(Some(label).filter(is_wanted).map(|label| writer.drop_constraint(name, label)));
        }
        for index in &table.indexes {
            let is_it = index.name.as_ref().filter(is_wanted).is_some();
            statements.extend(writer.drop_index(name, index).filter(|_| is_it));
        }
    }
    statements
}

/// Makes what is not there.
pub(super) fn add(progress: &mut Progress<'_>) {
    let writer = progress.writer();
    let mut statements = Vec::new();
    for difference in &progress.left {
        let Some(table) = difference.object.table() else { continue };
        let part = find(progress.to, &difference.object);
        if let (Changed::Differs { what: "validity", .. }, Some(Part::Check(check))) = (&difference.change, part)
            && let Some(name) = &check.name
        {
            let (table, name) = (writer.object(table), writer.name(name));
            statements.push((3, format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}")));
        }
        if difference.change != Changed::Extra {
            continue;
        }
        statements.extend(match part {
            Some(Part::PrimaryKey(key)) => Some((0, writer.add_constraint(table, &writer.primary_key(key)))),
            Some(Part::Unique(key)) => Some((1, writer.add_constraint(table, &writer.unique(key)))),
            Some(Part::Index(index)) => Some((2, writer.create_index(table, index))),
            Some(Part::Check(check)) => Some((3, writer.add_constraint(table, &writer.check(check)))),
            Some(Part::Exclusion(one)) => Some((4, writer.add_constraint(table, &writer.exclusion(one)))),
            _ => None,
        });
    }
    // A primary key first: nothing refers to it yet, and what it is made of is not null from then on.
    statements.sort_by_key(|(turn, _)| *turn);
    for (_, statement) in statements {
        progress.step(statement);
    }
}
