//! Names: given where the convention, or the database, would make another by itself.

use revchain_core::Dialect;
use revchain_core::config::{NamingConvention, ObjectFilter};
use revchain_model::TableModel;
use revchain_schema::model::{Name, ObjectName};
use revchain_schema::{Schema, Table};

use super::describe::{Described, DescribedTable};
use super::{Known, kept};
use crate::adopt::{same_check, same_foreign_key, same_index, same_set};
use crate::{Around, declare};

/// Gives names to what has another one than it would get.
pub(super) fn name(known: &Known<'_>, described: &mut Described, naming: &NamingConvention) {
    let models: Vec<&'static TableModel> = described.tables.iter().map(DescribedTable::model).collect();
    let filter = ObjectFilter::default();
    // Where names mean most: SQLite's constraints seldom have any, and MySQL's primary keys are all called alike.
    let order = [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite];
    let mut before: Vec<Dialect> = Vec::new();
    for have in order.into_iter().filter_map(|dialect| known.of(dialect)) {
        let made = declare(&models, Around { have, filter: &filter }, naming).0.schema;
        for table in &mut described.tables {
            let there = known.table(&table.name, have.dialect);
            let made = made.tables.get(&on(&table.name, known, have.dialect));
            if let (Some(there), Some(made)) = (there, made) {
                Naming { known, have, before: &before, there, made, named: table.name.clone() }.table(table);
            }
        }
        before.push(have.dialect);
    }
}

/// A table's name on a dialect.
fn on(name: &ObjectName, known: &Known<'_>, dialect: Dialect) -> ObjectName {
    match dialect == known.own.dialect {
        true => name.clone(),
        false => ObjectName::bare(Name::new(name.name.as_str(), dialect)),
    }
}

/// A table as it is, and as it would be without names.
struct Naming<'a> {
    known: &'a Known<'a>,
    have: &'a Schema,
    /// The dialects that had their say: what is there is named, or needs no name.
    before: &'a [Dialect],
    there: &'a Table,
    made: &'a Table,
    named: ObjectName,
}

impl Naming<'_> {
    fn table(&self, table: &mut DescribedTable) {
        let dialect = self.have.dialect;
        let names = |names: &[&str]| -> Vec<Name> { names.iter().map(|name| Name::new(name, dialect)).collect() };
        let is_open = |is_on: &dyn Fn(Dialect) -> bool| !self.before.iter().any(|dialect| is_on(*dialect));
        let is_first = self.before.is_empty();
        if let Some(key) = table.primary_key.as_mut().filter(|_| is_first && dialect != Dialect::Mysql) {
            let of = |table: &Table| table.primary_key.as_ref().and_then(|key| key.name.clone());
            key.name = self.differing(of(self.there), of(self.made));
        }
        for key in table.uniques.iter_mut().filter(|_| is_first) {
            let columns = names(key.columns);
            let of = |table: &Table| {
                table.uniques.iter().find(|key| same_set(&key.columns, &columns)).and_then(|key| key.name.clone())
            };
            let name = self.differing(of(self.there), of(self.made));
            key.name = name.filter(|name| self.is_shared(name, keeps_names));
        }
        for key in table.foreign_keys.iter_mut().filter(|_| is_first) {
            let columns = names(key.columns);
            let Some(there) = self.there.foreign_keys.iter().find(|key| key.columns == columns) else { continue };
            let made = self.made.foreign_keys.iter().find(|made| same_foreign_key(there, made, dialect));
            let made = made.and_then(|made| made.name.clone());
            let name = self.differing(there.name.clone(), made);
            key.name = name.filter(|name| self.is_shared(name, keeps_names));
        }
        for check in table.checks.iter_mut() {
            if !is_open(&|dialect| crate::declared::of(check.expression, dialect).is_some()) {
                continue;
            }
            let Some(text) = crate::declared::of(check.expression, dialect) else { continue };
            let said = revchain_schema::model::Expression::new(text, dialect);
            let of = |table: &Table| {
                let found = table.checks.iter().find(|check| same_check(&check.expression, &said, dialect));
                found.and_then(|check| check.name.clone())
            };
            let is_on = |dialect| keeps_names(dialect) && crate::declared::of(check.expression, dialect).is_some();
            let name = self.differing(of(self.there), of(self.made));
            check.name = name.filter(|name| self.is_shared(name, is_on));
        }
        for index in table.indexes.iter_mut() {
            let is_on = |dialect| crate::declared::of(index.dialects, dialect);
            if !is_on(dialect) || !is_open(&is_on) {
                continue;
            }
            let is_it = |other: &&revchain_schema::Index| {
                let parts = other.parts.iter().map(|part| match (&part.column, &part.expression) {
                    (Some(column), _) => column.as_str().to_lowercase(),
                    (None, Some(expression)) => expression.to_string(),
                    (None, None) => String::new(),
                });
                let wanted = index.parts.iter().map(|part| match part.is_expression {
                    true => revchain_schema::model::Expression::new(part.text, dialect).to_string(),
                    false => part.text.to_lowercase(),
                });
                other.unique == index.is_unique && parts.eq(wanted)
            };
            let Some(there) = self.there.indexes.iter().find(is_it) else { continue };
            let made = self.made.indexes.iter().find(|made| same_index(there, made, dialect));
            let made = made.and_then(|made| made.name.clone());
            let name = self.differing(there.name.clone(), made);
            index.name = name.filter(|name| self.is_shared(name, is_on));
        }
    }

    /// The name that is there, where it is another than would be made.
    fn differing(&self, there: Option<Name>, made: Option<Name>) -> Option<&'static str> {
        there.filter(|there| Some(there) != made.as_ref()).map(|there| kept(there.as_str()))
    }

    /// Whether what has a name has it on all dialects on which it is.
    fn is_shared(&self, name: &str, is_on: impl Fn(Dialect) -> bool) -> bool {
        self.known.all(|dialect| {
            let table = self.known.table(&self.named, dialect).filter(|_| is_on(dialect));
            table.is_none_or(|table| {
                let is_it =
                    |other: &Option<Name>| other.as_ref().is_some_and(|other| *other == Name::new(name, dialect));
                table.uniques.iter().any(|key| is_it(&key.name))
                    || table.indexes.iter().any(|index| is_it(&index.name))
                    || table.foreign_keys.iter().any(|key| is_it(&key.name))
                    || table.checks.iter().any(|check| is_it(&check.name))
            })
        })
    }
}

/// SQLite's constraints are found by what they say.
fn keeps_names(dialect: Dialect) -> bool {
    dialect != Dialect::Sqlite
}
