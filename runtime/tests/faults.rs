//! The process dies, at every place there is: the next run ends where an undisturbed one would have, without anybody's
//! help. The places are counted, not named: one that is added is tried, too.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite", feature = "crash-points"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests say so when they fail")]

mod common;

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use common::TestDatabase;
use common::everything::{chain, state};
use revchain::{Database, Dialect};

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
