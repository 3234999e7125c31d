//! Types, from one dialect to another: what a column holds, in the words of the other.

use revchain_core::Dialect;
use revchain_schema::DataType;

use crate::declared::shown;

/// What a column holds, whatever it is called.
enum Meaning {
    Boolean,
    /// So many bytes, and whether there is no sign.
    Integer(u8, bool),
    /// Precision and scale, as they are said.
    Decimal(Vec<String>),
    /// Whether it has eight bytes.
    Float(bool),
    /// Of a fixed length.
    Char(String),
    Varchar(Option<String>),
    /// Of any length; and whether of more than 64 KiB.
    Text(bool),
    /// Of a fixed or a greatest length.
    Binary(Option<String>),
    Date,
    /// With so many digits of a second.
    Time(Vec<String>),
    /// Whether it is a moment, and so many digits of a second.
    Timestamp(bool, Vec<String>),
    Uuid,
    Json,
    /// The values, in quotes.
    Enum(Vec<String>),
}

/// A type in another dialect, and what is lost on the way.
pub(super) struct Translated {
    pub(super) data_type: DataType,
    pub(super) gap: Option<String>,
}

/// A type in the words of another dialect. `values` are those of a type that a user made.
pub(super) fn translate(of: &DataType, values: Option<&[String]>, from: Dialect, to: Dialect) -> Translated {
    let gap = |what: String| Translated { data_type: any(to), gap: Some(what) };
    if of.array {
        return match to {
            Dialect::Mysql => Translated {
                data_type: DataType::named("json"),
                gap: Some(format!("`{of}` is written as `json`: {} has no arrays", shown(to))),
            },
            _ => gap(format!("`{of}` is written as text: {} has no arrays", shown(to))),
        };
    }
    let quoted = |value: &String| format!("'{}'", value.replace('\'', "''"));
    let meaning = match values {
        Some(values) => Some(Meaning::Enum(values.iter().map(quoted).collect())),
        None => match from {
            Dialect::Postgres => of_postgres(of),
            Dialect::Mysql => of_mysql(of),
            Dialect::Sqlite => of_sqlite(of),
        },
    };
    let Some(meaning) = meaning else {
        return gap(format!("`{of}` is written as `{}`: {} has no such type", any(to), shown(to)));
    };
    match to {
        Dialect::Postgres => to_postgres(meaning),
        Dialect::Mysql => to_mysql(meaning),
        Dialect::Sqlite => to_sqlite(meaning),
    }
}

/// What takes anything.
pub(super) fn any(dialect: Dialect) -> DataType {
    DataType::named(if dialect == Dialect::Mysql { "longtext" } else { "text" })
}

fn of_postgres(of: &DataType) -> Option<Meaning> {
    let arguments = || of.arguments.clone();
    Some(match of.name.as_str() {
        _ if of.schema.is_some() => return None,
        "boolean" => Meaning::Boolean,
        "smallint" => Meaning::Integer(2, false),
        "integer" => Meaning::Integer(4, false),
        "bigint" => Meaning::Integer(8, false),
        "numeric" => Meaning::Decimal(arguments()),
        "real" => Meaning::Float(false),
        "double precision" => Meaning::Float(true),
        "character" => Meaning::Char(of.arguments.first().cloned().unwrap_or_else(|| "1".to_owned())),
        "character varying" => Meaning::Varchar(of.arguments.first().cloned()),
        "text" | "citext" | "name" => Meaning::Text(false),
        "bytea" => Meaning::Binary(None),
        "date" => Meaning::Date,
        "time without time zone" | "time with time zone" => Meaning::Time(arguments()),
        "timestamp without time zone" => Meaning::Timestamp(false, arguments()),
        "timestamp with time zone" => Meaning::Timestamp(true, arguments()),
        "uuid" => Meaning::Uuid,
        "json" | "jsonb" => Meaning::Json,
        _ => return None,
    })
}

fn of_mysql(of: &DataType) -> Option<Meaning> {
    let arguments = || of.arguments.clone();
    Some(match (of.name.as_str(), of.arguments.as_slice()) {
        ("tinyint", [width]) if width == "1" => Meaning::Boolean,
        ("tinyint", _) => Meaning::Integer(1, of.unsigned),
        ("smallint", _) => Meaning::Integer(2, of.unsigned),
        ("mediumint", _) => Meaning::Integer(3, of.unsigned),
        ("int", _) => Meaning::Integer(4, of.unsigned),
        ("bigint", _) => Meaning::Integer(8, of.unsigned),
        ("decimal", _) => Meaning::Decimal(arguments()),
        ("float", _) => Meaning::Float(false),
        ("double", _) => Meaning::Float(true),
        ("char", length) => Meaning::Char(length.first().cloned().unwrap_or_else(|| "1".to_owned())),
        ("varchar", length) => Meaning::Varchar(length.first().cloned()),
        ("tinytext" | "text", _) => Meaning::Text(false),
        ("mediumtext" | "longtext", _) => Meaning::Text(true),
        ("binary" | "varbinary", length) => Meaning::Binary(length.first().cloned()),
        ("tinyblob" | "blob" | "mediumblob" | "longblob", _) => Meaning::Binary(None),
        ("date", _) => Meaning::Date,
        ("time", _) => Meaning::Time(arguments()),
        ("datetime", _) => Meaning::Timestamp(false, arguments()),
        ("timestamp", _) => Meaning::Timestamp(true, arguments()),
        ("uuid", _) => Meaning::Uuid,
        ("json", _) => Meaning::Json,
        ("enum", values) => Meaning::Enum(values.to_vec()),
        _ => return None,
    })
}

/// By the words that people use there; of others by their affinity.
fn of_sqlite(of: &DataType) -> Option<Meaning> {
    let arguments = || of.arguments.clone();
    let length = || of.arguments.first().cloned();
    Some(match of.name.as_str() {
        "boolean" | "bool" => Meaning::Boolean,
        "date" => Meaning::Date,
        "time" => Meaning::Time(arguments()),
        "datetime" | "timestamp" => Meaning::Timestamp(false, arguments()),
        "timestamptz" | "timestamp with time zone" => Meaning::Timestamp(true, arguments()),
        "uuid" => Meaning::Uuid,
        "json" | "jsonb" => Meaning::Json,
        "decimal" | "numeric" => Meaning::Decimal(arguments()),
        "char" | "character" | "nchar" => Meaning::Char(length()?),
        "varchar" | "character varying" | "nvarchar" => Meaning::Varchar(length()),
        "smallint" | "int2" => Meaning::Integer(2, false),
        "int" | "int4" | "mediumint" => Meaning::Integer(4, false),
        name if name.contains("int") => Meaning::Integer(8, false),
        name if ["char", "clob", "text"].iter().any(|part| name.contains(part)) => Meaning::Text(false),
        name if name.contains("blob") => Meaning::Binary(None),
        name if ["real", "floa", "doub"].iter().any(|part| name.contains(part)) => Meaning::Float(true),
        _ => return None,
    })
}

fn plain(name: &str) -> Translated {
    with(name, Vec::new())
}

fn with(name: &str, arguments: Vec<String>) -> Translated {
    Translated { data_type: DataType { arguments, ..DataType::named(name) }, gap: None }
}

fn to_postgres(meaning: Meaning) -> Translated {
    match meaning {
        Meaning::Boolean => plain("boolean"),
        // The next that holds all of it.
        Meaning::Integer(1, _) | Meaning::Integer(2, false) => plain("smallint"),
        Meaning::Integer(2 | 3, _) | Meaning::Integer(4, false) => plain("integer"),
        Meaning::Integer(8, true) => with("numeric", vec!["20".to_owned(), "0".to_owned()]),
        Meaning::Integer(..) => plain("bigint"),
        Meaning::Decimal(arguments) => with("numeric", arguments),
        Meaning::Float(false) => plain("real"),
        Meaning::Float(true) => plain("double precision"),
        // It has none that is longer.
        Meaning::Char(length) | Meaning::Varchar(Some(length)) if number(&length) > 10_485_760 => plain("text"),
        Meaning::Char(length) => with("character", vec![length]),
        Meaning::Varchar(length) => with("character varying", length.into_iter().collect()),
        Meaning::Text(_) => plain("text"),
        Meaning::Binary(_) => plain("bytea"),
        Meaning::Date => plain("date"),
        Meaning::Time(digits) => with("time without time zone", at_most_six(digits)),
        Meaning::Timestamp(false, digits) => with("timestamp without time zone", at_most_six(digits)),
        Meaning::Timestamp(true, digits) => with("timestamp with time zone", at_most_six(digits)),
        Meaning::Uuid => plain("uuid"),
        Meaning::Json => plain("jsonb"),
        Meaning::Enum(values) => of_values(&values, "character varying", Dialect::Postgres),
    }
}

fn to_mysql(meaning: Meaning) -> Translated {
    match meaning {
        Meaning::Boolean => with("tinyint", vec!["1".to_owned()]),
        Meaning::Integer(bytes, unsigned) => {
            let name = match bytes {
                1 => "tinyint",
                2 => "smallint",
                3 => "mediumint",
                4 => "int",
                _ => "bigint",
            };
            Translated { data_type: DataType { unsigned, ..DataType::named(name) }, gap: None }
        }
        Meaning::Decimal(arguments) if arguments.is_empty() => Translated {
            gap: Some("`decimal(65,30)` stands for a `numeric` of any precision".to_owned()),
            ..with("decimal", vec!["65".to_owned(), "30".to_owned()])
        },
        Meaning::Decimal(arguments) => decimal(&arguments),
        Meaning::Float(false) => plain("float"),
        Meaning::Float(true) => plain("double"),
        Meaning::Char(length) if number(&length) > 255 => to_mysql(Meaning::Varchar(Some(length))),
        Meaning::Char(length) => with("char", vec![length]),
        Meaning::Varchar(Some(length)) if number(&length) > LONGEST_VARCHAR => Translated {
            gap: Some(format!("`longtext` stands for a text of {length} characters")),
            ..plain("longtext")
        },
        Meaning::Varchar(Some(length)) => with("varchar", vec![length]),
        // As SQLAlchemy's and sqlx's users write it; a longer one can have no index.
        Meaning::Varchar(None) => Translated {
            gap: Some("`varchar(255)` stands for a text of any length".to_owned()),
            ..with("varchar", vec!["255".to_owned()])
        },
        Meaning::Text(false) => plain("text"),
        Meaning::Text(true) => plain("longtext"),
        Meaning::Binary(Some(length)) if number(&length) <= LONGEST_VARCHAR => with("varbinary", vec![length]),
        Meaning::Binary(_) => plain("longblob"),
        Meaning::Date => plain("date"),
        Meaning::Time(digits) => with("time", at_most_six(digits)),
        // MySQL's TIMESTAMP ends in 2038; six digits are what the others keep.
        Meaning::Timestamp(_, digits) if digits.is_empty() => with("datetime", vec!["6".to_owned()]),
        Meaning::Timestamp(_, digits) => with("datetime", at_most_six(digits)),
        Meaning::Uuid => with("char", vec!["36".to_owned()]),
        Meaning::Json => plain("json"),
        Meaning::Enum(values) => with("enum", values),
    }
}

fn to_sqlite(meaning: Meaning) -> Translated {
    match meaning {
        Meaning::Boolean => plain("boolean"),
        Meaning::Integer(..) => plain("integer"),
        Meaning::Decimal(arguments) => with("numeric", arguments),
        Meaning::Float(_) => plain("real"),
        Meaning::Char(length) => with("char", vec![length]),
        Meaning::Varchar(length) => with("varchar", length.into_iter().collect()),
        Meaning::Text(_) => plain("text"),
        Meaning::Binary(_) => plain("blob"),
        Meaning::Date => plain("date"),
        Meaning::Time(_) => plain("time"),
        Meaning::Timestamp(..) => plain("timestamp"),
        Meaning::Uuid => with("char", vec!["36".to_owned()]),
        Meaning::Json => plain("json"),
        Meaning::Enum(values) => of_values(&values, "varchar", Dialect::Sqlite),
    }
}

/// How many characters of four bytes fit into MySQL's longest row.
const LONGEST_VARCHAR: u32 = 16_383;

fn number(text: &str) -> u32 {
    text.parse().unwrap_or(u32::MAX)
}

/// Digits of a second: no database keeps more than six.
fn at_most_six(digits: Vec<String>) -> Vec<String> {
    digits.into_iter().take(1).map(|digits| number(&digits).min(6).to_string()).collect()
}

/// MySQL's exact numbers have at the most 65 digits, 30 of them behind the point, and none less than none.
fn decimal(arguments: &[String]) -> Translated {
    let get = |at: usize| arguments.get(at).and_then(|argument| argument.parse::<i64>().ok());
    let (precision, scale) = (get(0).unwrap_or(10), get(1).unwrap_or(0));
    let whole = (precision - scale).max(0);
    let kept = scale.clamp(0, 30);
    let digits = (whole + kept).clamp(1, 65);
    let kept = kept.min(digits);
    let made = with(
        "decimal",
        if arguments.len() < 2 && kept == 0 {
            vec![digits.to_string()]
        } else {
            vec![digits.to_string(), kept.to_string()]
        },
    );
    let is_less = kept < scale || whole > digits - kept;
    Translated {
        gap: is_less.then(|| format!("`{}` stands for `numeric({precision},{scale})`", made.data_type)),
        ..made
    }
}

/// A text as long as the longest of some values.
fn of_values(values: &[String], name: &str, to: Dialect) -> Translated {
    let longest = values.iter().map(|value| value.chars().count().saturating_sub(2)).max().unwrap_or(0).max(1);
    let gap = format!("the values of an enumeration ({}) are not checked by {}", values.join(", "), shown(to));
    Translated { gap: Some(gap), ..with(name, vec![longest.to_string()]) }
}
