//! What statements begin with, and those that are judged by that alone.

use revchain_core::sql::TokenKind;

use super::difference::{
    ANONYMOUS_BLOCK, DATABASE_COMMENT, DATABASE_OPTION, DROP_INDEX_OPTION, EXECUTE_IMMEDIATE, IF_EXISTS, OR_REPLACE,
    PACKAGE, PERSIST, SEQUENCE, SET_STATEMENT, STATEMENT_OF_MYSQL, WAIT,
};
use super::{Judge, alter, key, rows, table};

/// What MariaDB can make anew in one statement, beside views.
const REPLACED: [&str; 17] = [
    "TABLE",
    "TEMPORARY",
    "INDEX",
    "UNIQUE",
    "FULLTEXT",
    "DATABASE",
    "SCHEMA",
    "SEQUENCE",
    "TRIGGER",
    "FUNCTION",
    "AGGREGATE",
    "PROCEDURE",
    "EVENT",
    "USER",
    "ROLE",
    "SERVER",
    "PACKAGE",
];

/// What MySQL alone makes, alters and drops, all of it outside of any table.
const OBJECTS_OF_MYSQL: [[&str; 2]; 4] =
    [["SPATIAL", "REFERENCE"], ["RESOURCE", "GROUP"], ["UNDO", "TABLESPACE"], ["LOGFILE", "GROUP"]];

/// Judges a statement from its first word on.
pub(super) fn statement(judge: &mut Judge<'_>) {
    let first = judge.cursor.take_any(&[
        "CREATE", "ALTER", "DROP", "INSERT", "REPLACE", "UPDATE", "DELETE", "RENAME", "TRUNCATE", "SET", "BEGIN",
        "EXECUTE", "VALUES", "SELECT", "WITH",
    ]);
    match first {
        Some("CREATE") => create(judge),
        Some("ALTER") => altered(judge),
        Some("DROP") => drop(judge),
        Some("INSERT" | "REPLACE") => rows::inserted(judge),
        Some("DELETE") => rows::deleted(judge),
        Some("UPDATE") => rows::updated(judge),
        Some("VALUES" | "SELECT" | "WITH") => {
            judge.cursor.seek(0);
            rows::queried(judge);
        }
        Some("RENAME") if judge.cursor.take_any(&["TABLE", "TABLES"]).is_some() => {
            judge.take_if(&IF_EXISTS);
            judge.object();
            wait(judge);
        }
        Some("TRUNCATE") => {
            judge.cursor.take(&["TABLE"]);
            judge.object();
            wait(judge);
        }
        Some("SET") => set(judge),
        Some("BEGIN") => {
            judge.take(&["NOT", "ATOMIC"], &ANONYMOUS_BLOCK);
        }
        Some("EXECUTE") => {
            judge.take(&["IMMEDIATE"], &EXECUTE_IMMEDIATE);
        }
        _ => {}
    }
}

fn set(judge: &mut Judge<'_>) {
    let from = judge.cursor.position();
    let is_named = |judge: &Judge<'_>| judge.kind(1) == Some(TokenKind::Word);
    if judge.cursor.is_any(&["PERSIST", "PERSIST_ONLY"]) && is_named(judge) {
        judge.cursor.next();
        judge.say(from, &PERSIST);
    } else if judge.cursor.sees(0, "STATEMENT") && is_named(judge) && judge.cursor.sees_mark(2, '=') {
        judge.cursor.next();
        judge.say(from, &SET_STATEMENT);
    }
}

fn create(judge: &mut Judge<'_>) {
    let from = judge.cursor.position();
    if judge.cursor.take(&["OR", "REPLACE"])
        && (judge.cursor.is_any(&REPLACED) || judge.cursor.is(&["SPATIAL", "INDEX"]))
    {
        judge.say(from, &OR_REPLACE);
    }
    judge.cursor.take(&["TEMPORARY"]);
    if object_of_one(judge) {
        return;
    }
    match judge.cursor.take_any(&["TABLE", "UNIQUE", "FULLTEXT", "SPATIAL", "INDEX", "DATABASE", "SCHEMA"]) {
        Some("TABLE") => table::created(judge),
        Some("DATABASE" | "SCHEMA") => database(judge),
        Some("INDEX") => key::created(judge),
        Some(_) if judge.cursor.take(&["INDEX"]) => key::created(judge),
        _ => {}
    }
}

/// Whether it is about something that only one of the servers has at all.
fn object_of_one(judge: &mut Judge<'_>) -> bool {
    judge.take(&["SEQUENCE"], &SEQUENCE)
        || judge.take(&["PACKAGE"], &PACKAGE)
        || judge.take(&["TABLESPACE"], &STATEMENT_OF_MYSQL)
        || OBJECTS_OF_MYSQL.iter().any(|words| judge.take(words, &STATEMENT_OF_MYSQL))
}

/// Behind `DATABASE`.
fn database(judge: &mut Judge<'_>) {
    judge.cursor.take_if_not_exists();
    judge.object();
    while !judge.cursor.is_at_end() {
        let from = judge.cursor.position();
        let of = judge.cursor.take_any(&["COMMENT", "ENCRYPTION"]);
        let _ = of.is_some() && judge.cursor.take_mark('=');
        match of {
            Some("COMMENT") if judge.sees_text(0) => judge.say(from, &DATABASE_COMMENT),
            Some("ENCRYPTION") if judge.sees_text(0) => judge.say(from, &DATABASE_OPTION),
            Some(_) => {}
            None => {
                judge.cursor.next();
            }
        }
    }
}

fn altered(judge: &mut Judge<'_>) {
    if judge.cursor.is_any(&["TABLE", "ONLINE", "IGNORE"]) {
        alter::table(judge);
    } else if judge.cursor.take_any(&["DATABASE", "SCHEMA"]).is_some() {
        database(judge);
    } else if !object_of_one(judge) {
        judge.take(&["INSTANCE"], &STATEMENT_OF_MYSQL);
    }
}

fn drop(judge: &mut Judge<'_>) {
    if object_of_one(judge) {
        return;
    }
    judge.cursor.take(&["TEMPORARY"]);
    match judge.cursor.take_any(&["TABLE", "TABLES", "INDEX", "SEQUENCE"]) {
        Some("INDEX") => {
            judge.take_if(&IF_EXISTS);
            judge.cursor.next();
            if judge.cursor.take(&["ON"]) {
                judge.object();
                wait(judge);
                let from = judge.cursor.position();
                if judge.cursor.take_any(&["ALGORITHM", "LOCK"]).is_some() {
                    judge.say(from, &DROP_INDEX_OPTION);
                }
            }
        }
        Some("TABLE" | "TABLES") => {
            judge.cursor.take_if_exists();
            judge.object();
            while judge.cursor.take_mark(',') {
                judge.object();
            }
            wait(judge);
        }
        Some(_) => judge.say(1, &SEQUENCE),
        None => {}
    }
}

/// `WAIT n`, `NOWAIT`: how long to wait for a table.
pub(super) fn wait(judge: &mut Judge<'_>) {
    let from = judge.cursor.position();
    if judge.cursor.take_any(&["WAIT", "NOWAIT"]).is_some() {
        judge.say(from, &WAIT);
    }
}
