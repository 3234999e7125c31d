//! Expressions that mean the same on another dialect. Few do for certain: the others are left out, and said.

use revchain_core::Dialect;
use revchain_core::sql::TokenKind;
use revchain_schema::Schema;
use revchain_schema::model::{Expression, Family, Name};
use revchain_schema::write::Writer;

use super::stored;

/// A default in the words of another dialect. `family` is that of the column.
pub(super) fn default(of: &Expression, family: Family, from: Dialect, to: Dialect) -> Option<Expression> {
    let text = without_cast(of.as_str(), from);
    let say = |sql: &str| Some(Expression::new(sql, to));
    match text {
        "true" | "false" | "0" | "1" if family == Family::Boolean => {
            let is_set = matches!(text, "true" | "1");
            return say(match (to, is_set) {
                (Dialect::Postgres, true) => "true",
                (Dialect::Postgres, false) => "false",
                (_, true) => "1",
                (_, false) => "0",
            });
        }
        "now()"
        | "current_timestamp"
        | "current_timestamp()"
        | "localtimestamp"
        | "statement_timestamp()"
        | "current_timestamp(3)"
        | "current_timestamp(6)"
        | "now(3)"
        | "now(6)" => {
            return say("CURRENT_TIMESTAMP");
        }
        "current_date" if to != Dialect::Mysql => return say("CURRENT_DATE"),
        "gen_random_uuid()" | "uuid_generate_v4()" | "uuid()" => {
            return match to {
                Dialect::Postgres => say("gen_random_uuid()"),
                Dialect::Mysql => say("uuid()"),
                Dialect::Sqlite => None,
            };
        }
        _ => {}
    }
    if is_number(text) {
        return say(text);
    }
    let literal = text.strip_prefix('\'')?.strip_suffix('\'')?;
    let is_plain = !literal.replace("''", "").contains(['\'', '\\']);
    is_plain.then(|| Expression::new(text, to))
}

/// A condition in the words of another dialect: where every word of it is one that all three have.
pub(super) fn condition(of: &Expression, from: Dialect, to: Dialect) -> Option<Expression> {
    let words = match from {
        Dialect::Postgres => stored::plain(of)?,
        Dialect::Mysql | Dialect::Sqlite => stored::words(of, from),
    };
    let writer = Schema::empty(to);
    let writer = Writer::of(&writer);
    let mut text = String::new();
    for (at, word) in words.iter().enumerate() {
        let shown = word.text.as_str();
        let calls = words.get(at + 1).is_some_and(|next| next.text == "(");
        let is_shared = match word.kind {
            // A function may be another's alone.
            TokenKind::Word => !calls || SHARED.contains(&shown) || alias(shown).is_some(),
            TokenKind::QuotedIdentifier | TokenKind::Number => true,
            TokenKind::String => shown.starts_with('\'') && !shown.contains('\\'),
            TokenKind::Punctuation => matches!(
                shown,
                "(" | ")" | "," | "=" | "<" | ">" | "<=" | ">=" | "<>" | "!=" | "+" | "-" | "*" | "/" | "."
            ),
            _ => false,
        };
        if !is_shared || BEYOND.contains(&shown) {
            return None;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        match word.kind {
            TokenKind::QuotedIdentifier => text.push_str(&writer.name(&Name::new(shown, to))),
            TokenKind::Word if calls => text.push_str(alias(shown).unwrap_or(shown)),
            _ => text.push_str(shown),
        }
    }
    Some(Expression::new(&text, to))
}

/// What a function of MySQL's is called everywhere.
fn alias(function: &str) -> Option<&'static str> {
    match function {
        "ucase" => Some("upper"),
        "lcase" => Some("lower"),
        _ => None,
    }
}

/// What may stand before a parenthesis, and means the same everywhere.
const SHARED: [&str; 12] =
    ["and", "or", "not", "in", "abs", "lower", "upper", "coalesce", "length", "between", "is", "like"];

/// Words that mean something else elsewhere, or nothing.
const BEYOND: [&str; 8] = ["any", "all", "array", "similar", "regexp", "ilike", "glob", "interval"];

/// A default without the type behind it: `'new'::character varying`.
fn without_cast(text: &str, from: Dialect) -> &str {
    if from != Dialect::Postgres {
        return text;
    }
    let text = text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(text);
    match text.rsplit_once("::") {
        Some((value, _)) if value.ends_with('\'') || is_number(value) => value,
        _ => text,
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}
