//! The models of this program as JSON: what the hidden verb `models` prints, for the tool that starts the program and asks.
//! The tool's own reader is `tool/models.rs`.
//!
//! ```text
//! { "version": 1, "command": "models", "models": [TABLE, …] }
//! ```
//!
//! TABLE, and everything in it, is the struct of [`revchain::model`] with its fields as members, under their names: `None` is
//! `null`, `PerDialect` is `{"postgres": …, "mysql": …, "sqlite": …}`, an enum is its variant in snake case. Nobody else is
//! promised anything: it changes with the model, and the `version` with it.

use revchain::model::{
    CheckModel, ColumnModel, Declared, ForeignKeyModel, IdentityModel, IndexModel, IndexPartModel, KeyModel, Kind,
    PerDialect, TableModel, TypeModel,
};
use serde_json::{Value, json};

use crate::BoxError;

/// What a program says that was not told of its tables.
pub(crate) fn untold() -> BoxError {
    "this program was not told of any tables\n  help: gather them where its command line begins: \
     `Cli::new(&MIGRATIONS).models(revchain::schema![User, …])`"
        .into()
}

/// What the kinds are called.
pub(crate) const KINDS: [(Kind, &str); 16] = [
    (Kind::Boolean, "boolean"),
    (Kind::SmallInteger, "small_integer"),
    (Kind::Integer, "integer"),
    (Kind::BigInteger, "big_integer"),
    (Kind::Float, "float"),
    (Kind::Double, "double"),
    (Kind::Decimal, "decimal"),
    (Kind::Text, "text"),
    (Kind::Bytes, "bytes"),
    (Kind::Date, "date"),
    (Kind::Time, "time"),
    (Kind::Timestamp, "timestamp"),
    (Kind::TimestampTz, "timestamp_tz"),
    (Kind::Uuid, "uuid"),
    (Kind::Json, "json"),
    (Kind::Exact, "exact"),
];

/// What the ways to count are called.
pub(crate) const IDENTITIES: [(IdentityModel, &str); 4] = [
    (IdentityModel::Any, "any"),
    (IdentityModel::Always, "always"),
    (IdentityModel::Serial, "serial"),
    (IdentityModel::Autoincrement, "autoincrement"),
];

/// The models, for [`object`](crate::json::object).
pub(crate) fn models(models: &[&TableModel]) -> Value {
    json!({ "models": models.iter().map(|model| table(model)).collect::<Vec<_>>() })
}

fn table(table: &TableModel) -> Value {
    json!({
        "declared": declared(&table.declared),
        "schema": table.schema,
        "name": table.name,
        "dialects": per_dialect(&table.dialects, |is| (*is).into()),
        "columns": list(table.columns, column),
        "primary_key": table.primary_key.as_ref().map(key),
        "uniques": list(table.uniques, key),
        "foreign_keys": list(table.foreign_keys, foreign_key),
        "checks": list(table.checks, check),
        "indexes": list(table.indexes, index),
        "comment": table.comment,
        "renamed_from": table.renamed_from,
    })
}

fn declared(declared: &Declared) -> Value {
    json!({ "name": declared.name, "file": declared.file, "line": declared.line })
}

fn column(column: &ColumnModel) -> Value {
    let generated = column.generated.as_ref();
    json!({
        "declared": declared(&column.declared),
        "name": column.name,
        "sql_type": sql_type(&column.sql_type),
        "nullable": column.nullable,
        "default": texts(&column.default),
        "identity": column.identity.map(|identity| called(&IDENTITIES, identity)),
        "generated": generated
            .map(|of| json!({ "expression": texts(&of.expression), "is_stored": of.is_stored })),
        "collation": texts(&column.collation),
        "comment": column.comment,
        "on_update": column.on_update,
        "renamed_from": column.renamed_from,
    })
}

fn sql_type(of: &TypeModel) -> Value {
    json!({
        "kind": called(&KINDS, of.kind),
        "sql": texts(&of.sql),
        "is_exact": per_dialect(&of.is_exact, |is| (*is).into()),
        "values": of.values,
    })
}

fn key(key: &KeyModel) -> Value {
    json!({ "name": key.name, "columns": key.columns })
}

fn foreign_key(key: &ForeignKeyModel) -> Value {
    json!({
        "name": key.name,
        "columns": key.columns,
        "schema": key.schema,
        "table": key.table,
        "references": key.references,
        "on_delete": key.on_delete,
        "on_update": key.on_update,
        "deferrable": key.deferrable,
    })
}

fn check(check: &CheckModel) -> Value {
    json!({ "name": check.name, "expression": texts(&check.expression) })
}

fn index(index: &IndexModel) -> Value {
    json!({
        "name": index.name,
        "parts": list(index.parts, part),
        "is_unique": index.is_unique,
        "method": texts(&index.method),
        "predicate": index.predicate,
        "include": index.include,
        "dialects": per_dialect(&index.dialects, |is| (*is).into()),
    })
}

fn part(part: &IndexPartModel) -> Value {
    json!({
        "text": part.text,
        "is_expression": part.is_expression,
        "is_descending": part.is_descending,
        "nulls_first": part.nulls_first,
        "operator_class": part.operator_class,
        "length": part.length,
    })
}

fn list<T>(items: &[T], write: fn(&T) -> Value) -> Value {
    items.iter().map(write).collect()
}

fn texts(texts: &PerDialect<Option<&'static str>>) -> Value {
    per_dialect(texts, |text| (*text).into())
}

fn per_dialect<T>(of: &PerDialect<T>, write: fn(&T) -> Value) -> Value {
    json!({ "postgres": write(&of.postgres), "mysql": write(&of.mysql), "sqlite": write(&of.sqlite) })
}

/// The name of a variant; a test holds that each has one.
fn called<T: Copy + PartialEq>(names: &[(T, &'static str)], value: T) -> Option<&'static str> {
    names.iter().find(|(known, _)| *known == value).map(|(_, name)| *name)
}
