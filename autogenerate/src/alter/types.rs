//! PostgreSQL's types: made before the tables that use them; changed where a statement can, and else made anew.

use revchain_core::Dialect;
use revchain_schema::compare::canonical;
use revchain_schema::model::{Domain, Enum, Expression, Name, ObjectName, Table, UserType};
use revchain_schema::write::types_in_order;
use revchain_schema::{Changed, Object};

use super::progress::Progress;
use super::retyped::{columns_of, is_of_type};

/// Makes those that are not there.
pub(super) fn create(progress: &mut Progress<'_>) {
    let (writer, to) = (progress.writer(), progress.to);
    for name in types_in_order(to) {
        let Some(definition) = to.types.get(name) else { continue };
        if !progress.is_extra(&Object::Type(name.clone())) {
            continue;
        }
        match writer.create_type(name, definition) {
            Some(statement) => progress.step(statement),
            None => progress.refuse(writer.object(name), "only the name of the type is known"),
        }
    }
}

/// Changes those that differ.
pub(super) fn alter(progress: &mut Progress<'_>) {
    let replaced = replaced(progress);
    for name in changed(progress) {
        let (now, to) = (progress.now.types.get(&name).cloned(), progress.to.types.get(&name).cloned());
        match (now.as_deref(), to.as_deref()) {
            (Some(UserType::Enum(from)), Some(UserType::Enum(to))) => match replaced.contains(&name) {
                true => replace(progress, &name, from, to),
                false => add_values(progress, &name, from, to),
            },
            (Some(UserType::Domain(from)), Some(UserType::Domain(to))) => alter_domain(progress, &name, from, to),
            _ => {}
        }
    }
}

fn changed(progress: &Progress<'_>) -> Vec<ObjectName> {
    let all = progress.left.iter().filter(|one| matches!(one.change, Changed::Differs { .. }));
    let names = all.filter_map(|one| match &one.object {
        Object::Type(name) => Some(name.clone()),
        _ => None,
    });
    names.collect()
}

/// The enumerations that are made anew: a value goes or moves; or one comes, and is used at once, which PostgreSQL allows only
/// after a commit.
pub(super) fn replaced(progress: &Progress<'_>) -> Vec<ObjectName> {
    let mut found = Vec::new();
    for difference in &progress.left {
        let (Object::Type(name), Changed::Differs { what, .. }) = (&difference.object, &difference.change) else {
            continue;
        };
        let of = |schema: &revchain_schema::Schema| schema.types.get(name).cloned();
        let (Some(from), Some(to)) = (of(&progress.now), of(progress.to)) else { continue };
        if let (UserType::Enum(from), UserType::Enum(to)) = (&*from, &*to) {
            let new = to.values.iter().filter(|value| !from.values.contains(value));
            let used = || new.into_iter().any(|value| is_used(progress, name, &progress.writer().literal(value)));
            if *what != "an added value" || used() {
                found.push(name.clone());
            }
        }
    }
    found
}

/// Whether a table with a column of the type says this constant anywhere.
fn is_used(progress: &Progress<'_>, name: &ObjectName, literal: &str) -> bool {
    let tables =
        progress.to.tables.values().filter(|table| table.columns.iter().any(|column| is_of_type(column, name)));
    tables.into_iter().any(|table| expressions(table).any(|expression| expression.as_str().contains(literal)))
}

/// The expressions of a table.
fn expressions(table: &Table) -> impl Iterator<Item = &Expression> {
    let defaults = table.columns.iter().filter_map(|column| column.default.as_ref().map(|default| &default.0));
    let generated = table.columns.iter().filter_map(|column| column.generated.as_ref().map(|one| &one.expression));
    let indexes = table.indexes.iter().chain(table.exclusions.iter().map(|exclusion| &exclusion.index));
    let parts = indexes
        .flat_map(|index| index.parts.iter().filter_map(|part| part.expression.as_ref()).chain(&index.predicate));
    defaults.chain(generated).chain(table.checks.iter().map(|check| &check.expression)).chain(parts)
}

/// Adds values, each where it belongs.
fn add_values(progress: &mut Progress<'_>, name: &ObjectName, from: &Enum, to: &Enum) {
    let writer = progress.writer();
    let mut there: Vec<&String> = from.values.iter().collect();
    for (at, value) in to.values.iter().enumerate().filter(|(_, value)| !from.values.contains(value)) {
        let before = at.checked_sub(1).and_then(|at| to.values.get(at));
        let place = match (before, there.first()) {
            (Some(before), _) if there.last() == Some(&before) => String::new(),
            (Some(before), _) => format!(" AFTER {}", writer.literal(before)),
            (None, Some(first)) => format!(" BEFORE {}", writer.literal(first)),
            (None, None) => String::new(),
        };
        let position = before.and_then(|before| there.iter().position(|one| *one == before)).map_or(0, |at| at + 1);
        there.insert(position, value);
        progress.step(format!("ALTER TYPE {} ADD VALUE {}{place}", writer.object(name), writer.literal(value)));
    }
}

/// Makes another type of that name, and all columns of it.
fn replace(progress: &mut Progress<'_>, name: &ObjectName, from: &Enum, to: &Enum) {
    let writer = progress.writer();
    let holds =
        |data_type: &revchain_schema::DataType| data_type.schema == name.schema && data_type.name == name.name.as_str();
    let is_held = |definition: &UserType| match definition {
        UserType::Domain(domain) => holds(&domain.data_type),
        UserType::Composite(columns) => columns.iter().any(|column| is_of_type(column, name)),
        UserType::Enum(_) | UserType::Other(_) => false,
    };
    if let Some((other, _)) = progress.now.types.iter().find(|(_, definition)| is_held(definition)) {
        let why = format!("values go or move, and `{other}` is made of the type: it would have to be made anew, too");
        return progress.refuse(writer.object(name), why);
    }
    let numbered = |number: usize| match number {
        0 => format!("{}_old", name.name),
        number => format!("{}_old{number}", name.name),
    };
    let names = (0..100).map(|number| name.beside(Name::new(&numbered(number), Dialect::Postgres)));
    let Some(old) = names.into_iter().find(|old| !progress.now.has(old) && !progress.to.has(old)) else { return };
    let (shown, gone) = (writer.object(name), from.values.iter().filter(|value| !to.values.contains(value)));
    let gone: Vec<String> = gone.map(|value| writer.literal(value)).collect();
    let note = (!gone.is_empty()).then(|| {
        format!("{} of `{name}`: rows that have it must get another value first, or this fails.", gone.join(", "))
    });
    progress.noted(format!("ALTER TYPE {shown} RENAME TO {}", writer.name(&old.name)), note.as_slice());
    progress.step(writer.create_type(name, &UserType::Enum(to.clone())).unwrap_or_default());
    let mut is_free = true;
    for (table, column) in columns_of(&progress.now, name) {
        let after = progress.to.tables.get(&table).and_then(|table| table.column(&column.name));
        let Some(after) = after.filter(|after| after.data_type == column.data_type) else {
            // It goes, or becomes something else: later.
            is_free = false;
            continue;
        };
        let column_shown = writer.name(&column.name);
        let alter = format!("ALTER TABLE {} ALTER COLUMN {column_shown}", writer.object(&table));
        if column.default.is_some() {
            progress.step(format!("{alter} DROP DEFAULT"));
        }
        let target = after.data_type.as_ref().map_or(shown.clone(), |of| writer.data_type(of));
        progress.step(format!("{alter} TYPE {target} USING {column_shown}::TEXT::{target}"));
        if let Some(default) = &after.default {
            progress.step(format!("{alter} SET DEFAULT {}", writer.default(&default.0)));
        }
    }
    if is_free {
        progress.step(format!("DROP TYPE {}", writer.object(&old)));
    }
}

/// What `ALTER DOMAIN` can say. Of another type it is not.
fn alter_domain(progress: &mut Progress<'_>, name: &ObjectName, from: &Domain, to: &Domain) {
    let writer = progress.writer();
    let domain = format!("ALTER DOMAIN {}", writer.object(name));
    if from.data_type != to.data_type {
        return progress.refuse(writer.object(name), "PostgreSQL can't give a domain another type");
    }
    let text = |expression: &Expression| canonical(expression, Dialect::Postgres);
    let has = |domain: &Domain, check: &Expression| domain.checks.iter().any(|(_, other)| text(other) == text(check));
    for (label, _) in from.checks.iter().filter(|(_, check)| !has(to, check)) {
        if let Some(label) = label {
            progress.step(format!("{domain} DROP CONSTRAINT {}", writer.name(label)));
        }
    }
    let default = |of: &Domain| of.default.as_ref().map(|default| text(&default.0));
    if default(from) != default(to) {
        progress.step(match &to.default {
            Some(default) => format!("{domain} SET DEFAULT {}", writer.default(&default.0)),
            None => format!("{domain} DROP DEFAULT"),
        });
    }
    if from.nullable != to.nullable {
        match to.nullable {
            true => progress.step(format!("{domain} DROP NOT NULL")),
            false => {
                let note = format!("Where a column of type `{name}` is NULL this fails: give it a value first.");
                progress.noted(format!("{domain} SET NOT NULL"), &[note]);
            }
        }
    }
    for (label, check) in to.checks.iter().filter(|(_, check)| !has(from, check)) {
        let label = label.as_ref().map_or_else(String::new, |label| format!("CONSTRAINT {} ", writer.name(label)));
        progress.step(format!("{domain} ADD {label}CHECK ({})", writer.expression(check)));
    }
}
