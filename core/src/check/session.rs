//! RC203: statements whose effect on the session outlives them, and reaches the runner's own statements or the
//! revisions after this one. What ends with the transaction (SET LOCAL) is fine, and so is what only tunes
//! (timeouts, `sql_mode`, `foreign_key_checks`): dumps are full of it.

use crate::{
    Code, Dialect,
    check::statements::{Hit, State, Subject},
};

const PATH_MESSAGE: &str = "hides the version table from the runner, and changes what later revisions mean by a name";

/// Checks one statement.
pub(super) fn check(subject: &mut Subject<'_, '_>, state: &mut State) -> Option<Hit> {
    match (subject.first, subject.dialect) {
        ("USE", _) => Some(
            found(subject, 2, "`USE` changes the database for everything that comes after it")
                .help("remove it, and qualify the names (`other_database.some_table`)"),
        ),
        ("SET", Dialect::Postgres) => set(subject, state),
        ("RESET", Dialect::Postgres) => reset(subject, state),
        ("DISCARD", Dialect::Postgres) if subject.words.is(1, "ALL") => Some(
            found(
                subject,
                2,
                "`DISCARD ALL` takes the session away from the runner: settings, locks and prepared statements",
            )
            .help("remove it"),
        ),
        ("SELECT", Dialect::Postgres) => set_config(subject, state),
        ("SET", Dialect::Mysql) if subject.words.is(1, "ROLE") => {
            Some(role(subject, 2, "connect as a user that has the role by default"))
        }
        ("LOCK", Dialect::Mysql) if subject.words.is(1, "TABLES") || subject.words.is(1, "TABLE") => Some(
            found(
                subject,
                2,
                "`LOCK TABLES` commits the runner's transaction, and shuts it out of every table that is not listed",
            )
            .label("the version table, too, until `UNLOCK TABLES`")
            .help("remove it and its `UNLOCK TABLES`: the runner keeps other runners out"),
        ),
        ("FLUSH", Dialect::Mysql) => {
            let lock =
                subject.words.find(1, "WITH").filter(|with| subject.words.are(*with, &["WITH", "READ", "LOCK"]))?;
            Some(
                found(subject, lock + 3, "`FLUSH TABLES WITH READ LOCK` shuts everybody out, the runner too")
                    .help("remove it: the runner keeps other runners out"),
            )
        }
        _ => None,
    }
}

fn found(subject: &mut Subject<'_, '_>, length: usize, message: &str) -> Hit {
    subject.hit(Code::SessionState, 0, length, message.to_owned())
}

fn role(subject: &mut Subject<'_, '_>, length: usize, help: &str) -> Hit {
    let shown = subject.show(0, length);
    let message = format!("`{shown}` changes the user for everything that comes after it");
    found(subject, length, &message).label("the runner's own statements run as that user, too").help(help)
}

fn path(subject: &mut Subject<'_, '_>, length: usize, shown: &str) -> Hit {
    let help = if subject.in_transaction() {
        "write `SET LOCAL search_path`, which ends with the transaction, or qualify the names (`some_schema.some_table`)"
    } else {
        "remove it, and qualify the names (`some_schema.some_table`)"
    };
    found(subject, length, &format!("{shown} {PATH_MESSAGE}")).label("lasts as long as the connection").help(help)
}

fn set(subject: &mut Subject<'_, '_>, state: &mut State) -> Option<Hit> {
    let words = &mut subject.words;
    if words.is(1, "LOCAL") {
        // Fine by itself; a RESET later in the section undoes just this.
        state.role |= words.is(2, "ROLE") || words.is(2, "SESSION");
        state.search_path |= words.is(2, "SEARCH_PATH") || words.is(2, "SCHEMA");
        return None;
    }
    let what = 1 + usize::from(words.is(1, "SESSION"));
    // `SET SESSION AUTHORIZATION` is one statement, `SET SESSION SESSION AUTHORIZATION` the same.
    if words.is(what, "AUTHORIZATION") || words.are(what, &["SESSION", "AUTHORIZATION"]) {
        let end = if words.is(what, "SESSION") { what + 2 } else { what + 1 };
        let back = words.is(end, "DEFAULT");
        return user(subject, state, end, back);
    }
    if words.is(what, "ROLE") {
        let value = if words.is_punctuation(what + 1, b'=') || words.is(what + 1, "TO") { what + 2 } else { what + 1 };
        let back = words.is(value, "NONE") || words.is(value, "DEFAULT");
        return user(subject, state, what + 1, back);
    }
    if words.is(what, "CHARACTERISTICS") {
        return Some(
            found(subject, what + 1, "`SET SESSION CHARACTERISTICS` changes every transaction that comes after it")
                .label("the runner's transactions, too")
                .help("write `SET TRANSACTION`, which ends with the transaction"),
        );
    }
    if words.is(what, "STANDARD_CONFORMING_STRINGS") {
        let value = words.text(what + 2).trim_matches('\'').to_ascii_lowercase();
        if !matches!(value.as_str(), "off" | "false" | "0" | "no") {
            return None;
        }
        return Some(
            found(subject, what + 3, "with `standard_conforming_strings` off the text below means something else")
                .label("statements were split at build time, with it on")
                .help("remove it, and write strings with backslash escapes as `E'…'`"),
        );
    }
    if words.is(what, "SEARCH_PATH") || words.is(what, "SCHEMA") {
        let value = if words.is(what, "SCHEMA") { what + 1 } else { what + 2 };
        let back = words.is(value, "DEFAULT");
        let known = state.search_path;
        state.search_path = true;
        if back && known {
            return None;
        }
        let shown = if words.is(what, "SCHEMA") { "a lasting `SET SCHEMA`" } else { "a lasting `SET search_path`" };
        return Some(path(subject, what + 1, shown));
    }
    None
}

fn user(subject: &mut Subject<'_, '_>, state: &mut State, length: usize, back: bool) -> Option<Hit> {
    let known = state.role;
    state.role = true;
    if back && known {
        return None;
    }
    let help = if subject.in_transaction() {
        "write `SET LOCAL ROLE`, and `RESET ROLE` when the work is done, or let the runner connect as that user"
    } else {
        "remove it, and let the runner connect as that user"
    };
    Some(role(subject, length, help))
}

fn reset(subject: &mut Subject<'_, '_>, state: &mut State) -> Option<Hit> {
    let words = &mut subject.words;
    if words.is(1, "ALL") {
        return Some(
            found(subject, 2, "`RESET ALL` undoes the settings that the runner made for this connection")
                .help("remove it, or reset the one setting that is meant (`RESET some_setting`)"),
        );
    }
    if words.is(1, "ROLE") || words.are(1, &["SESSION", "AUTHORIZATION"]) {
        let length = if words.is(1, "ROLE") { 2 } else { 3 };
        return user(subject, state, length, true);
    }
    if words.is(1, "SEARCH_PATH") && !state.search_path {
        return Some(path(subject, 2, "`RESET search_path`"));
    }
    None
}

/// `SELECT pg_catalog.set_config('search_path', '', false)`: every pg_dump begins with it.
fn set_config(subject: &mut Subject<'_, '_>, state: &mut State) -> Option<Hit> {
    let words = &mut subject.words;
    let mut from = 1;
    loop {
        let call = words.find(from, "SET_CONFIG")?;
        from = call + 1;
        if !words.is_punctuation(call + 1, b'(') {
            continue;
        }
        let (setting, _) = words.name(call + 2)?;
        let is_path = setting == "search_path";
        if !is_path && setting != "role" && setting != "session_authorization" {
            continue;
        }
        if !lasts(words, call + 2) {
            continue;
        }
        let shown = format!("a lasting `set_config('{setting}', …)`");
        let mut hit = if is_path {
            state.search_path = true;
            path(subject, 1, &shown)
        } else {
            state.role = true;
            let message = format!("{shown} changes the user for everything that comes after it");
            found(subject, 1, &message)
        };
        (hit.start, hit.end) = {
            let whole = subject.hit(Code::SessionState, call, call + 3, String::new());
            (whole.start, whole.end)
        };
        return Some(if subject.in_transaction() {
            hit.help("remove it, or pass `true` as its third argument: then it ends with the transaction")
        } else {
            hit.help("remove it, and qualify the names (`some_schema.some_table`)")
        });
    }
}

/// Whether the third argument is plainly false. Where it is computed we don't know, and say nothing.
fn lasts(words: &mut crate::sql::Words<'_>, mut at: usize) -> bool {
    let (mut depth, mut commas) = (0usize, 0usize);
    while words.token(at).is_some() {
        if words.is_punctuation(at, b'(') {
            depth += 1;
        } else if words.is_punctuation(at, b')') {
            if depth == 0 {
                return false;
            }
            depth -= 1;
        } else if depth == 0 && words.is_punctuation(at, b',') {
            commas += 1;
            if commas == 2 {
                let value = words.text(at + 1).trim_matches('\'').to_ascii_lowercase();
                return matches!(value.as_str(), "false" | "f" | "off" | "no" | "n" | "0");
            }
        }
        at += 1;
    }
    false
}
