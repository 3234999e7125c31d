//! Which columns an expression uses, as far as its tokens tell.

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, Token, TokenKind};

use crate::model::{Expression, Name, unquoted};

/// Whether a column is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mention {
    No,
    /// A word that may as well be a type, a function or a keyword.
    Maybe,
    Yes,
}

/// Words that stand in expressions and are columns' names, too: `extract(year from …)`, `date '2020-01-01'`, `value`.
const AMBIGUOUS: [&str; 30] = [
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "second",
    "week",
    "quarter",
    "epoch",
    "date",
    "time",
    "timestamp",
    "interval",
    "text",
    "value",
    "json",
    "uuid",
    "zone",
    "precision",
    "position",
    "current",
    "type",
    "both",
    "leading",
    "trailing",
    "at",
    "name",
    "key",
    "current_date",
    "user",
];

/// Whether an expression uses a column.
pub(super) fn mention(expression: &Expression, column: &Name, dialect: Dialect) -> Mention {
    let text = expression.as_str();
    if !text.contains(column.key()) && !text.contains(column.as_str()) && text.is_ascii() && column.key().is_ascii() {
        // A quoted name may be spelled in any case where case doesn't count.
        if dialect == Dialect::Postgres || !text.contains(['"', '`', '[']) {
            return Mention::No;
        }
    }
    let mut found = Mention::No;
    let mut lexer = Lexer::new(text, dialect);
    let mut before = "";
    let mut next = lexer.next_significant();
    while let Some(token) = next {
        next = lexer.next_significant();
        let shown = token.text(text);
        match is_name(token, text, column, dialect) {
            false => {}
            true => {
                let is_call = next.is_some_and(|next| next.text(text) == "(") && token.kind == TokenKind::Word;
                let is_type = before == ":" || before == "as";
                let is_word = token.kind == TokenKind::Word && before != "." && AMBIGUOUS.contains(&shown);
                if !is_call && !is_type && !is_word {
                    return Mention::Yes;
                }
                // A call of a function is no column's; `in (`, `and (` are keywords.
                if !is_call || is_word {
                    found = Mention::Maybe;
                }
            }
        }
        before = shown;
    }
    found
}

fn is_name(token: Token, text: &str, name: &Name, dialect: Dialect) -> bool {
    let shown = token.text(text);
    match token.kind {
        TokenKind::Word => shown == name.key(),
        TokenKind::QuotedIdentifier => Name::new(&unquoted(shown), dialect) == *name,
        _ => false,
    }
}

/// What PostgreSQL calls an expression in an index's name: the function, where it is a call and nothing else; `expr` where an
/// operator is outermost. `None` where that isn't clear (casts and `CASE` have names of their own).
pub(super) fn called(expression: &Expression) -> Option<&str> {
    let text = expression.as_str();
    let mut lexer = Lexer::new(text, Dialect::Postgres);
    let (mut depth, mut function, mut count, mut is_closed, mut has_operator) = (0usize, None, 0usize, false, false);
    while let Some(token) = lexer.next_significant() {
        let shown = token.text(text);
        if is_closed && depth == 0 {
            // Something stands behind the call, or the group.
            match shown {
                "+" | "-" | "*" | "/" | "|" | "%" => has_operator = true,
                _ if has_operator => {}
                _ => return None,
            }
        }
        match shown {
            "(" => depth += 1,
            ")" => {
                depth = depth.saturating_sub(1);
                is_closed |= depth == 0;
            }
            ":" if depth == 0 => return None,
            "+" | "*" | "/" | "|" | "%" | "-" if depth == 0 => has_operator = true,
            "case" | "cast" | "array" | "row" | "not" | "and" | "or" | "is" | "collate" | "at" if depth == 0 => {
                return None;
            }
            _ if count == 0 && token.kind == TokenKind::Word => function = Some(shown),
            _ => {}
        }
        count += 1;
    }
    if has_operator {
        return Some("expr");
    }
    // `f(…)`: the first token is the name, the second opens, and the last closes.
    let opens = function.and_then(|name| text.get(name.len()..)).is_some_and(|rest| rest.trim_start().starts_with('('));
    function.filter(|_| opens && is_closed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_told_from_other_words() {
        use Mention::{Maybe, No, Yes};
        for (expression, column, expected) in [
            ("a > 0", "a", Yes),
            ("ab > 0", "a", No),
            ("length(name2) > 0", "length", No),
            ("x::date > 'a'", "date", Maybe),
            ("\"A\" > 0", "A", Yes),
            ("'a' > b", "a", No),
            ("extract(year from b) > 1", "year", Maybe),
            ("t.year > 1", "year", Yes),
        ] {
            let name = Name::new(column, Dialect::Postgres);
            let expression = Expression::new(expression, Dialect::Postgres);
            assert_eq!(mention(&expression, &name, Dialect::Postgres), expected, "{expression} {column}");
        }
        let expression = Expression::new("`A` > 0", Dialect::Mysql);
        assert_eq!(mention(&expression, &Name::new("a", Dialect::Mysql), Dialect::Mysql), Yes);
    }

    #[test]
    fn an_index_is_called_after_its_function() {
        for (expression, expected) in [
            ("lower(a::text)", Some("lower")),
            ("a + b", Some("expr")),
            ("(a || b) || lower(c)", Some("expr")),
            ("coalesce(a, 0)", Some("coalesce")),
            ("a::text", None),
            ("(a->>'b')::int", None),
            ("lower(a)::int", None),
            ("CASE WHEN a THEN 1 END", None),
            ("", None),
        ] {
            assert_eq!(called(&Expression::new(expression, Dialect::Postgres)), expected, "{expression}");
        }
    }
}
