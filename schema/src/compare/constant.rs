//! What a column of MySQL's or MariaDB's keeps of a constant: a number is rounded, a set has an order of its own. Their catalogs show
//! what is kept, not what was written.

use revchain_core::Dialect;

use super::canonical::{canonical, hexadecimal};
use crate::model::{DataType, Expression};

/// Whether a column of this type keeps the one default where the other is shown. Only a yes is certain.
pub(super) fn keeps(data_type: &DataType, said: &Expression, shown: &Expression) -> bool {
    let (said, shown) = (canonical(said, Dialect::Mysql), canonical(shown, Dialect::Mysql));
    let numbers = || Some((number(&said)?, number(&shown)?));
    let (one, other) = (said.trim_matches('\''), shown.trim_matches('\''));
    match data_type.name.as_str() {
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "decimal" => numbers().is_some_and(|(one, other)| {
            let scale = data_type.arguments.get(1).and_then(|scale| scale.parse::<i32>().ok()).unwrap_or_default();
            (one - other).abs() <= 0.5 * 10f64.powi(-scale) * (1.0 + 1e-9)
        }),
        // It is shown with six digits.
        "float" => numbers().is_some_and(|(one, other)| (one - other).abs() <= one.abs() * 1e-5),
        "double" | "bit" => numbers().is_some_and(|(one, other)| one == other),
        "year" => numbers().is_some_and(|(one, other)| one < 100.0 && other % 100.0 == one),
        "char" => one.trim_end_matches(' ') == other.trim_end_matches(' '),
        "enum" => one.eq_ignore_ascii_case(other),
        "set" => members(one) == members(other),
        "binary" | "varbinary" => match (said.strip_prefix('\''), shown.strip_prefix("0x")) {
            (Some(_), Some(bytes)) => one.bytes().map(|byte| format!("{byte:02x}")).collect::<String>() == bytes,
            _ => false,
        },
        _ => false,
    }
}

fn number(text: &str) -> Option<f64> {
    match hexadecimal(text) {
        Some(bytes) => u64::from_str_radix(bytes.strip_prefix("0x")?, 16).ok().map(|number| number as f64),
        None => text.parse().ok().filter(|number: &f64| number.is_finite()),
    }
}

fn members(set: &str) -> Vec<String> {
    let mut members: Vec<String> = set.split(',').map(str::to_lowercase).collect();
    members.sort();
    members.dedup();
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What MySQL 9.7.4 shows of each.
    #[test]
    fn constants_that_a_column_keeps() {
        for (name, arguments, said, shown, expected) in [
            ("int", "", "1.5", "2", true),
            ("int", "", "1", "2", false),
            ("int", "", "00005", "5", true),
            ("int", "", "TRUE", "1", true),
            ("int", "", "0x10", "16", true),
            ("decimal", "5,2", ".5", "0.50", true),
            ("decimal", "5,2", "1.005", "1.01", true),
            ("decimal", "5,2", "1.5", "1.51", false),
            ("decimal", "10,0", "1.4", "1", true),
            ("float", "", "1e10", "10000000000", true),
            ("float", "", "16777217", "16777200", true),
            ("float", "", "0", "1", false),
            ("double", "", "1.5e-7", "0.00000015", true),
            ("double", "", "1", "1.00001", false),
            ("bit", "3", "5", "b'101'", true),
            ("bit", "9", "b'000000101'", "b'101'", true),
            ("bit", "3", "5", "b'100'", false),
            ("year", "", "20", "2020", true),
            ("year", "", "20", "2021", false),
            ("char", "5", "'ab   '", "'ab'", true),
            ("varchar", "5", "'ab   '", "'ab'", false),
            ("enum", "'x','y'", "'X'", "'x'", true),
            ("enum", "'x','y'", "'x'", "'y'", false),
            ("set", "'x','y'", "'y,x'", "'x,y'", true),
            ("set", "'x','y'", "'y'", "'x,y'", false),
            ("varbinary", "9", "'it''s é'", "0x6974277320C3A9", true),
            ("varbinary", "9", "'ab'", "0x6163", false),
        ] {
            let mut data_type = DataType::named(name);
            data_type.arguments = arguments.split(',').filter(|text| !text.is_empty()).map(str::to_owned).collect();
            let of = |text| Expression::new(text, Dialect::Mysql);
            assert_eq!(keeps(&data_type, &of(said), &of(shown)), expected, "{said} and {shown} of {name}");
        }
    }
}
