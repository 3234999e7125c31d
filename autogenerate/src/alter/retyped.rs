//! Columns that get another type: what hangs on them may stand in the way. Never says what is written for them.

use std::collections::BTreeSet;

use revchain_core::Dialect;
use revchain_schema::compare::canonical;
use revchain_schema::model::{Column, Expression, Family, Generated, Index, Name, ObjectName, Schema, Storage};

use super::progress::Progress;
use super::types;

/// Columns, by table.
#[derive(Debug, Default)]
pub(super) struct Columns(BTreeSet<(ObjectName, Name)>);

impl Columns {
    /// Those whose type changes at all, or that are made anew: PostgreSQL wants no view and no generated column to use them.
    pub(super) fn changing(progress: &Progress<'_>) -> Columns {
        Columns::of(progress, |before, after| {
            before.data_type.as_ref().map(ToString::to_string) != after.data_type.as_ref().map(ToString::to_string)
                || before.collation != after.collation
                || is_made_anew(before, after)
        })
    }

    /// Those whose values become something else, so that an expression with them, or a foreign key, may fit no more.
    pub(super) fn converted(progress: &Progress<'_>) -> Columns {
        let dialect = progress.now.dialect;
        Columns::of(progress, |before, after| {
            if is_made_anew(before, after) {
                return true;
            }
            let (Some(one), Some(other)) = (&before.data_type, &after.data_type) else { return false };
            let (from, to) = (one.family(dialect), other.family(dialect));
            one != other && (from != to || from == Family::Other)
        })
    }

    /// Those that MySQL doesn't let be changed while a foreign key is on them, or refers to them.
    pub(super) fn held(progress: &Progress<'_>) -> Columns {
        let mut found = Columns::of(progress, |before, after| {
            before.data_type != after.data_type
                || before.nullable != after.nullable
                || before.collation != after.collation
                || before.generated != after.generated
                || before.identity != after.identity
        });
        for name in super::mysql::converted_tables(progress) {
            let Some(table) = progress.now.tables.get(&name) else { continue };
            let is_text = |column: &&Column| {
                column.data_type.as_ref().is_some_and(|of| of.family(Dialect::Mysql) == Family::Text)
            };
            found.0.extend(table.columns.iter().filter(is_text).map(|column| (name.clone(), column.name.clone())));
        }
        found
    }

    fn of(progress: &Progress<'_>, is_it: impl Fn(&Column, &Column) -> bool) -> Columns {
        let replaced = types::replaced(progress);
        let mut found = BTreeSet::new();
        for (name, table, to) in progress.pairs().filter(|(_, table, to)| *table != *to || !replaced.is_empty()) {
            for column in &table.columns {
                let Some(other) = to.column(&column.name) else { continue };
                if is_it(column, other) || replaced.iter().any(|of| is_of_type(column, of)) {
                    found.insert((name.clone(), column.name.clone()));
                }
            }
        }
        Columns(found)
    }

    /// Whether one of them is among some of a table's.
    pub(super) fn has(&self, table: &ObjectName, column: &Name) -> bool {
        !self.0.is_empty() && self.0.contains(&(table.clone(), column.clone()))
    }

    /// Whether an expression of a table names one of them.
    pub(super) fn are_in(&self, table: &ObjectName, expression: &Expression, dialect: Dialect) -> bool {
        self.0.iter().any(|(of, column)| of == table && expression.mentions(column, dialect))
    }

    /// Whether an expression in an index does.
    pub(super) fn are_in_index(&self, table: &ObjectName, index: &Index, dialect: Dialect) -> bool {
        let parts = index.parts.iter().filter_map(|part| part.expression.as_ref());
        let classes = || {
            let classed = index.parts.iter().filter(|part| part.operator_class.is_some());
            classed.filter_map(|part| part.column.as_ref()).any(|column| self.has(table, column))
        };
        parts.chain(&index.predicate).any(|expression| self.are_in(table, expression, dialect)) || classes()
    }

    /// The tables that they are of.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&ObjectName, &Name)> {
        self.0.iter().map(|(table, column)| (table, column))
    }
}

/// Whether PostgreSQL has no statement that makes one column of the other.
pub(super) fn is_made_anew(before: &Column, after: &Column) -> bool {
    match (&before.generated, &after.generated) {
        (None, None) => false,
        (None, Some(_)) => true,
        (Some(one), None) => one.storage == Storage::Virtual,
        (Some(one), Some(other)) => {
            let text = |of: &Generated| canonical(&of.expression, Dialect::Postgres);
            one.storage != other.storage
                || text(one) != text(other)
                || before.data_type != after.data_type
                || before.collation != after.collation
        }
    }
}

/// Whether a column is of a user's type, or an array of it.
pub(super) fn is_of_type(column: &Column, of: &ObjectName) -> bool {
    let is_it = |known: &revchain_schema::DataType| known.schema == of.schema && known.name == of.name.as_str();
    column.data_type.as_ref().is_some_and(is_it)
}

/// The columns of that type, in the tables of a schema.
pub(super) fn columns_of(schema: &Schema, of: &ObjectName) -> Vec<(ObjectName, Column)> {
    let tables = schema.tables.iter();
    tables
        .flat_map(|(name, table)| table.columns.iter().map(move |column| (name, column)))
        .filter(|(_, column)| is_of_type(column, of))
        .map(|(name, column)| (name.clone(), column.clone()))
        .collect()
}
