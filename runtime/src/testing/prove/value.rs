//! A value for a column, by its type: one that the type takes. Whether the table takes it (its checks, its triggers) the database
//! says.

use revchain_core::Dialect;
use revchain_schema::model::{DataType, Family, Name, ObjectName, Schema, UserType};

/// How deep domains of domains are looked at.
const DEPTH: usize = 8;

/// An expression of SQL; another one for each `seed`, where the type has so many. `None` where nobody knows one.
pub(super) fn value(data_type: Option<&DataType>, schema: &Schema, seed: u8) -> Option<String> {
    // SQLite's columns without a type take anything.
    let Some(data_type) = data_type else { return Some(format!("'revchain {seed}'")) };
    of(data_type, schema, seed, DEPTH)
}

fn of(data_type: &DataType, schema: &Schema, seed: u8, depth: usize) -> Option<String> {
    let dialect = schema.dialect;
    if data_type.array {
        return Some("'{}'".to_owned());
    }
    if dialect == Dialect::Postgres {
        let name = ObjectName { schema: data_type.schema.clone(), name: Name::new(&data_type.name, dialect) };
        match schema.types.get(&name).map(|user_type| &**user_type) {
            Some(UserType::Enum(of)) => {
                return of.values.get(usize::from(seed - 1)).or(of.values.first()).map(|value| quoted(value));
            }
            Some(UserType::Domain(domain)) => return self::of(&domain.data_type, schema, seed, depth.checked_sub(1)?),
            Some(_) => return None,
            None => {}
        }
    }
    let argument = |at: usize| data_type.arguments.get(at).and_then(|argument| argument.trim().parse::<usize>().ok());
    Some(match data_type.family(dialect) {
        Family::Boolean => match dialect {
            Dialect::Postgres => if seed == 1 { "true" } else { "false" }.to_owned(),
            _ => (seed % 2).to_string(),
        },
        Family::Integer => (40 + seed).to_string(),
        Family::Decimal => match (argument(0), argument(1).unwrap_or(0)) {
            (Some(digits), scale) if digits <= scale => format!("0.{}{seed}", "0".repeat(scale.saturating_sub(1))),
            _ => seed.to_string(),
        },
        Family::Float => format!("{seed}.5"),
        Family::Text | Family::Binary => {
            let text = format!("revchain {seed}");
            let length = argument(0).or((data_type.name == "character").then_some(1)).unwrap_or(text.len());
            // The end tells one from the other.
            quoted(text.get(text.len().saturating_sub(length)..)?)
        }
        Family::Date => format!("'2001-02-0{seed}'"),
        Family::Time => format!("'01:02:0{seed}'"),
        Family::Timestamp => format!("'2001-02-0{seed} 04:05:06'"),
        Family::Interval => format!("'{seed} days'"),
        Family::Uuid => format!("'7265766c-6861-496e-8000-00000000000{seed}'"),
        Family::Json => format!("'{{\"revchain\": {seed}}}'"),
        // As the statement has it: in quotes already.
        Family::Enum => data_type.arguments.get(usize::from(seed - 1)).or(data_type.arguments.first())?.clone(),
        Family::Other => return other(data_type, dialect, seed),
    })
}

fn other(data_type: &DataType, dialect: Dialect, seed: u8) -> Option<String> {
    Some(match (dialect, data_type.name.as_str()) {
        (Dialect::Postgres, "inet" | "cidr") => format!("'192.0.2.{seed}'"),
        (Dialect::Postgres, "macaddr") => format!("'02:00:00:00:00:0{seed}'"),
        (Dialect::Postgres, "tsvector" | "tsquery" | "xml" | "ltree") => "'revchain'".to_owned(),
        (Dialect::Postgres, "point") => format!("'({seed},{seed})'"),
        (Dialect::Postgres, "hstore") => "''".to_owned(),
        (Dialect::Postgres, name) if name.ends_with("range") => "'empty'".to_owned(),
        (Dialect::Postgres, "bit") => {
            let length = data_type.arguments.first().and_then(|length| length.parse().ok()).unwrap_or(1);
            format!("B'{}'", "1".repeat(length))
        }
        (Dialect::Postgres, "bit varying") => "B'1'".to_owned(),
        (Dialect::Mysql, "bit") => "b'1'".to_owned(),
        (Dialect::Mysql, "year") => format!("200{seed}"),
        (Dialect::Mysql, "set") => data_type.arguments.first()?.clone(),
        (Dialect::Mysql, "inet4") => format!("'192.0.2.{seed}'"),
        (Dialect::Mysql, "inet6") => format!("'2001:db8::{seed}'"),
        (Dialect::Mysql, "point" | "geometry") => format!("ST_GeomFromText('POINT({seed} {seed})')"),
        (Dialect::Mysql, "linestring") => format!("ST_GeomFromText('LINESTRING(0 0,{seed} 1)')"),
        (Dialect::Mysql, "polygon") => format!("ST_GeomFromText('POLYGON((0 0,{seed} 0,0 1,0 0))')"),
        (Dialect::Mysql, "multipoint") => format!("ST_GeomFromText('MULTIPOINT({seed} {seed})')"),
        (Dialect::Mysql, "multilinestring") => format!("ST_GeomFromText('MULTILINESTRING((0 0,{seed} 1))')"),
        (Dialect::Mysql, "multipolygon") => format!("ST_GeomFromText('MULTIPOLYGON(((0 0,{seed} 0,0 1,0 0)))')"),
        (Dialect::Mysql, "geometrycollection" | "geomcollection") => {
            format!("ST_GeomFromText('GEOMETRYCOLLECTION(POINT({seed} {seed}))')")
        }
        // Numbers of four bytes, as many as it has: here each is 1 or 2.
        (Dialect::Mysql, "vector") => {
            let length = data_type.arguments.first().and_then(|length| length.parse().ok()).unwrap_or(1);
            let number = if seed == 1 { "0000803F" } else { "00000040" };
            format!("x'{}'", number.repeat(length))
        }
        (Dialect::Sqlite, _) => seed.to_string(),
        _ => return None,
    })
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_fits_its_type() {
        let of = |dialect, name: &str, arguments: &[&str]| {
            let mut data_type = DataType::named(name);
            data_type.arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
            value(Some(&data_type), &Schema::empty(dialect), 2).unwrap_or_default()
        };
        for (dialect, name, arguments, expected) in [
            (Dialect::Postgres, "text", &[] as &[&str], "'revchain 2'"),
            (Dialect::Postgres, "character varying", &["3"], "'n 2'"),
            (Dialect::Postgres, "character", &[], "'2'"),
            (Dialect::Postgres, "numeric", &["2", "2"], "0.02"),
            (Dialect::Postgres, "boolean", &[], "false"),
            (Dialect::Postgres, "bit", &["3"], "B'111'"),
            (Dialect::Mysql, "enum", &["'a'", "'b'"], "'b'"),
            (Dialect::Mysql, "enum", &["'a'"], "'a'"),
            (Dialect::Mysql, "tinyint", &["1"], "0"),
            (Dialect::Mysql, "vector", &["2"], "x'0000004000000040'"),
            (Dialect::Mysql, "decimal", &["10", "2"], "2"),
            (Dialect::Sqlite, "thing", &[], "2"),
            (Dialect::Postgres, "thing", &[], ""),
        ] {
            assert_eq!(of(dialect, name, arguments), expected, "{name} {arguments:?}");
        }
    }
}
