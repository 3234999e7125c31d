//! Types as people write them, in words that several dialects have where they mean the same: `INTEGER`, `VARCHAR(255)`, `BOOLEAN`. So a
//! statement for one is often that for another. Never spells what a user made.

use std::fmt::Write as _;

use revchain_core::Dialect;

use crate::model::DataType;

/// PostgreSQL's that stand as they are.
#[rustfmt::skip]
const POSTGRES: [&str; 22] = [
    "bigint", "bit", "bit varying", "boolean", "bytea", "cidr", "date", "double precision", "inet", "integer", "interval", "json",
    "jsonb", "macaddr", "money", "numeric", "oid", "real", "smallint", "text", "uuid", "xml",
];

/// A type's spelling. `None` of one that is written as it is known.
pub(super) fn spelt(of: &DataType, dialect: Dialect) -> Option<String> {
    if of.schema.is_some() {
        return None;
    }
    let name = of.name.as_str();
    let word = match (dialect, name) {
        (Dialect::Postgres, "character varying") => "VARCHAR",
        (Dialect::Postgres, "character") => "CHAR",
        (Dialect::Postgres, "timestamp without time zone") => "TIMESTAMP",
        (Dialect::Postgres, "timestamp with time zone") => "TIMESTAMPTZ",
        (Dialect::Postgres, "time without time zone") => "TIME",
        (Dialect::Postgres, "time with time zone") => "TIMETZ",
        (Dialect::Postgres, name) => POSTGRES.contains(&name).then_some(name)?,
        (Dialect::Mysql, "tinyint") if of.arguments == ["1"] && !of.unsigned && !of.zerofill => {
            return Some("BOOLEAN".to_owned());
        }
        (Dialect::Mysql, "int") => "INTEGER",
        (Dialect::Mysql, "decimal") => "NUMERIC",
        (Dialect::Mysql, "double") if of.arguments.is_empty() => "DOUBLE PRECISION",
        (Dialect::Mysql, name) => name,
        // Any text is a type there; these words mean the same in either case.
        (Dialect::Sqlite, name) => {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b' ';
            name.bytes().all(is_plain).then_some(name)?
        }
    };
    let mut text = word.to_ascii_uppercase();
    if !of.arguments.is_empty() {
        let _ = write!(text, "({})", of.arguments.join(", "));
    }
    text.push_str(if of.unsigned { " UNSIGNED" } else { "" });
    text.push_str(if of.zerofill { " ZEROFILL" } else { "" });
    if let Some(character_set) = &of.character_set {
        let _ = write!(text, " CHARACTER SET {character_set}");
    }
    text.push_str(if of.array { "[]" } else { "" });
    Some(text)
}
