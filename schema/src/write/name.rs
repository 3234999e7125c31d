//! Names and constants as SQL has them: quoted where they have to be, and only there.

use std::borrow::Cow;

use revchain_core::Dialect;

use super::reserved::is_reserved;
use crate::model::{Name, ObjectName};

/// A name, in quotes where it would be read as another without.
pub(super) fn name(name: &Name, dialect: Dialect) -> Cow<'_, str> {
    word(name.as_str(), dialect)
}

/// The same for a text.
pub(super) fn word(text: &str, dialect: Dialect) -> Cow<'_, str> {
    let folds = dialect == Dialect::Postgres;
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'_' || (!folds && byte.is_ascii_uppercase());
    let plain = text.bytes().next().is_some_and(letter)
        && text.bytes().all(|byte| letter(byte) || byte.is_ascii_digit())
        && !is_reserved(&text.to_ascii_lowercase(), dialect);
    match plain {
        true => Cow::Borrowed(text),
        false => {
            let quote = if dialect == Dialect::Mysql { '`' } else { '"' };
            Cow::Owned(format!("{quote}{}{quote}", text.replace(quote, &format!("{quote}{quote}"))))
        }
    }
}

/// The name of an object, with its schema where it has one.
pub(super) fn object(object: &ObjectName, dialect: Dialect) -> String {
    match &object.schema {
        Some(schema) => format!("{}.{}", name(schema, dialect), name(&object.name, dialect)),
        None => name(&object.name, dialect).into_owned(),
    }
}

/// Names with commas between them, in parentheses.
pub(super) fn list(names: &[Name], dialect: Dialect) -> String {
    let names: Vec<Cow<'_, str>> = names.iter().map(|one| name(one, dialect)).collect();
    format!("({})", names.join(", "))
}

/// A string constant.
pub(super) fn literal(text: &str, dialect: Dialect) -> String {
    let text = text.replace('\'', "''");
    match dialect {
        // A backslash there makes something else of what follows.
        Dialect::Mysql => format!("'{}'", text.replace('\\', "\\\\")),
        Dialect::Postgres | Dialect::Sqlite => format!("'{text}'"),
    }
}

/// String constants with commas between them, in parentheses.
pub(super) fn literals(texts: &[String], dialect: Dialect) -> String {
    let texts: Vec<String> = texts.iter().map(|text| literal(text, dialect)).collect();
    format!("({})", texts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_there_where_they_have_to_be() {
        for (dialect, text, expect) in [
            (Dialect::Postgres, "runs", "runs"),
            (Dialect::Postgres, "Runs", "\"Runs\""),
            (Dialect::Postgres, "user", "\"user\""),
            (Dialect::Postgres, "a \"b\"", "\"a \"\"b\"\"\""),
            (Dialect::Postgres, "2nd", "\"2nd\""),
            (Dialect::Postgres, "", "\"\""),
            (Dialect::Postgres, "größe", "\"größe\""),
            (Dialect::Mysql, "Runs", "Runs"),
            (Dialect::Mysql, "Key", "`Key`"),
            (Dialect::Mysql, "a`b", "`a``b`"),
            (Dialect::Sqlite, "Index", "\"Index\""),
            (Dialect::Sqlite, "key", "key"),
        ] {
            assert_eq!(word(text, dialect), expect, "{dialect:?}");
        }
        assert_eq!(literal("it's a\\b", Dialect::Postgres), r"'it''s a\b'");
        assert_eq!(literal("it's a\\b", Dialect::Mysql), r"'it''s a\\b'");
    }
}
