//! CREATE: by what it makes. The words between CREATE and the kind (`OR REPLACE`, `TEMPORARY`, `DEFINER = …`) are read here for
//! all kinds but tables.

use revchain_core::Dialect;

use crate::change::{Change, CreateTable};
use crate::model::{Place, Table};

use super::{Cursor, Reading, index, namespace, other, routine, sequence, table, trigger, user_type, view};

/// What stood between CREATE and the kind.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Modifiers {
    pub(super) or_replace: bool,
    pub(super) temporary: bool,
    pub(super) recursive: bool,
    pub(super) materialized: bool,
    pub(super) unique: bool,
    /// `fulltext`, `spatial`, `vector`.
    pub(super) method: Option<&'static str>,
}

/// Reads what follows CREATE.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let start = cursor.position();
    let modifiers = modifiers(cursor);
    if cursor.is_any(&["TABLE"]) {
        if cursor.position() > start && cursor.dialect() == Dialect::Sqlite {
            let at = cursor.position();
            cursor.seek(start);
            if cursor.take(&["VIRTUAL", "TABLE"]) {
                return virtual_table(cursor);
            }
            cursor.seek(at);
        }
        let at = cursor.position();
        cursor.seek(start);
        return Some(match table::create(cursor) {
            Some((table, unknown)) => Reading::Known { changes: vec![Change::CreateTable(Box::new(table))], unknown },
            None => {
                cursor.seek(at + 1);
                cursor.take_if_not_exists();
                Reading::touching(cursor.object())
            }
        });
    }
    let kind = cursor.next().map(|_| cursor.position())?;
    cursor.seek(kind - 1);
    let word = cursor.text(0).to_ascii_uppercase();
    cursor.seek(kind);
    match word.as_str() {
        "INDEX" => index::create(cursor, modifiers),
        "VIEW" => view::create(cursor, modifiers),
        "TYPE" => user_type::create_type(cursor, modifiers),
        "DOMAIN" => user_type::create_domain(cursor),
        "SEQUENCE" => sequence::create(cursor, modifiers),
        "SCHEMA" | "DATABASE" => namespace::create(cursor, modifiers, &word),
        "FUNCTION" | "PROCEDURE" => routine::create(cursor, modifiers),
        "AGGREGATE" => routine::create_aggregate(cursor, modifiers),
        "TRIGGER" => trigger::create(cursor, modifiers),
        "EXTENSION" => namespace::create_extension(cursor),
        _ => {
            cursor.seek(kind - 1);
            Some(other::create(cursor, modifiers))
        }
    }
}

fn modifiers(cursor: &mut Cursor<'_>) -> Modifiers {
    let mut found = Modifiers::default();
    loop {
        if cursor.take(&["OR", "REPLACE"]) {
            found.or_replace = true;
        } else if cursor.take_any(&["TEMP", "TEMPORARY"]).is_some() {
            found.temporary = true;
        } else if cursor.take(&["UNIQUE"]) {
            found.unique = true;
        } else if cursor.take(&["RECURSIVE"]) {
            found.recursive = true;
        } else if cursor.take(&["MATERIALIZED"]) {
            found.materialized = true;
        } else if cursor.take(&["FULLTEXT"]) {
            found.method = Some("fulltext");
        } else if cursor.take(&["SPATIAL"]) {
            found.method = Some("spatial");
        } else if cursor.take(&["VECTOR"]) {
            found.method = Some("vector");
        } else if cursor.is(&["AGGREGATE", "FUNCTION"]) || cursor.is(&["FOREIGN", "TABLE"]) {
            cursor.take_any(&["AGGREGATE", "FOREIGN"]);
        } else if cursor
            .take_any(&[
                "GLOBAL",
                "LOCAL",
                "UNLOGGED",
                "VIRTUAL",
                "CONSTRAINT",
                "TRUSTED",
                "PROCEDURAL",
                "ONLINE",
                "OFFLINE",
            ])
            .is_none()
            && !take_definer(cursor)
        {
            return found;
        }
    }
}

/// `DEFINER = user@host`, `ALGORITHM = MERGE`, `SQL SECURITY INVOKER`: who, and how, not what.
pub(super) fn take_definer(cursor: &mut Cursor<'_>) -> bool {
    if cursor.take(&["SQL", "SECURITY"]) {
        cursor.next();
        return true;
    }
    if !cursor.is_any(&["DEFINER", "ALGORITHM"]) || !cursor.sees_mark(1, '=') {
        return false;
    }
    cursor.seek(cursor.position() + 2);
    cursor.next();
    if cursor.take_mark('@') {
        cursor.next();
    } else {
        // `CURRENT_USER()`.
        cursor.skip_parentheses();
    }
    true
}

/// `CREATE VIRTUAL TABLE … USING module(…)`: which columns it has is the module's affair.
fn virtual_table(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let if_not_exists = cursor.take_if_not_exists();
    let name = cursor.object()?;
    let mut table = Table::new(Place::NOWHERE);
    if cursor.take(&["USING"]) {
        table.options.insert("using".to_owned(), cursor.rest().as_str().to_owned());
    }
    Some(Reading::one(Change::CreateTable(Box::new(CreateTable {
        name,
        if_not_exists,
        or_replace: false,
        table,
        like: Vec::new(),
        parents: Vec::new(),
        as_query: true,
        column_parts: Vec::new(),
        foreign_key_parts: Vec::new(),
    }))))
}
