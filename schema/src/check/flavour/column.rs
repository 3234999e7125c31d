//! What is said of a column, where it is made and where it is changed.

use revchain_core::sql::TokenKind;

use super::difference::{
    BEHIND_CHECK, BEHIND_GENERATED, COLUMN_STORAGE, COMPRESSED_COLUMN, DEFAULT_EXPRESSION, Difference, LONG_DEFAULT,
    NAMED_CHECK, NAMED_REFERENCE, PERSISTENT, REF_SYSTEM_ID, SEQUENCE, SRID, SYSTEM_VERSIONING, TYPE, VISIBLE_COLUMN,
};
use super::{Judge, option, table};

/// The types that only MariaDB has.
const TYPES: [&str; 4] = ["UUID", "INET6", "INET4", "XMLTYPE"];

/// Those that on MySQL have no default, unless it is an expression.
const LONG: [&str; 10] =
    ["TEXT", "JSON", "TINYTEXT", "MEDIUMTEXT", "LONGTEXT", "BLOB", "TINYBLOB", "MEDIUMBLOB", "LONGBLOB", "GEOMETRY"];

/// What on MariaDB may not follow a column's check.
const BEFORE_CHECK: [&str; 11] = [
    "NOT",
    "NULL",
    "DEFAULT",
    "UNIQUE",
    "PRIMARY",
    "KEY",
    "COMMENT",
    "AUTO_INCREMENT",
    "CHECK",
    "COLLATE",
    "INVISIBLE",
];

/// What on MariaDB may not follow the expression of a generated column.
const NOT_GENERATED: [&str; 5] = ["NOT", "NULL", "PRIMARY", "KEY", "COLLATE"];

/// Reads a name and its definition.
pub(super) fn column(judge: &mut Judge<'_>) {
    judge.name();
    definition(judge);
}

/// Reads a type and what follows it, up to the next element.
pub(super) fn definition(judge: &mut Judge<'_>) {
    let from = judge.cursor.position();
    if judge.cursor.take_any(&TYPES).is_some() {
        judge.say(from, &TYPE);
    }
    let is_long = judge.cursor.take_any(&LONG).is_some();
    // Behind which of its parts we are.
    let mut rule: Option<(&[&str], &'static Difference)> = None;
    while !judge.cursor.is_at_end() && !judge.cursor.sees_mark(0, ',') && !judge.cursor.sees_mark(0, ')') {
        let from = judge.cursor.position();
        if let Some((words, difference)) = rule
            && judge.cursor.is_any(words)
            && !(judge.cursor.sees(0, "NOT") && judge.cursor.sees(1, "ENFORCED"))
        {
            judge.cursor.next();
            judge.say(from, difference);
            judge.cursor.seek(from);
            rule = None;
        }
        match judge.cursor.take_any(&[
            "NOT",
            "DEFAULT",
            "COMMENT",
            "UNIQUE",
            "CHECK",
            "CONSTRAINT",
            "AS",
            "COLLATE",
            "REFERENCES",
            "ON",
            "AFTER",
            "CHARACTER",
            "CHARSET",
            "VISIBLE",
            "PERSISTENT",
            "COMPRESSED",
            "SRID",
            "COLUMN_FORMAT",
            "STORAGE",
            "REF_SYSTEM_ID",
            "WITH",
            "WITHOUT",
        ]) {
            Some("DEFAULT") => default(judge, is_long),
            Some("COLLATE") => option::collation(judge),
            Some("UNIQUE") => {
                judge.cursor.take(&["KEY"]);
            }
            // Names, texts and words that are no attributes of their own.
            Some("NOT" | "COMMENT" | "AFTER" | "CHARSET") => judge.cursor.skip(),
            Some("CHARACTER") if judge.cursor.take(&["SET"]) => judge.cursor.skip(),
            Some("ON") => {
                judge.cursor.next();
                judge.cursor.take(&["SET"]);
                judge.cursor.skip();
            }
            Some("REFERENCES") => judge.object(),
            Some("CHECK") => {
                judge.cursor.skip_parentheses();
                table::enforced(judge);
                rule = Some((&BEFORE_CHECK, &BEHIND_CHECK));
            }
            Some("CONSTRAINT") => {
                if !judge.cursor.is_any(&["CHECK", "REFERENCES"]) {
                    judge.cursor.next();
                }
                match () {
                    () if judge.cursor.sees(0, "CHECK") => judge.say(from, &NAMED_CHECK),
                    () if judge.cursor.sees(0, "REFERENCES") => judge.say(from, &NAMED_REFERENCE),
                    () => {}
                }
            }
            Some("AS") if judge.cursor.skip_parentheses().is_some() => {
                judge.cursor.take_any(&["VIRTUAL", "STORED"]);
                let from = judge.cursor.position();
                if judge.cursor.take(&["PERSISTENT"]) {
                    judge.say(from, &PERSISTENT);
                }
                rule = Some((&NOT_GENERATED, &BEHIND_GENERATED));
            }
            Some("AS") if judge.cursor.take(&["ROW", "START"]) || judge.cursor.take(&["ROW", "END"]) => {
                judge.say(from, &SYSTEM_VERSIONING);
            }
            Some("WITH" | "WITHOUT") if judge.cursor.take(&["SYSTEM", "VERSIONING"]) => {
                judge.say(from, &SYSTEM_VERSIONING);
            }
            Some("VISIBLE") => judge.say(from, &VISIBLE_COLUMN),
            Some("COMPRESSED") => judge.say(from, &COMPRESSED_COLUMN),
            Some("SRID") if judge.kind(0) == Some(TokenKind::Number) => judge.say(from, &SRID),
            Some("REF_SYSTEM_ID") => judge.say(from, &REF_SYSTEM_ID),
            Some("COLUMN_FORMAT" | "STORAGE") if !judge.cursor.sees_mark(0, '=') => {
                judge.cursor.skip();
                judge.say(from, &COLUMN_STORAGE);
            }
            Some(_) => {}
            None => judge.cursor.skip(),
        }
    }
}

/// Behind `DEFAULT`.
fn default(judge: &mut Judge<'_>, is_long: bool) {
    let from = judge.cursor.position();
    if judge.take(&["NEXT", "VALUE", "FOR"], &SEQUENCE) || judge.cursor.skip_parentheses().is_some() {
        return;
    }
    if is_computed(judge) {
        judge.cursor.next();
        judge.cursor.skip_parentheses();
        judge.say(from, &DEFAULT_EXPRESSION);
        return;
    }
    let is_literal = matches!(judge.kind(0), Some(TokenKind::String | TokenKind::Number));
    // An empty one is left out where the server is not strict.
    let is_empty = judge.cursor.text(0).len() <= 2 && judge.sees_text(0);
    judge.cursor.skip();
    if is_long && is_literal && !is_empty {
        judge.say(from, &LONG_DEFAULT);
    }
}

/// Whether a function's call comes next, or a word that stands for one; but for the time of day, which both take as it is.
pub(super) fn is_computed(judge: &Judge<'_>) -> bool {
    let is_word = judge.kind(0) == Some(TokenKind::Word);
    let stands_for_one = || {
        judge.cursor.is_any(&[
            "CURRENT_DATE",
            "CURRENT_TIME",
            "CURRENT_USER",
            "UTC_DATE",
            "UTC_TIME",
            "UTC_TIMESTAMP",
            "CURRENT_ROLE",
        ])
    };
    is_word && !is_time(judge) && (judge.cursor.sees_mark(1, '(') || stands_for_one())
}

/// Whether the time of day comes next.
pub(super) fn is_time(judge: &Judge<'_>) -> bool {
    judge.cursor.is_any(&["CURRENT_TIMESTAMP", "NOW", "LOCALTIME", "LOCALTIMESTAMP"])
}
