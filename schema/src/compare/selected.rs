//! The names of the columns that a view has, as far as its text tells.

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, Token, TokenKind};

use crate::model::{Expression, unquoted};

/// The columns of a view, in order. `None` for one whose name the text doesn't tell; and for all where a `*` stands among them.
pub(crate) fn selected(body: &Expression, dialect: Dialect) -> Option<Vec<Option<String>>> {
    let text = body.as_str();
    let mut tokens = Vec::new();
    let mut lexer = Lexer::new(text, dialect);
    while let Some(token) = lexer.next_significant() {
        tokens.push(token);
    }
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token: &Token| token.text(text) == word);
    if !is(0, "(") || is(1, "select") || is(1, "with") || is(1, "(") {
        return of_query(&tokens, text);
    }
    // `CREATE VIEW v (a, b) AS`: the query may have more.
    let end = tokens.iter().position(|token| token.text(text) == ")")?;
    let names = tokens.get(1..end)?.iter().filter(|token| token.text(text) != ",");
    let mut columns: Vec<Option<String>> = names.map(|token| Some(name(token, text))).collect();
    let rest = of_query(tokens.get(end + 1..)?, text)?;
    columns.extend(rest.into_iter().skip(columns.len()));
    Some(columns)
}

/// The columns of a query.
fn of_query(tokens: &[Token], text: &str) -> Option<Vec<Option<String>>> {
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token: &Token| token.text(text) == word);
    let (mut columns, mut depth, mut start) = (Vec::new(), 0usize, None);
    for (at, token) in tokens.iter().enumerate() {
        let shown = token.text(text);
        match shown {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.checked_sub(1)?,
            "select" if depth == 0 && start.is_none() => start = Some(at + 1),
            _ => {}
        }
        let Some(from) = start.filter(|_| depth == 0) else { continue };
        let ends = matches!(
            shown,
            "from" | "where" | "union" | "intersect" | "except" | "group" | "order" | "limit" | "window"
        );
        // `IS DISTINCT FROM` is no FROM.
        let ends = ends && !(shown == "from" && at > 0 && is(at - 1, "distinct"));
        if shown == "," || ends {
            columns.push(column(tokens.get(from..at)?, text)?);
            start = Some(at + 1);
        }
        if ends {
            return Some(columns);
        }
    }
    columns.push(column(tokens.get(start?..)?, text)?);
    Some(columns)
}

/// The name of one column. Nothing at all where it may be several.
fn column(tokens: &[Token], text: &str) -> Option<Option<String>> {
    let shown = |token: &Token| token.text(text);
    let mut tokens = tokens;
    match tokens {
        [first, rest @ ..] if shown(first) == "distinct" || shown(first) == "all" => {
            tokens = rest;
            // `DISTINCT ON (…)`.
            if tokens.first().is_some_and(|token| shown(token) == "on") {
                return Some(None);
            }
        }
        _ => {}
    }
    let is_name = |token: &Token| matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdentifier);
    match tokens {
        [] => None,
        [.., last] if shown(last) == "*" => None,
        [.., before, last] if shown(before) == "as" && is_name(last) => Some(Some(name(last, text))),
        [last] if is_name(last) && !matches!(shown(last), "null" | "true" | "false") => Some(Some(name(last, text))),
        [.., before, last] if shown(before) == "." && is_name(last) && tokens.len() == 3 => {
            Some(Some(name(last, text)))
        }
        _ => Some(None),
    }
}

fn name(token: &Token, text: &str) -> String {
    match token.kind {
        TokenKind::QuotedIdentifier => unquoted(token.text(text)),
        _ => token.text(text).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named() {
        for (body, expected) in [
            ("SELECT a, b.c, d AS e, 'x' f, count(*), g::text FROM h", "a c e ? ? ?"),
            ("SELECT DISTINCT a, (SELECT b, c FROM d) AS e FROM f UNION SELECT 1, 2", "a e"),
            ("SELECT DISTINCT ON (a) a, \"B\" FROM c", "? B"),
            ("SELECT a IS DISTINCT FROM b AS c, d FROM e", "c d"),
            ("WITH x AS (SELECT a FROM b) SELECT c FROM x", "c"),
            ("(x, y) SELECT a, b, c FROM d", "x y c"),
            ("SELECT 1", "?"),
            ("SELECT a, b.* FROM b", "-"),
            ("SELECT * FROM b", "-"),
            ("VALUES (1)", "-"),
        ] {
            let columns = selected(&Expression::new(body, Dialect::Postgres), Dialect::Postgres);
            let shown = |columns: Vec<Option<String>>| {
                columns.into_iter().map(|name| name.unwrap_or_else(|| "?".to_owned())).collect::<Vec<_>>().join(" ")
            };
            assert_eq!(columns.map_or_else(|| "-".to_owned(), shown), expected, "{body}");
        }
    }
}
