//! A type as `COLUMN_TYPE` has it: `decimal(10,2) unsigned`, `enum('a','b')`.

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, TokenKind};
use revchain_schema::DataType;

/// Reads a type. The widths of whole numbers mean nothing, but for `tinyint(1)`.
pub(super) fn read(text: &str) -> DataType {
    let mut data_type = DataType::named("");
    let mut lexer = Lexer::new(text, Dialect::Mysql);
    let (mut inside, mut signed) = (false, String::new());
    while let Some(token) = lexer.next_significant() {
        let shown = token.text(text);
        match token.kind {
            TokenKind::Punctuation if shown == "(" => inside = true,
            TokenKind::Punctuation if shown == ")" => inside = false,
            TokenKind::Punctuation if shown == "-" => "-".clone_into(&mut signed),
            TokenKind::Punctuation => {}
            _ if inside => data_type.arguments.push(std::mem::take(&mut signed) + shown),
            _ if shown.eq_ignore_ascii_case("unsigned") => data_type.unsigned = true,
            _ if shown.eq_ignore_ascii_case("zerofill") => data_type.zerofill = true,
            _ if data_type.name.is_empty() => data_type.name = shown.to_lowercase(),
            _ => {}
        }
    }
    match data_type.name.as_str() {
        "tinyint" => data_type.arguments.retain(|width| width == "1"),
        "smallint" | "mediumint" | "int" | "bigint" | "year" => data_type.arguments.clear(),
        "datetime" | "timestamp" | "time" => data_type.arguments.retain(|digits| digits != "0"),
        "geomcollection" => "geometrycollection".clone_into(&mut data_type.name),
        _ => {}
    }
    data_type
}

/// Whether a default of this type is a number, and not in quotes.
pub(super) fn is_numeric(data_type: &DataType) -> bool {
    matches!(
        data_type.name.as_str(),
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "decimal" | "float" | "double" | "bit" | "year"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_as_they_are_listed() {
        for (text, expected) in [
            ("int(11)", "int"),
            ("int(10) unsigned zerofill", "int unsigned zerofill"),
            ("tinyint(1)", "tinyint(1)"),
            ("tinyint(4)", "tinyint"),
            ("decimal(10,2) unsigned", "decimal(10,2) unsigned"),
            ("enum('a','b,''c)')", "enum('a','b,''c)')"),
            ("datetime(3)", "datetime(3)"),
            ("timestamp /* mariadb-5.3 */", "timestamp"),
            ("year(4)", "year"),
            ("varchar(20)", "varchar(20)"),
            ("", ""),
        ] {
            assert_eq!(read(text).to_string(), expected, "{text}");
        }
    }
}
