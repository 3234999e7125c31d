//! The Rust type of a column: what sqlx reads from one of its type.

use revchain_core::Dialect;
use revchain_model::{Kind, SqlType, TypeModel};
use revchain_schema::DataType;

/// A Rust type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RustType {
    /// As it stands in a field.
    pub(super) text: String,
    /// What is imported for it, below `sqlx::`.
    pub(super) imports: &'static [&'static str],
    /// The feature of `revchain`'s that it needs.
    pub(super) feature: Option<&'static str>,
    /// What it stands for.
    pub(super) model: TypeModel,
    /// Whether it is only the nearest thing.
    pub(super) is_guess: bool,
    /// Whether revchain knows what it stands for; else a field has to say it for every dialect.
    pub(super) is_sql_type: bool,
}

fn std<T: SqlType>(text: &str) -> RustType {
    RustType {
        text: text.to_owned(),
        imports: &[],
        feature: None,
        model: T::SQL_TYPE,
        is_guess: false,
        is_sql_type: true,
    }
}

/// One of another crate's, which sqlx reads.
fn foreign(
    text: &str,
    imports: &'static [&'static str],
    feature: &'static str,
    (kind, postgres, mysql, sqlite): (Kind, Option<&'static str>, Option<&'static str>, Option<&'static str>),
) -> RustType {
    RustType {
        imports,
        feature: Some(feature),
        model: TypeModel::on_each(kind, postgres, mysql, sqlite),
        ..std::<String>(text)
    }
}

fn date() -> RustType {
    let sql = (Kind::Date, Some("DATE"), Some("DATE"), Some("DATE"));
    foreign("NaiveDate", &["types::chrono::NaiveDate"], "chrono", sql)
}

fn time() -> RustType {
    let sql = (Kind::Time, Some("TIME"), Some("TIME"), Some("TIME"));
    foreign("NaiveTime", &["types::chrono::NaiveTime"], "chrono", sql)
}

fn timestamp() -> RustType {
    let sql = (Kind::Timestamp, Some("TIMESTAMP"), Some("DATETIME"), Some("DATETIME"));
    foreign("NaiveDateTime", &["types::chrono::NaiveDateTime"], "chrono", sql)
}

fn moment() -> RustType {
    let sql = (Kind::TimestampTz, Some("TIMESTAMPTZ"), Some("TIMESTAMP"), Some("DATETIME"));
    foreign("DateTime<Utc>", &["types::chrono::DateTime", "types::chrono::Utc"], "chrono", sql)
}

fn decimal() -> RustType {
    foreign("Decimal", &["types::Decimal"], "rust_decimal", (Kind::Decimal, Some("NUMERIC"), None, None))
}

fn uuid() -> RustType {
    foreign("Uuid", &["types::Uuid"], "uuid", (Kind::Uuid, Some("UUID"), Some("BINARY(16)"), Some("BLOB")))
}

/// A UUID that is kept as text.
fn hyphenated() -> RustType {
    let sql = (Kind::Uuid, None, Some("CHAR(36)"), Some("TEXT"));
    foreign("Hyphenated", &["types::uuid::fmt::Hyphenated"], "uuid", sql)
}

fn json() -> RustType {
    foreign("JsonValue", &["types::JsonValue"], "json", (Kind::Json, Some("JSONB"), Some("JSON"), Some("TEXT")))
}

/// The type of a column on its dialect. What sqlx has no type for is a `String`, and a guess.
pub(super) fn of(data_type: &DataType, dialect: Dialect) -> RustType {
    let known = match dialect {
        _ if data_type.array => list(data_type, dialect),
        _ if data_type.schema.is_some() => None,
        Dialect::Postgres => of_postgres(&data_type.name),
        Dialect::Mysql => of_mysql(data_type),
        Dialect::Sqlite => of_sqlite(&data_type.name),
    };
    known.unwrap_or_else(|| RustType { is_guess: true, ..std::<String>("String") })
}

/// PostgreSQL's arrays.
fn list(data_type: &DataType, dialect: Dialect) -> Option<RustType> {
    let element = DataType { array: false, ..data_type.clone() };
    let of = Some(of(&element, dialect)).filter(|of| !of.is_guess && of.is_sql_type)?;
    let sql = of.model.sql.postgres.map(|sql| super::kept(format!("{sql}[]")));
    let model = TypeModel::on_each(Kind::Exact, sql, None, None);
    Some(RustType { text: format!("Vec<{}>", of.text), model, ..of })
}

fn of_postgres(name: &str) -> Option<RustType> {
    Some(match name {
        "boolean" => std::<bool>("bool"),
        "smallint" => std::<i16>("i16"),
        "integer" => std::<i32>("i32"),
        "bigint" => std::<i64>("i64"),
        "real" => std::<f32>("f32"),
        "double precision" => std::<f64>("f64"),
        "numeric" => decimal(),
        "text" | "character varying" | "character" | "citext" | "name" => std::<String>("String"),
        "bytea" => std::<Vec<u8>>("Vec<u8>"),
        "date" => date(),
        "time without time zone" => time(),
        "timestamp without time zone" => timestamp(),
        "timestamp with time zone" => moment(),
        "uuid" => uuid(),
        "json" | "jsonb" => json(),
        "inet" => {
            let sql = (Kind::Exact, Some("INET"), None, None);
            foreign("IpNetwork", &["types::ipnetwork::IpNetwork"], "ipnetwork", sql)
        }
        "interval" => {
            RustType { imports: &["postgres::types::PgInterval"], is_sql_type: false, ..std::<String>("PgInterval") }
        }
        _ => return None,
    })
}

fn of_mysql(of: &DataType) -> Option<RustType> {
    Some(match (of.name.as_str(), of.unsigned) {
        ("tinyint", _) if of.arguments.first().is_some_and(|width| width == "1") => std::<bool>("bool"),
        ("bit", _) if of.arguments.first().is_none_or(|width| width == "1") => std::<bool>("bool"),
        ("tinyint", false) => std::<i8>("i8"),
        ("tinyint", true) => std::<u8>("u8"),
        ("smallint", false) => std::<i16>("i16"),
        ("smallint", true) => std::<u16>("u16"),
        ("int" | "mediumint", false) => std::<i32>("i32"),
        ("int" | "mediumint", true) => std::<u32>("u32"),
        ("bigint", false) => std::<i64>("i64"),
        ("bigint", true) => std::<u64>("u64"),
        ("float", _) => std::<f32>("f32"),
        ("double", _) => std::<f64>("f64"),
        ("decimal", _) => decimal(),
        ("char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "enum", _) => std::<String>("String"),
        ("binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob", _) => std::<Vec<u8>>("Vec<u8>"),
        ("date", _) => date(),
        ("time", _) => time(),
        ("datetime", _) => timestamp(),
        ("timestamp", _) => moment(),
        ("uuid", _) => hyphenated(),
        ("json", _) => json(),
        _ => return None,
    })
}

/// By the words that people use, as sqlx reads them.
fn of_sqlite(name: &str) -> Option<RustType> {
    Some(match name {
        "boolean" | "bool" => std::<bool>("bool"),
        "date" => date(),
        "time" => time(),
        "datetime" | "timestamp" => timestamp(),
        "timestamptz" | "timestamp with time zone" => moment(),
        "uuid" => hyphenated(),
        "json" | "jsonb" => json(),
        // sqlx has no exact numbers there.
        "decimal" | "numeric" => std::<f64>("f64"),
        name if name.contains("int") => std::<i64>("i64"),
        name if ["char", "clob", "text"].iter().any(|part| name.contains(part)) => std::<String>("String"),
        name if name.contains("blob") => std::<Vec<u8>>("Vec<u8>"),
        name if ["real", "floa", "doub"].iter().any(|part| name.contains(part)) => std::<f64>("f64"),
        _ => return None,
    })
}
