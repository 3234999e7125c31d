//! Schemas, databases and extensions, and where names are looked for.

use revchain_core::Dialect;

use crate::change::{Change, Drops};
use crate::model::Name;

use super::create::Modifiers;
use super::{Cursor, Reading, rest_of};

/// Reads what follows `CREATE SCHEMA` or `CREATE DATABASE`.
pub(super) fn create(cursor: &mut Cursor<'_>, modifiers: Modifiers, word: &str) -> Option<Reading> {
    let postgres = cursor.dialect() == Dialect::Postgres;
    if postgres && word == "DATABASE" {
        return Some(Reading::Neutral);
    }
    let if_not_exists = cursor.take_if_not_exists();
    if cursor.sees(0, "AUTHORIZATION") {
        cursor.next();
    }
    let name = cursor.name()?;
    if cursor.take(&["AUTHORIZATION"]) {
        cursor.next();
    }
    if postgres && !cursor.is_at_end() {
        // Tables and views of its own, which nobody writes.
        return None;
    }
    let mut changes = Vec::with_capacity(1);
    if modifiers.or_replace {
        changes.push(Change::DropNamespace(Drops { names: vec![name.clone()], if_exists: true, cascade: true }));
    }
    changes.push(Change::CreateNamespace { name, if_not_exists });
    // Character sets: which a table says itself, or nobody compares.
    rest_of(cursor);
    Some(Reading::Known { changes, unknown: Vec::new() })
}

/// Reads what follows `ALTER SCHEMA`.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Option<Reading> {
    if cursor.dialect() != Dialect::Postgres {
        return Some(Reading::Neutral);
    }
    let from = cursor.name()?;
    if cursor.take(&["RENAME", "TO"]) {
        return Some(Reading::one(Change::RenameNamespace { from, to: cursor.name()?.name }));
    }
    Some(Reading::Neutral)
}

/// Reads what follows `CREATE EXTENSION`. Schema and version are nothing that is compared.
pub(super) fn create_extension(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let if_not_exists = cursor.take_if_not_exists();
    let name = cursor.name()?;
    rest_of(cursor);
    Some(Reading::one(Change::CreateExtension { name, if_not_exists }))
}

/// Reads what follows SET, RESET or USE.
pub(super) fn setting(cursor: &mut Cursor<'_>, word: &str) -> Reading {
    let path = match (cursor.dialect(), word) {
        (Dialect::Mysql, "USE") => cursor.name().map(|named| vec![named.name]),
        (Dialect::Postgres, "SET") => set_path(cursor),
        (Dialect::Postgres, "RESET") if cursor.is_any(&["search_path", "ALL"]) => Some(default_path(cursor)),
        _ => None,
    };
    match path {
        Some(path) => {
            rest_of(cursor);
            Reading::one(Change::SearchPath(path))
        }
        None => Reading::Neutral,
    }
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
