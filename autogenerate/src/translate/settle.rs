//! What a table alone can't tell: names that have to be one of a kind in more than their table, and types of foreign keys.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use revchain_core::Dialect;
use revchain_schema::Object;
use revchain_schema::model::{Column, DataType, Expression, Family, ForeignKey, Key, Name, ObjectName, Schema, Table};

use super::Gap;
use crate::adopt::unique_columns;

/// The columns that a key, a foreign key or a unique index holds, or refers to, by table; and with how many at the most.
pub(super) fn keyed(schema: &Schema) -> BTreeMap<ObjectName, BTreeMap<Name, usize>> {
    let mut found: BTreeMap<ObjectName, BTreeMap<Name, usize>> = BTreeMap::new();
    let mut note = |table: &ObjectName, columns: &mut dyn Iterator<Item = &Name>, many: usize| {
        let of_table = found.entry(table.clone()).or_default();
        for column in columns {
            let widest = of_table.entry(column.clone()).or_default();
            *widest = many.max(*widest);
        }
    };
    for (name, table) in &schema.tables {
        for key in table.primary_key.iter().chain(&table.uniques) {
            note(name, &mut key.columns.iter(), key.columns.len());
        }
        for index in table.indexes.iter().filter(|index| index.unique) {
            let whole = index.parts.iter().filter(|part| part.length.is_none());
            note(name, &mut whole.filter_map(|part| part.column.as_ref()), index.parts.len());
        }
        for key in &table.foreign_keys {
            note(name, &mut key.columns.iter(), key.columns.len());
            note(&key.table, &mut key.references.iter(), key.references.len());
        }
    }
    found
}

/// Gives foreign keys the types of what they refer to, which MySQL insists on, and PostgreSQL's numbers are as large as there.
pub(super) fn foreign_types(schema: &mut Schema) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let dialect = schema.dialect;
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
                let differ = own.name != other.name || own.unsigned != other.unsigned;
                let are_numbers = [&own, &other].iter().all(|of| of.family(dialect) == Family::Integer);
                if differ && (are_numbers || dialect == Dialect::Mysql) {
                    if own.family(dialect) != other.family(dialect) {
                        let object = Object::Column(name.clone(), column.clone());
                        gaps.push(Gap {
                            object,
                            what: format!("`{other}` stands for `{own}`, as in what it refers to"),
                        });
                    }
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
    gaps
}

/// A name as long as a database keeps it, and no longer: PostgreSQL's 63 bytes, MySQL's 64 characters.
pub(super) fn cut(text: &str, dialect: Dialect) -> &str {
    let end = match dialect {
        Dialect::Postgres => (0..=text.len().min(63)).rev().find(|end| text.is_char_boundary(*end)),
        Dialect::Mysql => text.char_indices().nth(64).map(|(end, _)| end),
        Dialect::Sqlite => None,
    };
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Takes out the foreign keys that could refer to nothing: to a table that isn't there, to columns that are no key; and, once
/// their types are settled, to what is of another kind.
pub(super) fn foreign_keys(schema: &mut Schema, is_settled: bool) -> Vec<Gap> {
    let (dialect, tables) = (schema.dialect, schema.tables.clone());
    let mut gaps = Vec::new();
    for (name, table) in &tables {
        let why = |key: &ForeignKey| {
            let Some(other) = tables.get(&key.table) else { return Some(format!("there is no table `{}`", key.table)) };
            let keys = other.primary_key.iter().chain(&other.uniques).map(|key| &key.columns);
            let references = match (key.references.as_slice(), &other.primary_key) {
                ([], Some(primary)) => &primary.columns,
                _ => &key.references,
            };
            let of_indexes = other.indexes.iter().filter_map(unique_columns);
            let is_key = |columns: &Vec<Name>| {
                columns.len() == references.len() && references.iter().all(|name| columns.contains(name))
            };
            // MySQL looks for what begins with them, in their order.
            let is_key = match dialect {
                Dialect::Mysql => keys.cloned().chain(of_indexes).any(|columns| columns == *references),
                _ => keys.cloned().chain(of_indexes).any(|columns| is_key(&columns)),
            };
            if !is_key {
                return Some(format!("what it refers to in `{}` is no key there", key.table));
            }
            let kinds = key.columns.iter().zip(references).find(|(here, there)| {
                let of = |table: &Table, name: &Name| table.column(name).and_then(|column| column.data_type.clone());
                match (of(table, here), of(other, there)) {
                    _ if !is_settled => false,
                    (Some(here), Some(there)) => !is_like(&here, &there, dialect),
                    _ => dialect != Dialect::Sqlite,
                }
            });
            kinds.map(|(here, there)| format!("`{here}` and `{}.{there}` are of different types", key.table))
        };
        let found: Vec<(usize, String)> =
            table.foreign_keys.iter().enumerate().filter_map(|(at, key)| Some((at, why(key)?))).collect();
        let Some(made) = schema.tables.get_mut(name).filter(|_| !found.is_empty()).map(Arc::make_mut) else { continue };
        for (at, why) in found.into_iter().rev() {
            let label = label(&made.foreign_keys.remove(at));
            gaps.push(Gap { object: Object::ForeignKey(name.clone(), label), what: format!("left out: {why}") });
        }
    }
    gaps
}

/// What people call a foreign key.
pub(super) fn label(key: &ForeignKey) -> String {
    let columns = || key.columns.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
    key.name.as_ref().map_or_else(|| format!("({})", columns()), ToString::to_string)
}

/// Whether a foreign key may be of these two.
fn is_like(here: &DataType, there: &DataType, dialect: Dialect) -> bool {
    let kind = |of: &DataType| match of.family(dialect) {
        Family::Integer | Family::Decimal | Family::Float => Family::Integer,
        Family::Date | Family::Timestamp => Family::Date,
        family => family,
    };
    match dialect {
        Dialect::Postgres => kind(here) == kind(there) && (kind(here) != Family::Other || here == there),
        Dialect::Mysql => here.name == there.name && here.unsigned == there.unsigned,
        Dialect::Sqlite => true,
    }
}

/// Takes out the keys and indexes that MySQL can't have: those of JSON, and those that are too long.
pub(super) fn keys(schema: &mut Schema) -> Vec<Gap> {
    let all: Vec<ObjectName> = schema.tables.keys().cloned().collect();
    let mut gaps = Vec::new();
    for name in all {
        let Some(table) = schema.tables.get_mut(&name).map(Arc::make_mut) else { continue };
        let columns = std::mem::take(&mut table.columns);
        let why = |parts: &mut dyn Iterator<Item = (&Name, Option<u32>)>| {
            let mut length = 0;
            for (part, prefix) in parts {
                let of =
                    columns.iter().find(|column| column.name == *part).and_then(|column| column.data_type.as_ref());
                let Some(of) = of else { continue };
                if of.name == "json" {
                    return Some(format!("left out: `{part}` is of JSON, which can't be in a key there"));
                }
                length += bytes(of, prefix);
            }
            (length > LONGEST_KEY)
                .then(|| format!("left out: a key there has {LONGEST_KEY} bytes, and this one {length}"))
        };
        let label = |name: &Option<Name>| name.as_ref().map_or_else(String::new, ToString::to_string);
        let mut gap = |object: Object, what: Option<String>| {
            let is_left = what.is_none();
            gaps.extend(what.map(|what| Gap { object, what }));
            is_left
        };
        let of_key = |key: &Key| why(&mut key.columns.iter().map(|column| (column, None)));
        if let Some(key) = table.primary_key.take() {
            let object = Object::PrimaryKey(name.clone());
            table.primary_key = gap(object, of_key(&key)).then_some(key);
        }
        table.uniques.retain(|key| gap(Object::Unique(name.clone(), label(&key.name)), of_key(key)));
        table.indexes.retain(|index| {
            let mut parts = index.parts.iter().filter_map(|part| Some((part.column.as_ref()?, part.length)));
            gap(Object::Index(name.clone(), label(&index.name)), why(&mut parts))
        });
        table.columns = columns;
    }
    gaps
}

/// Makes texts of any length of the longest columns of rows that MySQL finds too large, where no key is of them.
pub(super) fn rows(schema: &mut Schema) -> Vec<Gap> {
    let all: Vec<ObjectName> = schema.tables.keys().cloned().collect();
    let mut gaps = Vec::new();
    for name in all {
        let Some(table) = schema.tables.get(&name) else { continue };
        let of_keys = table.primary_key.iter().chain(&table.uniques).flat_map(|key| &key.columns);
        let of_foreign_keys = table.foreign_keys.iter().flat_map(|key| &key.columns);
        let of_indexes = table.indexes.iter().flat_map(|index| &index.parts).filter_map(|part| part.column.as_ref());
        let kept: BTreeSet<Name> = of_keys.chain(of_foreign_keys).chain(of_indexes).cloned().collect();
        let size = |column: &Column| column.data_type.as_ref().map_or(0, |of| bytes(of, None));
        let mut total: u32 = table.columns.iter().map(size).fold(0, u32::saturating_add);
        if total <= LONGEST_ROW {
            continue;
        }
        let Some(table) = schema.tables.get_mut(&name).map(Arc::make_mut) else { continue };
        let mut texts: Vec<&mut Column> =
            table.columns.iter_mut().filter(|column| !kept.contains(&column.name)).collect();
        texts.sort_by_key(|column| std::cmp::Reverse(size(column)));
        for column in texts {
            let Some(of) = column.data_type.as_mut().filter(|of| of.name == "varchar") else { continue };
            if total <= LONGEST_ROW {
                break;
            }
            total = total.saturating_sub(bytes(of, None));
            let what = format!("`text` stands for `{of}`: all of a row has to fit into {LONGEST_ROW} bytes there");
            *of = DataType::named("text");
            gaps.push(Gap { object: Object::Column(name.clone(), column.name.clone()), what });
            if let Some(default) = column.default.as_mut().filter(|default| !default.0.as_str().starts_with('(')) {
                default.0 = Expression::new(&format!("({})", default.0), Dialect::Mysql);
            }
        }
    }
    gaps
}

/// How many bytes a row may have, but for what is stored elsewhere, with room for what says how long each is.
const LONGEST_ROW: u32 = 64_000;

/// How many bytes a key may have: <https://dev.mysql.com/doc/refman/8.0/en/innodb-limits.html>
const LONGEST_KEY: u32 = 3072;

/// How many bytes of a key a column takes, at the most.
fn bytes(of: &DataType, prefix: Option<u32>) -> u32 {
    let length = of.arguments.first().and_then(|length| length.parse::<u32>().ok());
    match of.family(Dialect::Mysql) {
        Family::Text => prefix.or(length).unwrap_or(1).saturating_mul(4),
        Family::Binary => prefix.or(length).unwrap_or(1),
        Family::Decimal => length.unwrap_or(10),
        _ => 8,
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
        free(keys.into_iter().chain(rest), &name, &mut taken, dialect);
        // There a table's indexes share names with nobody else's.
        if dialect == Dialect::Mysql {
            let keys = table.uniques.iter_mut().map(|key| &mut key.name);
            let all = keys.chain(table.indexes.iter_mut().map(|index| &mut index.name));
            free(all, &name, &mut BTreeSet::new(), dialect);
        }
    }
}

/// Gives other names to what has one that is taken, with the table's before it or a number behind.
fn free<'a>(
    all: impl Iterator<Item = &'a mut Option<Name>>,
    table: &ObjectName,
    taken: &mut BTreeSet<Name>,
    dialect: Dialect,
) {
    for given in all.filter_map(Option::as_mut) {
        if taken.insert(given.clone()) {
            continue;
        }
        let with_table = format!("{}_{given}", table.name);
        // With room for the number.
        let short: String = with_table.chars().take(if dialect == Dialect::Sqlite { 255 } else { 50 }).collect();
        let numbered = (2..1000).map(|number| format!("{short}_{number}"));
        let fits = cut(&with_table, dialect) == with_table;
        let mut free = fits.then_some(with_table).into_iter().chain(numbered).map(|text| Name::new(&text, dialect));
        *given = free.find(|name| !taken.contains(name)).unwrap_or_else(|| Name::new(cut(&short, dialect), dialect));
        taken.insert(given.clone());
    }
}
