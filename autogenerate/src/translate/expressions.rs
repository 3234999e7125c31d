//! Defaults that mean the same on another dialect, and that its column takes. The others are left out, and said.

use revchain_core::Dialect;
use revchain_schema::DataType;
use revchain_schema::model::{Expression, Family};

/// A default in the words of another dialect. `family` is that of the column, and `made` its type there.
pub(super) fn default(
    of: &Expression,
    family: Family,
    made: Option<&DataType>,
    (from, to): (Dialect, Dialect),
) -> Option<Expression> {
    let text = without_cast(of.as_str(), from);
    let made = made?;
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
            return match (made.family(to), to) {
                (_, Dialect::Sqlite) | (Family::Timestamp, _) => say("CURRENT_TIMESTAMP"),
                (Family::Date | Family::Time | Family::Text, Dialect::Postgres) => say("CURRENT_TIMESTAMP"),
                (Family::Date | Family::Time | Family::Text, Dialect::Mysql) => say("(CURRENT_TIMESTAMP)"),
                _ => None,
            };
        }
        "current_date" | "curdate()" => {
            return match (made.family(to), to) {
                (_, Dialect::Sqlite) | (Family::Date | Family::Timestamp | Family::Text, Dialect::Postgres) => {
                    say("CURRENT_DATE")
                }
                (Family::Date | Family::Timestamp | Family::Text, Dialect::Mysql) => say("(CURRENT_DATE)"),
                _ => None,
            };
        }
        "gen_random_uuid()" | "uuid_generate_v4()" | "uuid()" => {
            return match (made.family(to), to) {
                (Family::Uuid | Family::Text, Dialect::Postgres) => say("gen_random_uuid()"),
                (Family::Uuid | Family::Text, Dialect::Mysql) => say("(uuid())"),
                _ => None,
            };
        }
        _ => {}
    }
    fits(text, made, to).then(|| Expression::new(text, to))
}

/// Whether a constant is one of a type.
fn fits(text: &str, made: &DataType, to: Dialect) -> bool {
    let (is_sqlite, literal) = (to == Dialect::Sqlite, literal(text));
    let Some(content) = literal.or_else(|| is_number(text).then_some(text)) else { return false };
    let is_short = || match made.arguments.first().and_then(|length| length.parse::<usize>().ok()) {
        Some(length) => content.replace("''", "'").chars().count() <= length,
        None => true,
    };
    match made.family(to) {
        _ if is_sqlite => true,
        Family::Boolean => to == Dialect::Mysql && is_number(text),
        Family::Integer => is_number(content) && !content.contains('.') && !(made.unsigned && content.starts_with('-')),
        Family::Decimal | Family::Float => is_number(content),
        Family::Text => is_short(),
        Family::Binary => literal.is_some() && is_short(),
        Family::Date | Family::Timestamp => literal.is_some() && is_moment(text),
        Family::Enum => made.arguments.iter().any(|value| value == text),
        Family::Json => literal.is_some() && matches!(content, "{}" | "[]"),
        Family::Time | Family::Interval | Family::Uuid | Family::Other => false,
    }
}

/// What is in the quotes of a constant; nothing where somebody may read it in another way.
fn literal(text: &str) -> Option<&str> {
    let literal = text.strip_prefix('\'')?.strip_suffix('\'')?;
    let is_plain = !literal.replace("''", "").contains(['\'', '\\']);
    is_plain.then_some(literal)
}

/// Whether a constant is a day, or a day and a time, as all three write it.
pub(super) fn is_moment(text: &str) -> bool {
    let Some(content) = literal(text) else { return false };
    let (day, time) = content.split_once(' ').map_or((content, None), |(day, time)| (day, Some(time)));
    let is = |text: Option<&str>, from: u32, to: u32| {
        text.filter(|text| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|text| text.parse::<u32>().ok())
            .is_some_and(|number| (from..=to).contains(&number))
    };
    let mut parts = day.split('-');
    let is_year = parts.next().is_some_and(|year| {
        year.len() == 4
            && year.bytes().all(|byte| byte.is_ascii_digit())
            && year.parse::<u32>().is_ok_and(|year| year > 0)
    });
    // The last days of a month are not in every one.
    let is_day = is_year && is(parts.next(), 1, 12) && is(parts.next(), 1, 28) && parts.next().is_none();
    is_day
        && time.is_none_or(|time| {
            let mut parts = time.split(':');
            is(parts.next(), 0, 23) && is(parts.next(), 0, 59) && is(parts.next(), 0, 59) && parts.next().is_none()
        })
}

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

/// Whether a text is a number, in digits.
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}
