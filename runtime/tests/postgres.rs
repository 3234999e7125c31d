//! What only PostgreSQL has: search paths, roles, positions in errors, one string for a whole flight.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests say so when they fail")]

mod common;

use common::{Chain, Mode, TestDatabase, batch, three};
use revchain::__private::Transaction;
use revchain::{Database, Dialect, Direction, ErrorKind, Event, Kept};
use sqlx::{Connection, PgConnection, raw_sql};

macro_rules! database {
    () => {
        match TestDatabase::make(Dialect::Postgres).await {
            Some(db) => db,
            None => return,
        }
    };
}

/// E6 of the peers: a role that may only SELECT reads the state, and starts when there is nothing to do.
#[tokio::test]
async fn a_role_that_may_only_select() {
    let db = database!();
    let chain = three().build();
    let role = format!("reader_{}", std::process::id());
    db.run(&format!("DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN")).await;
    let mut reader = PgConnection::connect(&db.url_as(&role)).await.unwrap();
    assert_eq!(chain.current(&mut reader).await.unwrap().id(), None);
    chain.upgrade(&mut db.open().await, "b2").await.unwrap();
    let error = chain.current(&mut reader).await.unwrap_err();
    assert!(error.to_string().contains("permission denied for table alembic_version"), "{error}");
    assert!(error.to_string().contains("help: this user may not do that: grant it"), "{error}");
    db.run(&format!("GRANT SELECT ON alembic_version TO {role}")).await;
    assert_eq!(chain.current(&mut reader).await.unwrap().id(), Some("b2"));
    assert_eq!(chain.plan(&mut reader, Direction::Upgrade, "head").await.unwrap().steps().len(), 1);
    chain.upgrade(&mut db.open().await, "head").await.unwrap();
    assert!(chain.upgrade(&mut reader, "head").await.unwrap().steps().is_empty());
    reader.close().await.unwrap();
    db.run(&format!("REVOKE ALL ON alembic_version FROM {role}; DROP ROLE {role}")).await;
    db.finish().await;
}

/// E8 of the peers: every dump sets the search path. The version table stays where it was found, or made.
#[tokio::test]
async fn a_revision_that_loses_the_search_path() {
    let db = database!();
    let chain = Chain::new()
        .sql("a1", &["CREATE TABLE public.t (x int)", "SELECT set_config('search_path', '', false)"], &[])
        .sql("b2", &["ALTER TABLE public.t ADD COLUMN y int"], &["ALTER TABLE public.t DROP COLUMN y"])
        .build();
    let mut connection = PgConnection::connect(&db.url).await.unwrap();
    chain.upgrade(&mut connection, "head").await.unwrap();
    assert_eq!((db.version().await.as_str(), db.tables().await.as_str()), ("b2", "alembic_version,revchain_journal,t"));
    connection.close().await.unwrap();
    db.finish().await;
}

#[tokio::test]
async fn several_version_tables_in_sight() {
    let db = database!();
    let chain = three().build();
    let mut open = db.open().await;
    chain.upgrade(&mut open, "head").await.unwrap();
    db.run("CREATE SCHEMA app; CREATE TABLE app.alembic_version (LIKE public.alembic_version)").await;
    assert!(chain.current(&mut open).await.unwrap().is_head(), "out of sight");
    let mut both = PgConnection::connect(&format!("{}?options=-csearch_path%3Dapp,public", db.url)).await.unwrap();
    let error = chain.current(&mut both).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ManyTables { schemas, .. } if schemas == "app, public"), "{error}");
    let named = three().table("alembic_version", Some("public")).build();
    assert!(named.current(&mut both).await.unwrap().is_head());
    both.close().await.unwrap();
    drop(open);
    db.finish().await;
}

/// A start reads no more than the row. What lies around it is found by the guard, or by whoever stumbles there.
#[tokio::test]
async fn what_the_first_look_leaves_out() {
    let db = database!();
    let outside = [batch(Mode::NoTransaction, &["CREATE INDEX CONCURRENTLY t_x ON t (x)"])];
    let start = || Chain::new().sql("a1", &["CREATE TABLE t (x int)"], &["DROP TABLE t"]);
    let (short, long) = (
        start().batches("b2", &outside, &[]).build(),
        start().batches("b2", &outside, &[]).sql("c3", &["ALTER TABLE t ADD y int"], &[]).build(),
    );
    let mut open = db.open().await;
    short.upgrade(&mut open, "head").await.unwrap();
    assert_eq!(db.tables().await, "alembic_version,revchain_journal,t");

    // A journal, and nothing in it that is under way: nobody else was here.
    let mut elsewhere = 0;
    let count = |event: Event<'_>| elsewhere += u32::from(matches!(event, Event::MovedElsewhere { .. }));
    long.migrator().on_event(count).upgrade(&mut open, "head").await.unwrap();
    assert_eq!((db.version().await.as_str(), elsewhere), ("c3", 0));

    // A journal without a version table.
    long.downgrade(&mut open, "base").await.unwrap();
    db.run("DROP TABLE alembic_version").await;
    long.upgrade(&mut open, "a1").await.unwrap();
    assert_eq!(db.version().await, "a1");

    // A second version table, and something to do.
    db.run("DROP TABLE revchain_journal").await;
    db.run("CREATE SCHEMA app; CREATE TABLE app.alembic_version (LIKE public.alembic_version)").await;
    let url = format!("{}?options=-csearch_path%3Dapp,public", db.url);
    let error = long.upgrade(&mut Database::connect(&url).await.unwrap(), "head").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ManyTables { schemas, .. } if schemas == "app, public"), "{error}");
    drop(open);
    db.finish().await;
}

#[tokio::test]
async fn a_schema_that_is_not_there() {
    let db = database!();
    let chain = three().table("alembic_version", Some("nowhere")).build();
    let mut open = db.open().await;
    assert_eq!(chain.current(&mut open).await.unwrap().id(), None);
    let error = chain.upgrade(&mut open, "head").await.unwrap_err();
    assert!(error.to_string().contains("schema \"nowhere\" does not exist"), "{error}");
    assert!(error.to_string().contains("help: make it first, or mend `version_table_schema`"), "{error}");
    drop(open);
    db.finish().await;
}

/// A syntax error fails the string before anything runs: only the position tells where.
#[tokio::test]
async fn where_a_mistake_is() {
    let db = database!();
    let chain = Chain::new()
        .transaction(Transaction::PerRun)
        .sql("a1", &["CREATE TABLE t (x int)", "SELECT '☃☃☃'"], &[])
        .sql("b2", &["INSERT INTO t VALUES (1)", "INSERT INTO t\nVALUE\n(2)"], &[])
        .build();
    let mut open = db.open().await;
    let error = chain.upgrade(&mut open, "head").await.unwrap_err();
    let statement = error.statement().unwrap();
    assert_eq!(
        (error.revision(), statement.line(), statement.sql()),
        (Some("b2"), Some(14), "INSERT INTO t\nVALUE\n(2)")
    );
    assert_eq!(db.tables().await, "");
    // At the commit no statement is at fault.
    let chain = Chain::new().sql(
        "a1",
        &[
            "CREATE TABLE t (x int PRIMARY KEY, y int REFERENCES t DEFERRABLE INITIALLY DEFERRED)",
            "INSERT INTO t VALUES (1, 2)",
        ],
        &[],
    );
    let error = chain.build().upgrade(&mut open, "head").await.unwrap_err();
    assert_eq!((error.revision(), error.statement()), (Some("a1"), None));
    assert!(error.to_string().contains("violates foreign key constraint"), "{error}");
    assert!(error.to_string().contains("Key (y)=(2) is not present in table \"t\""), "{error}");
    assert_eq!(db.tables().await, "");
    drop(open);
    db.finish().await;
}

/// A table that can't be created is not a race for ever.
#[tokio::test]
async fn the_name_is_taken() {
    let db = database!();
    db.run("CREATE TYPE alembic_version AS ENUM ('x')").await;
    let mut open = db.open().await;
    let error = three().build().upgrade(&mut open, "head").await.unwrap_err();
    assert!(error.to_string().contains("\"alembic_version\" already exists"), "{error}");
    drop(open);
    db.finish().await;
}

#[tokio::test]
async fn one_transaction_for_the_run() {
    let db = database!();
    let mut open = db.open().await;
    let chain = three().transaction(Transaction::PerRun);
    let chain = chain.sql("d4", &["INSERT INTO results VALUES (1)", "DROP TABLE nowhere"], &[]).build();
    let error = chain.upgrade(&mut open, "head").await.unwrap_err();
    assert_eq!((error.revision(), error.statement().unwrap().line()), (Some("d4"), Some(13)));
    assert_eq!((db.tables().await.as_str(), error.report().unwrap().steps().len()), ("", 0));
    let report = chain.upgrade(&mut open, "c3").await.unwrap();
    assert_eq!((report.steps().len(), db.version().await.as_str()), (3, "c3"));
    chain.downgrade(&mut open, "base").await.unwrap();
    assert_eq!(db.tables().await, "alembic_version,revchain_journal");
    drop(open);
    db.finish().await;
}

/// The caller stops waiting while the server works. The string goes on and ends by itself; here it fails. A connection
/// that was handed in is not left in an aborted transaction.
#[tokio::test]
async fn abandoned_while_the_server_works() {
    let db = database!();
    let chain = three().sql("d4", &["UPDATE runs SET state = 'held'", "DROP TABLE nowhere"], &[]).build();
    let mut connection = PgConnection::connect(&db.url).await.unwrap();
    chain.upgrade(&mut connection, "c3").await.unwrap();
    // Someone holds the row that the flight wants.
    let mut holder = PgConnection::connect(&db.url).await.unwrap();
    let mut held = holder.begin().await.unwrap();
    raw_sql("UPDATE runs SET name = name").execute(&mut *held).await.unwrap();
    let waiting =
        "SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    tokio::select! {
        done = chain.upgrade(&mut connection, "head") => panic!("{done:?}"),
        () = async { while db.list(waiting).await == "0" {} } => {}
    }
    held.commit().await.unwrap();
    // sqlx gives the abandoned answer's error to the next request; after that the connection is in order.
    raw_sql("SELECT 1").execute(&mut connection).await.unwrap_err();
    raw_sql("CREATE TABLE mine (x int)").execute(&mut connection).await.unwrap();
    assert_eq!(chain.current(&mut connection).await.unwrap().id(), Some("c3"));
    assert_eq!(db.list("SELECT state FROM runs").await, "new,new");
    assert!(db.tables().await.contains("mine"));
    connection.close().await.unwrap();
    holder.close().await.unwrap();
    db.finish().await;
}

/// The guard's own lock: an INSERT alone would not wait for another one of a different id, and leave two rows.
#[tokio::test]
async fn two_chains_on_one_table() {
    let db = database!();
    let chain = three().build();
    chain.stamp(&mut db.open().await, "a1").await.unwrap();
    chain.stamp(&mut db.open().await, "base").await.unwrap();
    let mut other = PgConnection::connect(&db.url).await.unwrap();
    let mut first = other.begin().await.unwrap();
    raw_sql("INSERT INTO alembic_version VALUES ('z9')").execute(&mut *first).await.unwrap();
    let url = db.url.clone();
    let second = tokio::spawn(async move { chain.upgrade(&mut PgConnection::connect(&url).await?, "head").await });
    let waiting =
        "SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while db.list(waiting).await == "0" && !second.is_finished() {}
    first.commit().await.unwrap();
    let error = second.await.unwrap().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::UnknownCurrent { id, .. } if id == "z9"), "{error}");
    assert_eq!((db.version().await.as_str(), db.tables().await.as_str()), ("z9", "alembic_version"));
    other.close().await.unwrap();
    db.finish().await;
}

#[tokio::test]
async fn no_password_in_any_message() {
    let db = database!();
    let url = db.url_as("nobody:very-secret");
    let error = revchain::Database::connect(&url).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Connection { .. }), "{error}");
    assert!(!format!("{error} {error:?}").contains("very-secret"), "{error:?}");
    assert!(error.to_string().contains("nobody:***@"), "{error}");
    db.finish().await;
}

/// The connection goes away in the middle: nobody knows, and the message says so.
#[tokio::test]
async fn the_connection_goes_away() {
    let db = database!();
    let chain = Chain::new().sql("a1", &["SELECT pg_terminate_backend(pg_backend_pid())"], &[]).build();
    let mut open = db.open().await;
    let error = chain.upgrade(&mut open, "head").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Statement { kept: Kept::Nothing | Kept::Unknown, .. }), "{error:?}");
    drop(open);
    db.finish().await;
}
