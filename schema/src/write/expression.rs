//! Expressions as SQL has them: with blanks where people put them, and in parentheses where one has to.

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, Token, TokenKind};

use crate::model::Expression;

/// Words that name nothing without quotes, or hardly ever: in upper case, as people have them.
const WORDS: [&str; 51] = [
    "all",
    "and",
    "any",
    "as",
    "asc",
    "between",
    "by",
    "case",
    "check",
    "coalesce",
    "collate",
    "cross",
    "current_date",
    "current_time",
    "current_timestamp",
    "desc",
    "distinct",
    "else",
    "end",
    "except",
    "exists",
    "false",
    "from",
    "full",
    "group",
    "having",
    "ilike",
    "in",
    "inner",
    "intersect",
    "interval",
    "is",
    "join",
    "left",
    "like",
    "limit",
    "not",
    "null",
    "on",
    "or",
    "order",
    "outer",
    "over",
    "right",
    "select",
    "then",
    "true",
    "union",
    "using",
    "when",
    "where",
];

/// What else stands in a trigger's head.
const OF_TRIGGERS: [&str; 20] = [
    "after",
    "before",
    "begin",
    "delete",
    "each",
    "execute",
    "for",
    "function",
    "insert",
    "instead",
    "into",
    "of",
    "referencing",
    "row",
    "set",
    "statement",
    "truncate",
    "update",
    "values",
    "with",
];

/// An expression with blanks behind commas and around comparisons.
pub(super) fn spaced(expression: &Expression, dialect: Dialect) -> String {
    write(expression.as_written(), dialect, &[])
}

/// The same for a trigger, each statement of its body on a line.
pub(super) fn trigger(text: &str, dialect: Dialect) -> String {
    write(text, dialect, &OF_TRIGGERS)
}

fn write(source: &str, dialect: Dialect, more: &[&str]) -> String {
    let tokens = tokens(source, dialect);
    let mut text = String::with_capacity(source.len() + 16);
    let (mut at, mut last, mut after) = (0, 0, Seen::Nothing);
    while let Some(token) = tokens.get(at) {
        let end = operator(&tokens, at, source);
        let stop = tokens.get(end).map_or(token.end, |token| token.end);
        let shown = source.get(token.start..stop).unwrap_or_default();
        let now = Seen::of(token, shown, more);
        // What stood there is a blank or nothing.
        let apart = token.start > last && !text.is_empty();
        match (after, now) {
            (Seen::Nothing, _) | (_, Seen::Semicolon) => {}
            (Seen::Semicolon, _) => text.push('\n'),
            (Seen::Comma | Seen::Comparison, _) | (_, Seen::Comparison) => text.push(' '),
            (Seen::Keyword, Seen::Open | Seen::Other) | (Seen::Close, Seen::Keyword | Seen::Word) => text.push(' '),
            // `SELECT *FROM` runs, and nobody writes it.
            (Seen::Other, Seen::Keyword) if text.ends_with('*') => text.push(' '),
            _ if apart => text.push(' '),
            _ => {}
        }
        match now {
            Seen::Keyword => text.push_str(&shown.to_uppercase()),
            _ => text.push_str(shown),
        }
        // A call's parenthesis has no blank before it.
        after = match now {
            Seen::Keyword if is_called(shown) => Seen::Word,
            now => now,
        };
        (at, last) = (end + 1, stop);
    }
    text
}

/// Whether a word in [`WORDS`] may be a function.
fn is_called(word: &str) -> bool {
    ["coalesce", "left", "right", "current_time", "current_timestamp"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}

/// What stands somewhere, as far as blanks depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Nothing,
    Keyword,
    Word,
    Comparison,
    Comma,
    Semicolon,
    Open,
    Close,
    Other,
}

impl Seen {
    fn of(token: &Token, shown: &str, more: &[&str]) -> Seen {
        match (token.kind, shown) {
            (TokenKind::Word, word) => {
                let word = word.to_ascii_lowercase();
                match WORDS.binary_search(&word.as_str()).is_ok() || more.contains(&word.as_str()) {
                    true => Seen::Keyword,
                    false => Seen::Word,
                }
            }
            (TokenKind::QuotedIdentifier, _) => Seen::Word,
            (TokenKind::Semicolon, _) => Seen::Semicolon,
            (_, ",") => Seen::Comma,
            (_, "(") => Seen::Open,
            (_, ")") => Seen::Close,
            (TokenKind::Punctuation, operator)
                if operator != "!" && operator.bytes().all(|byte| b"<>=!".contains(&byte)) =>
            {
                Seen::Comparison
            }
            _ => Seen::Other,
        }
    }
}

/// The last token of the operator that begins at a token: those that touch are one.
fn operator(tokens: &[Token], at: usize, source: &str) -> usize {
    let is_part = |token: &Token| {
        token.kind == TokenKind::Punctuation
            && token.text(source).bytes().all(|byte| b"<>=!~@#%^&|?+-*/:".contains(&byte))
    };
    let mut end = at;
    while let (Some(this), Some(next)) = (tokens.get(end), tokens.get(end + 1))
        && is_part(this)
        && is_part(next)
        && this.end == next.start
    {
        end += 1;
    }
    end
}

/// A query with its clauses on lines.
pub(super) fn query(text: &str, dialect: Dialect) -> String {
    let mut lines = String::with_capacity(text.len());
    let (mut depth, mut last, mut after) = (0usize, 0, "");
    for token in tokens(text, dialect) {
        let shown = token.text(text);
        let joins = |word: &str| matches!(word, "LEFT" | "RIGHT" | "FULL" | "INNER" | "CROSS" | "OUTER");
        let begins = match shown {
            "FROM" | "WHERE" | "GROUP" | "HAVING" | "ORDER" | "LIMIT" | "UNION" | "EXCEPT" | "INTERSECT" => true,
            "JOIN" => !joins(after),
            shown => joins(shown) && !joins(after),
        };
        let blank = text.get(last..token.start).unwrap_or_default();
        lines.push_str(if begins && depth == 0 && blank == " " { "\n" } else { blank });
        lines.push_str(shown);
        match shown {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        (last, after) = (token.end, shown);
    }
    lines
}

/// Its tokens, but for blanks.
fn tokens(source: &str, dialect: Dialect) -> Vec<Token> {
    let mut lexer = Lexer::new(source, dialect);
    std::iter::from_fn(|| lexer.next_significant()).collect()
}

/// An expression in the place of a default, which takes not every one as it is.
pub(super) fn default(expression: &Expression, dialect: Dialect) -> String {
    let text = spaced(expression, dialect);
    let tokens = tokens(&text, dialect);
    let kinds: Vec<TokenKind> = tokens.iter().map(|token| token.kind).collect();
    let is_call = is_call(&tokens, &text);
    let name = tokens.first().map_or("", |token| token.text(&text));
    let is_clock = matches!(
        name.to_ascii_lowercase().as_str(),
        "now"
            | "current_timestamp"
            | "localtimestamp"
            | "localtime"
            | "current_date"
            | "current_time"
            | "curdate"
            | "curtime"
    );
    let bare = match kinds.as_slice() {
        [_] => true,
        [TokenKind::Punctuation, TokenKind::Number] => true,
        // `b'101'`.
        [TokenKind::Word, TokenKind::String] => true,
        _ => match dialect {
            Dialect::Postgres => is_call || !text.contains(' '),
            Dialect::Mysql => is_call && is_clock,
            Dialect::Sqlite => false,
        },
    };
    if bare { text } else { format!("({text})") }
}

/// An expression in the place of an index's part.
pub(super) fn part(expression: &Expression, dialect: Dialect) -> String {
    let text = spaced(expression, dialect);
    match dialect != Dialect::Mysql && is_call(&tokens(&text, dialect), &text) {
        true => text,
        false => format!("({text})"),
    }
}

/// Whether it is one call of a function, and no more.
fn is_call(tokens: &[Token], text: &str) -> bool {
    let [name, open, rest @ ..] = tokens else { return false };
    if name.kind != TokenKind::Word || open.text(text) != "(" || matches!(name.text(text), "NOT" | "CASE" | "array") {
        return false;
    }
    let mut depth = 1usize;
    for (at, token) in rest.iter().enumerate() {
        match token.text(text) {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + 1 == rest.len();
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_where_people_put_them() {
        for (source, expect) in [
            ("a>=0 AND b IN (1,2)", "a >= 0 AND b IN (1, 2)"),
            ("a = -1", "a = -1"),
            ("a - -1", "a- -1"),
            ("(a > 0) OR (b <> 'x,y')", "(a > 0) OR (b <> 'x,y')"),
            ("data->>'x' = 'y'", "data->>'x' = 'y'"),
            (
                "SELECT count(*) AS n, \"Odd\" FROM runs WHERE a=b",
                "SELECT count(*) AS n, \"Odd\" FROM runs WHERE a = b",
            ),
            ("coalesce(a,b)", "COALESCE(a, b)"),
            ("SELECT * FROM a WHERE b*c IS NULL", "SELECT * FROM a WHERE b*c IS NULL"),
            ("NOT (a)", "NOT (a)"),
            ("CASE WHEN a IS NULL THEN -1 ELSE f(a) END", "CASE WHEN a IS NULL THEN -1 ELSE f(a) END"),
        ] {
            let expression = Expression::new(source, Dialect::Postgres);
            let text = spaced(&expression, Dialect::Postgres);
            assert_eq!(text, expect);
            assert_eq!(Expression::new(&text, Dialect::Postgres), expression, "{text}");
        }
    }

    #[test]
    fn a_default_is_in_parentheses_where_it_has_to_be() {
        for (dialect, source, expect) in [
            (Dialect::Postgres, "now()", "now()"),
            (Dialect::Postgres, "'x'::text", "'x'::text"),
            (Dialect::Postgres, "now() + interval '1 day'", "(now()+INTERVAL '1 day')"),
            (Dialect::Mysql, "uuid()", "(uuid())"),
            (Dialect::Mysql, "current_timestamp(3)", "CURRENT_TIMESTAMP(3)"),
            (Dialect::Mysql, "-1", "-1"),
            (Dialect::Sqlite, "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"),
            (Dialect::Sqlite, "datetime('now')", "(datetime('now'))"),
        ] {
            assert_eq!(default(&Expression::new(source, dialect), dialect), expect);
        }
    }
}
