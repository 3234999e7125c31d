//! Which constants a server surely refuses for a type: defaults, values of rows, and what a column is compared with. Never evaluates; of
//! what it doesn't know, of a cast and of a type of the user's it says nothing.

use revchain_core::Dialect;

use super::moment;
use crate::model::{Column, DataType, Family, Table};

/// Why a constant doesn't fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::replay) enum Misfit {
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

/// What a constant is, where that can be seen.
pub(in crate::replay) enum Value<'a> {
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
    pub(in crate::replay) fn of(text: &'a str) -> Value<'a> {
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

/// PostgreSQL: why a constant is no value of a type, whatever the type's size.
pub(in crate::replay) fn postgres(text: &str, data_type: &DataType) -> Option<Misfit> {
    let value = Value::of(text);
    match value {
        _ if data_type.name == "money" => None,
        Value::Text(inner) if data_type.array => (!is_array(inner)).then_some(Misfit::Kind),
        Value::Other => None,
        _ if data_type.array => Some(Misfit::Kind),
        value => scalar(value, data_type),
    }
}

/// PostgreSQL: why a constant is too much for a type of a size. It says so where it stores the value, and not before.
pub(in crate::replay) fn too_much(text: &str, data_type: &DataType) -> Option<Misfit> {
    if data_type.array || data_type.schema.is_some() {
        return None;
    }
    let size = |at: usize| data_type.arguments.get(at).map(|size| size.parse::<usize>().ok());
    match (Value::of(text), data_type.name.as_str()) {
        (Value::Number(number), _) if !number.contains(['.', 'e', 'E']) && data_type.name != "numeric" => {
            let range = range(data_type, Dialect::Postgres)?;
            (!number.parse().is_ok_and(|number: i128| range.contains(&number))).then_some(Misfit::Range)
        }
        (Value::Number(number) | Value::Text(number), "numeric") => {
            let digits = size(0)??.checked_sub(size(1).unwrap_or(Some(0))?)?;
            (whole_digits(number.trim_ascii())? > digits).then_some(Misfit::Range)
        }
        // What a backslash means is a setting's affair. Blanks at the end are cut off.
        (Value::Text(inner), "character varying" | "character") if !inner.contains('\\') => {
            let characters = inner.trim_end_matches(' ').replace("''", "'").chars().count();
            (characters > size(0)??).then_some(Misfit::Length)
        }
        _ => None,
    }
}

/// SQLite: why a column of a strict table, or the one that is the row's number, doesn't take a constant.
pub(in crate::replay) fn sqlite(text: &str, column: &Column, table: &Table) -> Option<Misfit> {
    let is_key = table.primary_key.as_ref().is_some_and(|key| key.columns == [column.name.clone()]);
    let name = column.data_type.as_ref().map_or("", |of| of.name.as_str());
    let is_row_id = is_key && crate::read::is_row_id(column) && !table.options.contains_key("without rowid");
    if !is_row_id && !table.options.contains_key("strict") {
        return None;
    }
    let is_blob = text.starts_with(['x', 'X']) && text.ends_with('\'');
    let fits = match (Value::of(text), name) {
        (Value::Text(_) | Value::Number(_), "blob") => false,
        (_, "text" | "int" | "integer" | "real") if is_blob => false,
        // What looks like a number is one.
        (Value::Text(inner), "int" | "integer" | "real") => inner.bytes().any(|byte| byte.is_ascii_digit()),
        (Value::Number(number), "int" | "integer") => match number.split_once('.') {
            Some((_, behind)) => number.contains(['e', 'E']) || behind.bytes().all(|byte| byte == b'0'),
            None => true,
        },
        _ => true,
    };
    (!fits).then_some(Misfit::Kind)
}

fn scalar(value: Value<'_>, data_type: &DataType) -> Option<Misfit> {
    use Family::{Binary, Boolean, Date, Decimal, Float, Integer, Interval, Json, Time, Timestamp, Uuid};
    let family = data_type.family(Dialect::Postgres);
    let number = matches!(family, Integer | Decimal | Float);
    let refused = match value {
        Value::Text(inner) => return postgres_text(inner, data_type, family),
        Value::Number(_) => matches!(family, Boolean | Date | Time | Timestamp | Interval | Uuid | Json | Binary),
        Value::Boolean => number || matches!(family, Date | Time | Timestamp | Interval | Uuid | Json | Binary),
        Value::Now => number || matches!(family, Boolean | Interval | Uuid | Json | Binary),
        Value::Today => number || matches!(family, Boolean | Time | Interval | Uuid | Json | Binary),
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
        Family::Integer => first.is_ascii_digit() && may_be_number(digits) && !digits.contains('.'),
        Family::Decimal | Family::Float => match first.is_ascii_alphabetic() {
            true => ["nan", "inf", "infinity"].iter().any(|word| digits.eq_ignore_ascii_case(word)),
            false => !digits.is_empty() && may_be_number(digits),
        },
        Family::Boolean => is_boolean(&text.to_ascii_lowercase()),
        Family::Uuid => {
            let plain = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
            let mut hex = plain.bytes().filter(|byte| *byte != b'-');
            hex.clone().count() == 32 && hex.all(|byte| byte.is_ascii_hexdigit())
        }
        Family::Json => may_be_json(inner.trim_matches([' ', '\t', '\n', '\r'])),
        Family::Date | Family::Time | Family::Timestamp => {
            let is_word = digits.bytes().all(|byte| byte.is_ascii_alphabetic());
            let is_no_day = family != Family::Time && (text.starts_with("0000-") || moment::has_no_such_day(text, 0));
            !is_no_day && (!is_word || TIMES.contains(&digits.to_ascii_lowercase().as_str()))
        }
        Family::Interval => moment::may_be_interval(text),
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

/// Whether there is nothing in a text that is in no number, written in any base.
fn may_be_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit() || b"+-._xXoOpP".contains(&byte))
}

/// How many digits a plain number has before its point. `None` where it isn't plain.
pub(super) fn whole_digits(number: &str) -> Option<usize> {
    let digits = number.strip_prefix(['+', '-']).unwrap_or(number);
    let (whole, behind) = digits.split_once('.').unwrap_or((digits, ""));
    let is_plain = [whole, behind].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    is_plain.then(|| whole.trim_start_matches('0').len())
}

/// The numbers that a type of whole ones holds.
pub(super) fn range(data_type: &DataType, dialect: Dialect) -> Option<std::ops::RangeInclusive<i128>> {
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
