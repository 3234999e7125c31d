//! What is written of a schema makes that schema: replayed, and run on each database there is and reflected.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#![allow(clippy::unwrap_used, reason = "tests say so when they fail")]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use common::TestDatabase;
use revchain_core::revision::Direction;
use revchain_core::sql::split;
use revchain_core::{Dialect, Sources, VerifiedChain, chain, load};
use revchain_reflect::Scope;
use revchain_schema::model::{Name, ObjectName};
use revchain_schema::write::{Piece, script};
use revchain_schema::{Object, Schema, compare, replay};

/// The repository's chains that are sound, and what the writer's own tests have.
fn chains() -> Vec<(String, Sources)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut folders: Vec<PathBuf> = ["pass", "warn"]
        .iter()
        .flat_map(|kind| fs::read_dir(root.join("ui-tests/cases").join(kind)).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.push(root);
    folders.sort();
    let mut chains: Vec<(String, Sources)> = folders
        .iter()
        .map(|folder| folder.join("migrations"))
        .filter(|folder| folder.is_dir())
        .map(|folder| (folder.display().to_string(), load::load(&folder, "migrations")))
        .collect();
    for (dialect, sql) in [
        (Dialect::Postgres, include_str!("../../schema/src/write/tests/postgres.sql")),
        (Dialect::Mysql, include_str!("../../schema/src/write/tests/mysql.sql")),
        (Dialect::Sqlite, include_str!("../../schema/src/write/tests/sqlite.sql")),
    ] {
        chains.push((format!("the writer's of {}", dialect.name()), one_revision(sql, dialect)));
    }
    chains
}

fn one_revision(sql: &str, dialect: Dialect) -> Sources {
    let mut sources = Sources::default();
    let config = format!("dialects = [\"{}\"]\n", dialect.name());
    sources.add("revchain.toml", "revchain.toml", config.into_bytes());
    let text = format!(
        "-- All of it\n-- revision: a1\n-- down_revision: base\n\n-- @upgrade\n{sql}\n-- @downgrade; irreversible: a test\n"
    );
    sources.add("versions/a1_x.sql", "versions/a1_x.sql", text.into_bytes());
    sources
}

fn written(schema: &Schema) -> String {
    let mut text = String::new();
    for piece in script(schema) {
        if let Piece::Statement(sql) = piece {
            writeln!(text, "{sql};").unwrap();
        }
    }
    text
}

/// Nothing differs, but for tables of which the chain doesn't tell everything.
fn assert_same(name: &str, schema: &Schema, [expected, found]: [&Schema; 2], sql: &str) {
    let differences = compare(expected, found);
    // MariaDB gives a table's unnamed check a name and a column's none; which it was is not kept.
    let is_check = |object: &Object| expected.dialect == Dialect::Mysql && matches!(object, Object::Check(..));
    let is_known = |object: &Object| {
        let table = object.table().and_then(|table| schema.tables.get(table));
        table.is_none_or(|table| table.is_known()) && !is_check(object)
    };
    let differences: Vec<String> =
        differences.iter().filter(|one| is_known(&one.object)).map(ToString::to_string).collect();
    assert!(differences.is_empty(), "{name}: {differences:#?}\n{sql}");
}

#[test]
fn replayed_it_is_the_same_schema() {
    let mut seen = 0;
    for (name, sources) in chains() {
        let (Some(chain), _) = chain::verify(&sources) else { continue };
        for dialect in chain.config().dialects.iter() {
            for last in 0..chain.revisions().len() {
                let schema = replay(&sources, &chain, dialect, Some(last));
                let sql = written(&schema);
                let again = one_revision(&sql, dialect);
                let (Some(one), findings) = chain::verify(&again) else { panic!("{name}: {sql}") };
                assert!(!findings.has_errors(), "{name}");
                assert_same(&name, &schema, [&schema, &replay(&again, &one, dialect, Some(0))], &sql);
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

/// The statements of a chain, up to its head.
fn statements(sources: &Sources, chain: &VerifiedChain, dialect: Dialect) -> Vec<String> {
    let mut statements = Vec::new();
    if dialect == Dialect::Sqlite {
        statements.push("PRAGMA foreign_keys = off".to_owned());
    }
    for section in chain.revisions().iter().flat_map(|revision| &revision.sections) {
        if section.direction != Direction::Upgrade || !section.dialects.contains(dialect) {
            continue;
        }
        let body = sources.text(section.body);
        let split = section.split(dialect).unwrap();
        statements.extend(split.statements().map(|one| body[one.start as usize..one.end as usize].to_owned()));
    }
    statements
}

/// On each database: what the head of every chain left there, as far as everything about it is known, and what the script
/// makes.
async fn run_it_is_the_same_schema(dialect: Dialect) {
    let scope = Scope::of_chain(ObjectName::bare(Name::new("alembic_version", dialect)), dialect);
    let mut seen = 0;
    for (name, sources) in chains() {
        let (Some(chain), _) = chain::verify(&sources) else { continue };
        let Some(last) = chain.revisions().len().checked_sub(1) else { continue };
        let schema = replay(&sources, &chain, dialect, Some(last));
        if !chain.config().dialects.contains(dialect) || !schema.unknown.is_empty() {
            continue;
        }
        let Some(mut first) = TestDatabase::make(dialect).await else { return };
        let mut runs = true;
        for statement in statements(&sources, &chain, dialect) {
            // What others have to make first is not there, and what a session carries on is not replayed.
            runs = runs
                && !["ROLLBACK", "COMMIT", "search_path"].iter().any(|end| statement.contains(end))
                && first.try_run(&statement).await;
        }
        let expected = first.reflect(&scope).await;
        first.finish().await;
        if !runs {
            continue;
        }
        let mut second = TestDatabase::make(dialect).await.unwrap();
        let sql = written(&schema);
        for statement in split(&sql, dialect).statements() {
            let statement = &sql[statement.start as usize..statement.end as usize];
            assert!(second.try_run(statement).await, "{name}: {statement}\n{sql}");
        }
        let found = second.reflect(&scope).await;
        assert_same(&name, &schema, [&expected, &found], &sql);
        second.finish().await;
        seen += 1;
    }
    assert!(seen > 5, "{seen}");
}

#[tokio::test]
async fn on_postgres() {
    run_it_is_the_same_schema(Dialect::Postgres).await;
}

#[tokio::test]
async fn on_mysql() {
    run_it_is_the_same_schema(Dialect::Mysql).await;
}

#[tokio::test]
async fn on_sqlite() {
    run_it_is_the_same_schema(Dialect::Sqlite).await;
}
