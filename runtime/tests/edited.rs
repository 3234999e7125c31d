//! A revision that is applied, and edited afterwards: who notices, who doesn't, and what is said.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests say so when they fail")]

mod common;

use common::{Chain, Mode, TestDatabase, batch, scenarios, three};
use revchain::{Dialect, Edited, Error, ErrorKind, Event, Migrations};
use sqlx::Connection;

scenarios! {
    an_upgrade_stops_before_anything_runs
    a_warning_goes_on
    nobody_looks
    a_start_with_nothing_to_do
    stamp_accepts
    stamp_accepts_what_lies_below
    what_is_applied_anew_is_noted_anew
    what_others_applied_is_not_known
    every_kind_of_step
    one_transaction_for_each
    two_chains_side_by_side
    a_way_back_may_be_mended
}

/// A table, and what becomes of it.
fn two(second: &'static str) -> Chain {
    Chain::new().sql("a1", &["CREATE TABLE t (x INTEGER)"], &["DROP TABLE t"]).sql("b2", &[second], &["DELETE FROM t"])
}

const ONE: &str = "INSERT INTO t VALUES (1)";
const OTHER: &str = "INSERT INTO t VALUES (2)";

/// The same with a third one.
fn longer(second: &'static str) -> Chain {
    two(second).sql("c3", &["CREATE TABLE u (x INTEGER)"], &["DROP TABLE u"])
}

/// The ids that an error names.
fn ids(error: &Error) -> Vec<&'static str> {
    match error.kind() {
        ErrorKind::Edited { revisions, .. } => revisions.iter().map(|revision| revision.id).collect(),
        _ => panic!("{error}"),
    }
}

/// The ids that a run warns of.
async fn warned(chain: &Migrations, db: &TestDatabase, direction: &str) -> Vec<&'static str> {
    let mut said = Vec::new();
    let run = chain.migrator().edited(Edited::Warning).on_event(|event| {
        if let Event::Edited { revision, .. } = event {
            said.push(revision.id);
        }
    });
    match direction {
        "up" => run.upgrade(&mut db.open().await, "head").await.unwrap(),
        _ => run.downgrade(&mut db.open().await, "-1").await.unwrap(),
    };
    said
}

async fn an_upgrade_stops_before_anything_runs(db: &TestDatabase) {
    two(ONE).build().upgrade(&mut db.open().await, "head").await.unwrap();
    let chain = longer(OTHER).build();
    let error = chain.upgrade(&mut db.open().await, "head").await.unwrap_err();
    assert_eq!(ids(&error), ["b2"]);
    assert_eq!(
        (db.version().await.as_str(), db.tables().await.contains('u')),
        ("b2", true),
        "`revchain_journal` has a u"
    );
    assert!(!db.tables().await.split(',').any(|table| table == "u"));
    let said = error.to_string();
    assert!(said.starts_with("revision `b2` (migrations/versions/b2_test.sql), applied 20"), "{said}");
    assert!(said.contains("process ") && said.contains(", has been edited since\n  help: nothing was run"), "{said}");
    assert!(said.contains("say so with `stamp b2`"), "{said}");
    let found = chain.edited(&mut db.open().await).await.unwrap();
    assert_eq!(found.iter().map(|revision| revision.id).collect::<Vec<_>>(), ["b2"]);
    // Both at once.
    let both =
        Chain::new().sql("a1", &["CREATE TABLE t (y INTEGER)"], &[]).sql("b2", &[OTHER], &[]).sql("c3", &[], &[]);
    let error = both.build().upgrade(&mut db.open().await, "head").await.unwrap_err();
    assert_eq!(ids(&error), ["a1", "b2"]);
    let said = error.to_string();
    assert!(said.starts_with("2 revisions have been edited since they were applied\n  revision `a1` ("), "{said}");
    // As it was.
    longer(ONE).build().upgrade(&mut db.open().await, "head").await.unwrap();
    assert_eq!(db.version().await, "c3");
}

async fn a_warning_goes_on(db: &TestDatabase) {
    two(ONE).build().upgrade(&mut db.open().await, "head").await.unwrap();
    let chain = longer(OTHER).edited(Edited::Warning).build();
    chain.upgrade(&mut db.open().await, "head").await.unwrap();
    assert_eq!(db.version().await, "c3");
    // The way down may be what sets it right, and goes on in any case.
    let strict = longer(OTHER).build();
    assert_eq!(warned(strict, db, "down").await, ["b2"]);
    assert_eq!(warned(strict, db, "up").await, ["b2"]);
    assert_eq!(warned(longer(ONE).build(), db, "down").await, [""; 0]);
}

async fn nobody_looks(db: &TestDatabase) {
    two(ONE).edited(Edited::Off).build().upgrade(&mut db.open().await, "head").await.unwrap();
    // A step that is one transaction leaves no trace.
    let left = if db.dialect == Dialect::Mysql { "alembic_version,revchain_journal,t" } else { "alembic_version,t" };
    assert_eq!(db.tables().await, left);
    longer(OTHER).edited(Edited::Off).build().upgrade(&mut db.open().await, "head").await.unwrap();
    assert_eq!(db.version().await, "c3");
}

/// While one develops: this is a build for that.
async fn a_start_with_nothing_to_do(db: &TestDatabase) {
    two(ONE).build().upgrade(&mut db.open().await, "head").await.unwrap();
    let chain = two(OTHER).build();
    let error = chain.upgrade(&mut db.open().await, "head").await.unwrap_err();
    assert_eq!(ids(&error), ["b2"]);
    assert_eq!(warned(chain, db, "up").await, ["b2"]);
    two(OTHER).edited(Edited::Off).build().upgrade(&mut db.open().await, "head").await.unwrap();
    two(ONE).build().upgrade(&mut db.open().await, "head").await.unwrap();
}

async fn stamp_accepts(db: &TestDatabase) {
    two(ONE).build().upgrade(&mut db.open().await, "head").await.unwrap();
    let chain = longer(OTHER).build();
    chain.upgrade(&mut db.open().await, "head").await.unwrap_err();
    // To where it stands, and anew.
    for purge in [false, true] {
        chain.migrator().purge(purge).stamp(&mut db.open().await, "b2").await.unwrap();
        assert_eq!(chain.edited(&mut db.open().await).await.unwrap(), []);
    }
    chain.upgrade(&mut db.open().await, "head").await.unwrap();
    // What is applied from then on is known again.
    let other = longer(OTHER).sql("d4", &[], &[]).build();
    other.upgrade(&mut db.open().await, "head").await.unwrap();
    let edited = two(OTHER).sql("c3", &["CREATE TABLE u (y INTEGER)"], &[]).sql("d4", &[], &[]).sql("e5", &[], &[]);
    assert_eq!(ids(&edited.build().upgrade(&mut db.open().await, "head").await.unwrap_err()), ["c3"]);
}

/// Also once the stamped revision itself has been down and up again: what is noted of it then is not all that counts.
async fn stamp_accepts_what_lies_below(db: &TestDatabase) {
    longer(ONE).build().upgrade(&mut db.open().await, "head").await.unwrap();
    let chain = longer(OTHER).build();
    chain.stamp(&mut db.open().await, "head").await.unwrap();
    chain.downgrade(&mut db.open().await, "-1").await.unwrap();
    chain.upgrade(&mut db.open().await, "head").await.unwrap();
    assert_eq!(chain.edited(&mut db.open().await).await.unwrap(), []);
}

async fn what_is_applied_anew_is_noted_anew(db: &TestDatabase) {
    two(ONE).build().upgrade(&mut db.open().await, "head").await.unwrap();
    let chain = two(OTHER).build();
    chain.downgrade(&mut db.open().await, "a1").await.unwrap();
    // Not applied any more, it may be anything.
    chain.upgrade(&mut db.open().await, "head").await.unwrap();
    assert_eq!(chain.edited(&mut db.open().await).await.unwrap(), []);
    let error = longer(ONE).build().upgrade(&mut db.open().await, "head").await.unwrap_err();
    assert_eq!(ids(&error), ["b2"]);
}

async fn what_others_applied_is_not_known(db: &TestDatabase) {
    two(ONE).build().upgrade(&mut db.open().await, "a1").await.unwrap();
    // Alembic moves the row, and tells nobody.
    db.run(&format!("{ONE}; UPDATE alembic_version SET version_num = 'b2'")).await;
    longer(OTHER).build().upgrade(&mut db.open().await, "head").await.unwrap();
    assert_eq!(db.version().await, "c3");
}

/// In batches, outside transactions, in rounds, in Rust: each is noted once, and no edit of a `.rs` revision is known of.
async fn every_kind_of_step(db: &TestDatabase) {
    let with = |apart: &'static str, round: &'static str| {
        Chain::new()
            .sql("a1", &["CREATE TABLE t (x INTEGER)"], &["DROP TABLE t"])
            .batches("b2", &[batch(Mode::NoTransaction, &[apart])], &[])
            .batches("c3", &[batch(Mode::Repeat(10), &[round])], &[])
            .functions("d4", |_| Box::pin(async { Ok(()) }), |_| Box::pin(async { Ok(()) }))
            .batches("e5", &[batch(Mode::Rebuild, &["DELETE FROM t WHERE x = 3"])], &[])
    };
    let round = "DELETE FROM t WHERE x = 4";
    with(ONE, round).build().upgrade(&mut db.open().await, "head").await.unwrap();
    let noted = "SELECT revision FROM revchain_journal WHERE checksum IS NOT NULL AND finished_at IS NOT NULL";
    assert_eq!(db.list(noted).await, "a1,b2,c3,e5");
    assert_eq!(db.list("SELECT revision FROM revchain_journal").await, "a1,b2,c3,d4,e5");
    let edited = with(OTHER, "DELETE FROM t WHERE x = 5").sql("f6", &[], &[]).build();
    assert_eq!(ids(&edited.upgrade(&mut db.open().await, "head").await.unwrap_err()), ["b2", "c3"]);
    with(ONE, round).sql("f6", &[], &[]).build().upgrade(&mut db.open().await, "head").await.unwrap();
    assert_eq!(db.version().await, "f6");
}

/// Whatever a run's transactions are, and whoever's connection it is; and a revision with nothing to do is noted, too.
async fn one_transaction_for_each(db: &TestDatabase) {
    use revchain::__private::Transaction;
    let chain = |second| longer(second).sql("d4", &[], &[]);
    for transaction in [Transaction::PerRevision, Transaction::PerRun] {
        let run = chain(ONE).transaction(transaction).build();
        match db.dialect {
            Dialect::Sqlite => {
                let mut lent = sqlx::SqliteConnection::connect(&format!("{}?mode=rwc", db.url)).await.unwrap();
                run.upgrade(&mut lent, "head").await.unwrap();
            }
            Dialect::Postgres => {
                run.upgrade(&mut sqlx::PgConnection::connect(&db.url).await.unwrap(), "head").await.unwrap();
            }
            _ => drop(run.upgrade(&mut sqlx::MySqlConnection::connect(&db.url).await.unwrap(), "head").await.unwrap()),
        }
        assert_eq!(ids(&chain(OTHER).build().upgrade(&mut db.open().await, "head").await.unwrap_err()), ["b2"]);
        let last = "SELECT direction FROM revchain_journal WHERE revision = 'd4'";
        assert!(db.list(last).await.ends_with("upgrade"));
        chain(ONE).build().downgrade(&mut db.open().await, "base").await.unwrap();
    }
}

/// Each has its version table, and revisions of the same names; the journal is one.
async fn two_chains_side_by_side(db: &TestDatabase) {
    two(ONE).build().upgrade(&mut db.open().await, "head").await.unwrap();
    let other = || Chain::new().table("other_version", None).sql("a1", &["CREATE TABLE o (x INTEGER)"], &[]);
    other().build().upgrade(&mut db.open().await, "head").await.unwrap();
    longer(ONE).build().upgrade(&mut db.open().await, "head").await.unwrap();
    other().sql("b2", &["DROP TABLE o"], &[]).build().upgrade(&mut db.open().await, "head").await.unwrap();
    let edited = Chain::new().table("other_version", None).sql("a1", &["CREATE TABLE o (y INTEGER)"], &[]);
    let error = edited.sql("b2", &["DROP TABLE o"], &[]).build().upgrade(&mut db.open().await, "head").await;
    assert_eq!(ids(&error.unwrap_err()), ["a1"]);
}

async fn a_way_back_may_be_mended(db: &TestDatabase) {
    let chain = |back| three().sql("d4", &["INSERT INTO results VALUES (1)"], &[back]);
    chain("DELETE FROM nowhere").build().upgrade(&mut db.open().await, "head").await.unwrap();
    let mended = chain("DELETE FROM results").sql("e5", &[], &[]).build();
    mended.upgrade(&mut db.open().await, "head").await.unwrap();
    mended.downgrade(&mut db.open().await, "base").await.unwrap();
}

/// A role that may make no tables runs a revision that needs none.
#[tokio::test]
async fn a_role_that_makes_no_tables() {
    let Some(db) = TestDatabase::make(Dialect::Postgres).await else { return };
    db.run("CREATE TABLE t (x INTEGER)").await;
    let chain = Chain::new().sql("a1", &[ONE], &["DELETE FROM t"]).sql("b2", &[OTHER], &[]).build();
    assert!(chain.ensure_version(&mut db.open().await).await.unwrap());
    assert!(!chain.ensure_version(&mut db.open().await).await.unwrap());
    let role = format!("makes_none_{}", std::process::id());
    db.run(&format!("CREATE ROLE {role} LOGIN; GRANT ALL ON t, alembic_version, revchain_journal TO {role}")).await;
    let mut open = revchain::Database::connect(&db.url_as(&role)).await.unwrap();
    chain.upgrade(&mut open, "a1").await.unwrap();
    chain.upgrade(&mut open, "head").await.unwrap();
    assert_eq!(db.version().await, "b2");
    drop(open);
    db.run(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
    db.finish().await;
}

/// Whoever may only look can start, whatever the build.
#[tokio::test]
async fn a_reader_without_a_right_to_the_journal() {
    let Some(db) = TestDatabase::make(Dialect::Postgres).await else { return };
    let chain = two(ONE).build();
    chain.upgrade(&mut db.open().await, "head").await.unwrap();
    let role = format!("edited_{}", std::process::id());
    db.run(&format!("CREATE ROLE {role} LOGIN; GRANT SELECT ON alembic_version TO {role}")).await;
    let mut reader = revchain::Database::connect(&db.url_as(&role)).await.unwrap();
    assert_eq!(chain.upgrade(&mut reader, "head").await.unwrap().steps().len(), 0);
    assert!(chain.current(&mut reader).await.unwrap().is_head());
    drop(reader);
    db.run(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
    db.finish().await;
}
