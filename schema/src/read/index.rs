//! CREATE INDEX and ALTER INDEX.

use crate::change::{Change, CreateIndex, Drops, Named};
use crate::model::{Index, ObjectName};

use super::create::Modifiers;
use super::{Cursor, Reading, index_part};

/// Reads what follows `CREATE … INDEX`.
pub(super) fn create(cursor: &mut Cursor<'_>, modifiers: Modifiers) -> Option<Reading> {
    let at = cursor.position();
    let word = cursor.part((at.saturating_sub(1), at));
    let concurrently = cursor.take(&["CONCURRENTLY"]);
    let if_not_exists = cursor.take_if_not_exists();
    let name = match cursor.sees(0, "ON") {
        true => None,
        false => Some(cursor.object()?),
    };
    let mut index = Index::new(name.as_ref().map(|named| named.name.name.clone()), Vec::new());
    index.unique = modifiers.unique;
    index.method = modifiers.method.map(str::to_owned);
    // MySQL has it on either side.
    index.method = index_part::method(cursor).or(index.method);
    if !cursor.take(&["ON"]) {
        return None;
    }
    let only = cursor.is(&["ONLY"]) && !cursor.sees_mark(1, '(') && cursor.take(&["ONLY"]);
    let table = cursor.object()?;
    index.method = index_part::method(cursor).or(index.method);
    if !cursor.sees_mark(0, '(') {
        return None;
    }
    index.parts = index_part::parts(cursor);
    while clause(cursor, &mut index) {}
    let mut changes = Vec::with_capacity(1);
    if let Some(named) = name.as_ref().filter(|_| modifiers.or_replace) {
        let names = vec![Named { name: ObjectName::bare(named.name.name.clone()), part: named.part }];
        let drops = Drops { names, if_exists: true, cascade: false };
        changes.push(Change::DropIndex { drops, table: Some(table.clone()), concurrently: false });
    }
    let part = name.map_or(word, |named| named.part);
    let create = CreateIndex { index, part, table, if_not_exists, concurrently, only };
    changes.push(Change::CreateIndex(Box::new(create)));
    Some(Reading::Known { changes, unknown: Vec::new() })
}

/// Reads one clause behind an index's parts.
fn clause(cursor: &mut Cursor<'_>, index: &mut Index) -> bool {
    let start = cursor.position();
    index_part::options(cursor, index);
    if cursor.position() > start || take_locking(cursor) {
        return true;
    }
    if cursor.take(&["WHERE"]) {
        index.predicate = Some(cursor.rest());
    } else if cursor.take(&["INCLUDE"]) {
        index.include = cursor.names_in_parentheses().unwrap_or_default().into_iter().map(|named| named.name).collect();
    } else if cursor.take(&["NULLS", "NOT", "DISTINCT"]) {
        index.nulls_not_distinct = true;
    } else if cursor.take(&["NULLS", "DISTINCT"]) {
    } else if cursor.is(&["WITH"]) && cursor.sees_mark(1, '(') {
        cursor.next();
        storage(cursor, index);
    } else if cursor.take(&["TABLESPACE"]) {
        cursor.next();
    } else {
        return false;
    }
    true
}

/// `WITH (fillfactor = 70, …)`.
fn storage(cursor: &mut Cursor<'_>, index: &mut Index) {
    cursor.take_mark('(');
    while !cursor.is_at_end() && !cursor.take_mark(')') {
        let start = cursor.position();
        let (from, to) = cursor.skip_clause();
        let option = cursor.expression((from, to));
        index.options.push(option.as_str().replacen('=', " = ", 1));
        cursor.take_mark(',');
        if cursor.position() == start {
            cursor.next();
        }
    }
    index.options.sort();
}

/// MySQL's `ALGORITHM = …`, `LOCK = …`, MariaDB's `WAIT n`: how it is done, not what.
pub(super) fn take_locking(cursor: &mut Cursor<'_>) -> bool {
    let mut found = false;
    loop {
        if cursor.take_any(&["ALGORITHM", "LOCK"]).is_some() {
            cursor.take_mark('=');
            cursor.next();
        } else if cursor.take(&["WAIT"]) {
            cursor.next();
        } else if !cursor.take(&["NOWAIT"]) {
            return found;
        }
        found = true;
    }
}

/// Reads what follows `ALTER INDEX`.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let if_exists = cursor.take_if_exists();
    let from = cursor.object()?;
    if cursor.take(&["RENAME", "TO"]) {
        return Some(Reading::one(Change::RenameIndex { from, to: cursor.name()?.name, if_exists }));
    }
    // Storage, tablespace, statistics, a partition's index.
    Some(Reading::Neutral)
}
