//! What a statement of PostgreSQL's does that runs outside any transaction, as far as its first words tell: for whoever
//! finds it in doubt.

use super::words::{is, next, words};

/// What a statement does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Apart {
    /// It makes an index: the index's name, and its table's, as they are written.
    Index { name: String, table: String },
    /// It drops an index.
    NoIndex { name: String },
    /// It adds a value to an enum.
    Value { of: String, value: String },
    /// It may as well run twice.
    Harmless,
    /// Nobody can tell from outside.
    Unknown,
}

/// Reads a statement.
pub(crate) fn apart(sql: &str) -> Apart {
    let words = words(sql);
    let mut rest = words.as_slice();
    let Some(verb) = next(&mut rest) else { return Apart::Unknown };
    let read = match verb.to_ascii_uppercase().as_str() {
        "CREATE" => made(rest),
        "DROP" => dropped(rest),
        "ALTER" => added(rest),
        "VACUUM" | "ANALYZE" | "REINDEX" | "CLUSTER" | "CHECKPOINT" | "SET" | "RESET" | "LOAD" | "REFRESH" => {
            Some(Apart::Harmless)
        }
        _ => None,
    };
    read.unwrap_or(Apart::Unknown)
}

fn skip(rest: &mut &[&str], skipped: &[&str]) {
    for word in skipped {
        if rest.first().is_some_and(|first| is(first, word)) {
            next(rest);
        }
    }
}

fn made(mut rest: &[&str]) -> Option<Apart> {
    skip(&mut rest, &["UNIQUE"]);
    next(&mut rest).filter(|word| is(word, "INDEX"))?;
    skip(&mut rest, &["CONCURRENTLY", "IF", "NOT", "EXISTS"]);
    let name = next(&mut rest).filter(|word| !is(word, "ON"))?;
    next(&mut rest).filter(|word| is(word, "ON"))?;
    skip(&mut rest, &["ONLY"]);
    Some(Apart::Index { name: name.to_owned(), table: next(&mut rest)?.to_owned() })
}

fn dropped(mut rest: &[&str]) -> Option<Apart> {
    next(&mut rest).filter(|word| is(word, "INDEX"))?;
    skip(&mut rest, &["CONCURRENTLY", "IF", "EXISTS"]);
    let name = next(&mut rest)?.to_owned();
    // PostgreSQL drops only one concurrently; of several by the usual way nobody knows.
    rest.iter().all(|word| is(word, "RESTRICT") || is(word, "CASCADE")).then_some(Apart::NoIndex { name })
}

fn added(mut rest: &[&str]) -> Option<Apart> {
    next(&mut rest).filter(|word| is(word, "TYPE"))?;
    let of = next(&mut rest)?.to_owned();
    next(&mut rest).filter(|word| is(word, "ADD"))?;
    next(&mut rest).filter(|word| is(word, "VALUE"))?;
    skip(&mut rest, &["IF", "NOT", "EXISTS"]);
    let value = next(&mut rest)?.strip_prefix('\'')?.strip_suffix('\'')?;
    (!value.contains('\'')).then(|| Apart::Value { of, value: value.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_statements_do() {
        for (sql, expected) in [
            ("CREATE INDEX CONCURRENTLY i ON s.runs (a)", "Index i s.runs"),
            (
                "create unique index concurrently if not exists \"I x\" on only runs using btree (a)",
                "Index \"I x\" runs",
            ),
            ("CREATE INDEX CONCURRENTLY ON runs (a)", "Unknown"),
            ("DROP INDEX CONCURRENTLY IF EXISTS s.i", "NoIndex s.i"),
            ("DROP INDEX a, b", "Unknown"),
            ("ALTER TYPE state ADD VALUE IF NOT EXISTS 'done' AFTER 'new'", "Value state done"),
            ("ALTER TYPE state RENAME VALUE 'a' TO 'b'", "Unknown"),
            ("VACUUM FULL runs", "Harmless"),
            ("CALL p()", "Unknown"),
            ("CREATE DATABASE x", "Unknown"),
        ] {
            let found = match apart(sql) {
                Apart::Index { name, table } => format!("Index {name} {table}"),
                Apart::NoIndex { name } => format!("NoIndex {name}"),
                Apart::Value { of, value } => format!("Value {of} {value}"),
                Apart::Harmless => "Harmless".to_owned(),
                Apart::Unknown => "Unknown".to_owned(),
            };
            assert_eq!(found, expected, "{sql}");
        }
    }
}
