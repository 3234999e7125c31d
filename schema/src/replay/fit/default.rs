//! Which defaults a server surely refuses for a column's type: literals, and the calls that everybody writes. Never evaluates; of what
//! it doesn't know, of a cast and of a type of the user's it says nothing.

use revchain_core::Dialect;

use crate::model::{DataType, Family};
use crate::write::is_reserved;

/// Why a default doesn't fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misfit {
    /// It is no value of the type.
    Kind,
    /// It is a number that the type doesn't hold.
    Range,
    /// It is a text that is longer than the type.
    Length,
    /// It is none of the enumeration's values.
    Value,
    /// It is NULL, which the column doesn't take.
    Null,
    /// It is computed, and stands in no parentheses.
    Bare,
}

/// Why this default, as it is kept, doesn't fit.
pub(super) fn misfit(text: &str, data_type: &DataType, dialect: Dialect) -> Option<Misfit> {
    match dialect {
        Dialect::Postgres if data_type.array => match Value::of(text) {
            Value::Text(inner) => (!is_array(inner)).then_some(Misfit::Kind),
            _ => None,
        },
        Dialect::Postgres if data_type.name == "money" => None,
        Dialect::Postgres => postgres(Value::of(text), data_type),
        Dialect::Mysql => mysql(text, data_type),
        Dialect::Sqlite => is_computed(text).then_some(Misfit::Bare),
    }
}

/// Whether a default is one word, and none that stands for a value.
pub(super) fn is_bare(text: &str, dialect: Dialect) -> bool {
    let text = match dialect {
        Dialect::Sqlite => text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text),
        _ => text,
    };
    if dialect == Dialect::Postgres && text.starts_with('"') {
        return literal(text, '"').is_some_and(|inner| !inner.is_empty());
    }
    let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && text.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
    is_word
        && !VALUES.contains(&text)
        && match dialect {
            Dialect::Mysql => !is_reserved(text, dialect) && !MYSQL_VALUES.contains(&text),
            Dialect::Postgres | Dialect::Sqlite => true,
        }
}

/// Words that are values.
#[rustfmt::skip]
const VALUES: [&str; 16] = [
    "current_catalog", "current_date", "current_role", "current_schema", "current_time", "current_timestamp", "current_user", "default",
    "false", "localtime", "localtimestamp", "null", "session_user", "system_user", "true", "user",
];

/// Functions that MariaDB may know without parentheses.
const MYSQL_VALUES: [&str; 6] = ["rownum", "sysdate", "systimestamp", "utc_date", "utc_time", "utc_timestamp"];

/// What a default is, where that can be seen.
enum Value<'a> {
    /// A string, without its quotes.
    Text(&'a str),
    Number(&'a str),
    Boolean,
    /// This moment.
    Now,
    /// This day.
    Today,
    Other,
}

impl<'a> Value<'a> {
    fn of(text: &'a str) -> Value<'a> {
        if let Some(inner) = literal(text, '\'') {
            return Value::Text(inner);
        }
        let is_number = |byte: u8| byte.is_ascii_digit() || b".eE+-".contains(&byte);
        match text {
            "true" | "false" => Value::Boolean,
            "now()"
            | "current_timestamp"
            | "localtimestamp"
            | "clock_timestamp()"
            | "statement_timestamp()"
            | "transaction_timestamp()" => Value::Now,
            "current_date" => Value::Today,
            _ if text.bytes().all(is_number) && text.bytes().any(|byte| byte.is_ascii_digit()) => Value::Number(text),
            _ => Value::Other,
        }
    }
}

/// What is in the quotes, where that is all. Doubled quotes stay.
pub(super) fn literal(text: &str, quote: char) -> Option<&str> {
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    // `'a' || 'b'` has two alone.
    (!has_single(inner, quote)).then_some(inner)
}

/// Whether a quote is not doubled.
fn has_single(inner: &str, quote: char) -> bool {
    let mut quotes = 0usize;
    for c in inner.chars() {
        if c == quote {
            quotes += 1;
        } else if quotes % 2 == 1 {
            return true;
        } else {
            quotes = 0;
        }
    }
    quotes % 2 == 1
}

fn postgres(value: Value<'_>, data_type: &DataType) -> Option<Misfit> {
    use Family::{Binary, Boolean, Date, Decimal, Float, Integer, Json, Time, Timestamp, Uuid};
    let family = data_type.family(Dialect::Postgres);
    let number = matches!(family, Integer | Decimal | Float);
    let refused = match value {
        Value::Text(inner) => return postgres_text(inner, data_type, family),
        Value::Number(_) => matches!(family, Boolean | Date | Time | Timestamp | Uuid | Json | Binary),
        Value::Boolean => number || matches!(family, Date | Time | Timestamp | Uuid | Json | Binary),
        Value::Now => number || matches!(family, Boolean | Uuid | Json | Binary),
        Value::Today => number || matches!(family, Boolean | Time | Uuid | Json | Binary),
        Value::Other => false,
    };
    refused.then_some(Misfit::Kind)
}

/// A string is read by the type, at once.
fn postgres_text(inner: &str, data_type: &DataType, family: Family) -> Option<Misfit> {
    let text = inner.trim_ascii();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let first = digits.bytes().next().unwrap_or(b' ');
    let fits = match family {
        Family::Integer if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            return match range(data_type, Dialect::Postgres) {
                Some(range) if !text.parse().is_ok_and(|number| range.contains(&number)) => Some(Misfit::Range),
                _ => None,
            };
        }
        Family::Integer => first.is_ascii_digit() && !digits.contains('.'),
        Family::Decimal | Family::Float => first.is_ascii_digit() || b".nNiI".contains(&first),
        Family::Boolean => is_boolean(&text.to_ascii_lowercase()),
        Family::Uuid => {
            let plain = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
            let mut hex = plain.bytes().filter(|byte| *byte != b'-');
            hex.clone().count() == 32 && hex.all(|byte| byte.is_ascii_hexdigit())
        }
        Family::Json => may_be_json(inner.trim_matches([' ', '\t', '\n', '\r'])),
        Family::Date | Family::Time | Family::Timestamp => {
            let is_word = digits.bytes().all(|byte| byte.is_ascii_alphabetic());
            !text.starts_with("0000-") && (!is_word || TIMES.contains(&digits.to_ascii_lowercase().as_str()))
        }
        _ => true,
    };
    (!fits).then_some(Misfit::Kind)
}

/// Words that are a time to PostgreSQL (<https://www.postgresql.org/docs/current/datatype-datetime.html>, 8.5.1.4).
const TIMES: [&str; 7] = ["allballs", "epoch", "infinity", "now", "today", "tomorrow", "yesterday"];

/// Beginnings count, too, where they tell `on` from `off`.
fn is_boolean(text: &str) -> bool {
    let begins = |word: &str| word.starts_with(text);
    let is_long = |least: usize| text.len() >= least;
    matches!(text, "0" | "1")
        || is_long(1) && ["true", "false", "yes", "no"].into_iter().any(begins)
        || is_long(2) && ["on", "off"].into_iter().any(begins)
}

/// Whether the first and the last of it are those of JSON.
fn may_be_json(text: &str) -> bool {
    let ends = |mark: char| text.len() > 1 && text.ends_with(mark);
    match text.bytes().next() {
        Some(b'{') => {
            let key = text.get(1..).unwrap_or_default().trim_start();
            ends('}') && key.starts_with(['"', '}'])
        }
        Some(b'[') => ends(']'),
        Some(b'"') => ends('"'),
        Some(b't' | b'f' | b'n') => matches!(text, "true" | "false" | "null"),
        first => first.is_some_and(|byte| byte == b'-' || byte.is_ascii_digit()),
    }
}

/// `{…}`, or `[1:2]={…}`.
fn is_array(inner: &str) -> bool {
    let text = inner.trim_ascii();
    text.ends_with('}') && (text.starts_with('{') || text.starts_with('[') && text.contains('='))
}

fn mysql(text: &str, data_type: &DataType) -> Option<Misfit> {
    if text == "null" {
        return Some(Misfit::Null);
    }
    // What a backslash means is a setting's affair.
    let Some(inner) = literal(text, '\'').or_else(|| literal(text, '"')).filter(|inner| !inner.contains('\\')) else {
        let is_whole = matches!(Value::of(text), Value::Number(text) if !text.contains(['.', 'e', 'E']));
        let range = range(data_type, Dialect::Mysql).filter(|_| is_whole)?;
        return (!text.parse().is_ok_and(|number| range.contains(&number))).then_some(Misfit::Range);
    };
    let size = || data_type.arguments.first().and_then(|size| size.parse::<usize>().ok());
    match data_type.name.as_str() {
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "decimal" | "float" | "double" => {
            (!may_be_number(inner.trim_ascii())).then_some(Misfit::Kind)
        }
        "date" | "datetime" | "timestamp" | "time" => {
            (!inner.is_empty() && !inner.bytes().any(|byte| byte.is_ascii_digit())).then_some(Misfit::Kind)
        }
        "char" | "varchar" => {
            // MySQL cuts blanks off, and says nothing.
            let characters = inner.trim_end().replace("''", "'").chars().count();
            size().is_some_and(|size| characters > size).then_some(Misfit::Length)
        }
        "enum" if !is_among(inner, &data_type.arguments) => Some(Misfit::Value),
        "set" if !inner.is_empty() && !inner.split(',').all(|value| is_among(value, &data_type.arguments)) => {
            Some(Misfit::Value)
        }
        _ => None,
    }
}

/// Whether a text begins as a number, and has nothing that is in none.
fn may_be_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.bytes().next().is_some_and(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.bytes().any(|byte| byte.is_ascii_digit())
        && digits.bytes().all(|byte| !byte.is_ascii_alphabetic() || byte.eq_ignore_ascii_case(&b'e'))
}

/// Whether it is a value, as far as a collation may tell: where there are other letters than ASCII's, it may be.
fn is_among(value: &str, values: &[String]) -> bool {
    let is_plain = |text: &str| text.is_ascii() && !text.contains('\\');
    let is_it = |other: &String| {
        let other = literal(other, '\'').unwrap_or(other);
        !is_plain(other) || other.trim_end().eq_ignore_ascii_case(value.trim_end())
    };
    values.is_empty() || !is_plain(value) || values.iter().any(is_it)
}

/// The numbers that a type of whole ones holds.
fn range(data_type: &DataType, dialect: Dialect) -> Option<std::ops::RangeInclusive<i128>> {
    let bits = match (data_type.name.as_str(), dialect) {
        ("tinyint", Dialect::Mysql) => 8,
        ("smallint", _) => 16,
        ("mediumint", Dialect::Mysql) => 24,
        ("integer", Dialect::Postgres) | ("int", Dialect::Mysql) => 32,
        ("bigint", _) => 64,
        _ => return None,
    };
    Some(match data_type.unsigned {
        true => 0..=(1i128 << bits) - 1,
        false => -(1i128 << (bits - 1))..=(1i128 << (bits - 1)) - 1,
    })
}

/// SQLite: whether a default is more than a literal, a name or a number with its sign.
fn is_computed(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80 || b"_.$".contains(&byte);
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    // `1e+5`, `x'00'` and whatever is quoted are looked at no further.
    !unsigned.bytes().all(is_plain) && !text.contains("e+") && !text.contains("e-") && {
        let quoted = [('\'', '\''), ('"', '"'), ('`', '`'), ('[', ']')].into_iter().any(|(open, close)| {
            let text = text.strip_prefix(['x', 'X']).unwrap_or(text);
            if open == close { literal(text, open).is_some() } else { text.starts_with(open) && text.ends_with(close) }
        });
        !quoted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Dialect::{Mysql, Postgres, Sqlite};

    fn found(definition: &str, dialect: Dialect) -> Option<Misfit> {
        let column = super::super::tests::column(definition, dialect);
        misfit(column.default?.0.as_str(), &column.data_type?, dialect)
    }

    #[test]
    fn what_no_server_takes() {
        for (dialect, definition, expected) in [
            (Postgres, "int DEFAULT 'abc'", Misfit::Kind),
            (Postgres, "int DEFAULT ''", Misfit::Kind),
            (Postgres, "int DEFAULT ('1.5')", Misfit::Kind),
            (Postgres, "int DEFAULT '3000000000'", Misfit::Range),
            (Postgres, "int DEFAULT true", Misfit::Kind),
            (Postgres, "bigint DEFAULT now()", Misfit::Kind),
            (Postgres, "numeric(5,2) DEFAULT 'x'", Misfit::Kind),
            (Postgres, "boolean DEFAULT 0", Misfit::Kind),
            (Postgres, "boolean DEFAULT 'o'", Misfit::Kind),
            (Postgres, "boolean DEFAULT ''", Misfit::Kind),
            (Postgres, "uuid DEFAULT 'a0eebc99'", Misfit::Kind),
            (Postgres, "jsonb DEFAULT '{'", Misfit::Kind),
            (Postgres, "json DEFAULT '{''a'': 1}'", Misfit::Kind),
            (Postgres, "json DEFAULT ''", Misfit::Kind),
            (Postgres, "timestamptz DEFAULT 'yesterdayy'", Misfit::Kind),
            (Postgres, "timestamp DEFAULT '0000-00-00 00:00:00'", Misfit::Kind),
            (Postgres, "date DEFAULT 0", Misfit::Kind),
            (Postgres, "time DEFAULT CURRENT_DATE", Misfit::Kind),
            (Postgres, "text[] DEFAULT '[]'", Misfit::Kind),
            (Postgres, "int[] DEFAULT ''", Misfit::Kind),
            (Mysql, "INT DEFAULT 'abc'", Misfit::Kind),
            (Mysql, "INT DEFAULT ''", Misfit::Kind),
            (Mysql, "BOOLEAN DEFAULT 'false'", Misfit::Kind),
            (Mysql, "DECIMAL(5,2) DEFAULT \"x\"", Misfit::Kind),
            (Mysql, "SMALLINT DEFAULT 100000", Misfit::Range),
            (Mysql, "INT UNSIGNED DEFAULT -1", Misfit::Range),
            (Mysql, "DATETIME DEFAULT 'now'", Misfit::Kind),
            (Mysql, "VARCHAR(3) DEFAULT 'abcd'", Misfit::Length),
            (Mysql, "ENUM('a','b') DEFAULT 'c'", Misfit::Value),
            (Mysql, "SET('a','b') DEFAULT 'a,c'", Misfit::Value),
            (Mysql, "INT NOT NULL DEFAULT NULL", Misfit::Null),
            (Mysql, "INT DEFAULT NULL PRIMARY KEY", Misfit::Null),
            (Sqlite, "int DEFAULT now()", Misfit::Bare),
            (Sqlite, "int DEFAULT 1 + 1", Misfit::Bare),
            (Sqlite, "text DEFAULT 'x' || 'y'", Misfit::Bare),
            (Sqlite, "text DEFAULT '{}'::jsonb", Misfit::Bare),
        ] {
            assert_eq!(found(definition, dialect), Some(expected), "{definition}");
        }
    }

    #[test]
    fn what_one_may_take() {
        for (dialect, definition) in [
            (Postgres, "int DEFAULT ' 12 '"),
            (Postgres, "int DEFAULT 1.5"),
            (Postgres, "smallint DEFAULT 100000"),
            (Postgres, "int DEFAULT '0x10'"),
            (Postgres, "int DEFAULT 'a'::e"),
            (Postgres, "real DEFAULT '-Infinity'"),
            (Postgres, "numeric DEFAULT '.5'"),
            (Postgres, "boolean DEFAULT ' OF '"),
            (Postgres, "uuid DEFAULT '{00000000-0000-0000-0000-000000000000}'"),
            (Postgres, "jsonb DEFAULT ' { } '"),
            (Postgres, "jsonb DEFAULT 'null'"),
            (Postgres, "date DEFAULT 'Today'"),
            (Postgres, "timestamp DEFAULT 'today allballs'"),
            (Postgres, "timestamptz DEFAULT '-infinity'"),
            (Postgres, "date DEFAULT now()"),
            (Postgres, "text DEFAULT 0"),
            (Postgres, "text DEFAULT now()"),
            (Postgres, "varchar(3) DEFAULT 'abcd'"),
            (Postgres, "text[] DEFAULT '[1:2]={a,b}'"),
            (Postgres, "int NOT NULL DEFAULT NULL"),
            (Postgres, "hstore DEFAULT ''"),
            (Postgres, "money DEFAULT ''"),
            (Postgres, "interval DEFAULT 'abc'"),
            (Mysql, "INT DEFAULT '1e3'"),
            (Mysql, "INT DEFAULT TRUE"),
            (Mysql, "INT DEFAULT CURRENT_TIMESTAMP"),
            (Mysql, "INT DEFAULT _utf8'abc'"),
            (Mysql, "DATE DEFAULT '0000-00-00'"),
            (Mysql, "DATETIME DEFAULT 0"),
            (Mysql, "VARCHAR(3) DEFAULT 'abc   '"),
            (Mysql, "VARCHAR(4) DEFAULT 'a''bc'"),
            (Mysql, "ENUM('a','é') DEFAULT 'e'"),
            (Mysql, "ENUM('a') DEFAULT 'A '"),
            (Mysql, "TEXT DEFAULT 'x'"),
            (Mysql, "INT DEFAULT NULL AUTO_INCREMENT PRIMARY KEY"),
            (Mysql, "TIMESTAMP NULL DEFAULT NULL"),
            (Mysql, "INT NOT NULL DEFAULT (NULL)"),
            (Sqlite, "int DEFAULT -1"),
            (Sqlite, "int DEFAULT 1e-5"),
            (Sqlite, "blob DEFAULT x'00'"),
            (Sqlite, "int DEFAULT abc"),
            (Sqlite, "text DEFAULT 'it''s'"),
            (Sqlite, "text DEFAULT \"a b\""),
        ] {
            assert_eq!(found(definition, dialect), None, "{definition}");
        }
    }
}
