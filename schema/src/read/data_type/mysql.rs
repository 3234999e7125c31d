//! MySQL's and MariaDB's types, as `SHOW CREATE TABLE` of MySQL 8 prints them: whole numbers have no width.

use super::super::{Cursor, Keyword};
use super::arguments;
use crate::model::DataType;

pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<DataType> {
    let word = Keyword::at(cursor, 0);
    if !cursor.sees_name() {
        return None;
    }
    let written = cursor.next()?;
    let mut data_type = match word {
        "BOOL" | "BOOLEAN" => with("tinyint", &["1"]),
        "TINYINT" | "INT1" => {
            let mut arguments = arguments(cursor);
            arguments.retain(|width| width == "1");
            DataType { arguments, ..DataType::named("tinyint") }
        }
        "SMALLINT" | "INT2" => whole(cursor, "smallint"),
        "MEDIUMINT" | "INT3" | "MIDDLEINT" => whole(cursor, "mediumint"),
        "INT" | "INTEGER" | "INT4" => whole(cursor, "int"),
        "BIGINT" | "INT8" => whole(cursor, "bigint"),
        "DECIMAL" | "DEC" | "NUMERIC" | "FIXED" => {
            let mut arguments = arguments(cursor);
            for missing in ["10", "0"].iter().skip(arguments.len()) {
                arguments.push((*missing).to_owned());
            }
            DataType { arguments, ..DataType::named("decimal") }
        }
        "FLOAT" | "FLOAT4" => {
            let mut arguments = arguments(cursor);
            let digits = match arguments.as_slice() {
                [digits] => digits.parse::<u32>().unwrap_or_default(),
                _ => 0,
            };
            let double = digits > 24;
            // Of one argument nothing else is left, but where no server takes it.
            if arguments.len() == 1 && digits <= 53 {
                arguments.clear();
            }
            DataType { arguments, ..DataType::named(if double { "double" } else { "float" }) }
        }
        "DOUBLE" | "REAL" | "FLOAT8" => {
            cursor.take(&["PRECISION"]);
            DataType { arguments: arguments(cursor), ..DataType::named("double") }
        }
        "BIT" => sized(cursor, "bit"),
        "BINARY" => sized(cursor, "binary"),
        "CHAR" | "CHARACTER" | "NCHAR" | "NATIONAL" => {
            let national = word.starts_with('N');
            let mut varying = false;
            if word == "NATIONAL" {
                varying = cursor.take_any(&["VARCHAR", "VARCHARACTER"]).is_some();
                cursor.take_any(&["CHAR", "CHARACTER"]);
            }
            varying |= cursor.take_any(&["VARYING", "VARCHAR"]).is_some();
            let mut data_type = if varying { text(cursor, "varchar") } else { sized(cursor, "char") };
            if national {
                data_type.character_set = Some("utf8mb3".to_owned());
            }
            data_type
        }
        "VARCHARACTER" => text(cursor, "varchar"),
        "NVARCHAR" => DataType { character_set: Some("utf8mb3".to_owned()), ..text(cursor, "varchar") },
        "LONG" => {
            let binary = cursor.take(&["VARBINARY"]);
            if !binary && !cursor.take(&["CHAR", "VARYING"]) {
                cursor.take_any(&["VARCHAR", "VARCHARACTER"]);
            }
            DataType::named(if binary { "mediumblob" } else { "mediumtext" })
        }
        "TEXT" | "BLOB" => large(cursor, word),
        // The two digits of old are gone, and the four are printed or not.
        "YEAR" => whole(cursor, "year"),
        "DATETIME" | "TIMESTAMP" | "TIME" => {
            let mut arguments = arguments(cursor);
            arguments.retain(|digits| digits != "0");
            DataType { arguments, ..DataType::named(word.to_ascii_lowercase()) }
        }
        "GEOMCOLLECTION" => DataType::named("geometrycollection"),
        _ => {
            let name = cursor.name_of(written);
            text(cursor, name.key())
        }
    };
    attributes(cursor, &mut data_type);
    if data_type.character_set.as_deref() == Some("binary") {
        bytes(&mut data_type);
    }
    Some(data_type)
}

/// What belongs to the type and stands after it.
fn attributes(cursor: &mut Cursor<'_>, data_type: &mut DataType) {
    loop {
        match Keyword::at(cursor, 0) {
            "UNSIGNED" => data_type.unsigned = true,
            "ZEROFILL" => (data_type.zerofill, data_type.unsigned) = (true, true),
            "SIGNED" | "BINARY" => {}
            "ASCII" => data_type.character_set = Some("latin1".to_owned()),
            "UNICODE" => data_type.character_set = Some("ucs2".to_owned()),
            "BYTE" if data_type.name == "char" => "binary".clone_into(&mut data_type.name),
            "CHARSET" | "CHARACTER" | "CHAR" if takes_character_set(cursor) => {
                data_type.character_set = character_set(cursor);
                continue;
            }
            _ => return,
        }
        cursor.next();
    }
}

/// Text of the character set `binary` is none.
fn bytes(data_type: &mut DataType) {
    data_type.name = match data_type.name.as_str() {
        "char" => "binary".to_owned(),
        "varchar" => "varbinary".to_owned(),
        name => match name.strip_suffix("text") {
            Some(size) => format!("{size}blob"),
            None => return,
        },
    };
    data_type.character_set = None;
}

/// Reads `CHARACTER SET`, `CHAR SET` or `CHARSET`, if it comes next.
pub(crate) fn takes_character_set(cursor: &mut Cursor<'_>) -> bool {
    cursor.take(&["CHARSET"]) || cursor.take(&["CHARACTER", "SET"]) || cursor.take(&["CHAR", "SET"])
}

/// Reads the name of a character set. `utf8` is what is called `utf8mb3` now.
pub(crate) fn character_set(cursor: &mut Cursor<'_>) -> Option<String> {
    cursor.take_mark('=');
    let name = word_or_string(cursor)?;
    Some(if name == "utf8" { "utf8mb3".to_owned() } else { name })
}

/// Reads the name of a collation.
pub(crate) fn collation(cursor: &mut Cursor<'_>) -> Option<String> {
    cursor.take_mark('=');
    let name = word_or_string(cursor)?;
    Some(match name.strip_prefix("utf8_") {
        Some(rest) => format!("utf8mb3_{rest}"),
        None => name,
    })
}

fn word_or_string(cursor: &mut Cursor<'_>) -> Option<String> {
    match cursor.name() {
        Some(name) => Some(name.name.key().to_owned()),
        None => cursor.string().map(|name| name.to_lowercase()),
    }
}

fn with(name: &str, arguments: &[&str]) -> DataType {
    DataType { arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(), ..DataType::named(name) }
}

/// A whole number: its width means nothing.
fn whole(cursor: &mut Cursor<'_>, name: &str) -> DataType {
    arguments(cursor);
    DataType::named(name)
}

fn text(cursor: &mut Cursor<'_>, name: &str) -> DataType {
    DataType { arguments: arguments(cursor), ..DataType::named(name) }
}

/// Of one, where nothing is said.
fn sized(cursor: &mut Cursor<'_>, name: &str) -> DataType {
    let mut data_type = text(cursor, name);
    if data_type.arguments.is_empty() {
        data_type.arguments.push("1".to_owned());
    }
    data_type
}

/// `TEXT(n)`, `BLOB(n)`: the smallest that holds so much (of four bytes each, as `utf8mb4` counts).
fn large(cursor: &mut Cursor<'_>, word: &str) -> DataType {
    let each = if word == "TEXT" { 4 } else { 1 };
    let bytes =
        arguments(cursor).first().and_then(|size| size.parse::<u64>().ok()).map(|size| size.saturating_mul(each));
    let prefix = match bytes {
        Some(1..0x100) => "tiny",
        Some(0x1_0000..0x100_0000) => "medium",
        Some(0x100_0000..) => "long",
        _ => "",
    };
    DataType::named(format!("{prefix}{}", word.to_ascii_lowercase()))
}
