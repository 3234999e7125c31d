//! What is known of a column: of its type, which is one of a few, and of the rest.

use std::collections::BTreeMap;

use revchain_core::Dialect;
use revchain_model::Kind;
use revchain_model::drift::{KINDS, fact, spelling, usual};

use super::{Text, Texts, place};
use crate::compare::canonical;
use crate::holds::holds;
use crate::model::{Column, DataType, Expression, Identity, Schema, Table};

/// What is known of the types and defaults of one dialect: the same few stand in most columns.
pub(super) struct Types<'s> {
    schema: &'s Schema,
    types: BTreeMap<Option<&'s DataType>, OfType>,
    defaults: BTreeMap<&'s str, u32>,
}

/// What is known of a type.
#[derive(Clone, Copy)]
pub(super) struct OfType {
    pub(super) facts: u32,
    pub(super) shown: Text,
    pub(super) spellings: [u64; 2],
}

impl<'s> Types<'s> {
    pub(super) fn new(schema: &'s Schema) -> Types<'s> {
        Types { schema, types: BTreeMap::new(), defaults: BTreeMap::new() }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.schema.dialect
    }

    pub(super) fn of(&mut self, data_type: Option<&'s DataType>, texts: &mut Texts) -> OfType {
        if let Some(known) = self.types.get(&data_type) {
            return *known;
        }
        let shown = data_type.map(ToString::to_string).unwrap_or_default();
        let usual = data_type.map(|of| usually(of, self.dialect())).unwrap_or_default();
        let facts = match data_type {
            Some(of) => self.kinds(of) | if of.name == "integer" { fact::ROW_NUMBER } else { 0 },
            None => fact::UNSURE_TYPE,
        };
        let of = OfType { facts, shown: texts.place(&shown), spellings: [spelling(&shown), spelling(&usual)] };
        self.types.insert(data_type, of);
        of
    }

    /// What is known of a column, but for its type.
    pub(super) fn facts(&mut self, column: &'s Column, table: &Table) -> u32 {
        let fact = |is_so: bool, fact: u32| if is_so { fact } else { 0 };
        fact::PRESENT
            | column.default.as_ref().map_or(0, |default| self.default(&default.0))
            | fact(column.nullable, fact::NULLABLE)
            | fact(column.identity.is_some(), fact::COUNTS)
            | fact(column.identity == Some(Identity::Always), fact::ALWAYS)
            | fact(column.identity == Some(Identity::Serial), fact::SERIAL)
            | fact(column.generated.is_some(), fact::GENERATED)
            | fact(table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.name)), fact::KEY)
    }

    fn default(&mut self, default: &'s Expression) -> u32 {
        let text = default.as_str();
        if let Some(known) = self.defaults.get(text) {
            return *known;
        }
        let is_null = text.to_ascii_lowercase().contains("null");
        let draws = canonical(default, self.dialect()).starts_with("nextval");
        let facts =
            fact::DEFAULT | if is_null { fact::UNSURE_DEFAULT } else { 0 } | if draws { fact::SERIAL } else { 0 };
        self.defaults.insert(text, facts);
        facts
    }

    /// The kinds that a type holds.
    fn kinds(&self, of: &DataType) -> u32 {
        let (schema, at) = (self.schema, place(self.dialect()));
        let mut kinds = 0;
        for (bit, kind) in KINDS.into_iter().enumerate() {
            let names = usual(kind).get(at).copied().unwrap_or_default();
            let is_held = names.iter().any(|name| holds(kind, of, &declared(kind, name, schema.dialect), schema));
            kinds |= u32::from(is_held) << bit;
        }
        kinds
    }
}

/// What people call a type that the database calls otherwise.
fn usually(of: &DataType, dialect: Dialect) -> String {
    let (name, arguments) = match (dialect, of.name.as_str()) {
        (Dialect::Postgres, "character varying") => ("varchar", None),
        (Dialect::Postgres, "timestamp without time zone") => ("timestamp", None),
        (Dialect::Postgres, "timestamp with time zone") => ("timestamptz", None),
        (Dialect::Postgres, "integer") => ("int", None),
        (Dialect::Postgres, "boolean") => ("bool", None),
        (Dialect::Postgres, "numeric") => ("decimal", None),
        (Dialect::Mysql, "tinyint") if !of.arguments.is_empty() => ("boolean", Some(Vec::new())),
        (Dialect::Mysql, "int") => ("integer", None),
        (Dialect::Mysql, "decimal") => ("numeric", None),
        _ => return of.to_string(),
    };
    let arguments = arguments.unwrap_or_else(|| of.arguments.clone());
    DataType { name: name.to_owned(), arguments, ..of.clone() }.to_string()
}

/// What a field of a kind is declared as: the name as the reader gives it back.
fn declared(kind: Kind, name: &str, dialect: Dialect) -> DataType {
    let lower = name.to_lowercase();
    let (name, argument) = match lower.strip_suffix(')').and_then(|name| name.split_once('(')) {
        Some((name, argument)) => (name, Some(argument)),
        None => (lower.as_str(), None),
    };
    let (name, argument) = match (dialect, kind, name) {
        (Dialect::Postgres, Kind::Time, _) => ("time without time zone", None),
        (Dialect::Postgres, Kind::Timestamp, _) => ("timestamp without time zone", None),
        (Dialect::Postgres, Kind::TimestampTz, _) => ("timestamp with time zone", None),
        (Dialect::Mysql, Kind::Boolean, _) => ("tinyint", Some("1")),
        (Dialect::Mysql, Kind::Integer, _) => ("int", None),
        (_, _, name) => (name, argument),
    };
    DataType { arguments: argument.into_iter().map(str::to_owned).collect(), ..DataType::named(name) }
}
