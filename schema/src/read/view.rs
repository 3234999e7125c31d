//! Views. What they select is text, and names in it that may be tables.

use revchain_core::Dialect;
use revchain_core::sql::TokenKind;

use crate::change::{Change, Named};
use crate::model::{Expression, ObjectName, View};

use super::create::{Modifiers, take_definer};
use super::{Cursor, Keyword, Reading};

/// Reads what follows `CREATE … VIEW`.
pub(super) fn create(cursor: &mut Cursor<'_>, modifiers: Modifiers) -> Option<Reading> {
    let if_not_exists = cursor.take_if_not_exists();
    let name = cursor.object()?;
    if modifiers.temporary {
        let _ = super::rest_of(cursor);
        return Some(Reading::touching([name]));
    }
    let columns = cursor.skip_parentheses();
    // `USING heap WITH (fillfactor = 70) TABLESPACE x`: how it is kept, not what it shows, nor to whom.
    let mut security = None;
    while !cursor.is_at_end() && !cursor.sees(0, "AS") {
        match cursor.take(&["WITH"]) && !modifiers.materialized {
            true => security = cursor.expression_in_parentheses(),
            false => cursor.skip(),
        }
    }
    if !cursor.take(&["AS"]) {
        return None;
    }
    let start = cursor.position();
    let mentions = mentions(cursor);
    let mut end = cursor.position();
    if modifiers.materialized {
        end = without_data(cursor, start, end);
    }
    let mut body = cursor.kept((start, end));
    if let Some(columns) = columns {
        body = with_columns(cursor, columns, &body);
    }
    if modifiers.recursive {
        body = Expression::new(&format!("recursive {body}"), cursor.dialect());
    }
    let view =
        View { materialized: modifiers.materialized, body, mentions, indexes: Vec::new(), comment: None, security };
    let or_replace = modifiers.or_replace;
    Some(Reading::one(Change::CreateView { name, or_replace, if_not_exists, view: Box::new(view) }))
}

/// A body behind the names of its columns.
fn with_columns(cursor: &Cursor<'_>, columns: (usize, usize), body: &Expression) -> Expression {
    let text = format!("({}) {}", cursor.kept(columns).as_written(), body.as_written());
    Expression::kept(&text, cursor.dialect())
}

/// Where the query of `… WITH [NO] DATA` ends. Leaves the cursor at the end.
fn without_data(cursor: &mut Cursor<'_>, start: usize, end: usize) -> usize {
    let mut query_end = end;
    for words in [&["WITH", "DATA"][..], &["WITH", "NO", "DATA"]] {
        let at = end.saturating_sub(words.len()).max(start);
        cursor.seek(at);
        if cursor.is(words) {
            query_end = at;
        }
    }
    cursor.seek(end);
    query_end
}

/// Reads to the end, and gives every name that follows FROM, JOIN, or a comma behind these.
pub(super) fn mentions(cursor: &mut Cursor<'_>) -> Vec<ObjectName> {
    let mut found: Vec<ObjectName> = Vec::new();
    // Of each parenthesis that is open, whether it is in a list of tables.
    let mut lists = vec![false];
    let mut expected = false;
    while let Some(token) = cursor.peek(0) {
        let reads_name = match token.kind {
            TokenKind::QuotedIdentifier => expected,
            TokenKind::Word => match Keyword::at(cursor, 0) {
                "FROM" | "JOIN" | "STRAIGHT_JOIN" => {
                    expected = true;
                    set(&mut lists, true);
                    false
                }
                "ONLY" | "LATERAL" => false,
                "SELECT" | "WITH" | "VALUES" | "WHERE" | "GROUP" | "ORDER" | "HAVING" | "UNION" | "LIMIT" => {
                    expected = false;
                    set(&mut lists, false);
                    false
                }
                _ => expected,
            },
            TokenKind::Punctuation => {
                match cursor.text(0) {
                    "(" => lists.push(expected),
                    ")" => {
                        lists.pop();
                        expected = false;
                    }
                    "," => expected = lists.last() == Some(&true),
                    _ => {}
                }
                false
            }
            _ => false,
        };
        if !reads_name {
            cursor.next();
            continue;
        }
        expected = false;
        if let Some(named) = cursor.object()
            && !cursor.sees_mark(0, '(')
            && !found.contains(&named.name)
        {
            found.push(named.name);
        }
    }
    found
}

fn set(lists: &mut [bool], value: bool) {
    if let Some(last) = lists.last_mut() {
        *last = value;
    }
}

/// Reads what follows `ALTER … [MATERIALIZED] VIEW`.
pub(super) fn alter(cursor: &mut Cursor<'_>, materialized: bool) -> Option<Reading> {
    let if_exists = cursor.take_if_exists();
    let from: Named = cursor.object()?;
    if cursor.dialect() == Dialect::Mysql {
        // All of it is written again.
        while take_definer(cursor) {}
        let columns = cursor.skip_parentheses();
        if !cursor.take(&["AS"]) {
            return None;
        }
        let start = cursor.position();
        let mentions = mentions(cursor);
        let mut body = cursor.kept((start, cursor.position()));
        if let Some(columns) = columns {
            body = with_columns(cursor, columns, &body);
        }
        let view = View { materialized, body, mentions, indexes: Vec::new(), comment: None, security: None };
        return Some(Reading::one(Change::CreateView {
            name: from,
            or_replace: true,
            if_not_exists: false,
            view: Box::new(view),
        }));
    }
    if cursor.take(&["RENAME", "TO"]) {
        let to = cursor.name()?;
        let to = Named { name: from.name.beside(to.name), part: to.part };
        return Some(Reading::one(Change::RenameTable { from, to, if_exists }));
    }
    if cursor.take(&["SET", "SCHEMA"]) {
        return Some(Reading::one(Change::MoveTable { from, to: cursor.name()?.name, if_exists }));
    }
    // The names of its columns.
    if cursor.is(&["RENAME"]) {
        return Some(Reading::touching([from]));
    }
    Some(Reading::Neutral)
}
