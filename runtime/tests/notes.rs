//! MySQL and MariaDB: what is noted between two steps that can't be one transaction, and what stops whoever was overtaken.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests say so when they fail")]

mod common;

use common::{Chain, TestDatabase};
use revchain::{Connect, Database, Dialect, ErrorKind, Event, Migrations};
use sqlx::{Connection, MySqlConnection};

macro_rules! database {
    () => {
        match TestDatabase::make(Dialect::Mysql).await {
            Some(db) => db,
            None => return,
        }
    };
}

const CLAIMED: &str = "SELECT revision FROM revchain_journal WHERE finished_at IS NULL";

/// Five revisions with DDL, one of which ends with rows, and one without.
fn chain() -> &'static Migrations {
    Chain::new()
        .sql("a1", &["CREATE TABLE runs (id INTEGER PRIMARY KEY) -- it's done"], &["DROP TABLE runs"])
        .sql(
            "b2",
            &["ALTER TABLE runs ADD COLUMN state VARCHAR(10) # and so's this", "INSERT INTO runs VALUES (1, 'new')"],
            &["DELETE FROM runs", "ALTER TABLE runs DROP COLUMN state"],
        )
        .sql(
            "c3",
            &["CREATE TABLE results (id INTEGER)", "CREATE TABLE files (id INTEGER)"],
            &["DROP TABLE results, files"],
        )
        .sql(
            "d4",
            &["INSERT INTO results VALUES (1)", "SELECT * FROM results", "INSERT INTO files VALUES (1)"],
            &["DO 1"],
        )
        .sql("e5", &["DROP TABLE results"], &["CREATE TABLE results (id INTEGER)"])
        .build()
}

/// Asks the database from within a listener.
fn ask(db: &TestDatabase, sql: &str) -> String {
    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(db.list(sql)))
}

/// What is claimed, and where the database stands, each time that a step is said to be done.
async fn told(db: &TestDatabase, connection: impl Connect<'_>, direction: &str) -> String {
    let mut told = Vec::new();
    let migrator = chain().migrator().on_event(|event| {
        if let Event::StepDone { step, .. } = event {
            let stands = ask(db, "SELECT version_num FROM alembic_version");
            told.push(format!("{} at {stands}: {}", step.revision().id(), ask(db, CLAIMED)));
        }
    });
    match direction {
        "up" => migrator.upgrade(connection, "head").await.unwrap(),
        _ => migrator.downgrade(connection, "base").await.unwrap(),
    };
    told.join(", ")
}

/// A step is noted as over in the commit that claims the next, where that is such a step, too. While it is claimed the version
/// row names the lower revision.
#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_step_claims_the_next() {
    let db = database!();
    let up = "a1 at a1: b2, b2 at b2: c3, c3 at c3: , d4 at d4: e5, e5 at e5: ";
    let down = "e5 at d4: , d4 at b2: c3, c3 at a1: b2, b2 at : a1, a1 at : ";
    let mut own = db.open().await;
    assert_eq!(told(&db, &mut own, "up").await, up);
    assert_eq!(told(&db, &mut own, "down").await, down);
    let mut lent = MySqlConnection::connect(&db.url).await.unwrap();
    assert_eq!(told(&db, &mut lent, "up").await, up);
    assert_eq!(told(&db, &mut lent, "down").await, down);
    drop((own, lent));
    db.finish().await;
}

/// That the next step can't be claimed is no reason not to keep a revision whose rows are there: the row is moved with them, once,
/// and nothing is claimed.
async fn rows_stay(db: &TestDatabase, connection: impl Connect<'_>, direction: &str) -> String {
    let done = match direction {
        "up" => chain().upgrade(connection, "head").await,
        _ => chain().downgrade(connection, "base").await,
    };
    let error = done.unwrap_err();
    assert!(error.to_string().contains("refused by the test"), "{error}");
    assert_eq!(db.list(CLAIMED).await, "");
    format!("{}: {}", db.version().await, db.list("SELECT id FROM results").await)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_t_be_claimed_ahead() {
    let db = database!();
    let signal = "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'refused by the test'";
    for lent in [false, true] {
        chain().upgrade(&mut db.open().await, "c3").await.unwrap();
        let claims = format!("FOR EACH ROW IF NEW.claim = 'alembic_version' THEN {signal}; END IF");
        db.run(&format!("CREATE TRIGGER refuse BEFORE INSERT ON revchain_journal {claims}")).await;
        let mut own = db.open().await;
        let mut other = MySqlConnection::connect(&db.url).await.unwrap();
        let up = if lent { rows_stay(&db, &mut other, "up").await } else { rows_stay(&db, &mut own, "up").await };
        assert_eq!(up, "d4: 1", "lent: {lent}");
        // On the way down the claim is there when the row's next move is refused.
        let moves = format!("FOR EACH ROW IF NEW.version_num = 'b2' THEN {signal}; END IF");
        db.run(&format!("DROP TRIGGER refuse; CREATE TRIGGER refuse BEFORE UPDATE ON alembic_version {moves}")).await;
        let down = if lent { rows_stay(&db, &mut other, "down").await } else { rows_stay(&db, &mut own, "down").await };
        assert_eq!(down, "c3: 1", "lent: {lent}");
        db.run("DROP TRIGGER refuse").await;
        chain().downgrade(&mut own, "base").await.unwrap();
    }
    db.finish().await;
}

/// A database that has a version table, and no journal yet.
#[tokio::test]
async fn nothing_to_claim_in_yet() {
    let db = database!();
    db.run("CREATE TABLE results (id INTEGER); CREATE TABLE files (id INTEGER)").await;
    for lent in [false, true] {
        chain().stamp(&mut db.open().await, "c3").await.unwrap();
        match lent {
            true => chain().upgrade(&mut MySqlConnection::connect(&db.url).await.unwrap(), "head").await.unwrap(),
            false => chain().upgrade(&mut db.open().await, "head").await.unwrap(),
        };
        assert_eq!((db.version().await.as_str(), db.list("SELECT id FROM files").await.as_str()), ("e5", "1"));
        assert_eq!(db.list("SELECT revision FROM revchain_journal ORDER BY started_at").await, "d4,e5");
        db.run(
            "DROP TABLE revchain_journal, files; CREATE TABLE results (id INTEGER); CREATE TABLE files (id INTEGER)",
        )
        .await;
    }
    db.finish().await;
}

/// Somebody else has taken a step over while its statement ran. Of its end nothing is noted, nor is the next one claimed;
/// whoever comes takes it up, which is here the same run.
async fn overtaken(db: &TestDatabase, connection: impl Connect<'_>) {
    let (mut moved, mut resumed) = (Vec::new(), Vec::new());
    let migrator = chain().migrator().watch_statements().on_event(|event| match event {
        Event::StatementDone { step, line: Some(11), .. } if step.revision().id() == "b2" => {
            let take = "UPDATE revchain_journal SET epoch = epoch + 1 WHERE finished_at IS NULL AND revision = 'b2'";
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(db.run(take)));
        }
        Event::MovedElsewhere { step, .. } => {
            moved.push((step.revision().id(), ask(db, "SELECT version_num FROM alembic_version"), ask(db, CLAIMED)));
        }
        Event::Resumed { step, done, .. } => resumed.push((step.revision().id(), done)),
        _ => {}
    });
    migrator.upgrade(connection, "c3").await.unwrap();
    assert_eq!(moved, [("b2", "a1".to_owned(), "b2".to_owned())]);
    assert_eq!(resumed, [("b2", 0)]);
    assert_eq!(db.list("SELECT revision FROM revchain_journal ORDER BY started_at").await, "a1,b2,c3");
    assert_eq!(db.list("SELECT id FROM runs").await, "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_overtaken_ends_nothing() {
    let db = database!();
    overtaken(&db, &mut db.open().await).await;
    db.finish().await;
    let db = database!();
    overtaken(&db, &mut MySqlConnection::connect(&db.url).await.unwrap()).await;
    db.finish().await;
}

/// The version row is moved by hand while a step runs: the step is not noted as over, for then nothing would tell.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_went_away_ends_nothing() {
    let db = database!();
    let mut open = db.open().await;
    let migrator = chain().migrator().watch_statements().on_event(|event| {
        if let Event::StatementDone { step, .. } = event
            && step.revision().id() == "e5"
        {
            let gone = "UPDATE alembic_version SET version_num = 'b2'";
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(db.run(gone)));
        }
    });
    let done = migrator.upgrade(&mut open, "head").await;
    assert!(done.is_err(), "{done:?}");
    assert_eq!((db.version().await.as_str(), db.list(CLAIMED).await.as_str()), ("b2", "e5"));
    drop(open);
    db.finish().await;
}

/// Where nobody could look at what a statement changes, it is not taken for something that was not there: that it is there
/// now would mean that the statement ran.
#[tokio::test]
async fn what_nobody_could_see_is_in_doubt() {
    let db = database!();
    let mut open = db.open().await;
    chain().upgrade(&mut open, "a1").await.unwrap();
    chain().upgrade(&mut open, "b2").await.unwrap();
    // As if the program had died before the column.
    db.run(
        "ALTER TABLE runs DROP COLUMN state; UPDATE alembic_version SET version_num = 'a1'; \
         UPDATE revchain_journal SET claim = 'alembic_version', done = 0, doubt = 0, state_before = '?', \
         digest = 'cbf29ce484222325', finished_at = NULL WHERE revision = 'b2'",
    )
    .await;
    let error = chain().upgrade(&mut open, "b2").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InDoubt { position: 1, .. }), "{error}");
    assert!(error.to_string().contains("look at table runs"), "{error}");
    drop(open);
    db.finish().await;
}

/// On a connection of our own a flight's statements are sent together: which one failed is known all the same.
#[tokio::test]
async fn the_statement_that_failed() {
    let db = database!();
    let chain = Chain::new()
        .sql("a1", &["CREATE TABLE runs (id INTEGER PRIMARY KEY)"], &[])
        .sql(
            "b2",
            &[
                "INSERT INTO runs VALUES (1) -- that's all",
                "SELECT * FROM runs",
                "INSERT INTO runs VALUES (2), (1)",
                "INSERT INTO runs VALUES (3)",
            ],
            &[],
        )
        .build();
    let mut own: Database = db.open().await;
    let mut lent = MySqlConnection::connect(&db.url).await.unwrap();
    let [one, two] = [chain.upgrade(&mut own, "head").await, chain.upgrade(&mut lent, "head").await];
    for error in [one.unwrap_err(), two.unwrap_err()] {
        let failed = error.statement().unwrap();
        assert_eq!((failed.sql(), failed.line()), ("INSERT INTO runs VALUES (2), (1)", Some(15)), "{error}");
        assert!(matches!(error.kind(), ErrorKind::Statement { kept: revchain::Kept::Nothing, .. }), "{error}");
    }
    assert_eq!((db.version().await.as_str(), db.list("SELECT id FROM runs").await.as_str()), ("a1", ""));
    drop((own, lent));
    db.finish().await;
}
