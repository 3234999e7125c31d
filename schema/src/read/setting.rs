//! Settings of the session: those that change what later statements mean to the schema.

use revchain_core::Dialect;

use crate::change::Change;
use crate::model::Name;

use super::{Cursor, Reading, rest_of};

/// Reads what follows SET, RESET, USE or PRAGMA.
pub(super) fn read(cursor: &mut Cursor<'_>, word: &str) -> Reading {
    let change = match (cursor.dialect(), word) {
        (Dialect::Mysql, "USE") => cursor.name().map(|named| Change::SearchPath(vec![named.name])),
        (Dialect::Mysql, "SET") => foreign_key_checks(cursor).map(Change::ForeignKeyChecks),
        (Dialect::Postgres, "SET") => set_path(cursor).map(Change::SearchPath),
        (Dialect::Postgres, "RESET") if cursor.is_any(&["search_path", "ALL"]) => {
            Some(Change::SearchPath(default_path(cursor)))
        }
        (Dialect::Sqlite, "PRAGMA") => legacy_alter_table(cursor).map(Change::LegacyAlterTable),
        _ => None,
    };
    match change {
        Some(change) => {
            rest_of(cursor);
            Reading::one(change)
        }
        None => Reading::Neutral,
    }
}

/// `a = 1, SESSION foreign_key_checks = 0`, `@@foreign_key_checks := @old`: whether they are on from here on.
fn foreign_key_checks(cursor: &mut Cursor<'_>) -> Option<bool> {
    let mut checks = None;
    while !cursor.is_at_end() {
        // `GLOBAL` is another session's, `@foreign_key_checks` a variable.
        let global = cursor.is(&["GLOBAL"]) || (cursor.sees_mark(0, '@') && !cursor.sees_mark(1, '@'));
        let start = cursor.position();
        while !cursor.is_at_end() && !cursor.sees_mark(0, ',') {
            if !cursor.take(&["foreign_key_checks"]) {
                cursor.skip();
                continue;
            }
            cursor.take_mark(':');
            if cursor.take_mark('=') && !global {
                let value = cursor.text(0).trim_matches('\'').to_ascii_lowercase();
                checks = Some(!matches!(value.as_str(), "0" | "off" | "false"));
            }
        }
        cursor.take_mark(',');
        if cursor.position() == start {
            break;
        }
    }
    checks
}

/// `legacy_alter_table = ON`, `legacy_alter_table(1)`.
fn legacy_alter_table(cursor: &mut Cursor<'_>) -> Option<bool> {
    let pragma = cursor.object()?;
    if pragma.name.name.key() != "legacy_alter_table" || !(cursor.take_mark('=') || cursor.take_mark('(')) {
        return None;
    }
    Some(matches!(cursor.text(0).trim_matches(['\'', '"']).to_ascii_lowercase().as_str(), "1" | "on" | "true" | "yes"))
}

/// `search_path TO a, 'b'`, `SCHEMA 'a'`.
fn set_path(cursor: &mut Cursor<'_>) -> Option<Vec<Name>> {
    cursor.take_any(&["SESSION", "LOCAL"]);
    if cursor.take(&["SCHEMA"]) {
        return cursor.string().map(|name| path_of([name.as_str()], cursor.dialect()));
    }
    if !cursor.take(&["search_path"]) {
        return None;
    }
    if !cursor.take(&["TO"]) && !cursor.take_mark('=') {
        return None;
    }
    if cursor.is(&["DEFAULT"]) {
        return Some(default_path(cursor));
    }
    let mut names = Vec::new();
    loop {
        match cursor.name() {
            Some(name) => names.push(name.name.as_str().to_owned()),
            None => names.push(cursor.string()?),
        }
        if !cursor.take_mark(',') {
            return Some(path_of(names.iter().map(String::as_str), cursor.dialect()));
        }
    }
}

/// A path as `set_config` takes it: one string.
pub(super) fn path_in(text: &str, dialect: Dialect) -> Vec<Name> {
    path_of(text.split(',').map(|name| name.trim().trim_matches('"')), dialect)
}

fn path_of<'n>(names: impl IntoIterator<Item = &'n str>, dialect: Dialect) -> Vec<Name> {
    let schemas = names.into_iter().filter(|name| !matches!(*name, "" | "$user" | "pg_catalog"));
    schemas.map(|name| Name::new(name, dialect)).collect()
}

fn default_path(cursor: &Cursor<'_>) -> Vec<Name> {
    vec![Name::new("public", cursor.dialect())]
}
