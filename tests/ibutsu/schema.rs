//! The schema after every revision, both ways and by leaps, against what Alembic left there.

use crate::database::{Database, Dialect};
use crate::evidence::{self, Objects};

every_database!(every_revision_gives_the_recorded_schema, every_downgrade_from_head_gives_it_too);

async fn every_revision_gives_the_recorded_schema(database: Database) {
    let schemas = evidence::schemas(database.dialect());
    // Twice: what a downgrade leaves behind would be in the way the second time.
    for _ in 0..2 {
        for (revision, expected) in &schemas[1..] {
            database.upgrade(revision).await;
            assert_schema(&database, revision, expected).await;
            assert_eq!(database.version().await, [*revision]);
        }
        for (revision, expected) in schemas[..schemas.len() - 1].iter().rev() {
            database.downgrade(revision).await;
            assert_schema(&database, revision, expected).await;
        }
        assert_eq!(database.version().await, [""; 0]);
    }
}

async fn every_downgrade_from_head_gives_it_too(database: Database) {
    let schemas = evidence::schemas(database.dialect());
    for (revision, expected) in &schemas {
        database.upgrade("head").await;
        if *revision != evidence::REVISIONS[5] {
            database.downgrade(revision).await;
        }
        assert_schema(&database, revision, expected).await;
    }
}

/// Fails with what is missing and what is too much.
pub(crate) async fn assert_schema(database: &Database, revision: &str, expected: &Objects) {
    let found = reflect(database).await;
    let missing: Vec<&String> = expected.difference(&found).collect();
    let unexpected: Vec<&String> = found.difference(expected).collect();
    assert!(
        missing.is_empty() && unexpected.is_empty(),
        "{} at {revision}\nmissing: {missing:#?}\nunexpected: {unexpected:#?}",
        database.dialect().name(),
    );
}

async fn reflect(database: &Database) -> Objects {
    let query = match database.dialect() {
        Dialect::Postgres => include_str!("reflection/postgres.sql"),
        Dialect::Mysql => include_str!("reflection/mysql.sql"),
        _ => include_str!("reflection/sqlite.sql"),
    };
    let objects = database.texts(query).await;
    match database.dialect() {
        Dialect::Sqlite => objects.iter().map(|sql| folded(sql)).collect(),
        _ => objects.into_iter().collect(),
    }
}

/// SQLite's own text of an object, without what says nothing: line breaks, and quotes around names that need none (a
/// renamed table gets them).
fn folded(sql: &str) -> String {
    let mut text = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    for (from, to) in [("( ", "("), (" )", ")"), (" ,", ","), ("FOREIGN KEY(", "FOREIGN KEY (")] {
        text = text.replace(from, to);
    }
    for word in ["CREATE TABLE ", "CONSTRAINT "] {
        let mut unquoted = String::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once(&format!("{word}\"")) {
            let (name, after) = after.split_once('"').expect("a quoted name ends");
            unquoted += &format!("{before}{word}{name}");
            rest = after;
        }
        text = unquoted + rest;
    }
    text
}
