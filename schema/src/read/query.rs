//! Queries. Most are data. Some make a table of what they find, and some call a function that may do anything.

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, TokenKind};

use crate::change::{Change, CreateTable, Named};
use crate::model::{ObjectName, Place, Table};

use super::{Cursor, Reading, Touches, function, rest_of, setting, view};

/// Whether a statement that changes rows changes those that the database keeps its schema in. Reads only its first words.
pub(super) fn writes_catalog(statement: &str, dialect: Dialect) -> bool {
    // MySQL's aren't written to.
    if dialect == Dialect::Mysql {
        return false;
    }
    let mut lexer = Lexer::new(statement, dialect);
    for _ in 0..8 {
        let Some(token) = lexer.next_significant() else { return false };
        let text = token.text(statement);
        // Their names begin with one of these letters; so do few others.
        match text.as_bytes().first() {
            Some(b'(') if token.kind == TokenKind::Punctuation => return false,
            Some(b's' | b'S' | b'w' | b'W') if is_word(text, "SET") || is_word(text, "WHERE") => return false,
            Some(b'p' | b'P' | b's' | b'S' | b'"' | b'`' | b'[') => {}
            _ => continue,
        }
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdentifier);
        if is_name && holds_schema(text.trim_matches(['"', '`', '[', ']']), dialect) {
            return true;
        }
    }
    false
}

fn is_word(text: &str, word: &str) -> bool {
    text.eq_ignore_ascii_case(word)
}

/// Whether rows of a table are what the schema is. (`pg_index` is written to put an index out of use for a while.)
fn holds_schema(name: &str, dialect: Dialect) -> bool {
    const TABLES: [&str; 9] = [
        "pg_attribute",
        "pg_attrdef",
        "pg_class",
        "pg_constraint",
        "pg_enum",
        "pg_namespace",
        "pg_proc",
        "pg_trigger",
        "pg_type",
    ];
    match dialect {
        Dialect::Postgres => TABLES.iter().any(|table| is_word(name, table)),
        _ => is_catalog(name, dialect),
    }
}

/// Whether a table is one of the database's own.
fn is_catalog(name: &str, dialect: Dialect) -> bool {
    match dialect {
        Dialect::Postgres => {
            name.get(..3).is_some_and(|prefix| is_word(prefix, "pg_")) || is_word(name, "information_schema")
        }
        Dialect::Mysql => false,
        Dialect::Sqlite => is_word(name, "sqlite_master") || is_word(name, "sqlite_schema"),
    }
}

/// Reads a query, from its first word on.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Reading {
    // No function of MySQL's may run DDL.
    if cursor.dialect() == Dialect::Mysql {
        return Reading::Neutral;
    }
    if cursor.dialect() == Dialect::Postgres {
        let start = cursor.position();
        if let Some(reading) = into(cursor) {
            return reading;
        }
        cursor.seek(start);
    }
    calls(cursor)
}

/// `SELECT … INTO table`; also, that the query is no query but changes rows.
fn into(cursor: &mut Cursor<'_>) -> Option<Reading> {
    while !cursor.is_at_end() {
        if cursor.is_any(&["INSERT", "UPDATE", "DELETE", "MERGE"]) && !cursor.sees_mark(1, '(') {
            return match cursor.is(&["UPDATE"]) && (cursor.position() > 0 && !follows_group(cursor)) {
                // `FOR UPDATE`.
                true => None,
                false => Some(Reading::Neutral),
            };
        }
        if cursor.take(&["INTO"]) {
            let temporary = cursor.take_any(&["TEMP", "TEMPORARY", "UNLOGGED"]).is_some_and(|word| word != "UNLOGGED");
            cursor.take(&["TABLE"]);
            let name = cursor.object()?;
            rest_of(cursor);
            let mut table = Table::new(Place::NOWHERE);
            table.temporary = temporary;
            return Some(Reading::one(Change::CreateTable(Box::new(CreateTable {
                name,
                if_not_exists: false,
                or_replace: false,
                table,
                like: Vec::new(),
                parents: Vec::new(),
                as_query: true,
                column_parts: Vec::new(),
                foreign_key_parts: Vec::new(),
                check_columns: Vec::new(),
                has_two_primary_keys: false,
            }))));
        }
        cursor.skip();
    }
    None
}

/// Whether the token before this one closed a parenthesis: that of a WITH.
fn follows_group(cursor: &mut Cursor<'_>) -> bool {
    let at = cursor.position();
    cursor.seek(at.saturating_sub(1));
    let found = cursor.sees_mark(0, ')');
    cursor.seek(at);
    found
}

/// What the functions do that a query calls, from here to the end.
pub(super) fn calls(cursor: &mut Cursor<'_>) -> Reading {
    let start = cursor.position();
    let mut touched: Vec<Named> = Vec::new();
    let mut unknown = Vec::new();
    while let Some(token) = cursor.next() {
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdentifier);
        if !is_name || !cursor.sees_mark(0, '(') {
            continue;
        }
        let name = cursor.name_of(token);
        let name = name.key();
        if name == "set_config" && cursor.dialect() == Dialect::Postgres {
            if let Some(reading) = search_path(cursor) {
                rest_of(cursor);
                return reading;
            }
        } else if function::changes_table(name) {
            touched.extend(named_in(cursor));
        } else if !function::is_harmless(name) {
            let end = cursor.position();
            cursor.seek(end.saturating_sub(1));
            let schema = cursor.schema_before();
            unknown.push(ObjectName { schema, name: cursor.name_of(token) });
            cursor.seek(end);
        }
    }
    if !unknown.is_empty() {
        let end = cursor.position();
        cursor.seek(start);
        let tables = view::mentions(cursor);
        cursor.seek(end);
        // What is called for each row of a table of theirs makes rows. What is called for each row of the catalog, or once,
        // may be a loop over tables, or one statement.
        let is_loop = |table: &ObjectName| {
            is_catalog(table.name.key(), cursor.dialect())
                || table.schema.as_ref().is_some_and(|schema| is_catalog(schema.key(), cursor.dialect()))
        };
        if tables.is_empty() || tables.iter().any(is_loop) {
            return match touched.is_empty() && cursor.dialect() == Dialect::Postgres {
                true => Reading::Opaque(Touches::Calls(unknown)),
                false => Reading::ANYTHING,
            };
        }
    }
    match touched.is_empty() {
        true => Reading::Neutral,
        false => Reading::touching(touched),
    }
}

/// `('search_path', 'a, b', false)`. Nothing where another setting is meant.
fn search_path(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let start = cursor.position();
    cursor.take_mark('(');
    let setting = cursor.string();
    if setting.as_deref().is_none_or(|setting| !is_word(setting, "search_path")) {
        cursor.seek(start);
        return None;
    }
    cursor.take_mark(',');
    let path = cursor.string().filter(|_| cursor.sees_mark(0, ','));
    Some(match path {
        Some(path) => Reading::one(Change::SearchPath(setting::path_in(&path, cursor.dialect()))),
        None => Reading::ANYTHING,
    })
}

/// The names that stand as strings among the arguments of a call.
fn named_in(cursor: &mut Cursor<'_>) -> Vec<Named> {
    let start = cursor.position();
    let mut found = Vec::new();
    if let Some((from, to)) = cursor.skip_parentheses() {
        cursor.seek(from);
        while cursor.position() < to {
            match cursor.string() {
                Some(text) => found.extend(Cursor::new(&text, cursor.dialect()).object()),
                None => {
                    cursor.next();
                }
            }
        }
    }
    cursor.seek(start);
    found
}
