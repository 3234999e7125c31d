//! Schemas, databases and extensions.

use revchain_core::Dialect;

use crate::change::{Change, Drops};

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
