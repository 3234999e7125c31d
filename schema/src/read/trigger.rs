//! Triggers: a name, a table, and everything else as text.

use revchain_core::Dialect;

use crate::change::{Change, Named};
use crate::model::Expression;

use super::create::Modifiers;
use super::{Cursor, Keyword, Reading, rest_of};

/// Reads what follows `CREATE … TRIGGER`.
pub(super) fn create(cursor: &mut Cursor<'_>, modifiers: Modifiers) -> Option<Reading> {
    let if_not_exists = cursor.take_if_not_exists();
    let name = cursor.object()?;
    if modifiers.temporary {
        rest_of(cursor);
        return Some(Reading::touching([name]));
    }
    let start = cursor.position();
    while !cursor.sees(0, "ON") {
        cursor.next()?;
    }
    let events = (start, cursor.position());
    cursor.next();
    let table = cursor.object()?;
    let start = cursor.position();
    let mut text = String::new();
    write(cursor, events, &mut text);
    cursor.seek(usize::MAX);
    let end = cursor.position();
    write(cursor, (start, end), &mut text);
    let name = Named { name: name.name.name, part: name.part };
    let body = Expression::kept(&text, cursor.dialect());
    Some(Reading::one(Change::CreateTrigger { name, table, or_replace: modifiers.or_replace, if_not_exists, body }))
}

/// Writes tokens, but for what may be written in two ways: `EXECUTE PROCEDURE`, `FOR ROW`, and a function's own schema.
/// Leaves the cursor behind them.
fn write(cursor: &mut Cursor<'_>, (from, to): (usize, usize), text: &mut String) {
    cursor.seek(from);
    while cursor.position() < to {
        match Keyword::at(cursor, 0) {
            "EXECUTE" if cursor.take(&["EXECUTE", "PROCEDURE"]) => {
                text.push_str(" execute function");
                continue;
            }
            "FOR" if cursor.take(&["FOR", "ROW"]) || cursor.take(&["FOR", "EACH", "ROW"]) => {
                // SQLite knows no other.
                if cursor.dialect() != Dialect::Sqlite {
                    text.push_str(" for each row");
                }
                continue;
            }
            "FOR" if cursor.take(&["FOR", "STATEMENT"]) || cursor.take(&["FOR", "EACH", "STATEMENT"]) => continue,
            "PUBLIC" | "MAIN" if cursor.sees_mark(1, '.') => {
                let schema = cursor.peek(0).map(|token| cursor.name_of(token));
                if schema.is_some_and(|schema| cursor.is_default_schema(&schema)) {
                    cursor.seek(cursor.position() + 2);
                    continue;
                }
            }
            _ => {}
        }
        text.push(' ');
        text.push_str(cursor.text(0));
        cursor.next();
        // The statements of a body have to stay apart.
        text.push_str(if cursor.position() < to && cursor.is_behind_semicolon() { " ;" } else { "" });
    }
}

/// Reads what follows `ALTER TRIGGER`.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let from = cursor.name()?;
    if !cursor.take(&["ON"]) {
        return None;
    }
    let table = cursor.object()?;
    if cursor.take(&["RENAME", "TO"]) {
        return Some(Reading::one(Change::RenameTrigger { from, table, to: cursor.name()?.name }));
    }
    Some(Reading::Neutral)
}
