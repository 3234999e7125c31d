//! What is written, read again and replayed, is the same schema.

use revchain_core::Dialect;
use revchain_core::sql::split;

use super::{Piece, script};
use crate::compare::compare;
use crate::model::{Place, Schema};
use crate::read::read;
use crate::replay::Replay;

/// The schema that a script leads to.
fn replayed(sql: &str, dialect: Dialect) -> Schema {
    let mut replay = Replay::new(dialect);
    replay.begin_revision();
    for statement in split(sql, dialect).statements() {
        let text = &sql[statement.start as usize..statement.end as usize];
        let faults = replay.apply(read(text, dialect), text, Place::NOWHERE, &|_| Place::NOWHERE);
        assert!(faults.is_empty(), "{text}\n{faults:?}");
    }
    replay.schema
}

/// All of a script, a statement on its lines.
fn written(schema: &Schema) -> String {
    let mut text = String::new();
    for piece in script(schema) {
        match piece {
            Piece::Statement(sql) => text.push_str(&format!("{sql};\n")),
            Piece::Doubt(name, taint) => text.push_str(&format!("-- {name}: {}\n", taint.what)),
            Piece::Omitted(what) => text.push_str(&format!("-- {what}\n")),
        }
    }
    text
}

fn round_trip(dialect: Dialect, sql: &str, expected: &str) {
    let schema = replayed(sql, dialect);
    let text = written(&schema);
    let again = replayed(&text, dialect);
    assert_eq!(compare(&schema, &again), [], "{text}");
    assert_eq!(written(&again), text, "a second time");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let path = format!("{}/src/write/tests/{}.expected.sql", env!("CARGO_MANIFEST_DIR"), dialect.name());
        std::fs::write(path, &text).unwrap();
        return;
    }
    assert_eq!(text, expected, "UPDATE_EXPECT=1 rewrites it");
}

#[test]
fn postgres() {
    round_trip(Dialect::Postgres, include_str!("tests/postgres.sql"), include_str!("tests/postgres.expected.sql"));
}

#[test]
fn mysql() {
    round_trip(Dialect::Mysql, include_str!("tests/mysql.sql"), include_str!("tests/mysql.expected.sql"));
}

#[test]
fn sqlite() {
    round_trip(Dialect::Sqlite, include_str!("tests/sqlite.sql"), include_str!("tests/sqlite.expected.sql"));
}
