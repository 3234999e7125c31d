//! Types, under the names that the databases print.

use std::fmt;

use revchain_core::Dialect;

use super::Name;

/// The type of a column.
///
/// `INT`, `int4` and `integer` are one type of PostgreSQL's, and have one value here: the reader puts the name that the server
/// prints, and the arguments that it would add.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataType {
    /// The schema of a user's type, where one is said.
    pub schema: Option<Name>,
    /// The name: in lower case, words parted by one blank, unless it was quoted.
    pub name: String,
    /// What is in parentheses, one by one: `10`, `2`, `'a'`.
    pub arguments: Vec<String>,
    /// PostgreSQL's array, of however many dimensions: it doesn't count them.
    pub array: bool,
    /// MySQL's `UNSIGNED`.
    pub unsigned: bool,
    /// MySQL's `ZEROFILL`.
    pub zerofill: bool,
    /// MySQL's `CHARACTER SET`.
    pub character_set: Option<String>,
}

/// What a type holds, whatever the dialect calls it: what is compared between dialects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// True and false.
    Boolean,
    /// Whole numbers of any size.
    Integer,
    /// Exact numbers.
    Decimal,
    /// Numbers near enough.
    Float,
    /// Text of any length.
    Text,
    /// Bytes.
    Binary,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A day and a time.
    Timestamp,
    /// A while.
    Interval,
    /// A UUID.
    Uuid,
    /// JSON.
    Json,
    /// One of a few words.
    Enum,
    /// Anything else, which is like nothing else.
    Other,
}

impl DataType {
    /// A type with a name, and nothing else.
    pub fn named(name: impl Into<String>) -> DataType {
        DataType {
            schema: None,
            name: name.into(),
            arguments: Vec::new(),
            array: false,
            unsigned: false,
            zerofill: false,
            character_set: None,
        }
    }

    /// What it holds.
    pub fn family(&self, dialect: Dialect) -> Family {
        if self.array || self.schema.is_some() {
            return Family::Other;
        }
        match dialect {
            Dialect::Postgres => match self.name.as_str() {
                "boolean" => Family::Boolean,
                "smallint" | "integer" | "bigint" | "oid" => Family::Integer,
                "numeric" | "money" => Family::Decimal,
                "real" | "double precision" => Family::Float,
                "text" | "character varying" | "character" | "citext" | "name" => Family::Text,
                "bytea" => Family::Binary,
                "date" => Family::Date,
                "time without time zone" | "time with time zone" => Family::Time,
                "timestamp without time zone" | "timestamp with time zone" => Family::Timestamp,
                "interval" => Family::Interval,
                "uuid" => Family::Uuid,
                "json" | "jsonb" => Family::Json,
                _ => Family::Other,
            },
            Dialect::Mysql => match (self.name.as_str(), self.arguments.as_slice()) {
                ("tinyint", [width]) if width == "1" => Family::Boolean,
                ("tinyint" | "smallint" | "mediumint" | "int" | "bigint", _) => Family::Integer,
                ("decimal", _) => Family::Decimal,
                ("float" | "double", _) => Family::Float,
                ("char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext", _) => Family::Text,
                ("binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob", _) => Family::Binary,
                ("date", _) => Family::Date,
                ("time", _) => Family::Time,
                ("datetime" | "timestamp", _) => Family::Timestamp,
                ("uuid", _) => Family::Uuid,
                ("json", _) => Family::Json,
                ("enum", _) => Family::Enum,
                _ => Family::Other,
            },
            Dialect::Sqlite => sqlite_family(&self.name),
        }
    }
}

/// What people mean by a type's name on SQLite, which takes any.
fn sqlite_family(name: &str) -> Family {
    match name {
        "boolean" | "bool" => return Family::Boolean,
        "date" => return Family::Date,
        "time" => return Family::Time,
        "datetime" | "timestamp" | "timestamptz" => return Family::Timestamp,
        "json" | "jsonb" => return Family::Json,
        "uuid" => return Family::Uuid,
        "decimal" | "numeric" => return Family::Decimal,
        _ => {}
    }
    // <https://sqlite.org/datatype3.html>, 3.1: in this order.
    if name.contains("int") {
        Family::Integer
    } else if ["char", "clob", "text"].iter().any(|part| name.contains(part)) {
        Family::Text
    } else if name.contains("blob") || name.is_empty() {
        Family::Binary
    } else if ["real", "floa", "doub"].iter().any(|part| name.contains(part)) {
        Family::Float
    } else {
        Family::Other
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}.")?;
        }
        let arguments = match self.arguments.is_empty() {
            true => String::new(),
            false => format!("({})", self.arguments.join(",")),
        };
        // PostgreSQL's precision stands in the middle: `timestamp(3) without time zone`.
        match self.name.split_once(' ') {
            Some((first @ ("timestamp" | "time"), rest)) => write!(f, "{first}{arguments} {rest}")?,
            _ => write!(f, "{}{arguments}", self.name)?,
        }
        if self.unsigned {
            f.write_str(" unsigned")?;
        }
        if self.zerofill {
            f.write_str(" zerofill")?;
        }
        if let Some(character_set) = &self.character_set {
            write!(f, " character set {character_set}")?;
        }
        if self.array {
            f.write_str("[]")?;
        }
        Ok(())
    }
}
