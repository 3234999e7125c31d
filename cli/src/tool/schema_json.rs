//! A schema as JSON. `docs/tool.md` describes the members; they are those of the schema's own model, whose order is kept.

use revchain_schema::model::{
    Check, Column, Exclusion, ForeignKey, Identity, Index, IndexPart, Key, Match, Name, ObjectName, Order, Schema,
    Storage, Table, UserType, View,
};
use serde_json::{Value, json};

use super::replayed::Unknown;

pub(super) fn schema(schema: &Schema, revision: Option<&str>, unknown: &[Unknown]) -> Value {
    let lasting = schema.tables.iter().filter(|(_, table)| !table.temporary);
    let tables: Vec<Value> = lasting.map(|(name, of)| table(name, of)).collect();
    let views: Vec<Value> = schema.views.iter().map(|(name, of)| view(name, of)).collect();
    let types: Vec<Value> = schema.types.iter().map(|(name, of)| user_type(name, of)).collect();
    let sequences: Vec<Value> = schema
        .sequences
        .iter()
        .map(|(name, sequence)| {
            let options: serde_json::Map<String, Value> =
                sequence.options.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect();
            let owner = sequence.owned_by.as_ref();
            let owner = owner.map(|(table, column)| json!({ "table": table.to_string(), "column": column.as_str() }));
            with_name(name, json!({ "options": options, "owned_by": owner }))
        })
        .collect();
    let routines: Vec<Value> = schema
        .routines
        .iter()
        .flat_map(|(name, all)| all.iter().map(move |one| (name, one)))
        .map(|(name, routine)| with_name(name, json!({ "arguments": routine.arguments })))
        .collect();
    let triggers: Vec<Value> = schema
        .triggers
        .iter()
        .map(|((_, name), trigger)| {
            json!({ "name": name.as_str(), "table": trigger.table.to_string(), "definition": trigger.body.as_str() })
        })
        .collect();
    let others: Vec<Value> = schema
        .others
        .iter()
        .map(|((kind, table, name), definition)| {
            let table = table.as_ref().map(ToString::to_string);
            with_name(name, json!({ "kind": kind, "table": table, "definition": definition.as_str() }))
        })
        .collect();
    json!({
        "dialect": schema.dialect.name(),
        "revision": revision,
        "schemas": schema.namespaces.keys().map(Name::as_str).collect::<Vec<_>>(),
        "extensions": schema.extensions.keys().map(Name::as_str).collect::<Vec<_>>(),
        "types": types,
        "sequences": sequences,
        "tables": tables,
        "views": views,
        "routines": routines,
        "triggers": triggers,
        "others": others,
        "unknown": unknown.iter().map(Unknown::json).collect::<Vec<_>>(),
    })
}

/// An object with a name of its own, and its schema, which is null in the default one.
fn with_name(name: &ObjectName, mut object: Value) -> Value {
    if let Value::Object(members) = &mut object {
        members.insert("schema".to_owned(), name.schema.as_ref().map(Name::as_str).into());
        members.insert("name".to_owned(), name.name.as_str().into());
    }
    object
}

fn table(name: &ObjectName, table: &Table) -> Value {
    let object = json!({
        "columns": table.columns.iter().map(column).collect::<Vec<_>>(),
        "primary_key": table.primary_key.as_ref().map(key),
        "unique_constraints": table.uniques.iter().map(key).collect::<Vec<_>>(),
        "foreign_keys": table.foreign_keys.iter().map(foreign_key).collect::<Vec<_>>(),
        "checks": table.checks.iter().map(check).collect::<Vec<_>>(),
        "exclusions": table.exclusions.iter().map(exclusion).collect::<Vec<_>>(),
        "indexes": table.indexes.iter().map(index).collect::<Vec<_>>(),
        "comment": table.comment,
        "options": table.options,
        "is_known": table.is_known(),
    });
    with_name(name, object)
}

fn column(column: &Column) -> Value {
    let generated = column.generated.as_ref().map(|generated| {
        json!({ "expression": generated.expression.as_str(), "stored": generated.storage == Storage::Stored })
    });
    let identity = column.identity.map(|identity| match identity {
        Identity::Always => "always",
        Identity::ByDefault => "by default",
        Identity::Serial => "serial",
        Identity::AutoIncrement => "auto increment",
    });
    json!({
        "name": column.name.as_str(),
        "type": column.data_type.as_ref().map(ToString::to_string),
        "nullable": column.nullable,
        "default": column.default.as_ref().map(|default| default.0.as_str()),
        "identity": identity,
        "generated": generated,
        "collation": column.collation.as_ref().map(Name::as_str),
        "comment": column.comment,
        "on_update": column.on_update.as_ref().map(revchain_schema::model::Expression::as_str),
    })
}

fn names(names: &[Name]) -> Vec<&str> {
    names.iter().map(Name::as_str).collect()
}

fn key(key: &Key) -> Value {
    json!({
        "name": key.name.as_ref().map(Name::as_str),
        "columns": names(&key.columns),
        "include": names(&key.include),
        "nulls_not_distinct": key.nulls_not_distinct,
        "deferrable": deferrable(key.deferrable),
    })
}

fn foreign_key(key: &ForeignKey) -> Value {
    json!({
        "name": key.name.as_ref().map(Name::as_str),
        "columns": names(&key.columns),
        "table": key.table.to_string(),
        "references": names(&key.references),
        "on_delete": key.on_delete.sql(),
        "on_update": key.on_update.sql(),
        "match_full": key.matching == Match::Full,
        "deferrable": deferrable(key.deferrable),
        "validated": key.validated,
    })
}

fn check(check: &Check) -> Value {
    json!({
        "name": check.name.as_ref().map(Name::as_str),
        "expression": check.expression.as_str(),
        "validated": check.validated,
    })
}

fn exclusion(exclusion: &Exclusion) -> Value {
    json!({
        "name": exclusion.name.as_ref().map(Name::as_str),
        "index": index(&exclusion.index),
        "operators": exclusion.operators,
        "deferrable": deferrable(exclusion.deferrable),
    })
}

/// `no`, `immediate` or `deferred`: when it is checked where nobody says otherwise.
fn deferrable(deferrable: Option<bool>) -> &'static str {
    match deferrable {
        None => "no",
        Some(false) => "immediate",
        Some(true) => "deferred",
    }
}

fn index(index: &Index) -> Value {
    json!({
        "name": index.name.as_ref().map(Name::as_str),
        "parts": index.parts.iter().map(part).collect::<Vec<_>>(),
        "unique": index.unique,
        "method": index.method,
        "where": index.predicate.as_ref().map(revchain_schema::model::Expression::as_str),
        "include": names(&index.include),
        "nulls_not_distinct": index.nulls_not_distinct,
        "options": index.options,
        "comment": index.comment,
    })
}

fn part(part: &IndexPart) -> Value {
    json!({
        "column": part.column.as_ref().map(Name::as_str),
        "expression": part.expression.as_ref().map(revchain_schema::model::Expression::as_str),
        "length": part.length,
        "descending": part.order == Order::Descending,
        "nulls_first": part.nulls_first,
        "collation": part.collation,
        "operator_class": part.operator_class,
    })
}

fn view(name: &ObjectName, view: &View) -> Value {
    let object = json!({
        "materialized": view.materialized,
        "definition": view.body.as_str(),
        "indexes": view.indexes.iter().map(index).collect::<Vec<_>>(),
        "comment": view.comment,
    });
    with_name(name, object)
}

fn user_type(name: &ObjectName, definition: &UserType) -> Value {
    let object = match definition {
        UserType::Enum(of) => json!({ "kind": "enum", "values": of.values }),
        UserType::Composite(columns) => {
            json!({ "kind": "composite", "columns": columns.iter().map(column).collect::<Vec<_>>() })
        }
        UserType::Domain(domain) => json!({
            "kind": "domain",
            "type": domain.data_type.to_string(),
            "nullable": domain.nullable,
            "default": domain.default.as_ref().map(|default| default.0.as_str()),
            "checks": domain.checks.iter().map(|(name, expression)| json!({
                "name": name.as_ref().map(Name::as_str),
                "expression": expression.as_str(),
            })).collect::<Vec<_>>(),
        }),
        UserType::Other(_) => json!({ "kind": "other" }),
    };
    with_name(name, object)
}
