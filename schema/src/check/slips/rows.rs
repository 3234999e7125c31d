//! What stands in statements that change rows: clauses that another database has, and what is set.

use revchain_core::Dialect;
use revchain_core::sql::TokenKind;

use super::Text;
use crate::check::first_word::product;
use crate::check::grammar::Wrong;

pub(super) fn wrong_with(text: &Text<'_>) -> Option<Wrong> {
    if text.is(0, "DELETE") && text.mark(1) == b'*' {
        return text.wrong(1, 1, "`DELETE` takes whole rows, and no `*`", "write `DELETE FROM …`");
    }
    if text.is_any(0, &["INSERT", "REPLACE"]) { conflict(text) } else { clauses(text) }
}

/// What to do with rows that are there.
fn conflict(text: &Text<'_>) -> Option<Wrong> {
    let postgres = text.is_on(Dialect::Postgres);
    for at in 3..text.tokens.len() {
        if !text.is(at, "ON") {
            continue;
        }
        if text.are(at + 1, &["DUPLICATE", "KEY"]) {
            if !text.is_on(Dialect::Mysql) {
                let message = format!("on {} there is no `ON DUPLICATE KEY`", product(text.dialect));
                return text.wrong(
                    at,
                    at + 2,
                    message,
                    "write `ON CONFLICT (…) DO UPDATE SET …`, with the columns of a key",
                );
            }
            if text.kind_at(at + 3) == Some(TokenKind::Word) && !text.is(at + 3, "UPDATE") {
                let message = format!("on MySQL there is no `{}` behind `ON DUPLICATE KEY`", text.shown(at + 3));
                return text.wrong(at + 3, at + 3, message, "write `ON DUPLICATE KEY UPDATE name = …`");
            }
        }
        if postgres && text.are(at + 1, &["CONFLICT", "DO", "UPDATE"]) {
            let message = "PostgreSQL's `DO UPDATE` has to say which conflict it is for";
            return text.wrong(at, at + 3, message, "write the columns of the key: `ON CONFLICT (…) DO UPDATE SET …`");
        }
    }
    None
}

/// The clauses of UPDATE and DELETE.
fn clauses(text: &Text<'_>) -> Option<Wrong> {
    let (mut depth, mut sets, mut is_behind) = (0usize, false, false);
    let mut at = 1;
    while at < text.tokens.len() {
        match text.mark(at) {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.checked_sub(1)?,
            b',' if depth == 0 && sets && !is_behind => {
                if let Some(wrong) = assigned(text, at + 1) {
                    return Some(wrong);
                }
            }
            _ => {}
        }
        let is_name = text.mark(at - 1) == b'.' || text.is(at - 1, "AS");
        if depth == 0 && text.tokens[at].kind == TokenKind::Word && !is_name {
            if text.is(at, "SET") && !sets && text.is(0, "UPDATE") {
                sets = true;
                if let Some(wrong) = assigned(text, at + 1) {
                    return Some(wrong);
                }
            } else if text.is_any(at, &["WHERE", "RETURNING"]) {
                is_behind = true;
            } else if let Some(wrong) = clause(text, at, sets) {
                return Some(wrong);
            } else if text.is(at, "FROM") {
                is_behind = true;
            }
        }
        at += 1;
    }
    None
}

fn clause(text: &Text<'_>, at: usize, sets: bool) -> Option<Wrong> {
    let verb = || text.shown(0).to_uppercase();
    match text.dialect {
        Dialect::Postgres if text.is(at, "LIMIT") || text.are(at, &["ORDER", "BY"]) => {
            let to = at + usize::from(text.is(at, "ORDER"));
            let shown = if to > at { "ORDER BY" } else { "LIMIT" };
            let message = format!("on PostgreSQL `{}` has no `{shown}`", verb());
            let help = "choose the rows in a query: `WHERE id IN (SELECT id FROM … ORDER BY … LIMIT …)`";
            text.wrong(at, to, message, help)
        }
        Dialect::Mysql if sets && text.is(at, "FROM") && !text.is(at - 1, "DISTINCT") => {
            let help = "join the tables before `SET`: `UPDATE a JOIN b ON … SET a.x = b.y`";
            text.wrong(at, at, "on MySQL `UPDATE` has no `FROM`", help)
        }
        Dialect::Mysql if text.is(at, "LIMIT") && text.kind_at(at + 1) == Some(TokenKind::Number) => {
            let is_pair = text.mark(at + 2) == b',' || text.is(at + 2, "OFFSET");
            match is_pair {
                true => text.wrong(
                    at + 2,
                    at + 2,
                    format!("on MySQL `{}` takes one number behind `LIMIT`", verb()),
                    "say how many rows; which they are, `ORDER BY` and `WHERE` tell",
                ),
                false => None,
            }
        }
        _ => None,
    }
}

/// Behind SET, or behind a comma there: a column that is set.
fn assigned(text: &Text<'_>, at: usize) -> Option<Wrong> {
    if !text.is_name(at) {
        return None;
    }
    let next = at + 1;
    match text.mark(next) {
        b'-' if text.mark(next + 1) == b'>' && text.touches_next(next) => {
            let shown = text.shown(at);
            let help = match text.dialect {
                Dialect::Postgres => {
                    format!("set the whole value: `{shown} = jsonb_set({shown}, '{{key}}', '\"value\"')`")
                }
                _ => format!("set the whole value: `{shown} = json_set({shown}, '$.key', 'value')`"),
            };
            text.wrong(at, next + 1, "what is set is a column, and no part of what is in it", help)
        }
        b'.' if text.is_on(Dialect::Sqlite) => {
            let message =
                format!("on SQLite no table stands before a column that is set, as `{}` does", text.shown(at));
            text.wrong(at, next, message, "write the column's name alone")
        }
        _ => None,
    }
}
