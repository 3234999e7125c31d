//! What an expression says, whoever spells it: the author, or the database that stored it.

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, TokenKind};

use crate::model::{Expression, unquoted};
use crate::read::unescaped;

/// An expression without what means nothing: casts, parentheses, quotes around names that need none and around numbers,
/// blanks. `now()`, `CURRENT_TIMESTAMP` and their like are one; so are `!=` and `<>`, and `IN (…)` and `= ANY (ARRAY[…])`.
///
/// Too coarse to run, and meant to be: what is told apart here is different for certain. (`a + b * c` and `(a + b) * c` are
/// not told apart.)
pub fn canonical(expression: &Expression, dialect: Dialect) -> String {
    joined(&tokens(expression, dialect))
}

/// The tokens of an expression, each by the one of its names that we use; without casts.
pub(super) fn tokens(expression: &Expression, dialect: Dialect) -> Vec<String> {
    let source = expression.as_str();
    let mut lexer = Lexer::new(source, dialect);
    let mut tokens: Vec<String> = Vec::new();
    while let Some(token) = lexer.next_significant() {
        let text = token.text(source);
        match token.kind {
            TokenKind::Word => tokens.push(word(text, dialect)),
            TokenKind::QuotedIdentifier if dialect == Dialect::Mysql && text.starts_with('"') => {
                tokens.push(literal(&said(text, dialect), dialect));
            }
            TokenKind::QuotedIdentifier => tokens.push(unquoted(text).to_lowercase()),
            TokenKind::String | TokenKind::Number if dialect == Dialect::Mysql && hexadecimal(text).is_some() => {
                tokens.extend(hexadecimal(text));
            }
            TokenKind::String => tokens.push(literal(&said(text, dialect), dialect)),
            TokenKind::Number if dialect == Dialect::Mysql => tokens.push(number_of_mysql(text)),
            TokenKind::Number => tokens.push(number(text)),
            _ => tokens.push(text.to_owned()),
        }
    }
    respelt(without_casts(tokens, dialect), dialect)
}

/// What a string says: MySQL's may have a backslash before a quote, and MariaDB gives it so.
fn said(text: &str, dialect: Dialect) -> String {
    let said = unquoted(text);
    if dialect == Dialect::Mysql && said.contains('\\') { unescaped(&said) } else { said }
}

/// MySQL's constant of bytes or bits, by one of its spellings: `x'0F'`, `b'1111'` and `0x0f` are `0x0f`.
pub(super) fn hexadecimal(text: &str) -> Option<String> {
    let (prefix, digits) = text.split_at_checked(2)?;
    let (bits, digits) = match prefix {
        "0x" => (4, digits),
        "0b" => (1, digits),
        "x'" | "X'" => (4, digits.strip_suffix('\'')?),
        "b'" | "B'" => (1, digits.strip_suffix('\'')?),
        _ => return None,
    };
    let in_byte = 8 / bits;
    let mut bytes = String::with_capacity(digits.len() + 2);
    bytes.push_str("0x");
    let (mut byte, mut missing) = (0, digits.len() % in_byte);
    if missing == 0 {
        missing = in_byte;
    }
    for digit in digits.chars() {
        byte = (byte << bits) | digit.to_digit(1 << bits)?;
        missing -= 1;
        if missing == 0 {
            bytes.extend([byte >> 4, byte & 15].into_iter().filter_map(|digit| char::from_digit(digit, 16)));
            (byte, missing) = (0, in_byte);
        }
    }
    Some(bytes)
}

/// Puts one spelling for what has two: `BETWEEN`, which PostgreSQL stores as two comparisons, `LIKE`, `NOT IN`, and numbers
/// below zero.
fn respelt(tokens: Vec<String>, dialect: Dialect) -> Vec<String> {
    let spelt_twice = |token: &String| matches!(token.as_str(), "-" | "+" | "between" | "~" | "all" | "0");
    if !tokens.iter().any(spelt_twice) {
        return tokens;
    }
    let mut kept: Vec<String> = Vec::with_capacity(tokens.len());
    let get = |at: usize| tokens.get(at).map_or("", String::as_str);
    let is_number = |token: &str| token.starts_with(|first: char| first.is_ascii_digit());
    let is_plain = |token: &str| token.starts_with(|first: char| first.is_alphanumeric() || "_'-".contains(first));
    // The end of something longer, all of which is compared.
    let is_within = |token: Option<&String>| token.is_some_and(|token| "+-*/%|.>~:]".contains(token.as_str()));
    let mut at = 0;
    while at < tokens.len() {
        let last = kept.last().map_or("", String::as_str);
        // Behind an operator, a comma or nothing it is the number's own.
        if get(at) == "-" && is_number(get(at + 1)) && (last.is_empty() || "(,<>=+*/%|[".contains(last)) {
            kept.push(format!("-{}", get(at + 1)));
            at += 2;
        } else if get(at) == "+" && is_number(get(at + 1)) && (last.is_empty() || "(,<>=+*/%|[".contains(last)) {
            at += 1;
        } else if dialect == Dialect::Mysql
            && (get(at), get(at + 1), get(at + 2)) == ("0", "<", ">")
            && matches!(last, "" | "(" | "," | "and" | "or" | "not" | "xor" | "!" | "|" | "&")
        {
            // What MySQL adds to a number that is asked whether it is true.
            at += 3;
        } else if dialect == Dialect::Mysql
            && matches!((get(at), get(at + 1)), ("<", ">") | ("!", "="))
            && get(at + 2) == "0"
        {
            // What MariaDB adds to a number that is asked whether it is true.
            at += 3;
        } else if dialect == Dialect::Postgres && get(at) == "~" && get(at + 1) == "~" {
            if last == "!" {
                kept.pop();
                kept.push("not".to_owned());
            }
            let ignores_case = get(at + 2) == "*";
            kept.push(if ignores_case { "ilike" } else { "like" }.to_owned());
            at += 2 + usize::from(ignores_case);
        } else if dialect == Dialect::Postgres && get(at) == "all" && last == ">" {
            kept.truncate(kept.len().saturating_sub(2));
            kept.extend(["not", "in"].map(str::to_owned));
            at += 1;
            while matches!(get(at), "(" | "array") {
                at += 1;
            }
        } else if get(at) == "between" && last != "not" && is_plain(last) && !is_within(kept.iter().rev().nth(1)) {
            let low = if get(at + 1) == "-" { format!("-{}", get(at + 2)) } else { get(at + 1).to_owned() };
            let behind = at + 2 + usize::from(get(at + 1) == "-");
            let column = last.to_owned();
            if is_plain(&low) && get(behind) == "and" {
                kept.extend([">", "=", low.as_str(), "and", column.as_str(), "<", "="].map(str::to_owned));
                at = behind + 1;
            } else {
                kept.push("between".to_owned());
                at += 1;
            }
        } else {
            kept.push(get(at).to_owned());
            at += 1;
        }
    }
    kept
}

/// Tokens as text.
fn joined(tokens: &[String]) -> String {
    let mut text = String::with_capacity(tokens.len() * 8);
    let mut tokens =
        tokens.iter().map(String::as_str).filter(|token| !matches!(*token, "(" | ")" | "[" | "]")).peekable();
    while let Some(token) = tokens.next() {
        let shown = match (token, tokens.peek().copied()) {
            ("!", Some("=")) => {
                tokens.next();
                "<>"
            }
            ("<", Some(">")) => {
                tokens.next();
                "<>"
            }
            ("=", Some("any")) => {
                tokens.next();
                if tokens.peek().is_some_and(|token| *token == "array") {
                    tokens.next();
                }
                "in"
            }
            (token, _) => token,
        };
        // `>=` is two tokens.
        let is_operator = |text: &str| text.bytes().all(|byte| b"<>=!|&~+-*/%^#@".contains(&byte));
        let joined = is_operator(shown) && text.chars().next_back().is_some_and(|last| "<>!|&~=".contains(last));
        if !text.is_empty() && !joined {
            text.push(' ');
        }
        text.push_str(shown);
    }
    text
}

/// A word by the one of its names that we use.
fn word(text: &str, dialect: Dialect) -> String {
    match text {
        // These are numbers there.
        "true" if dialect == Dialect::Mysql => "1".to_owned(),
        "false" if dialect == Dialect::Mysql => "0".to_owned(),
        "now" | "current_timestamp" | "transaction_timestamp" | "localtimestamp" | "localtime" => "now".to_owned(),
        "curdate" | "current_date" => "current_date".to_owned(),
        "some" => "any".to_owned(),
        _ => match of_mysql(text).filter(|_| dialect == Dialect::Mysql) {
            Some(name) => name.to_owned(),
            None => text.to_lowercase(),
        },
    }
}

/// The name that MariaDB or MySQL stores a function by, or an operator, where it has another.
fn of_mysql(text: &str) -> Option<&'static str> {
    Some(match text {
        "octet_length" => "length",
        "character_length" => "char_length",
        "lcase" => "lower",
        "ucase" => "upper",
        "substring" | "mid" => "substr",
        "ceil" => "ceiling",
        "power" => "pow",
        "sha1" => "sha",
        "day" => "dayofmonth",
        "nvl" => "ifnull",
        "rlike" => "regexp",
        _ => return None,
    })
}

/// A string constant; a number's or, on PostgreSQL, a boolean's text is the number, or the boolean.
fn literal(text: &str, dialect: Dialect) -> String {
    match text {
        "t" | "true" if dialect == Dialect::Postgres => "true".to_owned(),
        "f" | "false" if dialect == Dialect::Postgres => "false".to_owned(),
        _ if !text.is_empty() && text.parse::<f64>().is_ok() && !text.starts_with(['+', 'i', 'n', 'I', 'N']) => {
            number(text)
        }
        _ => format!("'{text}'"),
    }
}

/// A number without the zeros that mean nothing.
fn number(text: &str) -> String {
    match text.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|byte| byte.is_ascii_digit()) => {
            let fraction = fraction.trim_end_matches('0');
            match fraction.is_empty() {
                true => whole.to_owned(),
                false => format!("{whole}.{fraction}"),
            }
        }
        _ => text.to_owned(),
    }
}

/// A number of MySQL's, which shows `1e3` as `1000`, and those of ZEROFILL with the zeros.
fn number_of_mysql(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && text.contains(['e', 'E']) => value.to_string(),
        _ => {
            let is_more = |rest: &&str| rest.starts_with(|first: char| first.is_ascii_digit());
            let mut text = text;
            while let Some(rest) = text.strip_prefix('0').filter(is_more) {
                text = rest;
            }
            number(text)
        }
    }
}

/// Takes `::type(10)[]` out, and the prefixes that MySQL puts before strings (`_utf8mb4'x'`).
fn without_casts(tokens: Vec<String>, dialect: Dialect) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    let get = |at: usize| tokens.get(at).map_or("", String::as_str);
    while at < tokens.len() {
        if dialect == Dialect::Postgres && get(at) == ":" && get(at + 1) == ":" {
            at += 2;
            at = after_type(&tokens, at);
            continue;
        }
        // Found with the schema's name or without.
        if dialect == Dialect::Postgres && get(at) == "public" && get(at + 1) == "." {
            at += 2;
            continue;
        }
        let is_number = |at: usize| get(at).starts_with(|first: char| first.is_ascii_digit());
        // Of a string that says a number, a number is left.
        let is_constant = |at: usize| get(at).starts_with('\'') || is_number(at);
        if dialect == Dialect::Mysql && get(at).starts_with('_') && is_constant(at + 1) {
            at += 1;
            continue;
        }
        // MySQL shows `-1` as `-(1)`.
        if dialect == Dialect::Mysql && (get(at), get(at + 1), get(at + 3)) == ("-", "(", ")") && is_number(at + 2) {
            kept.extend([get(at), get(at + 2)].map(str::to_owned));
            at += 4;
            continue;
        }
        if dialect == Dialect::Mysql
            && get(at) == "."
            && is_number(at + 1)
            && !kept.last().is_some_and(|last| last.ends_with(|end: char| end.is_alphanumeric() || end == '_'))
        {
            kept.push(number(&format!("0.{}", get(at + 1))));
            at += 2;
            continue;
        }
        kept.push(get(at).to_owned());
        at += 1;
    }
    kept
}

/// Where the type ends that begins here.
fn after_type(tokens: &[String], mut at: usize) -> usize {
    let get = |at: usize| tokens.get(at).map_or("", String::as_str);
    at += 1;
    while get(at) == "." {
        at += 2;
    }
    loop {
        match get(at) {
            "varying" | "precision" => at += 1,
            "with" | "without" if get(at + 1) == "time" && get(at + 2) == "zone" => at += 3,
            "(" => {
                while at < tokens.len() && get(at) != ")" {
                    at += 1;
                }
                at += 1;
            }
            "[" if get(at + 1) == "]" => at += 2,
            _ => return at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spelt_another_way_is_one() {
        for (dialect, one, other) in [
            (Dialect::Postgres, "'x'", "'x'::character varying(10)"),
            (Dialect::Postgres, "now()", "CURRENT_TIMESTAMP"),
            (Dialect::Postgres, "0", "'0'::integer"),
            (Dialect::Postgres, "false", "'f'"),
            (Dialect::Postgres, "status IN ('a', 'b')", "((status)::text = ANY (ARRAY['a'::text, 'b'::text]))"),
            (Dialect::Postgres, "a != 1", "(a <> 1)"),
            (Dialect::Postgres, "-1", "'-1'::integer"),
            (Dialect::Postgres, "a BETWEEN -1 AND 5", "((a >= '-1'::integer) AND (a <= 5))"),
            (Dialect::Postgres, "status NOT IN ('a', 'b')", "(status <> ALL (ARRAY['a'::text, 'b'::text]))"),
            (Dialect::Postgres, "a LIKE 'x%' OR a NOT ILIKE 'y'", "((a ~~ 'x%'::text) OR (a !~~* 'y'::text))"),
            (Dialect::Postgres, "nextval('s')", "nextval('s'::regclass)"),
            (Dialect::Postgres, "'1 day'::interval", "'1 day'::interval(3)"),
            (Dialect::Postgres, "public.f(x)", "f(x)"),
            (Dialect::Mysql, "\"a\"", "'a'"),
            (Dialect::Mysql, "_utf8mb4'a'", "'a'"),
            (Dialect::Mysql, r"'it\'s'", "'it''s'"),
            (Dialect::Mysql, "current_timestamp()", "NOW()"),
            (Dialect::Mysql, "0.00", "'0'"),
            (Dialect::Mysql, "TRUE", "1"),
            (Dialect::Mysql, "a OR b IS NULL", "`a` <> 0 or `b` is null"),
            // What MySQL 9.7.4 gave.
            (Dialect::Mysql, "a OR b IS NULL OR c > 3", "((0 <> `a`) or (`b` is null) or (`c` > 3))"),
            (Dialect::Mysql, "a AND c IS NOT TRUE", "((0 <> `a`) and ((0 <> `c`) is not true))"),
            (Dialect::Mysql, "a > 0 OR a IN (-1, -2)", "((`a` > 0) or (`a` in (-(1),-(2))))"),
            (Dialect::Mysql, "a BETWEEN -5 AND -1", "(`a` between -(5) and -(1))"),
            (Dialect::Mysql, "a > +1", "(`a` > 1)"),
            (Dialect::Mysql, "a > '12'", "(`a` > _utf8mb4'12')"),
            (Dialect::Mysql, ".5", "0.50"),
            (Dialect::Mysql, "5", "00005"),
            (Dialect::Mysql, "0", "000"),
            (Dialect::Mysql, "1e10", "10000000000"),
            (Dialect::Mysql, "a = b'101' OR a = X'00fF'", "((`a` = 0x05) or (`a` = 0x00ff))"),
            (Dialect::Sqlite, "(\"a\" > 0)", "a>0"),
        ] {
            let canonical = |text| canonical(&Expression::new(text, dialect), dialect);
            assert_eq!(canonical(one), canonical(other), "{one} and {other}");
        }
    }

    #[test]
    fn what_says_something_else_is_another() {
        for (dialect, one, other) in [
            (Dialect::Postgres, "'a'", "'b'"),
            (Dialect::Postgres, "0", "1"),
            (Dialect::Postgres, "'A'", "'a'"),
            (Dialect::Postgres, "a > 0", "a >= 0"),
            (Dialect::Postgres, "a - 1", "a"),
            (Dialect::Postgres, "-1", "1"),
            (Dialect::Postgres, "a BETWEEN 1 AND 5", "a BETWEEN 1 AND 6"),
            (Dialect::Postgres, "a LIKE 'x'", "a ~ 'x'"),
            (Dialect::Postgres, "now()", "current_date"),
            (Dialect::Mysql, "uuid()", "'uuid'"),
            (Dialect::Mysql, "'t'", "'true'"),
            (Dialect::Mysql, "'007'", "'7'"),
            (Dialect::Mysql, "a = 0", "a <> 0"),
            (Dialect::Mysql, "0x41", "x'42'"),
            (Dialect::Mysql, "a - (1)", "a + (1)"),
        ] {
            let canonical = |text| canonical(&Expression::new(text, dialect), dialect);
            assert_ne!(canonical(one), canonical(other), "{one} and {other}");
        }
    }
}
