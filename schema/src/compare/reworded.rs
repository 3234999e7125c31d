//! A database's schema in the words of the author, so that what is written from it is about what differs, and about nothing that is
//! only spelt in another way.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Changed, Comparison, Object, Part, find};
use crate::model::{Column, ObjectName, Schema, Table};

/// What a database holds, as [`compare_stored`](super::compare_stored) found it: what is the same, or can't be told, as it is said;
/// what differs as it is stored.
pub fn reworded(said: &Schema, stored: &Schema, comparison: &Comparison) -> Schema {
    let mut of: BTreeMap<&Object, Vec<&Changed>> = BTreeMap::new();
    for difference in &comparison.differences {
        of.entry(&difference.object).or_default().push(&difference.change);
    }
    let mut schema = said.clone();
    for (object, changes) in of {
        let (was, is) = (find(said, object), find(stored, object));
        let what: Vec<&str> = changes.iter().filter_map(|change| what(change)).collect();
        match object {
            Object::Table(name) => whole(&mut schema, name, is, &what),
            _ if object.table().is_some() && !matches!(object, Object::Trigger(..)) => {
                let Some(table) = object.table().and_then(|name| schema.tables.get_mut(name)) else { continue };
                part(Arc::make_mut(table), object, (was, is), &what);
            }
            _ => beside(&mut schema, stored, object),
        }
    }
    schema
}

/// What of it differs, where it is there in both.
fn what(change: &Changed) -> Option<&'static str> {
    match change {
        Changed::Differs { what, .. } => Some(what),
        Changed::Missing | Changed::Extra => None,
    }
}

fn whole(schema: &mut Schema, name: &ObjectName, is: Option<Part<'_>>, what: &[&str]) {
    match is {
        None => {
            schema.tables.remove(name);
            schema.others.retain(|(_, on, _), _| on.as_ref() != Some(name));
        }
        Some(Part::Table(_, stored)) if what.is_empty() => {
            schema.tables.insert(name.clone(), Arc::new(stored.clone()));
        }
        Some(Part::Table(_, stored)) => {
            if let Some(table) = schema.tables.get_mut(name) {
                Arc::make_mut(table).comment.clone_from(&stored.comment);
            }
        }
        Some(_) => {}
    }
}

/// Puts a part in the place of another, or beside the others.
fn put<T: PartialEq + Clone>(all: &mut Vec<T>, was: Option<&T>, is: Option<T>) {
    let at = was.and_then(|was| all.iter().position(|one| one == was));
    match (at, is) {
        (Some(at), Some(is)) => all.splice(at..=at, [is]).for_each(drop),
        (Some(at), None) => drop(all.remove(at)),
        (None, Some(is)) => all.push(is),
        (None, None) => {}
    }
}

fn part(table: &mut Table, object: &Object, (was, is): (Option<Part<'_>>, Option<Part<'_>>), what: &[&str]) {
    if let Object::Option(_, key) = object {
        match is {
            Some(Part::Option(value)) => drop(table.options.insert(key.clone(), value.to_owned())),
            _ => drop(table.options.remove(key)),
        }
        return;
    }
    // What is there under another roof (a unique constraint of MySQL's may be an index in the database) goes first.
    match was {
        Some(Part::Column(was)) => {
            let is = if let Some(Part::Column(is)) = is { Some(column(was, is, what)) } else { None };
            return put(&mut table.columns, Some(was), is);
        }
        Some(Part::PrimaryKey(_)) => table.primary_key = None,
        Some(Part::Unique(was)) => put(&mut table.uniques, Some(was), None),
        Some(Part::ForeignKey(was)) => put(&mut table.foreign_keys, Some(was), None),
        Some(Part::Check(was)) => put(&mut table.checks, Some(was), None),
        Some(Part::Exclusion(was)) => put(&mut table.exclusions, Some(was), None),
        Some(Part::Index(was)) => put(&mut table.indexes, Some(was), None),
        _ => {}
    }
    match is {
        Some(Part::Column(is)) => table.columns.push(is.clone()),
        Some(Part::PrimaryKey(is)) => table.primary_key = Some(is.clone()),
        Some(Part::Unique(is)) => table.uniques.push(is.clone()),
        Some(Part::ForeignKey(is)) => table.foreign_keys.push(is.clone()),
        Some(Part::Check(is)) => {
            let mut is = is.clone();
            if let Some(Part::Check(was)) = was.filter(|_| !what.contains(&"the expression")) {
                is.expression.clone_from(&was.expression);
            }
            table.checks.push(is);
        }
        Some(Part::Exclusion(is)) => table.exclusions.push(is.clone()),
        Some(Part::Index(is)) => {
            let mut is = is.clone();
            if let Some(Part::Index(was)) = was {
                if !what.contains(&"`WHERE`") {
                    is.predicate.clone_from(&was.predicate);
                }
                if !what.contains(&"what it is on") {
                    is.parts.clone_from(&was.parts);
                }
            }
            table.indexes.push(is);
        }
        _ => {}
    }
}

/// A column, of which only this is as it is stored.
fn column(said: &Column, stored: &Column, what: &[&str]) -> Column {
    let mut column = said.clone();
    for what in what {
        match *what {
            "the type" => column.data_type.clone_from(&stored.data_type),
            "nullability" => column.nullable = stored.nullable,
            // `serial` is a default, too.
            "the default" | "the identity" => {
                column.default.clone_from(&stored.default);
                column.identity = stored.identity;
            }
            "the expression" => column.generated.clone_from(&stored.generated),
            "the collation" => column.collation.clone_from(&stored.collation),
            "the comment" => column.comment.clone_from(&stored.comment),
            "`ON UPDATE`" => column.on_update.clone_from(&stored.on_update),
            _ => return stored.clone(),
        }
    }
    column
}

/// What is no table's takes the place of what has its name.
fn beside(schema: &mut Schema, stored: &Schema, object: &Object) {
    macro_rules! take {
        ($all:ident, $key:expr) => {
            match stored.$all.get($key) {
                Some(there) => drop(schema.$all.insert($key.clone(), there.clone())),
                None => drop(schema.$all.remove($key)),
            }
        };
    }
    match object {
        Object::Namespace(name) => take!(namespaces, name),
        Object::Extension(name) => take!(extensions, name),
        Object::View(name) => take!(views, name),
        Object::Type(name) => take!(types, name),
        Object::Sequence(name) => take!(sequences, name),
        Object::Routine(name, _) => take!(routines, name),
        Object::Trigger(table, name) => {
            schema.triggers.retain(|(_, known), of| known != name || of.table != *table);
            let there = stored.triggers.iter().filter(|((_, known), of)| known == name && of.table == *table);
            schema.triggers.extend(there.map(|(key, of)| (key.clone(), Arc::clone(of))));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use revchain_core::Dialect;

    use super::*;
    use crate::{apply, compare, compare_stored};

    fn schema(sql: &str) -> Schema {
        apply(&Schema::empty(Dialect::Postgres), sql).schema
    }

    /// What is stored is spelt as the database does it; of what differs and what doesn't, only the former is taken.
    #[test]
    fn only_what_differs_is_as_it_is_stored() {
        let said = schema(
            "CREATE TABLE runs (id bigint PRIMARY KEY, state varchar(9) DEFAULT 'new', size int DEFAULT extract(year from now()), note text DEFAULT 'x', \
             CONSTRAINT c CHECK (id > -1)); \
             CREATE INDEX i ON runs (state) WHERE id > -1; CREATE INDEX gone ON runs (note); CREATE VIEW old AS SELECT 1;",
        );
        let stored = schema(
            "CREATE TABLE runs (id bigint PRIMARY KEY, state text DEFAULT 'new'::text, size bigint DEFAULT date_part('year'::text, now()), note text DEFAULT 'x'::text, \
             more int, CONSTRAINT c CHECK ((id > '-1'::integer))); \
             CREATE INDEX i ON runs USING btree (note) WHERE (id > '-1'::integer); CREATE TABLE strange (n int);",
        );
        let expected = schema(
            "CREATE TABLE runs (id bigint PRIMARY KEY, state text DEFAULT 'new', size bigint DEFAULT extract(year from now()), note text DEFAULT 'x', more int, \
             CONSTRAINT c CHECK (id > -1)); \
             CREATE INDEX i ON runs (note) WHERE id > -1; CREATE TABLE strange (n int);",
        );
        let comparison = compare_stored(&said, &stored);
        assert_eq!(comparison.differences.len(), 7, "{comparison:#?}");
        let found = reworded(&said, &stored, &comparison);
        assert_eq!(compare(&found, &expected), []);
        assert_eq!(compare_stored(&found, &stored).differences, []);
    }
}
