//! Types, under the names and with the arguments that the server prints.

mod mysql;
mod postgres;

use revchain_core::Dialect;
use revchain_core::sql::TokenKind;

use super::{Cursor, Keyword};
use crate::model::DataType;

pub(crate) use mysql::{character_set, collation, takes_character_set};

/// Reads a type. `None`, and nothing read, where there is none.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Option<DataType> {
    match cursor.dialect() {
        Dialect::Postgres => postgres::read(cursor),
        Dialect::Mysql => mysql::read(cursor),
        Dialect::Sqlite => sqlite(cursor),
    }
}

/// Reads `serial` and its likes, which are a type and more. Gives the type.
pub(crate) fn serial(cursor: &mut Cursor<'_>) -> Option<DataType> {
    let name = match (cursor.dialect(), Keyword::at(cursor, 0)) {
        (Dialect::Postgres, "SERIAL" | "SERIAL4") => "integer",
        (Dialect::Postgres, "BIGSERIAL" | "SERIAL8") => "bigint",
        (Dialect::Postgres, "SMALLSERIAL" | "SERIAL2") => "smallint",
        (Dialect::Mysql, "SERIAL") => "bigint",
        _ => return None,
    };
    cursor.next();
    Some(DataType { unsigned: cursor.dialect() == Dialect::Mysql, ..DataType::named(name) })
}

/// Reads `(…)`, part by part. Nothing where nothing is opened.
fn arguments(cursor: &mut Cursor<'_>) -> Vec<String> {
    let mut arguments = Vec::new();
    if !cursor.take_mark('(') {
        return arguments;
    }
    while !cursor.is_at_end() && !cursor.take_mark(')') {
        let token = cursor.peek(0);
        let text = cursor.text(0);
        let range = cursor.skip_clause();
        let single = token.filter(|_| range.1 - range.0 == 1);
        match single.map(|token| token.kind) {
            Some(TokenKind::Number) => arguments.push(text.to_owned()),
            Some(TokenKind::String) => arguments.push(value(text)),
            _ if range.0 < range.1 => arguments.push(cursor.expression(range).as_str().to_owned()),
            _ => {}
        }
        cursor.take_mark(',');
    }
    arguments
}

/// A value of an `ENUM`, as it is printed, without blanks at its end: only MySQL has these, and there double quotes and
/// backslashes, too.
fn value(text: &str) -> String {
    let quoted = match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(inner) => format!("'{}'", inner.replace("\"\"", "\"").replace('\'', "''")),
        None => text.to_owned(),
    };
    let quoted = if quoted.contains("\\'") { quoted.replace("\\'", "''") } else { quoted };
    match quoted.strip_suffix("'") {
        Some(open) if open.ends_with(' ') => format!("{}'", open.trim_end_matches(' ')),
        _ => quoted,
    }
}

/// SQLite takes any words for a type, until something of a column's begins.
fn sqlite(cursor: &mut Cursor<'_>) -> Option<DataType> {
    let mut name = String::new();
    while cursor.sees_name() {
        match Keyword::at(cursor, 0) {
            "CONSTRAINT" | "PRIMARY" | "NOT" | "NULL" | "UNIQUE" | "CHECK" | "DEFAULT" | "COLLATE" | "REFERENCES"
            | "GENERATED" | "AS" | "AUTOINCREMENT" | "ON" | "DEFERRABLE" => break,
            _ => {}
        }
        let Some(word) = cursor.next() else { break };
        let text = word.text(cursor.source());
        // Another dialect's array, which is a part of the word here.
        if text == "[]" {
            name.push_str("[]");
            continue;
        }
        if !name.is_empty() {
            name.push(' ');
        }
        match word.kind {
            TokenKind::Word => name.push_str(&text.to_lowercase()),
            _ => name.push_str(cursor.name_of(word).key()),
        }
    }
    (!name.is_empty()).then(|| DataType { arguments: arguments(cursor), ..DataType::named(name) })
}

#[cfg(test)]
mod tests;
