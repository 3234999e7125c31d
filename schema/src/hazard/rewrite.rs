//! The user's own statement in other words, to be pasted: parts of its text, put together anew. Never invents what is not
//! written there but the names that PostgreSQL would make up.

use revchain_core::Dialect;

use super::Context;
use crate::change::{Action, Part};
use crate::model::{IndexPart, Name};
use crate::read::Cursor;

/// `ALTER TABLE …` with another action instead of its own.
pub(super) fn instead(context: &Context<'_>, actions: &[(Action, Part)], action: &str) -> String {
    let head = actions.first().map_or("", |(_, first)| slice(context.text, (0, first.0)));
    format!("{head}{action};")
}

/// The statement with another action in the place of one of its own.
pub(super) fn replaced(context: &Context<'_>, (from, to): Part, action: &str) -> String {
    let text = context.text;
    format!("{}{action}{};", slice(text, (0, from)), slice(text, (to, text.len())).trim_end())
}

/// A part of a statement.
pub(super) fn slice(text: &str, (from, to): Part) -> &str {
    text.get(from..to).unwrap_or_default()
}

/// A name as SQL.
pub(super) fn spelt(name: &Name, dialect: Dialect) -> String {
    let text = name.as_str();
    let is_plain = |byte: u8| byte == b'_' || byte.is_ascii_digit() || byte.is_ascii_lowercase();
    let starts_plain = text.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
    if dialect != Dialect::Postgres || starts_plain && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Names, with commas between them.
pub(super) fn listed(names: &[Name], dialect: Dialect) -> String {
    names.iter().map(|name| spelt(name, dialect)).collect::<Vec<_>>().join(", ")
}

/// The name that PostgreSQL would make up for a constraint, but for numbers behind it.
pub(super) fn made_up(table: &Name, columns: &[Name], label: &str) -> Name {
    let mut text = table.as_str().to_owned();
    for part in columns.iter().map(Name::as_str).chain([label]) {
        text.push('_');
        text.push_str(part);
    }
    // PostgreSQL would shorten the table and the columns; any name will do that is no longer.
    let mut end = text.len().min(63);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    Name::new(&text, Dialect::Postgres)
}

/// The parts of the first list in parentheses that a part of a statement holds.
pub(super) fn list(text: &str, dialect: Dialect, (from, to): Part) -> Vec<Part> {
    let mut cursor = Cursor::within(text, dialect, from, to);
    while !cursor.is_at_end() && !cursor.sees_mark(0, '(') {
        cursor.next();
    }
    let mut parts = Vec::new();
    while cursor.take_mark(if parts.is_empty() { '(' } else { ',' }) {
        let range = cursor.skip_clause();
        parts.push(cursor.part(range));
    }
    parts
}

/// What an index sorts by in one of its parts, without how.
pub(super) fn value(text: &str, dialect: Dialect, (from, to): Part, part: &IndexPart) -> String {
    let mut cursor = Cursor::within(text, dialect, from, to);
    if cursor.sees_mark(0, '(') {
        cursor.skip();
    } else {
        cursor.next();
        while cursor.take_mark('.') {
            cursor.next();
        }
        if part.column.is_none() && cursor.sees_mark(0, '(') {
            cursor.skip();
        }
    }
    let written = slice(text, cursor.part((0, cursor.position())));
    match part.length {
        Some(length) => format!("left({written}, {length})"),
        None => written.to_owned(),
    }
}
