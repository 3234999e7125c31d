//! Statements that change no schema and name what is in it: TRUNCATE, LOCK, GRANT, REFRESH and their like. Reads the forms that
//! everybody writes, and of any other says nothing. Never looks a name up.

use revchain_core::Dialect;

use super::{Cursor, Keyword};
use crate::change::Named;

/// What a statement names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mentioned {
    /// Tables, and on PostgreSQL whatever has rows.
    Tables(Vec<Named>),
    /// A materialized view.
    Materialized(Named),
    /// Sequences.
    Sequences(Vec<Named>),
    /// An index.
    Index(Named),
    /// A table or an index of SQLite's, or the order of a text.
    Any(Named),
}

/// Whether a statement may be one of these, or one that brings functions. A look at the first letters.
pub(crate) fn may_name(statement: &str) -> bool {
    const WORDS: [&str; 10] =
        ["TRUNCATE", "LOCK", "GRANT", "REVOKE", "REFRESH", "REINDEX", "ANALYZE", "ALTER", "INSTALL", "SELECT"];
    WORDS.iter().any(|word| begins(statement, word))
}

/// Whether a statement is a query, without anything before it.
pub(crate) fn is_query(statement: &str) -> bool {
    begins(statement, "SELECT")
}

/// Whether a statement loads what may bring functions to a server of MySQL's.
pub(crate) fn loads_functions(statement: &str) -> bool {
    begins(statement, "INSTALL")
}

fn begins(statement: &str, word: &str) -> bool {
    statement.get(..word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word))
}

/// What a statement names.
pub(crate) fn mentioned(statement: &str, dialect: Dialect) -> Option<Mentioned> {
    const LONGEST: usize = 4096;
    if statement.len() > LONGEST {
        return None;
    }
    let mut cursor = Cursor::new(statement, dialect);
    let word = Keyword::at(&cursor, 0);
    cursor.next();
    match (word, dialect) {
        ("TRUNCATE", Dialect::Postgres | Dialect::Mysql) | ("LOCK", Dialect::Postgres) => {
            cursor.take(&["TABLE"]);
            tables(&mut cursor)
        }
        ("GRANT" | "REVOKE", Dialect::Postgres) => granted(&mut cursor),
        ("REFRESH", Dialect::Postgres) if cursor.take(&["MATERIALIZED", "VIEW"]) => {
            cursor.take(&["CONCURRENTLY"]);
            cursor.object().map(Mentioned::Materialized)
        }
        ("REINDEX", Dialect::Postgres) => {
            cursor.skip_parentheses();
            let word = cursor.take_any(&["TABLE", "INDEX"])?;
            cursor.take(&["CONCURRENTLY"]);
            let named = cursor.object().filter(|_| cursor.is_at_end())?;
            Some(if word == "INDEX" { Mentioned::Index(named) } else { Mentioned::Tables(vec![named]) })
        }
        ("REINDEX" | "ANALYZE", Dialect::Sqlite) => cursor.object().filter(|_| cursor.is_at_end()).map(Mentioned::Any),
        ("ANALYZE", Dialect::Postgres) => {
            cursor.take(&["VERBOSE"]);
            cursor.skip_parentheses();
            analyzed(&mut cursor)
        }
        // RESTART changes rows, as it were.
        ("ALTER", Dialect::Postgres) if cursor.take(&["SEQUENCE"]) && !cursor.is(&["IF", "EXISTS"]) => {
            cursor.object().map(|named| Mentioned::Sequences(vec![named]))
        }
        _ => None,
    }
}

/// `ONLY a *, b`, and what follows.
fn tables(cursor: &mut Cursor<'_>) -> Option<Mentioned> {
    let mut named = Vec::new();
    loop {
        cursor.take(&["ONLY"]);
        named.push(cursor.object()?);
        cursor.take_mark('*');
        if !cursor.take_mark(',') {
            let follows = cursor.is_any(&["IN", "NOWAIT", "RESTART", "CONTINUE", "CASCADE", "RESTRICT", "WAIT"]);
            return (cursor.is_at_end() || follows).then_some(Mentioned::Tables(named));
        }
    }
}

/// `SELECT, UPDATE (a) ON TABLE b, c TO …`.
fn granted(cursor: &mut Cursor<'_>) -> Option<Mentioned> {
    while !cursor.take(&["ON"]) {
        if cursor.is_at_end() {
            return None;
        }
        cursor.skip();
    }
    let sequences = cursor.take(&["SEQUENCE"]);
    if !sequences {
        cursor.take(&["TABLE"]);
    }
    let mut named = Vec::new();
    loop {
        named.push(cursor.object()?);
        if !cursor.take_mark(',') {
            break;
        }
    }
    // Behind `FUNCTION`, `ALL TABLES` and the like another word stands here.
    if !cursor.is_any(&["TO", "FROM"]) {
        return None;
    }
    Some(if sequences { Mentioned::Sequences(named) } else { Mentioned::Tables(named) })
}

/// `a, b (c)`.
fn analyzed(cursor: &mut Cursor<'_>) -> Option<Mentioned> {
    let mut named = Vec::new();
    loop {
        cursor.take(&["ONLY"]);
        named.push(cursor.object()?);
        cursor.take_mark('*');
        cursor.skip_parentheses();
        if !cursor.take_mark(',') {
            return cursor.is_at_end().then_some(Mentioned::Tables(named));
        }
    }
}
