//! From one type of PostgreSQL's to another: whether the values go over by themselves, and what may become of them.

use revchain_core::Dialect;
use revchain_schema::DataType;
use revchain_schema::model::Family;
use revchain_schema::write::Writer;

/// What stands behind USING, where the values don't go over by themselves. `column` is its name as SQL has it.
pub(super) fn using(writer: &Writer<'_>, column: &str, from: &DataType, to: &DataType) -> Option<String> {
    if from == to {
        return None;
    }
    let target = writer.data_type(to);
    match (from.array, to.array) {
        (false, true) => {
            return Some(format!("CASE WHEN {column} IS NOT NULL THEN ARRAY[{column}::TEXT]::{target} END"));
        }
        (true, _) => return Some(format!("{column}::TEXT::{target}")),
        (false, false) => {}
    }
    let (one, other) = (from.family(Dialect::Postgres), to.family(Dialect::Postgres));
    let is_odd = |of: &DataType| matches!(of.name.as_str(), "money" | "oid");
    match (one, other) {
        // Anything can be assigned to text.
        (_, Family::Text) => None,
        _ if is_odd(from) || is_odd(to) => Some(format!("{column}::TEXT::{target}")),
        (Family::Integer | Family::Decimal | Family::Float, Family::Integer | Family::Decimal | Family::Float) => None,
        (Family::Boolean, Family::Integer) if to.name == "integer" => Some(format!("{column}::INTEGER")),
        (Family::Boolean, Family::Integer | Family::Decimal | Family::Float) => {
            Some(format!("{column}::INTEGER::{target}"))
        }
        (Family::Integer, Family::Boolean) if from.name == "integer" => Some(format!("{column}::BOOLEAN")),
        (Family::Integer | Family::Decimal | Family::Float, Family::Boolean) => Some(format!("({column} <> 0)")),
        (Family::Timestamp, Family::Date | Family::Time | Family::Timestamp) => None,
        (Family::Date, Family::Timestamp | Family::Date) => None,
        (Family::Time, Family::Time | Family::Interval) => None,
        (Family::Interval, Family::Time | Family::Interval) => None,
        (Family::Json, Family::Json) | (Family::Binary, Family::Binary) | (Family::Uuid, Family::Uuid) => None,
        (Family::Text, _) => Some(format!("{column}::{target}")),
        // Bit strings and their like, of another length.
        (Family::Other, Family::Other) if from.name == to.name => Some(format!("{column}::{target}")),
        _ => Some(format!("{column}::TEXT::{target}")),
    }
}

/// Whether a default of the old type is one of the new, too.
pub(super) fn keeps_default(from: &DataType, to: &DataType) -> bool {
    let group = |of: &DataType| match of.family(Dialect::Postgres) {
        Family::Integer | Family::Decimal | Family::Float if of.name != "money" => Some(0),
        Family::Text => Some(1),
        Family::Timestamp => Some(2),
        Family::Json => Some(3),
        _ => None,
    };
    !from.array && !to.array && group(from).is_some() && group(from) == group(to)
}

/// What a person should know of a change of type, on PostgreSQL and MySQL.
pub(super) fn note(column: &str, from: &DataType, to: &DataType, dialect: Dialect) -> Option<String> {
    let (one, other) = (from.family(dialect), to.family(dialect));
    if dialect == Dialect::Postgres && other == Family::Text && to.arguments.is_empty() && to.name != "character" {
        // Everything goes into it as it is shown.
        return None;
    }
    if from.array != to.array || one != other || one == Family::Other && from.name != to.name {
        return Some(format!(
            "`{column}` was `{from}`: a value that can't become `{to}` makes this fail, or is changed."
        ));
    }
    let is_cut = match dialect {
        // A cast cuts; an assignment refuses.
        Dialect::Mysql => "refused, or cut where the server isn't strict",
        _ => "refused",
    };
    is_narrower(from, to, dialect)
        .then(|| format!("`{column}` was `{from}`: what doesn't fit into `{to}` is {is_cut}."))
}

/// Whether fewer values fit.
fn is_narrower(from: &DataType, to: &DataType, dialect: Dialect) -> bool {
    let number = |of: &DataType, at: usize| of.arguments.get(at).and_then(|text| text.parse::<u64>().ok());
    match to.family(dialect) {
        Family::Text | Family::Binary => {
            let room = |of: &DataType| number(of, 0).or(natural_room(&of.name, dialect)).unwrap_or(u64::MAX);
            room(to) < room(from)
        }
        Family::Integer => size(&to.name) < size(&from.name) || from.unsigned != to.unsigned,
        Family::Decimal | Family::Float if from.family(dialect) == to.family(dialect) && from.name == to.name => {
            let unbound = from.arguments.is_empty() && !to.arguments.is_empty();
            let whole = |of: &DataType| number(of, 0).map(|all| all.saturating_sub(number(of, 1).unwrap_or(0)));
            unbound || number(to, 1) < number(from, 1) || whole(to).zip(whole(from)).is_some_and(|(to, from)| to < from)
        }
        Family::Timestamp | Family::Time => number(to, 0).zip(number(from, 0)).is_some_and(|(to, from)| to < from),
        Family::Enum => from.arguments.iter().any(|value| !to.arguments.contains(value)),
        _ => false,
    }
}

/// How many characters a type takes that says none.
fn natural_room(name: &str, dialect: Dialect) -> Option<u64> {
    match (name, dialect) {
        ("char" | "character" | "binary", _) => Some(1),
        (_, Dialect::Postgres) => None,
        ("tinytext" | "tinyblob", _) => Some(255),
        ("text" | "blob", _) => Some(65_535),
        ("mediumtext" | "mediumblob", _) => Some(16_777_215),
        _ => None,
    }
}

fn size(name: &str) -> u8 {
    match name {
        "tinyint" => 1,
        "smallint" => 2,
        "mediumint" => 3,
        "int" | "integer" => 4,
        _ => 8,
    }
}
