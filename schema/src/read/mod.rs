//! Reading a statement: what it changes, as far as we understand it. A tolerant reader: it knows the words that schemas are
//! made of, and steps over the others. Never fails; what it does not understand it says.

mod alter;
mod altered;
mod block;
mod column;
mod comment;
mod constraint;
mod create;
mod cursor;
mod data;
mod data_type;
mod drop;
mod function;
mod guard;
mod index;
mod index_part;
mod keyword;
pub(crate) mod named;
pub(crate) mod names;
mod namespace;
mod other;
mod query;
mod refused;
mod routine;
mod rows;
mod sequence;
mod setting;
mod table;
mod table_option;
#[cfg(test)]
mod tests;
mod trigger;
mod user_type;
mod view;

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, TokenKind};

use crate::change::{Change, Named, Part, Rows};
use crate::model::ObjectName;

pub(crate) use column::is_row_id;
pub(crate) use cursor::{Cursor, unescaped};
use keyword::Keyword;
pub(crate) use refused::Refusal;
pub(crate) use table::PARTITION_OF;

/// What a statement is to the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reading {
    /// It changes the schema, in this way. The parts are clauses that nobody understood: they taint what the statement
    /// changes.
    Known {
        /// The changes, in order.
        changes: Vec<Change>,
        /// The clauses.
        unknown: Vec<Part>,
    },
    /// It leaves the schema as it is: data, grants, settings.
    Neutral,
    /// It changes rows of a table, which has to be there.
    Rows(Rows),
    /// The database has no such statement.
    Refused(Refusal),
    /// It runs a procedure of MySQL's.
    Call(ObjectName),
    /// It may change the schema, and nobody knows how.
    Opaque(Touches),
}

/// What an opaque statement may touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Touches {
    /// Only what has one of these names, whatever it is: a table, a view, a type, a routine, a namespace, an index or trigger
    /// (and so its table).
    Objects(Vec<ObjectName>),
    /// These, and it may make more, whose names it puts together while it runs.
    More(Vec<ObjectName>),
    /// What these functions touch.
    Calls(Vec<ObjectName>),
    /// Anything: a DO block, a call, an extension.
    Anything,
}

impl Reading {
    /// Whether the schema is the same behind it, for certain, whatever it names.
    pub(crate) fn leaves_schema(&self) -> bool {
        match self {
            Reading::Neutral | Reading::Rows(_) => true,
            Reading::Known { changes, .. } => matches!(changes.first(), Some(Change::Writes { .. })),
            Reading::Refused(_) | Reading::Call(_) | Reading::Opaque(_) => false,
        }
    }

    const ANYTHING: Reading = Reading::Opaque(Touches::Anything);

    fn one(change: Change) -> Reading {
        Reading::Known { changes: vec![change], unknown: Vec::new() }
    }

    fn touching(names: impl IntoIterator<Item = Named>) -> Reading {
        Reading::Opaque(Touches::Objects(names.into_iter().map(|named| named.name).collect()))
    }
}

/// Reads one statement, without its terminator.
pub(crate) fn read(statement: &str, dialect: Dialect) -> Reading {
    let mut lexer = Lexer::new(statement, dialect);
    let first = loop {
        match lexer.next_significant() {
            Some(token) if token.kind == TokenKind::Semicolon => {}
            Some(token) => break token,
            None => return Reading::Neutral,
        }
    };
    // Megabytes of data are not looked at.
    let word = first.text(statement);
    if first.kind == TokenKind::Word && is_neutral(word) {
        return Reading::Neutral;
    }
    if first.kind == TokenKind::Word && is_data(word) {
        return match query::writes_catalog(statement, dialect) {
            true => Reading::ANYTHING,
            false if dialect == Dialect::Postgres => data::read(statement, dialect),
            false => rows::reading(statement, dialect),
        };
    }
    let mut cursor = Cursor::new(statement, dialect);
    let mut reading = statement_at(&mut cursor);
    if dialect == Dialect::Postgres
        && let Reading::Known { changes, .. } = &mut reading
        && let [Change::CreateView { view, .. }] = changes.as_slice()
        && !view.body.as_str().starts_with("recursive")
    {
        cursor.seek(0);
        while !cursor.is_at_end() && !cursor.sees(0, "AS") {
            cursor.skip();
        }
        let read = data::sources(&mut cursor);
        if !read.is_empty() {
            changes.insert(0, Change::Reads(read));
        }
    }
    reading
}

/// Reads the body of a function that is called: what it may touch, whether it does or not.
pub(crate) fn body(text: &str, dialect: Dialect) -> Touches {
    block::touches(&Cursor::new(text, dialect))
}

/// Reads the statement that a cursor holds.
fn statement_at(cursor: &mut Cursor<'_>) -> Reading {
    let reading = by_first_word(cursor).unwrap_or(Reading::ANYTHING);
    match reading {
        Reading::Known { changes, mut unknown } if !cursor.is_at_end() => {
            unknown.push(rest_of(cursor));
            Reading::Known { changes, unknown }
        }
        reading => reading,
    }
}

fn by_first_word(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let start = cursor.position();
    if cursor.sees_mark(0, '(') {
        return Some(query::read(cursor));
    }
    let first = cursor.next()?;
    if first.kind != TokenKind::Word {
        return None;
    }
    cursor.seek(start);
    let word = Keyword::at(cursor, 0);
    cursor.seek(start + 1);
    match word {
        "CREATE" => create::read(cursor),
        "ALTER" => match refused::alter(cursor) {
            Some(refusal) => Some(Reading::Refused(refusal)),
            None => altered::read(cursor),
        },
        "DROP" => drop::read(cursor),
        "RENAME" => rename(cursor),
        "COMMENT" => comment::read(cursor),
        "SET" | "RESET" | "USE" | "PRAGMA" => Some(setting::read(cursor, word)),
        "SELECT" | "WITH" | "VALUES" | "TABLE" => {
            cursor.seek(start);
            Some(query::read(cursor))
        }
        "CALL" if cursor.dialect() == Dialect::Mysql => Some(Reading::Call(cursor.object()?.name)),
        "CALL" if cursor.dialect() == Dialect::Postgres => {
            let name = cursor.object()?.name;
            rest_of(cursor);
            Some(Reading::Opaque(Touches::Calls(vec![name])))
        }
        "DO" if cursor.dialect() == Dialect::Mysql => Some(Reading::Neutral),
        "DO" => Some(block::read(cursor)),
        "BEGIN" | "IF" | "CASE" | "WHILE" | "LOOP" | "FOR" | "REPEAT" if cursor.dialect() == Dialect::Mysql => {
            // `BEGIN NOT ATOMIC` is a block; BEGIN alone begins a transaction.
            if word == "BEGIN" && !cursor.sees(0, "NOT") {
                return Some(Reading::Neutral);
            }
            Some(block::compound(cursor))
        }
        "BEGIN" => Some(Reading::Neutral),
        word if is_neutral(word) || is_data(word) => Some(Reading::Neutral),
        _ => None,
    }
}

/// `RENAME TABLE a TO b, c TO d`, one after the other.
fn rename(cursor: &mut Cursor<'_>) -> Option<Reading> {
    if cursor.take(&["USER"]) {
        return Some(Reading::Neutral);
    }
    cursor.take_any(&["TABLE", "TABLES"])?;
    let if_exists = cursor.take_if_exists();
    let mut changes = Vec::new();
    loop {
        let from = cursor.object()?;
        drop::take_wait(cursor);
        if !cursor.take(&["TO"]) {
            return None;
        }
        let to = cursor.object()?;
        changes.push(Change::RenameTable { from, to, if_exists });
        if !cursor.take_mark(',') {
            return Some(Reading::Known { changes, unknown: Vec::new() });
        }
    }
}

/// Steps to the end, and says what that was.
fn rest_of(cursor: &mut Cursor<'_>) -> Part {
    let start = cursor.position();
    cursor.seek(usize::MAX);
    cursor.part((start, cursor.position()))
}

/// Statements that never change what a schema holds.
fn is_neutral(word: &str) -> bool {
    const LONGEST: usize = "DEALLOCATE".len();
    let mut upper = [0; LONGEST];
    let Some(upper) = upper.get_mut(..word.len()) else { return false };
    upper.copy_from_slice(word.as_bytes());
    upper.make_ascii_uppercase();
    #[rustfmt::skip]
    let neutral = matches!(
        &*upper,
        b"ABORT" | b"ANALYSE" | b"ANALYZE" | b"ATTACH" | b"BINLOG" | b"CACHE" | b"CHANGE" | b"CHECK" | b"CHECKPOINT" | b"CHECKSUM"
            | b"CLOSE" | b"CLUSTER" | b"COMMIT" | b"COPY" | b"DEALLOCATE" | b"DECLARE" | b"DESC" | b"DESCRIBE" | b"DETACH"
            | b"DISCARD" | b"END" | b"EXPLAIN" | b"FETCH" | b"FLUSH" | b"GET" | b"GRANT" | b"HANDLER" | b"HELP" | b"INSTALL"
            | b"KILL" | b"LISTEN" | b"LOAD" | b"LOCK" | b"MOVE" | b"NOTIFY" | b"OPTIMIZE" | b"PREPARE" | b"PURGE"
            | b"REASSIGN" | b"REFRESH" | b"REINDEX" | b"RELEASE" | b"REPAIR" | b"RESIGNAL" | b"REVOKE" | b"ROLLBACK"
            | b"SAVEPOINT" | b"SECURITY" | b"SHOW" | b"SIGNAL" | b"START" | b"STOP" | b"TRUNCATE" | b"UNINSTALL" | b"UNLISTEN"
            | b"UNLOCK" | b"VACUUM" | b"XA"
    );
    neutral
}

/// Statements that change rows, and the schema only where the rows are the catalog's.
fn is_data(word: &str) -> bool {
    let is = |data: &str| word.eq_ignore_ascii_case(data);
    match word.as_bytes().first() {
        Some(b'I' | b'i') => is("INSERT"),
        Some(b'U' | b'u') => is("UPDATE"),
        Some(b'D' | b'd') => is("DELETE"),
        Some(b'M' | b'm') => is("MERGE"),
        Some(b'R' | b'r') => is("REPLACE"),
        _ => false,
    }
}
