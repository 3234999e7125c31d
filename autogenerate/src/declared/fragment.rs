//! Pieces of SQL that an attribute holds: whether one is what it should be, read by itself. So what is wrong with it is said
//! of the field, and nothing that it holds reaches beyond its place.

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, TokenKind, split};
use revchain_schema::model::{Column, Expression};
use revchain_schema::{read_table, reads_as_condition};

/// Whether a text is one whole: closed quotes and parentheses, nothing that ends it, not nothing. Else what is wrong with it.
pub(super) fn is_whole(text: &str, dialect: Dialect) -> Result<(), &'static str> {
    let cut = split(text, dialect);
    if cut.unterminated.is_some() {
        return Err("a quote or comment in it is never closed");
    }
    let (mut lexer, mut depth, mut is_empty) = (Lexer::new(text, dialect), 0usize, true);
    while let Some(token) = lexer.next_significant() {
        is_empty = false;
        match token.text(text) {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.checked_sub(1).ok_or("a parenthesis in it was never opened")?,
            ";" => return Err("a semicolon stands in it"),
            "," if depth == 0 => return Err("a comma stands in it"),
            _ => {}
        }
    }
    match (is_empty, depth) {
        (true, _) => Err("it is empty"),
        (false, 0) => Ok(()),
        (false, _) => Err("a parenthesis in it is never closed"),
    }
}

/// Signs and words that no expression ends with, on any of them: something has to stand behind.
const NEVER_LAST: [&str; 17] =
    ["+", "-", "*", "/", "=", "<", ">", "|", "&", "and", "or", "not", "is", "case", "when", "then", "else"];

/// Signs that no expression begins with. (PostgreSQL has `|/` and `@`, and a user's may be called otherwise.)
const NEVER_FIRST: [&str; 5] = ["*", "/", "=", "<", ">"];

/// Words that are values by themselves.
const VALUES: [&str; 18] = [
    "true",
    "false",
    "null",
    "current_date",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
    "current_user",
    "session_user",
    "system_user",
    "user",
    "current_role",
    "current_catalog",
    "current_schema",
    "utc_date",
    "utc_time",
    "utc_timestamp",
];

/// The tokens of a text, in lower case, with what each is.
fn tokens(text: &str, dialect: Dialect) -> Vec<(TokenKind, String)> {
    let mut lexer = Lexer::new(text, dialect);
    std::iter::from_fn(|| lexer.next_significant()).map(|token| (token.kind, token.text(text).to_lowercase())).collect()
}

/// Whether nothing is missing around an operator: what can be said without knowing what anything is.
fn is_complete(text: &str, dialect: Dialect) -> Result<(), &'static str> {
    let tokens = tokens(text, dialect);
    let is_bare = |(kind, _): &&(TokenKind, String)| {
        !matches!(kind, TokenKind::String | TokenKind::DollarString | TokenKind::QuotedIdentifier)
    };
    let is_one_of = |token: Option<&(TokenKind, String)>, all: &[&str]| {
        token.filter(is_bare).is_some_and(|(_, text)| all.contains(&text.as_str()))
    };
    match (is_one_of(tokens.first(), &NEVER_FIRST), is_one_of(tokens.last(), &NEVER_LAST)) {
        (true, _) => Err("something is missing before its operator"),
        (_, true) => Err("something is missing at its end"),
        _ => Ok(()),
    }
}

/// Whether a default is not just words: a text whose quotes were forgotten. SQLite takes one word for a text.
fn is_no_word(text: &str, dialect: Dialect) -> Result<(), &'static str> {
    let tokens = tokens(text, dialect);
    let forgotten = match tokens.as_slice() {
        _ if dialect == Dialect::Sqlite => false,
        [(TokenKind::Word, word)] => {
            !VALUES.contains(&word.as_str()) && !word.starts_with(|c: char| c.is_ascii_digit())
        }
        [(TokenKind::Word, first), (TokenKind::Word, second)] => {
            !matches!(first.as_str(), "not" | "binary") && !matches!(second.as_str(), "isnull" | "notnull" | "null")
        }
        _ => false,
    };
    if forgotten { Err("it is a word and no value; a text stands in quotes: `'…'`") } else { Ok(()) }
}

/// Whether a text is an expression.
pub(super) fn is_expression(text: &str, dialect: Dialect) -> Result<(), &'static str> {
    is_whole(text, dialect)?;
    is_complete(text, dialect)?;
    reads_as_condition(text, dialect).then_some(()).ok_or("it is no expression")
}

/// Whether a text is a default: an expression, and no option of the column behind it.
pub(super) fn is_default(text: &str, dialect: Dialect) -> Result<(), &'static str> {
    is_expression(text, dialect)?;
    is_no_word(text, dialect)?;
    let column = column(&format!("text DEFAULT {text}"), dialect).ok_or("it is no default")?;
    let is_alone =
        column.nullable && column.collation.is_none() && column.comment.is_none() && column.on_update.is_none();
    let bare = |text: &str| text.chars().filter(|c| !matches!(c, '(' | ')' | ' ')).collect::<String>();
    let said = Expression::new(text, dialect);
    let is_it = column.default.is_none_or(|default| bare(default.0.as_str()) == bare(said.as_str()));
    match is_alone && is_it {
        true => Ok(()),
        false => Err("more than a default stands in it"),
    }
}

/// The column that a type makes, where it is a type and nothing else.
pub(crate) fn of_type(text: &str, dialect: Dialect) -> Result<Column, &'static str> {
    is_whole(text, dialect)?;
    let mut column = column(text, dialect).ok_or("it is no type")?;
    let is_type = column.data_type.is_some()
        && (column.nullable || column.identity.is_some())
        && (column.identity.is_none() || !text.trim().contains(char::is_whitespace))
        && column.default.is_none()
        && column.generated.is_none()
        && column.comment.is_none()
        && column.on_update.is_none();
    if !is_type {
        return Err("more than a type stands in it");
    }
    column.nullable = true;
    Ok(column)
}

/// The one column of a table.
fn column(text: &str, dialect: Dialect) -> Option<Column> {
    let mut table = read_table(&format!("CREATE TABLE t (c {text})"), dialect)?;
    let is_alone = table.is_known()
        && table.columns.len() == 1
        && table.checks.is_empty()
        && table.foreign_keys.is_empty()
        && table.primary_key.is_none()
        // MySQL's `serial` brings one.
        && (table.uniques.is_empty() || text.trim().eq_ignore_ascii_case("serial"));
    is_alone.then(|| table.columns.pop()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_more_or_less_than_it_should_be_is_told() {
        let (pg, my, lite) = (Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite);
        for (dialect, text, reads) in [
            (pg, "VARCHAR(40)", true),
            (pg, "timestamp(3) with time zone", true),
            (pg, "mood", true),
            (pg, "text[]", true),
            (pg, "serial", true),
            (my, "enum('a', 'b')", true),
            (my, "bigint unsigned", true),
            (my, "varchar(10) character set latin1", true),
            (lite, "whatever", true),
            (pg, "", false),
            (pg, "VARCHAR(40", false),
            (pg, "VARCHAR(40))", false),
            (pg, "text NOT NULL", false),
            (pg, "text, b int", false),
            (pg, "text; DROP TABLE t", false),
            (pg, "text DEFAULT 'x'", false),
            (pg, "int PRIMARY KEY", false),
            (pg, "text 'x", false),
        ] {
            assert_eq!(of_type(text, dialect).is_ok(), reads, "{dialect} {text}");
        }
        for (dialect, text, reads) in [
            (pg, "'x'", true),
            (pg, "now()", true),
            (pg, "nextval('s'::regclass)", true),
            (pg, "'{}'::jsonb", true),
            (pg, "a NOT IN (1, 2)", true),
            (pg, "-1", true),
            (pg, "interval '14 days'", true),
            (pg, "timezone('utc', CURRENT_TIMESTAMP)", true),
            (pg, "NULL", true),
            (pg, "Current_Timestamp", true),
            (pg, "CURRENT_TIMESTAMP AT TIME ZONE 'utc'", true),
            (pg, "NOT true", true),
            (pg, "|/ 25", true),
            (pg, "'a' || 'and'", true),
            (pg, "'-'", true),
            (my, "CURRENT_TIMESTAMP", true),
            (my, "0x41", true),
            (my, "(UTC_TIMESTAMP)", true),
            (lite, "draft", true),
            (lite, "CURRENT_TIMESTAMP", true),
            (pg, "draft", false),
            (my, "draft", false),
            (pg, "new draft", false),
            (pg, "1 +", false),
            (lite, "1 +", false),
            (my, "* 2", false),
            (pg, "+", false),
            (pg, "true AND", false),
            (my, "CURRENT_TIMESTAMP(6)", true),
            (my, "(uuid())", true),
            (my, "b'1'", true),
            (lite, "(datetime('now','localtime'))", true),
            (pg, "", false),
            (pg, "'x", false),
            (pg, "0 NOT NULL", false),
            (pg, "0, b int", false),
            (my, "1 COMMENT 'x'", false),
        ] {
            assert_eq!(is_default(text, dialect).is_ok(), reads, "{dialect} {text}");
        }
        assert!(is_expression("a > 0 AND b < 1", pg).is_ok());
        assert!(is_expression("a > 0) , (b", pg).is_err());
        assert!(is_expression("size >", pg).is_err());
        assert!(is_expression("\"and\"", pg).is_ok());
        assert!(is_expression("a IS NOT", lite).is_err());
        assert!(is_expression("a > 'x", pg).is_err());
        assert!(is_expression("a > 0 -- and so on", pg).is_ok());
    }
}
