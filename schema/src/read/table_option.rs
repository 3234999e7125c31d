//! Options of a MySQL table, in `CREATE` and in `ALTER`.

use super::{Cursor, Keyword, data_type};

/// An option of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TableOption {
    /// `COMMENT`.
    Comment(Option<String>),
    /// What is compared, and not understood: key and value, `None` for what a table is without it.
    Set(&'static str, Option<String>),
    /// What the schema doesn't show.
    Neutral,
}

/// Reads one. `None`, and nothing read, where none comes next.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Option<TableOption> {
    let start = cursor.position();
    let option = option(cursor);
    if option.is_none() {
        cursor.seek(start);
    }
    option
}

fn option(cursor: &mut Cursor<'_>) -> Option<TableOption> {
    cursor.take(&["DEFAULT"]);
    if data_type::takes_character_set(cursor) {
        return Some(TableOption::Set("character set", data_type::character_set(cursor)));
    }
    let word = Keyword::at(cursor, 0);
    cursor.next()?;
    Some(match &*word {
        "COLLATE" => TableOption::Set("collate", data_type::collation(cursor)),
        "ENGINE" | "TYPE" => {
            cursor.take_mark('=');
            let name = cursor.name().map(|name| name.name.key().to_owned());
            let name = name.or_else(|| cursor.string().map(|name| name.to_lowercase()));
            // The engine of every table that names none.
            TableOption::Set("engine", name.filter(|name| name != "innodb"))
        }
        "COMMENT" => {
            cursor.take_mark('=');
            TableOption::Comment(cursor.string().filter(|comment| !comment.is_empty()))
        }
        "UNION" => {
            cursor.take_mark('=');
            cursor.skip();
            TableOption::Neutral
        }
        "DATA" | "INDEX" if cursor.take(&["DIRECTORY"]) => {
            cursor.take_mark('=');
            cursor.next();
            TableOption::Neutral
        }
        "TABLESPACE" => {
            cursor.take_mark('=');
            cursor.next();
            if cursor.take(&["STORAGE"]) {
                cursor.next();
            }
            TableOption::Neutral
        }
        "START" if cursor.take(&["TRANSACTION"]) => TableOption::Neutral,
        "STORAGE" => {
            cursor.next();
            TableOption::Neutral
        }
        "WITH" if cursor.take(&["SYSTEM", "VERSIONING"]) => {
            TableOption::Set("system versioning", Some("yes".to_owned()))
        }
        "AUTO_INCREMENT"
        | "AVG_ROW_LENGTH"
        | "CHECKSUM"
        | "TABLE_CHECKSUM"
        | "COMPRESSION"
        | "CONNECTION"
        | "DELAY_KEY_WRITE"
        | "ENCRYPTION"
        | "INSERT_METHOD"
        | "KEY_BLOCK_SIZE"
        | "MAX_ROWS"
        | "MIN_ROWS"
        | "PACK_KEYS"
        | "PASSWORD"
        | "ROW_FORMAT"
        | "STATS_AUTO_RECALC"
        | "STATS_PERSISTENT"
        | "STATS_SAMPLE_PAGES"
        | "AUTOEXTEND_SIZE"
        | "ENGINE_ATTRIBUTE"
        | "SECONDARY_ENGINE_ATTRIBUTE"
        | "SECONDARY_ENGINE"
        | "TRANSACTIONAL"
        | "SEQUENCE"
        | "PAGE_CHECKSUM"
        | "PAGE_COMPRESSED"
        | "PAGE_COMPRESSION_LEVEL"
        | "ENCRYPTED"
        | "ENCRYPTION_KEY_ID"
        | "ALGORITHM"
        | "LOCK" => {
            cursor.take_mark('=');
            cursor.next();
            TableOption::Neutral
        }
        // An engine's own.
        _ if cursor.take_mark('=') => {
            cursor.next();
            TableOption::Neutral
        }
        _ => return None,
    })
}

/// Reads what stands behind `PARTITION BY`, for both dialects that have it: how it is parted. Into which partitions is no part
/// of it, for these come and go.
pub(crate) fn partition_by(cursor: &mut Cursor<'_>) -> String {
    let start = cursor.position();
    while !cursor.is_at_end() && cursor.skip_parentheses().is_none() {
        cursor.next();
    }
    cursor.expression((start, cursor.position())).as_str().to_owned()
}
