//! MySQL and MariaDB: one ALTER TABLE for all that changes in a table. Each statement commits by itself there, so that one leaves
//! nothing half done; and what must not be missing for a moment (a key of a column that counts, an index that a foreign key
//! needs) is replaced at once. Foreign keys have statements of their own.

use std::collections::BTreeSet;

use revchain_core::Dialect;
use revchain_schema::compare::{Part, find};
use revchain_schema::model::{Column, Index, IndexPart, Key, Name, ObjectName, Storage, Table};
use revchain_schema::{Changed, Difference, Object};

use super::columns::{fill, missing_value};
use super::conversion;
use super::progress::Progress;
use crate::script::column_goes;

/// Drops columns that MySQL can't make what they are to be, with what hangs on them: they are added again with the rest.
pub(super) fn drop_remade(progress: &mut Progress<'_>) {
    let writer = progress.writer();
    let mut statements = Vec::new();
    for (name, table, to) in progress.pairs().filter(|(_, table, to)| *table != *to) {
        let mut gone: BTreeSet<&Name> = table
            .columns
            .iter()
            .filter(|column| to.column(&column.name).is_some_and(|other| is_made_anew(column, other)))
            .map(|column| &column.name)
            .collect();
        if gone.is_empty() {
            continue;
        }
        let remade = table.columns.iter().filter(|column| gone.contains(&column.name));
        let notes: Vec<String> = remade.filter_map(|column| kind_note(column, to.column(&column.name)?)).collect();
        gone.extend(
            table
                .columns
                .iter()
                .filter(|column| is_made_of(column, &gone))
                .map(|column| &column.name)
                .collect::<Vec<_>>(),
        );
        let mut actions = Vec::new();
        for check in &table.checks {
            if gone.iter().any(|column| check.expression.mentions(column, Dialect::Mysql)) {
                actions.extend(check.name.as_ref().map(|name| format!("DROP CONSTRAINT {}", writer.name(name))));
            }
        }
        for index in all_indexes(table) {
            let has = |part: &IndexPart| part.column.as_ref().is_some_and(|column| gone.contains(column));
            if index.parts.iter().any(has) {
                actions.extend(index.name.as_ref().map(|name| format!("DROP INDEX {}", writer.name(name))));
            }
        }
        actions.extend(gone.iter().map(|column| format!("DROP COLUMN {}", writer.name(column))));
        statements.push((altered(&writer.object(name), &actions), notes));
    }
    for (statement, notes) in statements {
        progress.noted(statement, &notes);
    }
}

/// What to know of a column that is computed from now on, or no more.
fn kind_note(from: &Column, to: &Column) -> Option<String> {
    let name = &from.name;
    match (&from.generated, &to.generated) {
        (None, Some(_)) => Some(format!("`{name}` is computed from now on: what is in it goes.")),
        (Some(of), None) if of.storage == Storage::Virtual => {
            Some(format!("`{name}` is computed no more, and the values that it had are not kept."))
        }
        (Some(_), None) => Some(format!("`{name}` keeps the values that were computed, and is computed no more.")),
        _ => None,
    }
}

/// Whether no MODIFY makes one column of the other: what is not stored stays so.
fn is_made_anew(before: &Column, after: &Column) -> bool {
    match (&before.generated, &after.generated) {
        (None, None) => false,
        (Some(one), Some(other)) => one.storage != other.storage,
        (Some(one), None) | (None, Some(one)) => one.storage == Storage::Virtual,
    }
}

fn is_made_of(column: &Column, others: &BTreeSet<&Name>) -> bool {
    column
        .generated
        .as_ref()
        .is_some_and(|generated| others.iter().any(|other| generated.expression.mentions(other, Dialect::Mysql)))
}

/// The tables that get another character set, or another collation.
pub(super) fn converted_tables(progress: &Progress<'_>) -> Vec<ObjectName> {
    let mut names: Vec<ObjectName> = progress
        .left
        .iter()
        .filter_map(|difference| match &difference.object {
            Object::Option(table, key) if key == "character set" || key == "collate" => Some(table.clone()),
            _ => None,
        })
        .collect();
    names.dedup();
    names
}

/// Gives tables, and all text in them, another character set.
pub(super) fn convert(progress: &mut Progress<'_>) {
    let writer = progress.writer();
    for name in converted_tables(progress) {
        let Some(table) = progress.to.tables.get(&name) else { continue };
        let option = |key: &str| table.options.get(key).map(String::as_str);
        let collation = option("collate");
        let of_collation = collation.and_then(|collation| collation.split('_').next());
        let Some(set) = option("character set").or(of_collation) else { continue };
        let collation = collation.map_or_else(String::new, |collation| format!(" COLLATE {collation}"));
        let sql = format!("ALTER TABLE {} CONVERT TO CHARACTER SET {set}{collation}", writer.object(&name));
        let note = format!(
            "The whole of `{name}` is written anew, and locked meanwhile; text that {set} doesn't have is lost."
        );
        progress.noted(sql, &[note]);
    }
}

/// Changes all that differs in the tables that are there.
pub(super) fn alter(progress: &mut Progress<'_>) {
    for table in progress.changed_tables() {
        let all: Vec<Difference> =
            progress.left.iter().filter(|difference| difference.object.table() == Some(&table)).cloned().collect();
        fill_up(progress, &table, &all);
        let Some((sql, notes)) = alter_table(progress, &table, &all) else { continue };
        progress.noted(sql, &notes);
    }
}

/// Puts defaults where NULL is no longer taken.
fn fill_up(progress: &mut Progress<'_>, table: &ObjectName, all: &[Difference]) {
    let forbids = |one: &&Difference| matches!(&one.change, Changed::Differs { what: "nullability", after, .. } if after == "NOT NULL");
    for difference in all.iter().filter(forbids) {
        if let Some(Part::Column(column)) = find(progress.to, &difference.object)
            && column.generated.is_none()
        {
            fill(progress, table, column);
        }
    }
}

/// One statement with all that changes, and what to know about it.
fn alter_table(progress: &Progress<'_>, table: &ObjectName, all: &[Difference]) -> Option<(String, Vec<String>)> {
    let writer = progress.writer();
    let mut actions: Vec<(u8, String)> = Vec::new();
    let mut notes = Vec::new();
    let mut modified = BTreeSet::new();
    let (renamed, taken) = renamed_indexes(progress, all);
    for difference in all {
        let (before, after) = (find(&progress.now, &difference.object), find(progress.to, &difference.object));
        let (goes, comes) = match &difference.change {
            Changed::Missing => (before, None),
            Changed::Extra => (None, after),
            Changed::Differs { .. } => (before, after),
        };
        if let (Object::Column(..), Some(Part::Column(from)), Some(Part::Column(to))) =
            (&difference.object, goes, comes)
        {
            if modified.insert(to.name.clone()) {
                actions.push((4, format!("MODIFY COLUMN {}", writer.column(to))));
            }
            notes.extend(note(&difference.change, from, to));
            continue;
        }
        if let Object::Index(_, label) = &difference.object {
            if let Some((from, to)) = renamed.iter().find(|(from, _)| from.as_str() == label) {
                actions.push((5, format!("RENAME INDEX {} TO {}", writer.name(from), writer.name(to))));
                continue;
            }
            if taken.iter().any(|name| name.as_str() == label) && difference.change == Changed::Extra {
                continue;
            }
        }
        match goes {
            Some(Part::PrimaryKey(_)) => actions.push((1, "DROP PRIMARY KEY".to_owned())),
            Some(Part::Unique(Key { name: Some(name), .. }) | Part::Index(Index { name: Some(name), .. })) => {
                actions.push((2, format!("DROP INDEX {}", writer.name(name))));
            }
            Some(Part::Check(check)) => {
                actions.extend(check.name.as_ref().map(|name| (0, format!("DROP CONSTRAINT {}", writer.name(name)))));
            }
            Some(Part::Column(column)) => {
                actions.push((3, format!("DROP COLUMN {}", writer.name(&column.name))));
                if column.generated.is_none() {
                    notes.push(column_goes(table, &column.name));
                }
            }
            _ => {}
        }
        match comes {
            Some(Part::PrimaryKey(key)) => actions.push((7, format!("ADD {}", writer.primary_key(key)))),
            Some(Part::Unique(key)) => actions.push((8, format!("ADD {}", writer.unique(key)))),
            Some(Part::Index(index)) => actions.push((8, format!("ADD {}", writer.index_clause(index)))),
            Some(Part::Check(check)) => actions.push((9, format!("ADD {}", writer.check(check)))),
            Some(Part::Column(column)) => {
                let turn = if column.generated.is_some() { 7 } else { 6 };
                actions.push((turn - 1, format!("ADD COLUMN {}", writer.column(column))));
                notes.extend(missing_value(column, Dialect::Mysql));
            }
            _ => {}
        }
        actions.extend(option(progress, &difference.object).map(|action| (10, action)));
    }
    // What differs in several ways is made anew once.
    let mut seen = BTreeSet::new();
    actions.retain(|action| seen.insert(action.clone()));
    actions.sort_by_key(|(turn, _)| *turn);
    let actions: Vec<String> = actions.into_iter().map(|(_, action)| action).collect();
    let shown = writer.object(table);
    let one_index = match all {
        [Difference { object, change }] if renamed.is_empty() => match (find(progress.to, object), change) {
            (Some(Part::Index(index)), Changed::Extra) => Some(writer.create_index(table, index)),
            _ => None,
        },
        _ => None,
    };
    (!actions.is_empty()).then(|| (one_index.unwrap_or_else(|| altered(&shown, &actions)), notes))
}

/// `ALTER TABLE` with its actions, one on a line where there are several.
fn altered(table: &str, actions: &[String]) -> String {
    match actions {
        [one] => format!("ALTER TABLE {table} {one}"),
        several => format!("ALTER TABLE {table}\n    {}", several.join(",\n    ")),
    }
}

/// What to know about a column that becomes another.
fn note(change: &Changed, from: &Column, to: &Column) -> Option<String> {
    match change {
        Changed::Differs { what: "the type", .. } => {
            let (before, after) = (from.data_type.as_ref()?, to.data_type.as_ref()?);
            conversion::note(to.name.as_str(), before, after, Dialect::Mysql)
        }
        Changed::Differs { what: "the expression", .. } => kind_note(from, to),
        Changed::Differs { what: "nullability", after, .. }
            if after == "NOT NULL" && to.default.is_none() && to.identity.is_none() && to.generated.is_none() =>
        {
            Some(format!("Where `{}` is NULL this fails: give it a value first.", to.name))
        }
        _ => None,
    }
}

/// A property of the table, or its comment.
fn option(progress: &Progress<'_>, object: &Object) -> Option<String> {
    match object {
        Object::Option(table, key) if key == "engine" => {
            let engine = progress.to.tables.get(table)?.options.get("engine").map_or("InnoDB", String::as_str);
            Some(format!("ENGINE={engine}"))
        }
        Object::Table(name) => {
            let comment = progress.to.tables.get(name)?.comment.as_deref().unwrap_or_default();
            Some(format!("COMMENT={}", progress.writer().literal(comment)))
        }
        _ => None,
    }
}

/// Indexes that have another name and are else the same: from, to, and all the new names.
fn renamed_indexes(progress: &Progress<'_>, all: &[Difference]) -> (Vec<(Name, Name)>, Vec<Name>) {
    let index_of = |schema: &revchain_schema::Schema, object: &Object| match find(schema, object)? {
        Part::Index(index) => Some(index.clone()),
        Part::Unique(key) => Some(index_behind(key)),
        _ => None,
    };
    let (mut renamed, mut taken): (Vec<(Name, Name)>, Vec<Name>) = (Vec::new(), Vec::new());
    for missing in all.iter().filter(|one| one.change == Changed::Missing) {
        let Some(index) = index_of(&progress.now, &missing.object) else { continue };
        let twin = all.iter().filter(|one| one.change == Changed::Extra).find_map(|extra| {
            let other = index_of(progress.to, &extra.object)?;
            let (from, to) = (index.name.clone()?, other.name.clone()?);
            let is_same = Index { name: other.name.clone(), ..index.clone() } == other;
            (is_same && !taken.contains(&to)).then_some((from, to))
        });
        if let Some((from, to)) = twin {
            taken.push(to.clone());
            renamed.push((from, to));
        }
    }
    (renamed, taken)
}

/// The indexes of a table, unique constraints among them.
fn all_indexes(table: &Table) -> impl Iterator<Item = Index> {
    table.indexes.iter().cloned().chain(table.uniques.iter().map(index_behind))
}

fn index_behind(key: &Key) -> Index {
    let parts = key.columns.iter().cloned().map(IndexPart::column).collect();
    Index { unique: true, ..Index::new(key.name.clone(), parts) }
}
