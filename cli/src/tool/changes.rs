//! The changes between two schemas, object by object, each with its DDL before and after: for `diff` and `diagram`.

use std::collections::BTreeSet;

use revchain_schema::compare::{Part, compare_bodies, find};
use revchain_schema::model::{ObjectName, Table};
use revchain_schema::write::Writer;
use revchain_schema::{Changed, Difference, Object, Schema, compare};

/// What became of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    Added,
    Removed,
    Changed,
}

impl Sign {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Sign::Added => "added",
            Sign::Removed => "removed",
            Sign::Changed => "changed",
        }
    }

    pub(super) const fn mark(self) -> &'static str {
        match self {
            Sign::Added => "+",
            Sign::Removed => "\u{2212}",
            Sign::Changed => "~",
        }
    }
}

/// Everything that changes, tables first.
pub(super) struct Changes<'a> {
    pub(super) all: Vec<Change>,
    /// Tables that differ, and of which not everything is known.
    pub(super) not_compared: Vec<&'a ObjectName>,
}

/// A change of one object.
pub(super) struct Change {
    pub(super) sign: Sign,
    pub(super) object: Object,
    /// Its DDL; of a table all that is in it, one by one. Nothing where it is not there.
    pub(super) before: Vec<String>,
    pub(super) after: Vec<String>,
    pub(super) details: Vec<Difference>,
}

impl<'a> Changes<'a> {
    pub(super) fn between(before: &'a Schema, after: &'a Schema) -> Changes<'a> {
        let mut differences = compare(before, after);
        differences.extend(compare_bodies(before, after));
        Changes::of(before, after, differences)
    }

    /// The same of differences that are known.
    pub(super) fn of(before: &'a Schema, after: &'a Schema, differences: Vec<Difference>) -> Changes<'a> {
        let mut all: Vec<Change> = Vec::new();
        for difference in differences {
            if is_temporary(before, after, &difference.object) {
                continue;
            }
            let sign = match difference.change {
                Changed::Missing => Sign::Removed,
                Changed::Extra => Sign::Added,
                Changed::Differs { .. } => Sign::Changed,
            };
            if let Some(known) = all.iter_mut().find(|known| known.object == difference.object && known.sign == sign) {
                known.details.push(difference);
                continue;
            }
            // A table that is there in both has a sentence: its parts speak for themselves.
            let is_whole = matches!(difference.object, Object::Table(_)) && sign == Sign::Changed;
            let shown = |schema: &Schema, is_there: bool| match is_there && !is_whole {
                true => ddl(schema, &difference.object),
                false => Vec::new(),
            };
            all.push(Change {
                sign,
                before: shown(before, sign != Sign::Added),
                after: shown(after, sign != Sign::Removed),
                object: difference.object.clone(),
                details: vec![difference],
            });
        }
        // Of a table all in one place, its end first, as compare has them; what is no table's comes after.
        let place = |change: &Change| (!change.is_of_table(), change.object.table().cloned(), !change.is_table());
        all.sort_by_key(place);
        let names: BTreeSet<&ObjectName> = before.tables.keys().chain(after.tables.keys()).collect();
        let is_doubtful = |name: &&ObjectName| {
            let (one, other) = (before.tables.get(name), after.tables.get(name));
            one != other && one.into_iter().chain(other).any(|table| !table.is_known() && !table.temporary)
        };
        Changes { all, not_compared: names.into_iter().filter(is_doubtful).collect() }
    }
}

impl Change {
    /// Whether it is a table, or a part of one.
    pub(super) fn is_of_table(&self) -> bool {
        self.object.table().is_some() && !matches!(self.object, Object::Trigger(..))
    }

    pub(super) fn is_table(&self) -> bool {
        matches!(self.object, Object::Table(_))
    }

    /// The kind of the object, the table that it belongs to, and its name.
    pub(super) fn names(&self) -> (&'static str, Option<String>, Option<String>) {
        let table = self.object.table().filter(|_| !self.is_table()).map(ToString::to_string);
        let (kind, name) = match &self.object {
            Object::Namespace(name) => ("schema", Some(name.to_string())),
            Object::Table(name) => ("table", Some(name.to_string())),
            Object::Column(_, name) => ("column", Some(name.to_string())),
            Object::PrimaryKey(_) => ("primary key", None),
            Object::Unique(_, name) => ("unique constraint", Some(name.clone())),
            Object::ForeignKey(_, name) => ("foreign key", Some(name.clone())),
            Object::Check(_, name) => ("check", Some(name.clone())),
            Object::Exclusion(_, name) => ("exclusion constraint", Some(name.clone())),
            Object::Index(_, name) => ("index", Some(name.clone())),
            Object::Option(_, name) => ("option", Some(name.clone())),
            Object::View(name) => ("view", Some(name.to_string())),
            Object::Type(name) => ("type", Some(name.to_string())),
            Object::Sequence(name) => ("sequence", Some(name.to_string())),
            Object::Routine(name, arguments) => ("routine", Some(format!("{name}({arguments})"))),
            Object::Trigger(_, name) => ("trigger", Some(name.to_string())),
            Object::Extension(name) => ("extension", Some(name.to_string())),
            Object::Other(kind, name) => (*kind, Some(name.to_string())),
        };
        (kind, table, name)
    }
}

/// Whether it is about a table that is gone with its session.
fn is_temporary(before: &Schema, after: &Schema, object: &Object) -> bool {
    let of =
        |schema: &Schema| object.table().and_then(|name| schema.tables.get(name)).is_some_and(|table| table.temporary);
    of(before) || of(after)
}

/// An object's DDL; nothing where it has none of its own.
fn ddl(schema: &Schema, object: &Object) -> Vec<String> {
    let writer = Writer::of(schema);
    let Some(part) = find(schema, object) else { return Vec::new() };
    let statement = match part {
        Part::Table(name, table) => return whole_table(&writer, name, table),
        Part::Namespace(name) => writer.create_namespace(name),
        Part::Extension(name) => writer.create_extension(name),
        Part::View(name, view) => writer.create_view(name, view),
        Part::Type(name, of) => {
            writer.create_type(name, of).unwrap_or_else(|| format!("CREATE TYPE {}", writer.object(name)))
        }
        Part::Sequence(name, of) => writer.create_sequence(name, of),
        Part::Routine(name, routine) => writer
            .create_routine(name, routine)
            .unwrap_or_else(|| format!("CREATE FUNCTION {}({})", writer.object(name), routine.arguments)),
        Part::Trigger(name, trigger) => writer.create_trigger(name, trigger),
        Part::Column(column) => writer.column(column),
        Part::PrimaryKey(key) => writer.primary_key(key),
        Part::Unique(key) => writer.unique(key),
        Part::ForeignKey(key) => writer.foreign_key(key),
        Part::Check(check) => writer.check(check),
        Part::Exclusion(exclusion) => writer.exclusion(exclusion),
        Part::Index(index) => match object.table() {
            Some(table) => writer.create_index(table, index),
            None => return Vec::new(),
        },
        Part::Option(value) => match object {
            Object::Option(_, key) => format!("{key}: {value}"),
            _ => return Vec::new(),
        },
    };
    vec![statement]
}

/// All that is in a table.
fn whole_table(writer: &Writer<'_>, name: &ObjectName, table: &Table) -> Vec<String> {
    let mut parts: Vec<String> = table.columns.iter().map(|column| writer.column(column)).collect();
    parts.extend(table.primary_key.iter().map(|key| writer.primary_key(key)));
    parts.extend(table.uniques.iter().map(|key| writer.unique(key)));
    parts.extend(table.foreign_keys.iter().map(|key| writer.foreign_key(key)));
    parts.extend(table.checks.iter().map(|check| writer.check(check)));
    parts.extend(table.exclusions.iter().map(|exclusion| writer.exclusion(exclusion)));
    parts.extend(table.indexes.iter().map(|index| writer.create_index(name, index)));
    parts
}
