//! CREATE: by what it makes. The words between CREATE and the kind (`OR REPLACE`, `TEMPORARY`, `DEFINER = …`) are read here for
//! all kinds but tables.

use crate::change::Change;

use super::{Cursor, Keyword, Reading, index, namespace, other, routine, sequence, table, trigger, user_type, view};

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
    let word = Keyword::at(cursor, 0);
    let kind = cursor.position();
    cursor.next()?;
    match word {
        "INDEX" => index::create(cursor, modifiers),
        "VIEW" => view::create(cursor, modifiers),
        "TYPE" => user_type::create_type(cursor, modifiers),
        "DOMAIN" => user_type::create_domain(cursor),
        "SEQUENCE" => sequence::create(cursor, modifiers),
        "SCHEMA" | "DATABASE" => namespace::create(cursor, modifiers, word),
        "FUNCTION" => routine::create(cursor, modifiers, "FUNCTION"),
        "PROCEDURE" => routine::create(cursor, modifiers, "PROCEDURE"),
        "AGGREGATE" => routine::create_aggregate(cursor, modifiers),
        "TRIGGER" => trigger::create(cursor, modifiers),
        "EXTENSION" => namespace::create_extension(cursor),
        _ => {
            cursor.seek(kind);
            Some(other::create(cursor, modifiers))
        }
    }
}

fn modifiers(cursor: &mut Cursor<'_>) -> Modifiers {
    let mut found = Modifiers::default();
    loop {
        // What nearly every statement makes, none of these words before it.
        if cursor.is_any(&["TABLE", "INDEX"]) {
            return found;
        }
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
