//! DROP, of anything but a table's parts.

use revchain_core::Dialect;

use crate::change::{Action, Change, Drops, Kind, Named};

use super::{Cursor, Keyword, Reading, other, refused, rest_of, routine};

/// Reads what follows DROP.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Reading> {
    if cursor.take_any(&["TEMP", "TEMPORARY"]).is_some() {
        return temporary(cursor);
    }
    let start = cursor.position();
    let word = Keyword::at(cursor, 0);
    cursor.next()?;
    Some(Reading::one(match word {
        "TABLE" | "TABLES" => Change::DropTable(tables(cursor)?),
        "FOREIGN" if cursor.take(&["TABLE"]) => Change::DropTable(tables(cursor)?),
        "VIEW" => Change::DropView { drops: drops(cursor)?, materialized: false },
        "MATERIALIZED" if cursor.take(&["VIEW"]) => Change::DropView { drops: drops(cursor)?, materialized: true },
        "INDEX" => return index(cursor),
        "TYPE" => Change::DropType { drops: drops(cursor)?, domain: false },
        "DOMAIN" => Change::DropType { drops: drops(cursor)?, domain: true },
        "SEQUENCE" => Change::DropSequence(drops(cursor)?),
        // A database of PostgreSQL's is none of this schema.
        "DATABASE" if cursor.dialect() == Dialect::Postgres => return Some(Reading::Neutral),
        "SCHEMA" | "DATABASE" => Change::DropNamespace(bare_drops(cursor)?),
        "EXTENSION" => Change::DropExtension(bare_drops(cursor)?),
        "FUNCTION" | "PROCEDURE" | "ROUTINE" => return routine::drop(cursor),
        "AGGREGATE" => {
            cursor.take(&["FUNCTION"]);
            return routine::drop(cursor);
        }
        "TRIGGER" => trigger(cursor)?,
        "OWNED" => return None,
        _ => {
            cursor.seek(start);
            return other::drop(cursor);
        }
    }))
}

/// Names, and what stands around them.
pub(super) fn drops(cursor: &mut Cursor<'_>) -> Option<Drops> {
    let if_exists = cursor.take_if_exists();
    let names = cursor.objects();
    take_wait(cursor);
    let cascade = cursor.take_cascade();
    (!names.is_empty()).then_some(Drops { names, if_exists, cascade })
}

/// Tables; a temporary one's schema is its own.
fn tables(cursor: &mut Cursor<'_>) -> Option<Drops> {
    let mut drops = drops(cursor)?;
    for named in &mut drops.names {
        named.name.schema.take_if(|schema| matches!(schema.key(), "temp" | "pg_temp"));
    }
    Some(drops)
}

fn bare_drops(cursor: &mut Cursor<'_>) -> Option<Drops<crate::model::Name>> {
    let if_exists = cursor.take_if_exists();
    let mut names = vec![cursor.name()?];
    while cursor.take_mark(',') {
        names.push(cursor.name()?);
    }
    Some(Drops { names, if_exists, cascade: cursor.take_cascade() })
}

/// MariaDB's patience.
pub(super) fn take_wait(cursor: &mut Cursor<'_>) {
    if cursor.take(&["WAIT"]) {
        cursor.next();
    } else {
        cursor.take(&["NOWAIT"]);
    }
}

/// `DROP TEMPORARY TABLE IF EXISTS` never drops the table that lies behind: whether there was a temporary one, nobody knows.
fn temporary(cursor: &mut Cursor<'_>) -> Option<Reading> {
    if cursor.take(&["SEQUENCE"]) {
        return Some(Reading::touching(drops(cursor)?.names));
    }
    cursor.take_any(&["TABLE", "TABLES"])?;
    let drops = drops(cursor)?;
    Some(match drops.if_exists {
        true => Reading::touching(drops.names),
        false => Reading::one(Change::DropTable(drops)),
    })
}

fn index(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let concurrently = cursor.take(&["CONCURRENTLY"]);
    let drops = drops(cursor)?;
    if !cursor.take(&["ON"]) {
        if cursor.dialect() == Dialect::Mysql {
            return Some(Reading::Refused(refused::drop_index(cursor)));
        }
        return Some(Reading::one(Change::DropIndex { drops, table: None, concurrently }));
    }
    let table = cursor.object()?;
    super::index::take_locking(cursor);
    let primary = drops.names.iter().any(|named| named.name.name.key().eq_ignore_ascii_case("primary"));
    if primary && cursor.dialect() == Dialect::Mysql {
        let action = Action::Drop { kind: Kind::PrimaryKey, name: None, if_exists: drops.if_exists, cascade: false };
        let actions = vec![(action, rest_of(cursor))];
        return Some(Reading::one(Change::AlterTable { table, if_exists: false, actions }));
    }
    Some(Reading::one(Change::DropIndex { drops, table: Some(table), concurrently }))
}

fn trigger(cursor: &mut Cursor<'_>) -> Option<Change> {
    let if_exists = cursor.take_if_exists();
    let name = cursor.object()?;
    let table: Option<Named> = match cursor.take(&["ON"]) {
        true => Some(cursor.object()?),
        false => None,
    };
    cursor.take_cascade();
    Some(Change::DropTrigger { name, table, if_exists })
}
