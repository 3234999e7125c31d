//! Functions, procedures and aggregates: a name, the types of the arguments, and a body as text. How it is called (language,
//! volatility, whose rights) is no part of what is compared.

use revchain_core::Dialect;
use revchain_core::sql::TokenKind;

use crate::change::{Change, Drops};
use crate::model::{Expression, Routine, Written};

use super::create::Modifiers;
use super::{Cursor, Keyword, Reading, data_type, rest_of};

/// Reads what follows `CREATE FUNCTION` or `CREATE PROCEDURE`, which is the kind.
pub(super) fn create(cursor: &mut Cursor<'_>, modifiers: Modifiers, kind: &'static str) -> Option<Reading> {
    let if_not_exists = cursor.take_if_not_exists();
    let name = cursor.object()?;
    if name.name.schema.as_ref().is_some_and(|schema| schema.key() == "pg_temp") {
        rest_of(cursor);
        return Some(Reading::touching([name]));
    }
    let written = written(cursor, kind);
    let arguments = arguments(cursor).unwrap_or_default();
    let body = match cursor.dialect() {
        Dialect::Postgres => postgres_body(cursor),
        _ => mysql_body(cursor),
    };
    let or_replace = modifiers.or_replace;
    let routine = Routine { arguments, body, written };
    Some(Reading::one(Change::CreateRoutine { name, or_replace, if_not_exists, routine }))
}

/// Reads what follows `CREATE AGGREGATE`.
pub(super) fn create_aggregate(cursor: &mut Cursor<'_>, modifiers: Modifiers) -> Option<Reading> {
    let name = cursor.object()?;
    let written = written(cursor, "AGGREGATE");
    let arguments = arguments(cursor)?;
    if !cursor.sees_mark(0, '(') {
        // The old way, whose argument is among the options.
        rest_of(cursor);
        return Some(Reading::touching([name]));
    }
    let routine = Routine { arguments, body: cursor.rest(), written };
    let or_replace = modifiers.or_replace;
    Some(Reading::one(Change::CreateRoutine { name, or_replace, if_not_exists: false, routine }))
}

/// What stands behind the name, as it is.
fn written(cursor: &Cursor<'_>, kind: &'static str) -> Option<Written> {
    let (start, _) = cursor.part((cursor.position(), usize::MAX));
    let text = cursor.source().get(start..)?.trim_end_matches(|last: char| last == ';' || last.is_whitespace());
    Some(Written { kind, text: text.to_owned() })
}

/// `AS $$ … $$`, `AS 'file', 'symbol'`, `RETURN …`, `BEGIN ATOMIC … END`. Of a string its content, as tokens: blanks and comments in
/// it don't count.
fn postgres_body(cursor: &mut Cursor<'_>) -> Expression {
    let mut body = None;
    while let Some(token) = cursor.peek(0) {
        if cursor.is(&["AS"]) && cursor.peek(1).is_some_and(|next| is_string(next.kind)) {
            cursor.next();
            let mut text = cursor.string().unwrap_or_default();
            while cursor.take_mark(',') {
                text.push(' ');
                text.push_str(&cursor.string().unwrap_or_default());
            }
            body = Some(Expression::new(&text, cursor.dialect()));
        } else if cursor.is(&["RETURN"]) || cursor.is(&["BEGIN", "ATOMIC"]) {
            return cursor.rest();
        } else if token.kind == TokenKind::Punctuation {
            cursor.skip();
        } else {
            cursor.next();
        }
    }
    body.unwrap_or_else(|| Expression::new("", cursor.dialect()))
}

fn is_string(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::String | TokenKind::DollarString)
}

/// What stands behind the characteristics.
fn mysql_body(cursor: &mut Cursor<'_>) -> Expression {
    if cursor.take(&["RETURNS"]) {
        data_type::read(cursor);
        while !cursor.is_at_end()
            && !at_characteristic(cursor)
            && !cursor.is_any(&["BEGIN", "RETURN", "SONAME", "IF", "CASE"])
        {
            // `CHARACTER SET x`, and whatever else belongs to the type.
            cursor.skip();
        }
    }
    while at_characteristic(cursor) {
        let words = match Keyword::at(cursor, 0) {
            "DETERMINISTIC" => 1,
            "READS" | "MODIFIES" | "SQL" => 3,
            _ => 2,
        };
        cursor.seek(cursor.position() + words);
    }
    cursor.rest()
}

fn at_characteristic(cursor: &Cursor<'_>) -> bool {
    cursor.is_any(&["COMMENT", "LANGUAGE", "DETERMINISTIC", "CONTAINS", "READS", "MODIFIES"])
        || cursor.is(&["NOT", "DETERMINISTIC"])
        || cursor.is(&["NO", "SQL"])
        || cursor.is(&["SQL", "SECURITY"])
}

/// Reads `(a integer DEFAULT 1, OUT b text)`, and gives the types of what goes in. Nothing where there are no parentheses.
fn arguments(cursor: &mut Cursor<'_>) -> Option<String> {
    let (from, to) = cursor.skip_parentheses()?;
    let after = cursor.position();
    let mut text = String::new();
    cursor.seek(from);
    while cursor.position() < to {
        let start = cursor.position();
        let (_, end) = cursor.skip_clause();
        if let Some(argument) = argument(cursor, start, end.min(to)) {
            if !text.is_empty() {
                text.push(',');
            }
            text.push_str(&argument);
        }
        cursor.seek(end.max(start));
        cursor.next();
    }
    cursor.seek(after);
    Some(text)
}

/// The type of one argument.
fn argument(cursor: &mut Cursor<'_>, from: usize, to: usize) -> Option<String> {
    cursor.seek(from);
    if cursor.take(&["OUT"]) || cursor.sees_mark(0, '*') {
        return None;
    }
    cursor.take_any(&["IN", "INOUT", "VARIADIC"]);
    let start = cursor.position();
    while cursor.position() < to && !cursor.sees(0, "DEFAULT") && !cursor.sees_mark(0, '=') && !cursor.sees_mark(0, ':')
    {
        cursor.skip();
    }
    let end = cursor.position().min(to);
    if start >= end {
        return None;
    }
    // A type alone, or behind a name.
    for at in [start, start + 1] {
        cursor.seek(at);
        cursor.take_any(&["IN", "INOUT", "VARIADIC"]);
        if let Some(mut data_type) = data_type::read(cursor)
            && cursor.position() == end
        {
            // A function takes a `varchar` of any length.
            data_type.arguments.clear();
            return Some(data_type.to_string());
        }
    }
    Some(cursor.expression((start, end)).as_str().to_owned())
}

/// Reads what follows `DROP FUNCTION`.
pub(super) fn drop(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let if_exists = cursor.take_if_exists();
    let (mut names, mut all) = (Vec::new(), Vec::new());
    loop {
        names.push(cursor.object()?);
        all.push(arguments(cursor));
        if !cursor.take_mark(',') {
            break;
        }
    }
    let cascade = cursor.take_cascade();
    Some(Reading::one(Change::DropRoutine { drops: Drops { names, if_exists, cascade }, arguments: all }))
}

/// Reads what follows `ALTER FUNCTION`. What it changes of a function but its name is nothing that is compared.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let from = cursor.object()?;
    let arguments = arguments(cursor);
    if cursor.take(&["RENAME", "TO"]) {
        return Some(Reading::one(Change::RenameRoutine { from, arguments, to: cursor.name()?.name }));
    }
    if cursor.take(&["SET", "SCHEMA"]) {
        return Some(Reading::one(Change::MoveRoutine { from, arguments, to: cursor.name()?.name }));
    }
    Some(Reading::Neutral)
}
