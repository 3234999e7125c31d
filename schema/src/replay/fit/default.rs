//! Which defaults a server surely refuses for a column's type: literals, and the calls that everybody writes. Never evaluates; of what
//! it doesn't know, of a cast and of a type of the user's it says nothing.

use revchain_core::Dialect;

use super::moment;
use super::value::{Misfit, Value, literal, postgres, range, whole_digits};
use crate::model::DataType;
use crate::write::is_reserved;

/// Why this default, as it is kept, doesn't fit.
pub(super) fn misfit(text: &str, data_type: &DataType, dialect: Dialect) -> Option<Misfit> {
    match dialect {
        Dialect::Postgres => postgres(text, data_type),
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

fn mysql(text: &str, data_type: &DataType) -> Option<Misfit> {
    if text == "null" {
        return Some(Misfit::Null);
    }
    // What a backslash means is a setting's affair.
    let Some(inner) = literal(text, '\'').or_else(|| literal(text, '"')).filter(|inner| !inner.contains('\\')) else {
        let Value::Number(number) = Value::of(text) else { return None };
        if data_type.name == "decimal" {
            let holds = |digits: usize| whole_digits(number).is_none_or(|some| some <= digits);
            let digits = digits_before_point(data_type)?;
            return (!holds(digits)).then_some(Misfit::Range);
        }
        let range = range(data_type, Dialect::Mysql).filter(|_| !number.contains(['.', 'e', 'E']))?;
        return (!text.parse().is_ok_and(|number| range.contains(&number))).then_some(Misfit::Range);
    };
    let size = || data_type.arguments.first().and_then(|size| size.parse::<usize>().ok());
    match data_type.name.as_str() {
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "decimal" | "float" | "double" => {
            (!may_be_number(inner.trim_ascii())).then_some(Misfit::Kind)
        }
        "date" | "datetime" | "timestamp" if moment::has_no_such_day(inner, 31) => Some(Misfit::Kind),
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

/// How many digits a `DECIMAL` has before its point.
fn digits_before_point(data_type: &DataType) -> Option<usize> {
    let argument = |at: usize| data_type.arguments.get(at).map(|text| text.parse::<usize>().ok());
    let (all, behind) = (argument(0).unwrap_or(Some(10))?, argument(1).unwrap_or(Some(0))?);
    all.checked_sub(behind)
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
            (Postgres, "text[] DEFAULT 1", Misfit::Kind),
            (Postgres, "int DEFAULT '12,5'", Misfit::Kind),
            (Postgres, "numeric DEFAULT 'NaN%'", Misfit::Kind),
            (Postgres, "date DEFAULT '2026-13-01'", Misfit::Kind),
            (Postgres, "timestamptz DEFAULT '2026-02-29 10:00'", Misfit::Kind),
            (Postgres, "interval DEFAULT '1 fortnite'", Misfit::Kind),
            (Postgres, "interval DEFAULT ''", Misfit::Kind),
            (Postgres, "interval DEFAULT 1", Misfit::Kind),
            (Mysql, "INT DEFAULT 'abc'", Misfit::Kind),
            (Mysql, "INT DEFAULT ''", Misfit::Kind),
            (Mysql, "BOOLEAN DEFAULT 'false'", Misfit::Kind),
            (Mysql, "DECIMAL(5,2) DEFAULT \"x\"", Misfit::Kind),
            (Mysql, "SMALLINT DEFAULT 100000", Misfit::Range),
            (Mysql, "INT UNSIGNED DEFAULT -1", Misfit::Range),
            (Mysql, "DATETIME DEFAULT 'now'", Misfit::Kind),
            (Mysql, "DATE DEFAULT '2026-13-01'", Misfit::Kind),
            (Mysql, "DECIMAL(3,2) DEFAULT 100", Misfit::Range),
            (Mysql, "DECIMAL(5) DEFAULT -123456.5", Misfit::Range),
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
            (Postgres, "interval DEFAULT '1d 2 hours ago'"),
            (Postgres, "interval DEFAULT 'P1Y2M'"),
            (Postgres, "interval DEFAULT '3 4:05'"),
            (Postgres, "interval DEFAULT '-infinity'"),
            (Postgres, "date DEFAULT '2024-02-29'"),
            (Postgres, "date DEFAULT '1/13/2026'"),
            (Postgres, "timestamptz DEFAULT '2026-12-31 24:00:00+02'"),
            (Postgres, "int[] DEFAULT '{1,2}'"),
            (Postgres, "numeric(3,2) DEFAULT 100"),
            (Postgres, "numeric DEFAULT '1_000'"),
            (Postgres, "real DEFAULT '0x1p3'"),
            (Mysql, "INT DEFAULT '1e3'"),
            (Mysql, "INT DEFAULT TRUE"),
            (Mysql, "INT DEFAULT CURRENT_TIMESTAMP"),
            (Mysql, "INT DEFAULT _utf8'abc'"),
            (Mysql, "DATE DEFAULT '0000-00-00'"),
            (Mysql, "DATE DEFAULT '2026-02-31'"),
            (Mysql, "DATE DEFAULT '2026-1-0'"),
            (Mysql, "DECIMAL(3,2) DEFAULT 9.994"),
            (Mysql, "DECIMAL(3,2) DEFAULT 1e3"),
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
