//! PostgreSQL's columns. Those that are generated go first and come last: nothing that they are made of can change under them.

use std::collections::BTreeMap;

use revchain_core::Dialect;
use revchain_schema::model::{Column, Default, Expression, Identity, Name, ObjectName, Storage, Table};
use revchain_schema::{Changed, Object};

use super::bound;
use super::progress::Progress;
use super::retyped::{Columns, is_made_anew};
use super::{conversion, identity};
use crate::script::column_goes;

/// Drops generated columns that go, change, or are made of what does; and columns that are generated from now on.
pub(super) fn drop_generated(progress: &mut Progress<'_>) {
    let writer = progress.writer();
    let changing = Columns::changing(progress);
    let mut statements = Vec::new();
    for (name, table, to) in progress.pairs().filter(|(_, table, to)| is_touched(table, to, &changing)) {
        let goes = |expression: &Expression| {
            let gone = table.columns.iter().filter(|column| to.column(&column.name).is_none());
            changing.are_in(name, expression, Dialect::Postgres)
                || gone.into_iter().any(|column| expression.mentions(&column.name, Dialect::Postgres))
        };
        let mut plain = Vec::new();
        for column in &table.columns {
            let (drop, other) = (writer.drop_column(name, &column.name), to.column(&column.name));
            match (&column.generated, other) {
                (Some(_), None) => statements.push((drop, None)),
                (Some(generated), Some(other)) if other.generated.is_none() && generated.storage == Storage::Stored => {
                    let (table, column) = (writer.object(name), writer.name(&column.name));
                    let keep = format!("ALTER TABLE {table} ALTER COLUMN {column} DROP EXPRESSION");
                    let note = format!("`{column}` keeps the values that were computed, and is computed no more.");
                    statements.push((keep, Some(note)));
                }
                (Some(_), Some(other)) if other.generated.is_none() => {
                    let note = "the values that it had are not kept";
                    let note = format!("`{}` is computed no more, and {note}.", column.name);
                    statements.push((drop, Some(note)));
                }
                (Some(generated), Some(other)) if is_made_anew(column, other) || goes(&generated.expression) => {
                    statements.push((drop, None));
                }
                (None, Some(other)) if other.generated.is_some() => {
                    let note = format!("`{}` is computed from now on: what is in it goes.", column.name);
                    plain.push((drop, Some(note)));
                }
                _ => {}
            }
        }
        statements.extend(plain);
    }
    for (statement, note) in statements {
        progress.noted(statement, note.as_slice());
    }
}

fn is_touched(table: &Table, to: &Table, changing: &Columns) -> bool {
    table != to || changing.iter().next().is_some() && table.columns.iter().any(|column| column.generated.is_some())
}

/// Adds those that are not there and hold data of their own.
pub(super) fn add(progress: &mut Progress<'_>) {
    add_those(progress, |column| column.generated.is_none());
}

/// Adds those that are not there, of whatever kind.
pub(super) fn add_generated(progress: &mut Progress<'_>) {
    add_those(progress, |_| true);
}

fn add_those(progress: &mut Progress<'_>, is_it: impl Fn(&Column) -> bool) {
    let writer = progress.writer();
    let mut statements = Vec::new();
    for difference in progress.left.iter().filter(|difference| difference.change == Changed::Extra) {
        let Object::Column(table, name) = &difference.object else { continue };
        let Some(column) = progress.to.tables.get(table).and_then(|table| table.column(name)) else { continue };
        if !is_it(column) {
            continue;
        }
        statements.push((writer.add_column(table, column), missing_value(column, Dialect::Postgres)));
        statements.extend(writer.comment_column(table, column).map(|comment| (comment, None)));
    }
    for (statement, note) in statements {
        progress.noted(statement, note.as_slice());
    }
}

/// What to say of a new column that takes no NULL, where nobody says what the rows that are there have in it.
pub(super) fn missing_value(column: &Column, dialect: Dialect) -> Option<String> {
    let has_value = column.nullable
        || column.default.as_ref().is_some_and(|default| default.0.as_str() != "null")
        || column.generated.is_some()
        || column.identity.is_some();
    if has_value {
        return None;
    }
    let name = &column.name;
    Some(match dialect {
        Dialect::Mysql => {
            format!("`{name}` has no default: rows that are there get the zero of its type, or an empty text.")
        }
        _ => format!(
            "`{name}` takes no NULL and has no default: where there are rows, this fails. Add it as one that does, fill it, and set it NOT NULL then."
        ),
    })
}

/// Changes those that differ.
pub(super) fn alter(progress: &mut Progress<'_>) {
    let mut changed: BTreeMap<(ObjectName, Name), Vec<&'static str>> = BTreeMap::new();
    for difference in &progress.left {
        if let (Object::Column(table, column), Changed::Differs { what, .. }) = (&difference.object, &difference.change)
        {
            changed.entry((table.clone(), column.clone())).or_default().push(what);
        }
    }
    for ((table, name), what) in changed {
        let of = |schema: &revchain_schema::Schema| schema.tables.get(&table)?.column(&name).cloned();
        if let (Some(before), Some(after)) = (of(&progress.now), of(progress.to)) {
            Altered { progress, table: &table, before: &before, after: &after, what: &what }.write();
        }
    }
}

/// A column that changes.
struct Altered<'p, 'a> {
    progress: &'p mut Progress<'a>,
    table: &'p ObjectName,
    before: &'p Column,
    after: &'p Column,
    /// What `compare` says differs.
    what: &'p [&'static str],
}

impl Altered<'_, '_> {
    fn write(mut self) {
        let (before, after) = (self.before, self.after);
        let has = |what: &str| self.what.contains(&what);
        let (retyped, defaults, nulls) =
            (has("the type") || has("the collation"), has("the default"), has("nullability"));
        let was_identity = matches!(before.identity, Some(Identity::Always | Identity::ByDefault));
        let is_identity = matches!(after.identity, Some(Identity::Always | Identity::ByDefault));
        let (was_serial, is_serial) =
            (before.identity == Some(Identity::Serial), after.identity == Some(Identity::Serial));
        if was_identity && !is_identity {
            self.action("DROP IDENTITY", None);
        }
        if was_serial && !is_serial {
            self.action("DROP DEFAULT", None);
            let (sql, note) = identity::drop_sequence(&self.progress.writer(), self.table, before);
            self.progress.noted(sql, &[note]);
        }
        let has_default = before.default.is_some();
        let keeps = match (&before.data_type, &after.data_type) {
            (Some(from), Some(to)) => !retyped || from == to || conversion::keeps_default(from, to),
            _ => true,
        };
        let dropped = has_default && (!keeps || is_identity);
        if dropped {
            self.action("DROP DEFAULT", None);
        }
        if retyped {
            self.retype();
        }
        if nulls && !after.nullable {
            self.forbid_null();
        }
        if let Some(default) = after.default.as_ref().filter(|_| defaults || dropped) {
            let text = self.progress.writer().default(&default.0);
            self.action(&format!("SET DEFAULT {text}"), None);
        } else if defaults && has_default && !dropped && !is_serial {
            self.action("DROP DEFAULT", None);
        }
        if is_serial && !was_serial {
            for sql in identity::make_serial(&self.progress.writer(), self.table, after) {
                self.progress.step(sql);
            }
        } else if is_serial && retyped {
            let sql = identity::retype_sequence(&self.progress.writer(), self.table, after);
            self.progress.step(sql);
        }
        if is_identity && before.identity != after.identity {
            let always = if after.identity == Some(Identity::Always) { "ALWAYS" } else { "BY DEFAULT" };
            match was_identity {
                true => self.action(&format!("SET GENERATED {always}"), None),
                false => {
                    self.action(&format!("ADD GENERATED {always} AS IDENTITY"), None);
                    let sql = identity::count_on(&self.progress.writer(), self.table, after);
                    self.progress.step(sql);
                }
            }
        }
        if after.nullable && (nulls || was_identity && !is_identity && !before.nullable) {
            self.action("DROP NOT NULL", None);
        }
    }

    /// `ALTER TABLE … ALTER COLUMN …`.
    fn action(&mut self, action: &str, note: Option<String>) {
        let writer = self.progress.writer();
        let (table, column) = (writer.object(self.table), writer.name(&self.after.name));
        self.progress.noted(format!("ALTER TABLE {table} ALTER COLUMN {column} {action}"), note.as_slice());
    }

    fn retype(&mut self) {
        let (before, after) = (self.before, self.after);
        let (Some(from), Some(to)) = (&before.data_type, &after.data_type) else { return };
        let writer = self.progress.writer();
        let mut text = format!("TYPE {}", writer.data_type(to));
        if let Some(collation) = &after.collation {
            text.push_str(&format!(" COLLATE {}", writer.name(collation)));
        }
        if let Some(using) = conversion::using(&writer, &writer.name(&after.name), from, to) {
            text.push_str(&format!(" USING {using}"));
        }
        let of_values = conversion::note(after.name.as_str(), from, to, Dialect::Postgres);
        let notes = of_values.into_iter().chain(bound::note_on_type(self.progress, self.table, &after.name));
        let notes: Vec<String> = notes.collect();
        self.action(&text, (!notes.is_empty()).then(|| notes.join(" ")));
    }

    fn forbid_null(&mut self) {
        let filled = fill(self.progress, self.table, self.after);
        let name = &self.after.name;
        let note = match filled {
            true => None,
            false => Some(format!("Where `{name}` is NULL this fails: give it a value first.")),
        };
        self.action("SET NOT NULL", note);
    }
}

/// Puts the default where there is nothing, and says whether there is one.
pub(super) fn fill(progress: &mut Progress<'_>, table: &ObjectName, column: &Column) -> bool {
    let Some(Default(default)) = column.default.as_ref().filter(|default| default.0.as_str() != "null") else {
        return false;
    };
    let writer = progress.writer();
    let (table, name, value) = (writer.object(table), writer.name(&column.name), writer.default(default));
    let note = format!("Where `{}` is NULL it becomes {value}: it takes no NULL from now on.", column.name);
    progress.noted(format!("UPDATE {table} SET {name} = {value} WHERE {name} IS NULL"), &[note]);
    true
}

/// Drops those that go.
pub(super) fn drop(progress: &mut Progress<'_>) {
    let writer = progress.writer();
    let gone: Vec<(ObjectName, Name)> = progress
        .left
        .iter()
        .filter(|difference| difference.change == Changed::Missing)
        .filter_map(|difference| match &difference.object {
            Object::Column(table, column) => Some((table.clone(), column.clone())),
            _ => None,
        })
        .collect();
    for (table, column) in gone {
        let notes = [column_goes(&table, &column)].into_iter().chain(bound::note_on_drop(progress, &table, &column));
        let notes: Vec<String> = notes.collect();
        progress.noted(writer.drop_column(&table, &column), &notes);
    }
}
