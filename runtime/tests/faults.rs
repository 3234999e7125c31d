//! The process dies, at every place there is: the next run ends where an undisturbed one would have, without anybody's
//! help. The places are counted, not named: one that is added is tried, too.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite", feature = "crash-points"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests say so when they fail")]

mod common;

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use common::{Chain, Mode, TestDatabase, batch};
use revchain::__private::StepFuture;
use revchain::{Database, Dialect, Migrations, Op};

/// A bit of everything: DDL and DML, a backfill, indexes without a transaction, things renamed and dropped.
fn chain(dialect: Dialect) -> &'static Migrations {
    let fill = match dialect {
        Dialect::Mysql => "UPDATE runs SET percent = 0 WHERE percent IS NULL LIMIT 2",
        _ => "UPDATE runs SET percent = 0 WHERE id IN (SELECT id FROM runs WHERE percent IS NULL LIMIT 2)",
    };
    let concurrently = if dialect == Dialect::Postgres { "CONCURRENTLY " } else { "" };
    let on = if dialect == Dialect::Mysql { " ON runs" } else { "" };
    let index = |name: &str| format!("CREATE INDEX {concurrently}{name} ON runs (percent)");
    let no_index = |name: &str| format!("DROP INDEX {concurrently}{name}{on}");
    Chain::new()
        .sql("a1", &["CREATE TABLE runs (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40))"], &["DROP TABLE runs"])
        .sql(
            "b2",
            &[
                "INSERT INTO runs (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e')",
                "ALTER TABLE runs ADD COLUMN state VARCHAR(10)",
                "UPDATE runs SET state = 'new'",
                "CREATE INDEX runs_name ON runs (name)",
                "INSERT INTO runs (id, name) VALUES (6, 'f')",
            ],
            &[&format!("DROP INDEX runs_name{on}"), "ALTER TABLE runs DROP COLUMN state", "DELETE FROM runs"],
        )
        .batches(
            "c3",
            &[
                batch(Mode::Transaction, &["ALTER TABLE runs ADD COLUMN percent INTEGER"]),
                batch(Mode::Repeat(2), &[fill]),
                batch(Mode::Transaction, &["INSERT INTO runs (id, percent) VALUES (7, 7)"]),
            ],
            &[batch(Mode::Transaction, &["DELETE FROM runs WHERE id = 7", "ALTER TABLE runs DROP COLUMN percent"])],
        )
        .batches(
            "d4",
            &[
                batch(Mode::NoTransaction, &[&index("one"), &index("two")]),
                batch(Mode::Transaction, &["INSERT INTO runs (id) VALUES (8)"]),
            ],
            &[
                batch(Mode::Transaction, &["DELETE FROM runs WHERE id = 8"]),
                batch(Mode::NoTransaction, &[&no_index("two"), &no_index("one")]),
            ],
        )
        .sql("e5", &["UPDATE runs SET name = 'x' WHERE id = 8"], &["UPDATE runs SET name = NULL WHERE id = 8"])
        .sql(
            "f6",
            &["CREATE TABLE results (id INTEGER NOT NULL PRIMARY KEY)", "ALTER TABLE runs RENAME TO walks"],
            &["ALTER TABLE walks RENAME TO runs", "DROP TABLE results"],
        )
        .functions("g7", merge, unmerge)
        .build()
}

fn merge<'a, 'c>(op: &'a mut Op<'c>) -> StepFuture<'a> {
    Box::pin(async {
        op.execute("UPDATE walks SET name = 'merged' WHERE id = 1").await?;
        op.execute("INSERT INTO results (id) VALUES (1)").await?;
        Ok(())
    })
}

fn unmerge<'a, 'c>(op: &'a mut Op<'c>) -> StepFuture<'a> {
    Box::pin(async {
        op.execute("DELETE FROM results WHERE id = 1").await?;
        op.execute("UPDATE walks SET name = 'a' WHERE id = 1").await?;
        Ok(())
    })
}

/// Everything that the chain is about.
async fn state(db: &TestDatabase) -> String {
    let indexes = match db.dialect {
        Dialect::Postgres => {
            "SELECT c.relname || i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
             WHERE i.indrelid = 'walks'::regclass"
        }
        Dialect::Mysql => {
            "SELECT CAST(CONCAT(index_name, ' ', column_name) AS CHAR) FROM information_schema.statistics \
             WHERE table_schema = DATABASE() AND table_name = 'walks'"
        }
        _ => "SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL",
    };
    let concat = match db.dialect {
        Dialect::Mysql => "SELECT CONCAT_WS('|', id, name, state, percent) FROM walks",
        _ => {
            "SELECT id || '|' || coalesce(name, '') || '|' || coalesce(state, '') || '|' || coalesce(percent, -1) FROM walks"
        }
    };
    let claims = db.list("SELECT revision FROM revchain_journal WHERE claim IS NOT NULL").await;
    let (version, tables) = (db.version().await, db.tables().await);
    format!("{version}\n{tables}\n{}\n{}\nclaimed: {claims}", db.list(indexes).await, db.list(concat).await)
}

/// What the process that dies does: not a test, and nothing where nobody asked for it.
#[tokio::test]
async fn child() {
    let (Ok(url), Ok(verb)) = (std::env::var("FAULTS_URL"), std::env::var("FAULTS_VERB")) else { return };
    let mut database = Database::connect(&url).await.unwrap();
    let chain = chain(database.dialect());
    match verb.as_str() {
        "upgrade" => chain.upgrade(&mut database, "head").await.unwrap(),
        _ => chain.downgrade(&mut database, "base").await.unwrap(),
    };
}

/// Runs the child so that it dies at a place. Gives what place that was; `None` where it came to its end.
fn die_at(place: u32, db: &TestDatabase, verb: &str) -> Option<String> {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env("REVCHAIN_CRASH_AT", place.to_string())
        .env("FAULTS_URL", &db.url)
        .env("FAULTS_VERB", verb)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let place = said.lines().find_map(|line| line.split_once("crashed ")).map(|(_, place)| place.to_owned());
    assert_eq!(place.is_none(), output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stdout));
    place
}

/// Every place, on the way up and on the way down.
async fn matrix(dialect: Dialect) {
    let Some(undisturbed) = TestDatabase::make(dialect).await else { return };
    let chain = chain(dialect);
    chain.upgrade(&mut undisturbed.open().await, "head").await.unwrap();
    let expected = state(&undisturbed).await;
    undisturbed.finish().await;
    let mut counts: BTreeMap<(String, &str), u32> = BTreeMap::new();
    for verb in ["upgrade", "downgrade"] {
        for place in 0.. {
            let db = TestDatabase::make(dialect).await.unwrap();
            if verb == "downgrade" {
                chain.upgrade(&mut db.open().await, "head").await.unwrap();
            }
            let died = die_at(place, &db, verb);
            let mut open = db.open().await;
            let done = chain.upgrade(&mut open, "head").await;
            assert!(done.is_ok(), "{verb}, {place}, {died:?}: {}", done.unwrap_err());
            assert_eq!(state(&db).await, expected, "{verb}, {place}, {died:?}");
            drop(open);
            db.finish().await;
            let Some(died) = died else { break };
            *counts.entry((died, verb)).or_default() += 1;
        }
    }
    let mut table = format!("killed on {}, and then upgraded to the same end:\n", dialect.name());
    for ((place, verb), count) in &counts {
        table.push_str(&format!("  {count:4} × {place} ({verb})\n"));
    }
    std::io::stderr().write_all(table.as_bytes()).unwrap();
    assert!(counts.values().sum::<u32>() > 20, "{table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_on_sqlite() {
    matrix(Dialect::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_on_postgres() {
    matrix(Dialect::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_on_mysql() {
    matrix(Dialect::Mysql).await;
}

/// Fifty programs that start at the same instant: each revision runs once, and all of them end well.
async fn fifty(dialect: Dialect) {
    let Some(db) = TestDatabase::make(dialect).await else { return };
    let children: Vec<_> = (0..50)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "child", "--nocapture"])
                .env("FAULTS_URL", &db.url)
                .env("FAULTS_VERB", "upgrade")
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stdout));
    }
    let raced = state(&db).await;
    db.finish().await;
    let alone = TestDatabase::make(dialect).await.unwrap();
    chain(dialect).upgrade(&mut alone.open().await, "head").await.unwrap();
    assert_eq!(raced, state(&alone).await);
    alone.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_on_sqlite() {
    fifty(Dialect::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_on_postgres() {
    fifty(Dialect::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_on_mysql() {
    fifty(Dialect::Mysql).await;
}
