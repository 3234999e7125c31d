//! Statements that change rows, and queries: the few words in them that are one server's, and stand where nothing else may.

use revchain_core::sql::TokenKind;

use super::Judge;
use super::difference::{RETURNING, ROW_ALIAS, SEQUENCE, VALUES_ROW};

/// Behind `INSERT` or `REPLACE`.
pub(super) fn inserted(judge: &mut Judge<'_>) {
    while judge.cursor.take_any(&["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "INTO"]).is_some() {}
    judge.object();
    walk(judge, true);
}

/// Behind `DELETE`.
pub(super) fn deleted(judge: &mut Judge<'_>) {
    while judge.cursor.take_any(&["LOW_PRIORITY", "QUICK", "IGNORE"]).is_some() {}
    if judge.cursor.take(&["FROM"]) {
        judge.object();
    }
    walk(judge, true);
}

/// Behind `UPDATE`.
pub(super) fn updated(judge: &mut Judge<'_>) {
    while judge.cursor.take_any(&["LOW_PRIORITY", "IGNORE"]).is_some() {}
    judge.object();
    walk(judge, false);
}

/// A query.
pub(super) fn queried(judge: &mut Judge<'_>) {
    walk(judge, false);
}

/// Goes through what is left.
fn walk(judge: &mut Judge<'_>, may_return: bool) {
    let (mut depth, mut are_rows) = (0usize, false);
    let (mut last, mut before) = (Token::Other, Token::Other);
    while let Some(token) = judge.cursor.peek(0) {
        let from = judge.cursor.position();
        let this = match (token.kind, judge.cursor.text(0)) {
            (TokenKind::Word, _) => Token::Word,
            (TokenKind::Punctuation, "(") => {
                depth += 1;
                Token::Other
            }
            (TokenKind::Punctuation, ")") => {
                depth = depth.saturating_sub(1);
                Token::Closed
            }
            (TokenKind::Punctuation, "=" | "<" | ">" | "." | "+" | "-" | "/" | "%") => Token::Operator,
            (TokenKind::Punctuation, _) => Token::Other,
            _ => Token::Value,
        };
        // A name ends a value where it stands behind an operator: else it may be a word that one follows.
        let ends_a_value =
            matches!(last, Token::Value | Token::Closed) || (before, last) == (Token::Operator, Token::Word);
        judge.cursor.next();
        (before, last) = (last, this);
        if this != Token::Word {
            continue;
        }
        judge.cursor.seek(from);
        // Between rows stand commas, and nothing else.
        let is_row = judge.cursor.is_any(&["AS", "ROW"]);
        are_rows &= depth > 0 || is_row;
        if judge.cursor.take_any(&["VALUES", "VALUE"]).is_some() {
            are_rows |= depth == 0;
            let row = judge.cursor.position();
            if judge.cursor.sees(0, "ROW") && judge.cursor.sees_mark(1, '(') {
                judge.cursor.next();
                judge.say(row, &VALUES_ROW);
            }
        } else if are_rows && depth == 0 && before == Token::Closed && judge.cursor.take(&["AS"]) {
            judge.say(from, &ROW_ALIAS);
            are_rows = false;
        } else if may_return && depth == 0 && ends_a_value && judge.cursor.take(&["RETURNING"]) {
            if returns(judge) {
                judge.say(from, &RETURNING);
            }
        } else if judge.cursor.is(&["NEXT", "VALUE", "FOR"]) && names_a_sequence(judge) {
            judge.take(&["NEXT", "VALUE", "FOR"], &SEQUENCE);
        } else {
            judge.cursor.next();
        }
    }
}

/// What a token is beside `RETURNING` and `AS`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Word,
    /// A text, a number, a name in quotes.
    Value,
    Closed,
    /// A mark that a value follows.
    Operator,
    Other,
}

/// Whether a list of what is returned comes next.
fn returns(judge: &Judge<'_>) -> bool {
    match judge.kind(0) {
        Some(TokenKind::Punctuation) => judge.cursor.sees_mark(0, '*'),
        Some(_) => true,
        None => false,
    }
}

/// Whether what follows `NEXT VALUE FOR` is a name, and not the end of a query that locks its rows.
fn names_a_sequence(judge: &Judge<'_>) -> bool {
    matches!(judge.kind(3), Some(TokenKind::Word | TokenKind::QuotedIdentifier))
        && !judge.cursor.sees(3, "UPDATE")
        && !judge.cursor.sees(3, "SHARE")
}
