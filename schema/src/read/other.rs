//! Things that are known by their kind, name and text alone: policies, rules, events, statistics, collations….

use revchain_core::Dialect;

use crate::change::{Change, Named};

use super::create::Modifiers;
use super::{Cursor, Reading, drop::drops, rest_of};

/// How a kind is written, and what it is called.
const KINDS: [(&[&str], &str); 12] = [
    (&["POLICY"], "policy"),
    (&["RULE"], "rule"),
    (&["EVENT", "TRIGGER"], "event trigger"),
    (&["EVENT"], "event"),
    (&["STATISTICS"], "statistics"),
    (&["COLLATION"], "collation"),
    (&["TEXT", "SEARCH", "CONFIGURATION"], "text search configuration"),
    (&["TEXT", "SEARCH", "DICTIONARY"], "text search dictionary"),
    (&["PUBLICATION"], "publication"),
    (&["SERVER"], "server"),
    (&["FOREIGN", "DATA", "WRAPPER"], "foreign data wrapper"),
    (&["SUBSCRIPTION"], "subscription"),
];

/// What nothing in a schema depends on that we compare.
const NEUTRAL: [&str; 22] = [
    "ACCESS",
    "AGGREGATE",
    "CAST",
    "CONVERSION",
    "DEFAULT",
    "FOREIGN",
    "GROUP",
    "INSTANCE",
    "LANGUAGE",
    "LARGE",
    "LOGFILE",
    "OPERATOR",
    "PACKAGE",
    "PREPARE",
    "PROFILE",
    "RESOURCE",
    "ROLE",
    "SPATIAL",
    "SYSTEM",
    "TABLESPACE",
    "TRANSFORM",
    "USER",
];

fn kind(cursor: &mut Cursor<'_>) -> Option<&'static str> {
    KINDS.iter().find(|(words, _)| cursor.take(words)).map(|(_, kind)| *kind)
}

/// What is left: neutral, or nobody knows.
fn unnamed(cursor: &Cursor<'_>) -> Option<Reading> {
    (cursor.is_any(&NEUTRAL) || cursor.is(&["TEXT", "SEARCH"]) || cursor.is(&["UNDO"])).then_some(Reading::Neutral)
}

/// Reads a kind that CREATE makes, and what follows it.
pub(super) fn create(cursor: &mut Cursor<'_>, modifiers: Modifiers) -> Reading {
    let Some(kind) = kind(cursor) else { return unnamed(cursor).unwrap_or(Reading::ANYTHING) };
    let if_not_exists = cursor.take_if_not_exists();
    if kind == "statistics" && (cursor.sees_mark(0, '(') || cursor.is(&["ON"])) {
        // The server makes up its name.
        return Reading::Neutral;
    }
    let Some(name) = cursor.object() else { return Reading::ANYTHING };
    let on = match kind {
        "policy" => behind(cursor, &["ON"]),
        "rule" => behind(cursor, &["TO"]),
        "statistics" => {
            let start = cursor.position();
            let table = behind(cursor, &["FROM"]);
            cursor.seek(start);
            table
        }
        // One that happens once is gone then.
        "event" if cursor.is(&["ON", "SCHEDULE", "AT"]) => {
            rest_of(cursor);
            return Reading::touching([name]);
        }
        _ => None,
    };
    if on.is_none() && matches!(kind, "policy" | "rule") {
        return Reading::touching([name]);
    }
    let definition = cursor.rest();
    let or_replace = modifiers.or_replace;
    Reading::one(Change::CreateOther { kind, name, on, or_replace, if_not_exists, definition })
}

/// The name that follows these words, somewhere behind. Reads it.
fn behind(cursor: &mut Cursor<'_>, words: &[&str]) -> Option<Named> {
    while !cursor.is_at_end() {
        if cursor.take(words) {
            return cursor.object();
        }
        cursor.skip();
    }
    None
}

/// Reads a kind that DROP drops, and what follows it.
pub(super) fn drop(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let Some(kind) = kind(cursor) else { return unnamed(cursor) };
    let drops = drops(cursor)?;
    let on = match cursor.take(&["ON"]) {
        true => Some(cursor.object()?),
        false => None,
    };
    cursor.take_cascade();
    Some(Reading::one(Change::DropOther { kind, drops, on }))
}

/// Reads a kind that ALTER alters, and what follows it.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let Some(kind) = kind(cursor) else { return unnamed(cursor) };
    let if_exists = cursor.take_if_exists();
    let name = cursor.object()?;
    let on = match matches!(kind, "policy" | "rule") && cursor.take(&["ON"]) {
        true => Some(cursor.object()?),
        false => None,
    };
    let start = cursor.position();
    // An event's new name may stand behind its new times.
    while !cursor.is_at_end() && !cursor.sees(0, "DO") {
        if cursor.take(&["RENAME", "TO"]) {
            let to = cursor.object()?;
            let to = match cursor.dialect() {
                Dialect::Postgres => Named { name: name.name.beside(to.name.name), part: to.part },
                _ => to,
            };
            rest_of(cursor);
            return Some(Reading::one(Change::RenameOther { kind, from: name, on, to }));
        }
        cursor.skip();
    }
    cursor.seek(start);
    if cursor.is(&["OWNER", "TO"])
        || cursor.is(&["REFRESH"])
        || (kind == "statistics" && cursor.is(&["SET", "STATISTICS"]))
    {
        return Some(Reading::Neutral);
    }
    rest_of(cursor);
    Some(Reading::one(Change::AlterOther { kind, name, on, if_exists }))
}
