//! What a table alone can't tell: names that have to be one of a kind in more than their table, and types of foreign keys.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use revchain_core::Dialect;
use revchain_schema::model::{DataType, Name, ObjectName, Schema, Table};

/// The columns that a key, a foreign key or a unique index holds, or refers to: by table.
pub(super) fn keyed(schema: &Schema) -> BTreeMap<ObjectName, BTreeSet<Name>> {
    let mut found: BTreeMap<ObjectName, BTreeSet<Name>> = BTreeMap::new();
    for (name, table) in &schema.tables {
        let of_keys = table.primary_key.iter().chain(&table.uniques).flat_map(|key| &key.columns);
        let of_foreign_keys = table.foreign_keys.iter().flat_map(|key| &key.columns);
        let unique = table.indexes.iter().filter(|index| index.unique).flat_map(|index| &index.parts);
        let of_indexes = unique.filter(|part| part.length.is_none()).filter_map(|part| part.column.as_ref());
        let columns = of_keys.chain(of_foreign_keys).chain(of_indexes).cloned();
        found.entry(name.clone()).or_default().extend(columns);
        for key in &table.foreign_keys {
            found.entry(key.table.clone()).or_default().extend(key.references.iter().cloned());
        }
    }
    found
}

/// Gives foreign keys the types of what they refer to, which MySQL insists on.
pub(super) fn foreign_types(schema: &mut Schema) {
    let tables = schema.tables.clone();
    for (name, table) in &tables {
        let mut wanted: Vec<(Name, DataType)> = Vec::new();
        for key in &table.foreign_keys {
            let Some(other) = tables.get(&key.table) else { continue };
            let there = match (key.references.as_slice(), &other.primary_key) {
                ([], Some(primary)) => &primary.columns,
                _ => &key.references,
            };
            for (column, there) in key.columns.iter().zip(there) {
                let of = |table: &Table, name| table.column(name).and_then(|column| column.data_type.clone());
                let (Some(own), Some(other)) = (of(table, column), of(other, there)) else { continue };
                if own.name != other.name || own.unsigned != other.unsigned {
                    wanted.push((column.clone(), other));
                }
            }
        }
        if let Some(table) = schema.tables.get_mut(name).filter(|_| !wanted.is_empty()).map(Arc::make_mut) {
            for (name, data_type) in wanted {
                table.columns.iter_mut().filter(|column| column.name == name).for_each(|column| {
                    column.data_type = Some(data_type.clone());
                });
            }
        }
    }
}

/// Gives other names to what has one that is taken: indexes share theirs with all tables, but on MySQL, where foreign keys and
/// checks do.
pub(super) fn names(schema: &mut Schema) {
    let dialect = schema.dialect;
    let mut taken: BTreeSet<Name> = match dialect {
        Dialect::Mysql => BTreeSet::new(),
        _ => schema.tables.keys().map(|name| name.name.clone()).collect(),
    };
    let all: Vec<ObjectName> = schema.tables.keys().cloned().collect();
    for name in all {
        let Some(table) = schema.tables.get_mut(&name).map(Arc::make_mut) else { continue };
        let mut number = 0;
        for check in table.checks.iter_mut().filter(|check| check.name.is_none() && dialect == Dialect::Mysql) {
            number += 1;
            check.name = Some(Name::new(&format!("{}_chk_{number}", name.name), dialect));
        }
        let keys = table.primary_key.iter_mut().chain(&mut table.uniques);
        let keys: Vec<&mut Option<Name>> = match dialect {
            Dialect::Postgres => keys.map(|key| &mut key.name).collect(),
            Dialect::Mysql | Dialect::Sqlite => Vec::new(),
        };
        let rest: Vec<&mut Option<Name>> = match dialect {
            Dialect::Mysql => {
                let checks = table.checks.iter_mut().map(|check| &mut check.name);
                table.foreign_keys.iter_mut().map(|key| &mut key.name).chain(checks).collect()
            }
            _ => table.indexes.iter_mut().map(|index| &mut index.name).collect(),
        };
        for given in keys.into_iter().chain(rest).filter_map(Option::as_mut) {
            if !taken.insert(given.clone()) {
                let with_table = format!("{}_{given}", name.name);
                let numbered = (2..1000).map(|number| format!("{with_table}_{number}"));
                let free = std::iter::once(with_table.clone()).chain(numbered).map(|text| Name::new(&text, dialect));
                let free = free.into_iter().find(|name| !taken.contains(name));
                *given = free.unwrap_or_else(|| Name::new(&with_table, dialect));
                taken.insert(given.clone());
            }
        }
    }
}
