//! PostgreSQL's types, as its `format_type` prints them.

use std::fmt::Display;

use revchain_core::sql::TokenKind;

use super::super::{Cursor, Keyword};
use super::arguments;
use crate::model::DataType;

pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<DataType> {
    cursor.take(&["SETOF"]);
    let qualified = cursor.sees_mark(1, '.');
    // One word, nearly always: nobody needs a name of it.
    if !qualified && matches!(cursor.peek(0)?.kind, TokenKind::Word) {
        let name = cursor.text(0).to_lowercase();
        cursor.next();
        let data_type = of_server(cursor, &name);
        return Some(suffixed(cursor, data_type, &name));
    }
    let quoted = cursor.peek(if qualified { 2 } else { 0 })?.kind == TokenKind::QuotedIdentifier;
    let named = cursor.object()?.name;
    let catalog = named.schema.as_ref().is_some_and(|schema| schema.key() == "pg_catalog");
    let name = named.name.key();
    let data_type = match &named.schema {
        // What is in `public` is nothing that the server brought.
        None if qualified => DataType { arguments: arguments(cursor), ..DataType::named(name) },
        Some(_) if !catalog => {
            DataType { schema: named.schema.clone(), arguments: arguments(cursor), ..DataType::named(name) }
        }
        _ if quoted && name == "char" => DataType::named("\"char\""),
        _ if quoted && !is_internal(name) => DataType { arguments: arguments(cursor), ..DataType::named(name) },
        _ => of_server(cursor, name),
    };
    Some(suffixed(cursor, data_type, &named))
}

/// A type that is no user's with a schema, behind its name.
fn of_server(cursor: &mut Cursor<'_>, name: &str) -> DataType {
    match name.strip_prefix('_') {
        Some(element) if is_internal(element) => DataType { array: true, ..builtin(cursor, element) },
        _ => builtin(cursor, name),
    }
}

/// What stands behind a type and makes another of it.
fn suffixed(cursor: &mut Cursor<'_>, mut data_type: DataType, named: &dyn Display) -> DataType {
    // `column%TYPE`, which is a function's.
    if cursor.sees_mark(0, '%') && cursor.sees(1, "TYPE") {
        cursor.seek(cursor.position() + 2);
        data_type = DataType::named(format!("{named}%type"));
    }
    while cursor.sees_mark(0, '[') || cursor.sees(0, "ARRAY") {
        data_type.array = true;
        let brackets = cursor.sees_mark(0, '[');
        cursor.next();
        while brackets && !cursor.is_at_end() && !cursor.take_mark(']') {
            cursor.next();
        }
    }
    data_type
}

/// Whether the catalogue has a type under this name, not only the grammar.
fn is_internal(name: &str) -> bool {
    matches!(
        name,
        "int2"
            | "int4"
            | "int8"
            | "float4"
            | "float8"
            | "bool"
            | "bpchar"
            | "varchar"
            | "varbit"
            | "bit"
            | "numeric"
            | "text"
            | "bytea"
            | "date"
            | "time"
            | "timetz"
            | "timestamp"
            | "timestamptz"
            | "interval"
            | "uuid"
            | "json"
            | "jsonb"
            | "inet"
            | "cidr"
            | "macaddr"
            | "oid"
            | "name"
            | "money"
            | "xml"
    )
}

/// A type of the server's own, or a user's without a schema.
fn builtin(cursor: &mut Cursor<'_>, name: &str) -> DataType {
    let plain = |name: &str| DataType::named(name);
    // `int(11)`, which is MySQL's, is read, so that somebody can say so.
    let sized = |cursor: &mut Cursor<'_>, name: &str| DataType { arguments: arguments(cursor), ..plain(name) };
    match name {
        "int" | "int4" | "integer" => sized(cursor, "integer"),
        "int8" | "bigint" => sized(cursor, "bigint"),
        "int2" | "smallint" => sized(cursor, "smallint"),
        "bool" | "boolean" => sized(cursor, "boolean"),
        "float4" | "real" => sized(cursor, "real"),
        "float8" => sized(cursor, "double precision"),
        "double" => {
            cursor.take(&["PRECISION"]);
            sized(cursor, "double precision")
        }
        "float" => {
            let mut arguments = arguments(cursor);
            let digits = arguments.first().and_then(|digits| digits.parse::<u32>().ok());
            // What no server takes is kept: somebody has to say so.
            if arguments.len() < 2 && digits.is_none_or(|digits| (1..=53).contains(&digits)) {
                arguments.clear();
            }
            let is_real = digits.is_some_and(|digits| (1..=24).contains(&digits));
            DataType { arguments, ..plain(if is_real { "real" } else { "double precision" }) }
        }
        "dec" | "decimal" | "numeric" => {
            let mut arguments = arguments(cursor);
            if arguments.len() == 1 {
                arguments.push("0".to_owned());
            }
            DataType { arguments, ..plain("numeric") }
        }
        "varchar" => DataType { arguments: arguments(cursor), ..plain("character varying") },
        "bpchar" => match arguments(cursor) {
            arguments if arguments.is_empty() => plain("bpchar"),
            arguments => DataType { arguments, ..plain("character") },
        },
        "national" | "character" | "char" | "nchar" => {
            if name == "national" {
                cursor.take_any(&["CHARACTER", "CHAR"]);
            }
            of_one(cursor, "character")
        }
        "bit" => of_one(cursor, "bit"),
        "varbit" => DataType { arguments: arguments(cursor), ..plain("bit varying") },
        "timestamp" | "time" => {
            let arguments = precision(cursor);
            let zone = cursor.take(&["WITH", "TIME", "ZONE"]);
            if !zone {
                cursor.take(&["WITHOUT", "TIME", "ZONE"]);
            }
            let name = match (name, zone) {
                ("timestamp", false) => "timestamp without time zone",
                ("timestamp", true) => "timestamp with time zone",
                (_, false) => "time without time zone",
                (_, true) => "time with time zone",
            };
            DataType { arguments, ..plain(name) }
        }
        "timestamptz" => DataType { arguments: precision(cursor), ..plain("timestamp with time zone") },
        "timetz" => DataType { arguments: precision(cursor), ..plain("time with time zone") },
        "interval" => interval(cursor),
        _ => DataType { arguments: arguments(cursor), ..plain(name) },
    }
}

/// `character`, `bit`: of one, where nothing is said; any number where VARYING is.
fn of_one(cursor: &mut Cursor<'_>, name: &str) -> DataType {
    if cursor.take(&["VARYING"]) {
        return DataType { arguments: arguments(cursor), ..DataType::named(format!("{name} varying")) };
    }
    let mut arguments = arguments(cursor);
    if arguments.is_empty() {
        arguments.push("1".to_owned());
    }
    DataType { arguments, ..DataType::named(name) }
}

/// Digits of a second: no more than six, whatever is asked for.
fn precision(cursor: &mut Cursor<'_>) -> Vec<String> {
    let mut arguments = arguments(cursor);
    if let Some(digits) = arguments.first_mut()
        && digits.parse::<u32>().is_ok_and(|digits| digits > 6)
    {
        "6".clone_into(digits);
    }
    arguments
}

fn interval(cursor: &mut Cursor<'_>) -> DataType {
    let mut name = "interval".to_owned();
    let field = |keyword: &str| matches!(keyword, "YEAR" | "MONTH" | "DAY" | "HOUR" | "MINUTE" | "SECOND");
    let first = Keyword::at(cursor, 0);
    if field(first) {
        cursor.next();
        name.push(' ');
        name.push_str(&first.to_ascii_lowercase());
        let second = Keyword::at(cursor, 1);
        if cursor.sees(0, "TO") && field(second) {
            cursor.seek(cursor.position() + 2);
            name.push_str(" to ");
            name.push_str(&second.to_ascii_lowercase());
        }
    }
    DataType { arguments: precision(cursor), ..DataType::named(name) }
}
