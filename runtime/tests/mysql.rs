//! What only MySQL and MariaDB have: DDL that commits by itself, `USE`, users with few rights.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests say so when they fail")]

mod common;

use common::{Chain, TestDatabase, three};
use revchain::{Dialect, Direction, ErrorKind, Kept};
use sqlx::{Connection, MySqlConnection};

macro_rules! database {
    () => {
        match TestDatabase::make(Dialect::Mysql).await {
            Some(db) => db,
            None => return,
        }
    };
}

#[tokio::test]
async fn a_user_who_may_only_select() {
    let db = database!();
    let chain = three().build();
    chain.upgrade(&mut db.open().await, "b2").await.unwrap();
    let user = format!("reader_{}", std::process::id());
    db.run(&format!("CREATE USER {user}@'127.0.0.1', {user}@'localhost'")).await;
    for host in ["127.0.0.1", "localhost"] {
        db.run(&format!("GRANT SELECT ON alembic_version TO {user}@'{host}'")).await;
    }
    let mut reader = MySqlConnection::connect(&db.url_as(&user)).await.unwrap();
    assert_eq!(chain.current(&mut reader).await.unwrap().id(), Some("b2"));
    assert_eq!(chain.plan(&mut reader, Direction::Upgrade, "head").await.unwrap().steps().len(), 1);
    chain.upgrade(&mut db.open().await, "head").await.unwrap();
    assert!(chain.upgrade(&mut reader, "head").await.unwrap().steps().is_empty());
    let error = chain.stamp(&mut reader, "b2").await.unwrap_err();
    assert!(error.to_string().contains("help: this user may not do that: grant it"), "{error}");
    reader.close().await.unwrap();
    db.run(&format!("DROP USER {user}@'127.0.0.1', {user}@'localhost'")).await;
    db.finish().await;
}

/// While a step is in flight the version row names the lower revision, up and down; and DML after the last DDL commits
/// together with the row.
#[tokio::test]
async fn the_lower_revision_while_in_flight() {
    let db = database!();
    let chain = three()
        .sql(
            "d4",
            &["CREATE TABLE d (x INTEGER PRIMARY KEY)", "INSERT INTO d VALUES (1)", "INSERT INTO d VALUES (1)"],
            &["DELETE FROM runs", "DROP TABLE nowhere"],
        )
        .build();
    let mut open = db.open().await;
    let error = chain.upgrade(&mut open, "head").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Statement { kept: Kept::Noted, .. }), "{error:?}");
    assert!(error.to_string().contains("the version table names `c3`"), "{error}");
    assert_eq!((db.version().await.as_str(), db.list("SELECT x FROM d").await.as_str()), ("c3", ""));
    chain.stamp(&mut open, "d4").await.unwrap();
    let error = chain.downgrade(&mut open, "-1").await.unwrap_err();
    assert!(error.to_string().contains("the version table names `c3`"), "{error}");
    // DML before the first DDL commits together with the row.
    assert_eq!((db.version().await.as_str(), db.list("SELECT id FROM runs").await.as_str()), ("c3", ""));
    drop(open);
    db.finish().await;
}

/// DML that fails at the front of a downgrade takes the move of the row back with it.
#[tokio::test]
async fn a_downgrade_that_fails_at_once_moves_nothing() {
    let db = database!();
    let chain = three().sql("d4", &[], &["UPDATE runs SET nowhere = 1", "DROP TABLE runs"]).build();
    let mut open = db.open().await;
    chain.upgrade(&mut open, "head").await.unwrap();
    let error = chain.downgrade(&mut open, "-1").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Statement { kept: Kept::Nothing, .. }), "{error:?}");
    assert_eq!(db.version().await, "d4");
    drop(open);
    db.finish().await;
}

/// E9 of the peers: a revision that says USE does not take the version table along.
#[tokio::test]
async fn a_revision_that_says_use() {
    let db = database!();
    let chain =
        Chain::new().sql("a1", &["CREATE TABLE t (x INTEGER)", "USE mysql"], &[]).sql("b2", &["DO 1"], &[]).build();
    let mut open = db.open().await;
    chain.upgrade(&mut open, "head").await.unwrap();
    assert_eq!(db.version().await, "b2");
    drop(open);
    db.finish().await;
}

/// Starters whose work does not commit by itself: the row decides, and each revision runs once.
#[tokio::test(flavor = "multi_thread")]
async fn racing_starters_without_ddl() {
    let db = database!();
    db.run("CREATE TABLE t (x INTEGER PRIMARY KEY)").await;
    let chain = Chain::new()
        .sql("a1", &["INSERT INTO t VALUES (1)"], &["DELETE FROM t"])
        .sql("b2", &["INSERT INTO t VALUES (2)"], &["DELETE FROM t"])
        .build();
    for round in 0..5 {
        let mut starters = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let url = db.url.clone();
            starters.spawn(async move { chain.upgrade(&mut revchain::Database::connect(&url).await?, "head").await });
        }
        let ran: usize = starters.join_all().await.into_iter().map(|done| done.unwrap().steps().len()).sum();
        assert_eq!((ran, db.list("SELECT x FROM t").await.as_str()), (2, "1,2"), "round {round}");
        chain.downgrade(&mut db.open().await, "base").await.unwrap();
    }
    db.finish().await;
}

/// MySQL's own modes, which MariaDB has not all by default, and one that lets nothing through that the server would mend.
#[tokio::test]
async fn a_session_that_is_strict() {
    let db = database!();
    let mut strict = MySqlConnection::connect(&db.url).await.unwrap();
    let modes = "SET sql_mode = CONCAT(@@sql_mode, ',ONLY_FULL_GROUP_BY,NO_ZERO_IN_DATE,NO_ZERO_DATE,TRADITIONAL')";
    sqlx::raw_sql(modes).execute(&mut strict).await.unwrap();
    let chain = three().build();
    chain.upgrade(&mut strict, "b2").await.unwrap();
    chain.stamp(&mut strict, "a1").await.unwrap();
    chain.stamp(&mut strict, "b2").await.unwrap();
    chain.upgrade(&mut strict, "head").await.unwrap();
    assert!(chain.current(&mut strict).await.unwrap().is_head());
    assert_eq!(chain.edited(&mut strict).await.unwrap(), []);
    chain.downgrade(&mut strict, "base").await.unwrap();
    chain.upgrade(&mut strict, "head").await.unwrap();
    strict.close().await.unwrap();
    db.finish().await;
}

#[tokio::test]
async fn mariadb_is_a_scheme_too() {
    let db = database!();
    let mut open = revchain::Database::connect(&db.url.replacen("mysql://", "mariadb://", 1)).await.unwrap();
    assert_eq!(open.dialect(), Dialect::Mysql);
    three().build().upgrade(&mut open, "head").await.unwrap();
    drop(open);
    db.finish().await;
}
