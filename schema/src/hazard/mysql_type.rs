//! MySQL's and MariaDB's `MODIFY` and `CHANGE` on live tables. Only what both of them do is claimed: where MySQL copies and
//! MariaDB doesn't (or the character set decides, and isn't known) nothing is.
//!
//! Sources: MySQL 8's documentation of online DDL; MariaDB 10.11, asked with `ALGORITHM=`.

use revchain_core::{Code, Dialect};

use super::{Context, Hazard, mysql, not_null};
use crate::change::{Named, Part};
use crate::model::{Column, DataType, Identity, Name, Storage, Table, written};

/// RC427, or else RC422, RC421, RC424, RC488: of one clause the gravest.
pub(super) fn modify(
    table: &Named,
    from: &Name,
    column: &Column,
    part: Part,
    context: &Context<'_>,
    found: &mut Vec<Hazard>,
) {
    let Some((name, there)) = context.known(table) else { return };
    let Some(before) = there.column(from) else { return };
    let (Some(old), Some(new)) = (&before.data_type, &column.data_type) else { return };
    let innodb = !there.options.contains_key("engine");
    let stored = |column: &Column| column.generated.as_ref().is_some_and(|it| it.storage == Storage::Stored);
    let copied = |code, why: String, help: String| {
        Hazard::at(code, part, format!("nobody can write to `{name}` while it is copied: {why}"), help)
    };
    let shown = &column.name;
    if before.generated.is_some() || column.generated.is_some() {
        if innodb && before.generated.is_none() && stored(column) {
            let help = "add another column, VIRTUAL, which is computed when it is read".to_owned();
            found.push(copied(Code::StoredGenerated, format!("`{shown}` is computed for each row, and stored"), help));
        }
        return;
    }
    let sets = (character_set(before, there), character_set(column, there));
    if innodb && (copies(old, new, sets.0) || is_text(old) && differ(sets)) {
        let table = context.shown(table.part);
        let (from, to) = (
            written(from, Dialect::Mysql),
            written(&Name::new(&format!("{from}_new"), Dialect::Mysql), Dialect::Mysql),
        );
        let help = format!(
            "add a column of the new type, write both, fill it in batches, and switch; or copy the table beside its use \
             (`gh-ost`, `pt-online-schema-change`):\n\
             ALTER TABLE {table} ADD COLUMN {to} {new};\n\
             -- in a revision behind it\n\
             -- @upgrade; repeat: 10000\n\
             UPDATE {table} SET {to} = {from} WHERE {to} IS NULL AND {from} IS NOT NULL LIMIT 10000;"
        );
        found.push(copied(Code::TypeRewrite, format!("`{shown}` becomes `{new}`"), help));
    } else if innodb && column.identity == Some(Identity::AutoIncrement) && before.identity.is_none() {
        let help = mysql::BESIDE.to_owned();
        found.push(copied(Code::AutoIncrementAdded, format!("`{shown}` counts from now on"), help));
    } else if before.nullable && !column.nullable {
        found.extend(not_null::modified(table, &name, before, part, context));
    } else if !before.nullable && column.nullable && !is_key(there, from) {
        found.push(not_null::again(&name, before, part));
    }
}

fn is_key(table: &Table, column: &Name) -> bool {
    table.primary_key.as_ref().is_some_and(|key| key.columns.contains(column))
}

/// Whether both servers copy a table to make this of that. `character_set` is the old one's.
fn copies(old: &DataType, new: &DataType, character_set: Option<&str>) -> bool {
    const KNOWN: [&str; 31] = [
        "tinyint",
        "smallint",
        "mediumint",
        "int",
        "bigint",
        "decimal",
        "float",
        "double",
        "bit",
        "char",
        "varchar",
        "tinytext",
        "text",
        "mediumtext",
        "longtext",
        "binary",
        "varbinary",
        "tinyblob",
        "blob",
        "mediumblob",
        "longblob",
        "date",
        "datetime",
        "timestamp",
        "time",
        "year",
        "json",
        "enum",
        "set",
        "uuid",
        "inet6",
    ];
    let known = |data_type: &DataType| data_type.schema.is_none() && KNOWN.contains(&data_type.name.as_str());
    if !known(old) || !known(new) {
        return false;
    }
    // JSON is LONGTEXT on MariaDB.
    let is_json = |data_type: &DataType| ["json", "longtext"].contains(&data_type.name.as_str());
    if old.name != new.name {
        return !(is_json(old) && is_json(new));
    }
    let (before, after) = (old.arguments.as_slice(), new.arguments.as_slice());
    match old.name.as_str() {
        "smallint" | "mediumint" | "int" | "bigint" | "tinyint" => old.unsigned != new.unsigned,
        "varchar" | "varbinary" => {
            let width = match (old.name.as_str(), character_set) {
                ("varbinary", _) => Some(1),
                (_, character_set) => character_set.and_then(bytes_per_character),
            };
            lengths(before, after).is_some_and(|(before, after)| {
                // A length of up to 255 bytes takes one byte, another two. MariaDB leaves columns of up to 127 as they are.
                after < before
                    || width.is_some_and(|width| (128..=255).contains(&(before * width)) && after * width > 255)
            })
        }
        "char" | "binary" | "bit" => lengths(before, after).is_some_and(|(before, after)| before != after),
        "decimal" => before != after || old.unsigned != new.unsigned,
        "datetime" | "timestamp" | "time" => before != after,
        // New values at the end cost nothing.
        "enum" | "set" => !after.starts_with(before),
        _ => false,
    }
}

fn lengths(before: &[String], after: &[String]) -> Option<(u64, u64)> {
    Some((before.first()?.parse::<u32>().ok()?.into(), after.first()?.parse::<u32>().ok()?.into()))
}

fn bytes_per_character(character_set: &str) -> Option<u64> {
    Some(match character_set {
        "utf8mb4" | "utf16" | "utf32" | "utf16le" => 4,
        "utf8mb3" => 3,
        "ucs2" => 2,
        "latin1" | "latin2" | "ascii" => 1,
        _ => return None,
    })
}

/// A column's character set, where anybody says it: the server has a default, which is not the chain's.
pub(super) fn character_set<'a>(column: &'a Column, table: &'a Table) -> Option<&'a str> {
    let of_collation =
        |collation: &'a str| collation.split('_').next().filter(|set| bytes_per_character(set).is_some());
    let own = column.data_type.as_ref().and_then(|data_type| data_type.character_set.as_deref());
    own.or_else(|| column.collation.as_ref().and_then(|collation| of_collation(collation.as_str())))
        .or_else(|| table.options.get("character set").map(String::as_str))
        .or_else(|| table.options.get("collate").and_then(|collation| of_collation(collation)))
}

/// Whether both servers copy a column's text for this. MariaDB leaves it as it is where the new set holds the old one's bytes.
pub(super) fn differ(sets: (Option<&str>, Option<&str>)) -> bool {
    match sets {
        (Some("utf8mb3"), Some("utf8mb4")) | (Some("ascii"), _) => false,
        (Some(before), Some(after)) => {
            bytes_per_character(before).is_some() && bytes_per_character(after).is_some() && before != after
        }
        _ => false,
    }
}

/// Whether a type has a character set.
pub(super) fn is_text(data_type: &DataType) -> bool {
    ["char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"].contains(&data_type.name.as_str())
}
