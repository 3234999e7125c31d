//! Options of a table, and what stands among them.

use super::Judge;
use super::difference::{COLLATION, ENGINE, SYSTEM_VERSIONING, TABLE_OPTION_OF_MARIADB, TABLE_OPTION_OF_MYSQL};

/// Reads options up to the end, or to a query, or to how the table is partitioned.
pub(super) fn options(judge: &mut Judge<'_>) {
    while !judge.cursor.is_at_end() {
        if judge.cursor.take(&["PARTITION", "BY"]) {
            partitioned(judge);
            return;
        }
        if judge.cursor.is_any(&["AS", "SELECT", "IGNORE", "REPLACE", "VALUES", "TABLE", "LIKE"])
            || judge.cursor.sees_mark(0, '(')
            || judge.cursor.sees(0, "WITH") && !judge.cursor.sees(1, "SYSTEM")
        {
            return;
        }
        one(judge);
        judge.cursor.take_mark(',');
    }
}

/// Behind `PARTITION BY`.
pub(super) fn partitioned(judge: &mut Judge<'_>) {
    judge.take(&["SYSTEM_TIME"], &SYSTEM_VERSIONING);
}

/// Reads one option.
pub(super) fn one(judge: &mut Judge<'_>) {
    let from = judge.cursor.position();
    if judge.take(&["WITH", "SYSTEM", "VERSIONING"], &SYSTEM_VERSIONING)
        || judge.take(&["START", "TRANSACTION"], &TABLE_OPTION_OF_MYSQL)
    {
        return;
    }
    let option = judge.cursor.take_any(&[
        "ENGINE",
        "COLLATE",
        "ROW_FORMAT",
        "TABLESPACE",
        "TRANSACTIONAL",
        "PAGE_CHECKSUM",
        "PAGE_COMPRESSED",
        "PAGE_COMPRESSION_LEVEL",
        "ENCRYPTED",
        "ENCRYPTION_KEY_ID",
        "AUTOEXTEND_SIZE",
        "SECONDARY_ENGINE",
        "ENCRYPTION",
        "COMPRESSION",
    ]);
    let has_sign = match option {
        Some(_) => judge.cursor.take_mark('='),
        None => {
            // `DEFAULT CHARACTER SET = x`; the value is read as an option that has none.
            judge.cursor.skip();
            judge.cursor.take_mark('=') && {
                judge.cursor.skip();
                true
            }
        }
    };
    match option {
        Some("ENGINE") if is_word(judge, "aria") => {
            judge.cursor.skip();
            judge.say(from, &ENGINE);
        }
        Some("COLLATE") => collation(judge),
        Some("ROW_FORMAT") if judge.cursor.sees(0, "PAGE") => {
            judge.cursor.skip();
            judge.say(from, &TABLE_OPTION_OF_MARIADB);
        }
        // Without the sign both take it.
        Some("TABLESPACE") if !has_sign => judge.cursor.skip(),
        Some("ENGINE" | "ROW_FORMAT") => judge.cursor.skip(),
        Some("AUTOEXTEND_SIZE" | "SECONDARY_ENGINE" | "ENCRYPTION" | "COMPRESSION" | "TABLESPACE") => {
            judge.cursor.skip();
            judge.say(from, &TABLE_OPTION_OF_MYSQL);
        }
        Some(_) => {
            judge.cursor.skip();
            judge.say(from, &TABLE_OPTION_OF_MARIADB);
        }
        None => {}
    }
}

/// Whether a word comes next, in quotes or without.
fn is_word(judge: &Judge<'_>, word: &str) -> bool {
    judge.cursor.text(0).trim_matches(['\'', '"', '`']).eq_ignore_ascii_case(word)
}

/// A collation's name.
pub(super) fn collation(judge: &mut Judge<'_>) {
    let from = judge.cursor.position();
    let name = judge.cursor.text(0).trim_matches(['\'', '"', '`']).to_ascii_lowercase();
    judge.cursor.next();
    if name.starts_with("uca1400_") || name.contains("_uca1400_") || name.contains("_nopad_") {
        judge.say(from, &COLLATION);
    }
}
