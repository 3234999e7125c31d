//! Which sizes, character sets and collations of a type no server takes. What a setting decides is left alone: a `VARCHAR` of MySQL's
//! that is too long may become a text.

use revchain_core::Dialect;

use crate::model::DataType;

/// Why no column can be of this type.
pub(super) fn wrong_with(data_type: &DataType, dialect: Dialect) -> Option<&'static str> {
    let argument = |at: usize| data_type.arguments.get(at).and_then(|text| text.parse::<u64>().ok());
    match dialect {
        Dialect::Postgres if data_type.schema.is_none() => postgres(data_type, argument(0), argument(1)),
        Dialect::Mysql => mysql(data_type, argument(0), argument(1)),
        _ => None,
    }
}

/// What to do about it.
pub(super) fn help_for(reason: &str) -> &'static str {
    match reason {
        UNSAID => "say one in parentheses: `varchar(255)`",
        NOTHING => "leave the parentheses out, with what is in them",
        _ => "choose another, as the message says",
    }
}

const UNSAID: &str = "it has to say a length";
const NOTHING: &str = "that type takes nothing in parentheses";

fn postgres(data_type: &DataType, first: Option<u64>, second: Option<u64>) -> Option<&'static str> {
    match (data_type.name.as_str(), first, second) {
        ("character varying" | "character" | "bit" | "bit varying", Some(0), _) => Some("a length is 1 at least"),
        ("character varying" | "character", Some(10_485_761..), _) => Some("a length is 10485760 at most"),
        ("numeric", Some(0 | 1001..), _) => Some("a precision is 1 to 1000"),
        ("numeric", ..) if data_type.arguments.len() > 2 => Some("it takes a precision and a scale"),
        ("numeric", _, Some(1001..)) => Some("a scale is 1000 at most"),
        // The reader keeps what is wrong alone.
        ("double precision", Some(_), _) => Some("`float` takes one number, 1 to 53, and that type none"),
        (
            "integer" | "bigint" | "smallint" | "boolean" | "real" | "text" | "bytea" | "uuid" | "json" | "jsonb"
            | "date" | "inet" | "cidr" | "macaddr" | "xml" | "money" | "oid" | "name",
            Some(_),
            _,
        ) => Some(NOTHING),
        _ => None,
    }
}

fn mysql(data_type: &DataType, first: Option<u64>, second: Option<u64>) -> Option<&'static str> {
    if data_type.character_set.as_deref().is_some_and(|name| name != "default" && !is_character_set(name)) {
        return Some("no server has that character set");
    }
    match (data_type.name.as_str(), first, second) {
        ("varchar" | "varbinary", None, _) if data_type.arguments.is_empty() => Some(UNSAID),
        ("enum" | "set", ..) if data_type.arguments.is_empty() => Some("it has to say its values"),
        ("char" | "binary", Some(256..), _) => Some("a length is 255 at most"),
        ("bit", Some(65..), _) => Some("a length is 64 at most"),
        ("decimal", Some(66..), _) => Some("a precision is 65 at most"),
        ("decimal", _, Some(39..)) => Some("a scale is 38 at most"),
        ("decimal" | "float" | "double", Some(all @ 1..), Some(behind)) if behind > all => {
            Some("the digits behind the point are among all of them")
        }
        ("double", Some(54..), None) => Some("a precision is 53 at most"),
        ("time" | "datetime" | "timestamp", Some(7..), _) => Some("a second has 6 digits at most"),
        _ => None,
    }
}

/// Whether no server has a collation: it begins with its character set.
pub(in crate::replay) fn is_no_collation(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_known = |(set, rest): (&str, &str)| {
        (set == "uca1400" || is_character_set(set)) && rest.split('_').all(is_word_of_collations)
    };
    !matches!(name.as_str(), "binary" | "default") && !name.split_once('_').is_some_and(is_known)
}

/// Whether a word stands in the name of some collation: those that begin with digits are versions.
fn is_word_of_collations(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit()) || WORDS_OF_COLLATIONS.binary_search(&word).is_ok()
}

/// Of MySQL's and MariaDB's, of all their versions; sorted. Words of two letters are languages and what counts.
#[rustfmt::skip]
const WORDS_OF_COLLATIONS: [&str; 79] = [
    "ai", "as", "bg", "bin", "bs", "bulgarian", "chinese", "ci", "croatian", "cs", "cyrl", "czech", "da", "danish", "de", "english",
    "eo", "es", "esperanto", "estonian", "et", "general", "german1", "german2", "gl", "hr", "hu", "hungarian", "icelandic", "is",
    "ja", "japanese", "korean", "ks", "la", "latn", "latvian", "lithuanian", "lt", "lv", "mn", "myanmar", "mysql500", "mysql561",
    "nb", "nn", "nopad", "pb", "persian", "pinyin", "pl", "polish", "ro", "roman", "romanian", "ru", "sinhala", "sk", "sl",
    "slovak", "slovenian", "spanish", "spanish2", "sr", "sv", "swedish", "thai", "tolower", "tr", "trad", "turkish", "uca1400",
    "ukrainian", "unicode", "vi", "vietnamese", "w2", "ws", "zh",
];

pub(in crate::replay) fn is_character_set(name: &str) -> bool {
    CHARACTER_SETS.binary_search(&name.to_ascii_lowercase().as_str()).is_ok()
}

/// MySQL's and MariaDB's, sorted (<https://dev.mysql.com/doc/refman/8.4/en/charset-charsets.html>).
#[rustfmt::skip]
const CHARACTER_SETS: [&str; 43] = [
    "armscii8", "ascii", "big5", "binary", "cp1250", "cp1251", "cp1256", "cp1257", "cp850", "cp852", "cp866", "cp932", "dec8",
    "eucjpms", "euckr", "filename", "gb18030", "gb2312", "gbk", "geostd8", "greek", "hebrew", "hp8", "keybcs2", "koi8r", "koi8u",
    "latin1", "latin2", "latin5", "latin7", "macce", "macroman", "sjis", "swe7", "tis620", "ucs2", "ujis", "utf16", "utf16le",
    "utf32", "utf8", "utf8mb3", "utf8mb4",
];

#[cfg(test)]
mod tests {
    use super::*;
    use Dialect::{Mysql, Postgres};

    fn found(text: &str, dialect: Dialect) -> Option<&'static str> {
        wrong_with(&super::super::tests::column(text, dialect).data_type?, dialect)
    }

    #[test]
    fn sizes_that_no_server_takes() {
        assert!(CHARACTER_SETS.is_sorted() && WORDS_OF_COLLATIONS.is_sorted());
        for (dialect, text) in [
            (Postgres, "varchar(0)"),
            (Postgres, "varchar(10485761)"),
            (Postgres, "numeric(1001)"),
            (Postgres, "numeric(10,1001)"),
            (Postgres, "float(0)"),
            (Postgres, "float(10,2)"),
            (Postgres, "int(11)"),
            (Postgres, "bigint(20)[]"),
            (Postgres, "double precision(5,2)"),
            (Postgres, "float(60)"),
            (Postgres, "text(255)"),
            (Postgres, "uuid(36)"),
            (Mysql, "VARCHAR"),
            (Mysql, "NATIONAL VARCHAR"),
            (Mysql, "CHAR(300)"),
            (Mysql, "DECIMAL(5,10)"),
            (Mysql, "DECIMAL(70,2)"),
            (Mysql, "FLOAT(60)"),
            (Mysql, "DOUBLE(5,10)"),
            (Mysql, "BIT(70)"),
            (Mysql, "DATETIME(7)"),
            (Mysql, "ENUM()"),
            (Mysql, "VARCHAR(10) CHARACTER SET utf9"),
        ] {
            assert!(found(text, dialect).is_some(), "{text}");
        }
        for (dialect, text) in [
            (Postgres, "varchar"),
            (Postgres, "numeric(3,5)"),
            (Postgres, "numeric(1000, -2)"),
            (Postgres, "float(53)"),
            (Postgres, "timestamp(7)"),
            (Postgres, "mytype(0)"),
            (Mysql, "VARCHAR(70000)"),
            (Mysql, "CHAR"),
            (Mysql, "DECIMAL"),
            (Mysql, "DECIMAL(50,38)"),
            (Mysql, "FLOAT(53)"),
            (Mysql, "BIT(0)"),
            (Mysql, "VARCHAR(10) CHARACTER SET utf8"),
            (Mysql, "LONG VARCHAR"),
        ] {
            assert_eq!(found(text, dialect), None, "{text}");
        }
        assert!(is_no_collation("NOCASE") && is_no_collation("C") && is_no_collation("en_US"));
        assert!(is_no_collation("utf8mb4_genral_ci") && is_no_collation("utf8_unicodeci"));
        assert!(
            !is_no_collation("utf8mb4_0900_ai_ci") && !is_no_collation("binary") && !is_no_collation("uca1400_ai_ci")
        );
    }
}
