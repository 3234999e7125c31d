//! Types that hold the same: where a struct leaves open how its values are kept, the chain's word stands.

use revchain_core::Dialect;
use revchain_model::Kind;

use crate::model::{DataType, Family, Name, ObjectName, Schema, UserType};

/// Whether a column of one type has what a field asks for that would have declared another.
pub fn holds(kind: Kind, there: &DataType, declared: &DataType, schema: &Schema) -> bool {
    let dialect = schema.dialect;
    if is_same(there, declared) {
        return true;
    }
    if kind == Kind::Exact || there.array != declared.array || there.unsigned != declared.unsigned {
        return false;
    }
    // A domain's values are of its type.
    let full = ObjectName { schema: there.schema.clone(), name: Name::new(&there.name, dialect) };
    if let Some(UserType::Domain(domain)) = schema.types.get(&full).map(|of| &**of) {
        let of = &domain.data_type;
        let is_itself = of.name == there.name && of.schema == there.schema;
        return !is_itself && holds(kind, of, declared, schema);
    }
    if there.name == declared.name && there.schema == declared.schema {
        // Of another length or precision: nobody asked for one. A truth value and a UUID have theirs.
        let has_length = matches!(kind, Kind::Boolean | Kind::Uuid) && dialect != Dialect::Sqlite;
        if !has_length {
            return true;
        }
    }
    let (name, family) = (there.name.as_str(), there.family(dialect));
    let is_text = |lengths: &[&str]| {
        matches!(there.arguments.as_slice(), [length] if lengths.contains(&length.as_str())) && family == Family::Text
    };
    match (kind, dialect) {
        (Kind::Exact, _) => false,
        (Kind::Boolean, Dialect::Postgres) => family == Family::Boolean,
        (Kind::Boolean, Dialect::Mysql) => family == Family::Boolean || name == "bit" && is_one(&there.arguments),
        (Kind::Boolean, Dialect::Sqlite) => matches!(family, Family::Boolean | Family::Integer),
        (Kind::SmallInteger | Kind::Integer | Kind::BigInteger, Dialect::Sqlite) => family == Family::Integer,
        (Kind::Integer, Dialect::Mysql) => name == "mediumint",
        (Kind::SmallInteger | Kind::Integer | Kind::BigInteger, _) => false,
        (Kind::Float | Kind::Double, Dialect::Sqlite) => family == Family::Float,
        (Kind::Float | Kind::Double, _) => false,
        (Kind::Decimal, Dialect::Sqlite) => matches!(family, Family::Decimal | Family::Text),
        (Kind::Decimal, _) => family == Family::Decimal && name != "money",
        (Kind::Text, _) => family == Family::Text,
        (Kind::Bytes, _) => family == Family::Binary,
        (Kind::Date | Kind::Time | Kind::Timestamp | Kind::TimestampTz, Dialect::Sqlite) if family == Family::Text => {
            true
        }
        (Kind::Date, _) => family == Family::Date,
        // PostgreSQL's have a zone or not, and that is another type.
        (Kind::Time, _) => family == Family::Time && dialect != Dialect::Postgres,
        (Kind::Timestamp | Kind::TimestampTz, _) => family == Family::Timestamp && dialect != Dialect::Postgres,
        (Kind::Uuid, Dialect::Sqlite) => matches!(family, Family::Uuid | Family::Text | Family::Binary),
        (Kind::Uuid, _) => {
            let is_bytes = matches!(there.arguments.as_slice(), [length] if length == "16") && family == Family::Binary;
            family == Family::Uuid || is_text(&["32", "36"]) || is_bytes
        }
        (Kind::Json, Dialect::Postgres) => family == Family::Json,
        (Kind::Json, Dialect::Mysql) => family == Family::Json || matches!(name, "text" | "mediumtext" | "longtext"),
        (Kind::Json, Dialect::Sqlite) => matches!(family, Family::Json | Family::Text),
    }
}

/// Whether two are one, but for a character set that is not said.
fn is_same(there: &DataType, declared: &DataType) -> bool {
    if declared.character_set.is_some() || there.character_set.is_none() {
        return there == declared;
    }
    DataType { character_set: None, ..there.clone() } == *declared
}

fn is_one(arguments: &[String]) -> bool {
    arguments.is_empty() || matches!(arguments, [width] if width == "1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_table;

    fn of(text: &str, dialect: Dialect) -> DataType {
        let mut table = read_table(&format!("CREATE TABLE t (c {text})"), dialect).unwrap();
        table.columns.pop().unwrap().data_type.unwrap()
    }

    /// Each kind as a field of it is declared, what holds the same, and what doesn't.
    #[test]
    fn what_holds_the_same_is_accepted() {
        let (pg, my, lite) = (Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite);
        for (dialect, kind, declared, same, other) in [
            (pg, Kind::Boolean, "BOOLEAN", "bool", "smallint"),
            (my, Kind::Boolean, "BOOLEAN", "tinyint(1),bool,bit(1)", "tinyint(4),tinyint,int,bit(8)"),
            (lite, Kind::Boolean, "BOOLEAN", "bool,INTEGER,TINYINT(1)", "TEXT,REAL"),
            (pg, Kind::SmallInteger, "SMALLINT", "int2", "int,bigint"),
            (pg, Kind::Integer, "INTEGER", "int,int4", "bigint,smallint,text,numeric"),
            (my, Kind::Integer, "INTEGER", "int,int(11),mediumint", "bigint,int unsigned,smallint,text"),
            (lite, Kind::Integer, "INTEGER", "INT,BIGINT", "TEXT,BOOLEAN,VARCHAR(3)"),
            (pg, Kind::BigInteger, "BIGINT", "int8", "int"),
            (my, Kind::BigInteger, "BIGINT", "bigint(20)", "int,bigint unsigned"),
            (lite, Kind::BigInteger, "INTEGER", "INT,BIGINT,SMALLINT", "TEXT"),
            (pg, Kind::Double, "DOUBLE PRECISION", "float8,float", "real,numeric"),
            (my, Kind::Double, "DOUBLE", "double precision", "decimal(10,2),float"),
            (lite, Kind::Double, "REAL", "DOUBLE,FLOAT", "TEXT,INTEGER"),
            (pg, Kind::Decimal, "NUMERIC", "numeric(10,2),decimal(8)", "double precision,int,money"),
            (my, Kind::Decimal, "DECIMAL(20,6)", "decimal(10,2),numeric(8)", "double"),
            (pg, Kind::Text, "TEXT", "varchar,varchar(30),char(3),citext", "int,json,text[],bytea"),
            (
                my,
                Kind::Text,
                "TEXT",
                "varchar(255),char(36),longtext,varchar(10) character set latin1",
                "int,json,blob",
            ),
            (lite, Kind::Text, "TEXT", "VARCHAR,VARCHAR(30),CHAR(3),CLOB", "INTEGER,BLOB"),
            (my, Kind::Bytes, "BLOB", "binary(16),varbinary(20),longblob", "text"),
            (pg, Kind::Timestamp, "TIMESTAMP", "timestamp(3)", "timestamptz,date"),
            (pg, Kind::TimestampTz, "TIMESTAMPTZ", "timestamp(6) with time zone", "timestamp,date"),
            (my, Kind::TimestampTz, "TIMESTAMP", "datetime,datetime(6),timestamp(3)", "date,bigint"),
            (lite, Kind::TimestampTz, "DATETIME", "TIMESTAMP,TEXT", "INTEGER"),
            (pg, Kind::Uuid, "UUID", "char(36)", "text,bytea"),
            (my, Kind::Uuid, "BINARY(16)", "char(36),char(32),varchar(36),uuid", "char(10),binary(20),int"),
            (lite, Kind::Uuid, "BLOB", "TEXT,CHAR(36),UUID", "INTEGER"),
            (pg, Kind::Json, "JSONB", "json", "text"),
            (my, Kind::Json, "JSON", "longtext,text", "varchar(20)"),
            (lite, Kind::Json, "TEXT", "JSON,VARCHAR", "INTEGER"),
            (pg, Kind::Exact, "VARCHAR(30)", "character varying(30)", "varchar(40),varchar,text"),
            (my, Kind::Exact, "INTEGER unsigned", "int(10) unsigned", "int"),
        ] {
            let schema = Schema::empty(dialect);
            let split = |list: &'static str| -> Vec<&'static str> {
                let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
                for (at, character) in list.char_indices() {
                    match character {
                        '(' => depth += 1,
                        ')' => depth -= 1,
                        ',' if depth == 0 => {
                            parts.push(&list[start..at]);
                            start = at + 1;
                        }
                        _ => {}
                    }
                }
                parts.push(&list[start..]);
                parts
            };
            for (list, expected) in [(same, true), (other, false)] {
                for text in split(list) {
                    let found = holds(kind, &of(text, dialect), &of(declared, dialect), &schema);
                    assert_eq!(found, expected, "{dialect} {kind:?} {declared}: {text}");
                }
            }
        }
    }
}
