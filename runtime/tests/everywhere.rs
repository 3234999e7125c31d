//! What must hold on every database: each scenario is written once.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests say so when they fail")]

mod common;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Chain, Mode, TestDatabase, Work, batch, scenarios, three, work};
use revchain::__private::StepFuture;
use revchain::{Access, Database, Dialect, Direction, Edited, Error, ErrorKind, Event, Kept, Op, TimedOut};
use sqlx::{Connection, Row, raw_sql};

scenarios! {
    up_and_down
    plan_and_read_create_nothing
    stamping
    taken_over_from_alembic
    a_revision_nobody_knows
    two_rows
    version_tables_of_another_kind
    failing_statement
    failing_in_the_middle
    tables_that_no_version_tells_of
    functions
    failing_function
    repeats
    repeat_without_progress
    no_transaction_batches
    events
    watched_statements
    a_statement_that_takes_too_long
    a_lock_that_is_never_given_up
    limits_end_with_the_run
    racing_starters
    the_future_is_send
    custom_version_table
    an_id_that_is_nearly_one
    upgrade_behind
    every_way_to_name_a_database
    the_row_moves_behind_the_back
    a_plan_made_anew_is_checked_anew
    empty_chain
    arguments_reach_functions
    the_version_table_alone
}

/// C-23: tables follow each step.
async fn up_and_down(db: &TestDatabase) {
    let (chain, mut open) = (three().build(), db.open().await);
    let report = chain.upgrade(&mut open, "head").await.unwrap();
    assert_eq!(report.steps().iter().map(|step| step.step().revision().id()).collect::<Vec<_>>(), ["a1", "b2", "c3"]);
    assert_eq!((report.from(), report.to()), (None, Some("c3")));
    let tables = db.tables().await.replace("revchain_journal,", "");
    assert_eq!(tables, "alembic_version,results,runs");
    assert_eq!(db.version().await, "c3");
    assert_eq!(db.list("SELECT state FROM runs").await, "new,new");
    assert!(chain.current(&mut open).await.unwrap().is_head());
    assert!(chain.upgrade(&mut open, "head").await.unwrap().steps().is_empty());

    let report = chain.downgrade(&mut open, "-2").await.unwrap();
    assert_eq!((report.from(), report.to()), (Some("c3"), Some("a1")));
    let tables = db.tables().await.replace("revchain_journal,", "");
    assert_eq!((tables.as_str(), db.version().await.as_str()), ("alembic_version,runs", "a1"));
    assert_eq!(chain.current(&mut open).await.unwrap().pending(), 2);
    chain.upgrade(&mut open, "+1").await.unwrap();
    assert_eq!(db.version().await, "b2");
    chain.downgrade(&mut open, "base").await.unwrap();
    assert_eq!((db.tables().await.as_str(), db.version().await.as_str()), ("alembic_version,revchain_journal", ""));
    assert_eq!(chain.current(&mut open).await.unwrap().id(), None);
    chain.upgrade(&mut open, "b").await.unwrap();
    assert_eq!(db.version().await, "b2");
}

/// C-7, and F20 of the peers: looking changes nothing.
async fn plan_and_read_create_nothing(db: &TestDatabase) {
    let chain = three().build();
    let mut open = Database::open(&db.url, Access::Read).await.unwrap();
    assert_eq!(chain.current(&mut open).await.unwrap().id(), None);
    let plan = chain.plan(&mut open, Direction::Upgrade, "head").await.unwrap();
    assert_eq!((plan.steps().len(), plan.from().is_none(), plan.to().unwrap().id()), (3, true, "c3"));
    assert!(chain.downgrade(&mut open, "base").await.unwrap().steps().is_empty());
    let history = chain.history(&mut open, "").await.unwrap();
    assert_eq!(history.iter().map(|entry| entry.revision().id()).collect::<Vec<_>>(), ["c3", "b2", "a1"]);
    match db.dialect {
        Dialect::Sqlite => {
            assert!(!db.path().exists());
            let error = chain.upgrade(&mut open, "head").await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::MissingFile { .. }), "{error}");
        }
        _ => assert_eq!(db.tables().await, ""),
    }
}

async fn stamping(db: &TestDatabase) {
    let (chain, mut open) = (three().build(), db.open().await);
    for (target, version) in
        [("a1", "a1"), ("b2", "b2"), ("b2", "b2"), ("a1", "a1"), ("head", "c3"), ("-1", "b2"), ("base", "")]
    {
        let report = chain.stamp(&mut open, target).await.unwrap();
        assert_eq!(report.to().unwrap_or_default(), version);
        assert_eq!(db.version().await, version, "{target}");
    }
    assert_eq!(db.tables().await, "alembic_version");
    chain.stamp(&mut open, "b2").await.unwrap();
    let history = chain.history(&mut open, "current:").await.unwrap();
    let marks: Vec<_> =
        history.iter().map(|entry| (entry.revision().id(), entry.is_head(), entry.is_current())).collect();
    assert_eq!(marks, [("c3", true, false), ("b2", false, true)]);
}

async fn taken_over_from_alembic(db: &TestDatabase) {
    db.run(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, \
         CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
    )
    .await;
    db.run("INSERT INTO alembic_version (version_num) VALUES ('a1')").await;
    db.run("CREATE TABLE runs (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40))").await;
    let (chain, mut open) = (three().build(), db.open().await);
    assert_eq!(chain.current(&mut open).await.unwrap().id(), Some("a1"));
    assert_eq!(chain.upgrade(&mut open, "head").await.unwrap().steps().len(), 2);
    assert_eq!(db.version().await, "c3");
}

async fn a_revision_nobody_knows(db: &TestDatabase) {
    let (chain, mut open) = (three().build(), db.open().await);
    chain.stamp(&mut open, "b2").await.unwrap();
    db.run("UPDATE alembic_version SET version_num = 'deadbeef'").await;
    for error in [
        chain.current(&mut open).await.unwrap_err(),
        chain.upgrade(&mut open, "head").await.unwrap_err(),
        chain.stamp(&mut open, "head").await.unwrap_err(),
    ] {
        assert!(matches!(error.kind(), ErrorKind::UnknownCurrent { id, .. } if id == "deadbeef"), "{error}");
        assert!(error.to_string().starts_with("Can't locate revision identified by 'deadbeef'"), "{error}");
        assert!(error.to_string().contains("stamp --purge <rev>"), "{error}");
    }
    let report = chain.migrator().purge(true).stamp(&mut open, "head").await.unwrap();
    assert_eq!((report.from(), report.to()), (Some("deadbeef"), Some("c3")));
    assert_eq!(db.version().await, "c3");
}

async fn two_rows(db: &TestDatabase) {
    let (chain, mut open) = (three().build(), db.open().await);
    chain.stamp(&mut open, "a1").await.unwrap();
    db.run("INSERT INTO alembic_version (version_num) VALUES ('b2')").await;
    for error in [chain.current(&mut open).await.unwrap_err(), chain.upgrade(&mut open, "head").await.unwrap_err()] {
        assert!(matches!(error.kind(), ErrorKind::ManyRows { ids, .. } if *ids == ["a1", "b2"]), "{error}");
    }
    chain.migrator().purge(true).stamp(&mut open, "base").await.unwrap();
    assert_eq!(db.version().await, "");
}

/// Other tools' tables, and broken ones: what stands in them is not known here, and said so. Nothing hangs.
async fn version_tables_of_another_kind(db: &TestDatabase) {
    for (column, value) in [("VARCHAR(32)", "NULL"), ("INTEGER", "7"), ("BLOB", "'a1'"), ("VARCHAR(32)", "''")] {
        let column = if db.dialect == Dialect::Postgres { column.replace("BLOB", "BYTEA") } else { column.to_owned() };
        db.run("DROP TABLE IF EXISTS alembic_version").await;
        db.run(&format!("CREATE TABLE alembic_version (version_num {column})")).await;
        db.run(&format!("INSERT INTO alembic_version (version_num) VALUES ({value})")).await;
        let (chain, mut open) = (three().build(), db.open().await);
        let current = chain.current(&mut open).await;
        // SQLite and MySQL can't tell bytes from text here, and the id is one of the chain's.
        if column == "BLOB" {
            assert_eq!(current.unwrap().id(), Some("a1"));
            continue;
        }
        for error in [
            current.unwrap_err(),
            chain.upgrade(&mut open, "head").await.unwrap_err(),
            chain.stamp(&mut open, "head").await.unwrap_err(),
        ] {
            assert!(matches!(error.kind(), ErrorKind::UnknownCurrent { .. }), "{column} {value}: {error}");
        }
    }
}

async fn failing_statement(db: &TestDatabase) {
    let chain = three().sql("d4", &["CREATE TABLE d (x INTEGER)", "UPDATE runs\nSET nowhere = 1\nWHERE id = 1"], &[]);
    let (chain, mut open) = (chain.build(), db.open().await);
    let error = chain.upgrade(&mut open, "head").await.unwrap_err();
    let statement = error.statement().unwrap();
    assert_eq!((error.revision(), statement.file()), (Some("d4"), "migrations/versions/d4_test.sql"));
    assert_eq!(statement.sql(), "UPDATE runs\nSET nowhere = 1\nWHERE id = 1");
    // PostgreSQL tells the line of the mistake, the others the statement's.
    assert_eq!(statement.line(), Some(if db.dialect == Dialect::Postgres { 14 } else { 13 }));
    let text = error.to_string();
    assert!(text.contains("nowhere"), "{text}");
    assert!(text.contains("statement: UPDATE runs SET nowhere = 1 WHERE id = 1"), "{text}");
    // What stays of it.
    let kept = if db.dialect == Dialect::Mysql { Kept::Noted } else { Kept::Nothing };
    assert!(matches!(error.kind(), ErrorKind::Statement { kept: is, .. } if *is == kept), "{error:?}");
    // A stamp gives up what was noted.
    if db.dialect == Dialect::Mysql {
        chain.stamp(&mut open, "c3").await.unwrap();
        db.run("DROP TABLE d").await;
    }
    // One without a position on PostgreSQL: found by counting.
    let chain =
        three().sql("d4", &["INSERT INTO results VALUES (1)", "DROP TABLE nowhere", "DELETE FROM results"], &[]);
    let error = chain.build().upgrade(&mut open, "head").await.unwrap_err();
    assert_eq!(error.statement().unwrap().line(), Some(13), "{error}");
}

/// Somebody else's tables, or this chain's, whose version table is gone.
async fn tables_that_no_version_tells_of(db: &TestDatabase) {
    db.run("CREATE TABLE runs (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40))").await;
    let (chain, mut open) = (three().build(), db.open().await);
    let error = chain.upgrade(&mut open, "head").await.unwrap_err();
    assert!(error.help().unwrap().contains("`stamp head`"), "{error}");
    chain.stamp(&mut open, "a1").await.unwrap();
    assert_eq!(chain.upgrade(&mut open, "head").await.unwrap().steps().len(), 2);
    // What a later revision meets is another mistake.
    let chain = three().sql("d4", &["CREATE TABLE runs (id INTEGER)"], &[]).build();
    let error = chain.upgrade(&mut open, "head").await.unwrap_err();
    assert!(!error.help().unwrap().contains("`stamp head`"), "{error}");
}

/// What the failure of a later revision leaves.
async fn failing_in_the_middle(db: &TestDatabase) {
    let chain = three().sql("d4", &["INSERT INTO nowhere VALUES (1)"], &[]).build();
    let mut open = db.open().await;
    let error = chain.upgrade(&mut open, "head").await.unwrap_err();
    let committed = error.report().unwrap().steps().len();
    match db.dialect {
        Dialect::Sqlite => assert_eq!((committed, db.version().await.as_str()), (0, "-")),
        _ => assert_eq!((committed, db.version().await.as_str()), (3, "c3")),
    }
    assert_eq!(error.revision(), Some("d4"));
    // The connection is in order: the same one goes on.
    assert_eq!(chain.upgrade(&mut open, "c3").await.unwrap().to(), Some("c3"));
}

fn merge<'a, 'c>(op: &'a mut Op<'c>) -> StepFuture<'a> {
    Box::pin(async {
        if op.exists("SELECT 1 FROM runs WHERE name = 'one'").await? {
            let rows = op.execute("UPDATE runs SET name = 'merged' WHERE name = 'one'").await?;
            op.log(format!("{rows} merged on {}", op.dialect().name()));
        }
        assert!(!op.exists("SELECT 1 FROM runs WHERE name = 'one'").await?);
        Ok(())
    })
}

fn refuse<'a, 'c>(op: &'a mut Op<'c>) -> StepFuture<'a> {
    Box::pin(async {
        op.execute("UPDATE runs SET name = 'x'").await?;
        Err(op.fail("2 runs have no project; give them one"))
    })
}

fn blunder<'a, 'c>(op: &'a mut Op<'c>) -> StepFuture<'a> {
    Box::pin(async {
        op.execute("UPDATE runs SET name = 'x'").await?;
        op.execute("UPDATE nowhere SET name = 'x'").await?;
        Ok(())
    })
}

async fn functions(db: &TestDatabase) {
    let (chain, mut open) = (three().functions("d4", merge, merge).build(), db.open().await);
    let said = Arc::new(Mutex::new(String::new()));
    let listener = Arc::clone(&said);
    let migrator = chain.migrator().on_event(move |event| {
        if let Event::Log { step, text, .. } = event {
            listener.lock().unwrap().push_str(&format!("{}: {text}", step.revision().id()));
        }
    });
    migrator.upgrade(&mut open, "head").await.unwrap();
    assert_eq!(*said.lock().unwrap(), format!("d4: 1 merged on {}", db.dialect.name()));
    assert_eq!((db.version().await.as_str(), db.list("SELECT name FROM runs").await.as_str()), ("d4", "merged,two"));
    chain.downgrade(&mut open, "-1").await.unwrap();
    assert_eq!(db.version().await, "c3");
    // As the first revision of all, too.
    let first = Chain::new().functions("z9", nothing, nothing).build();
    db.run("DROP TABLE alembic_version").await;
    first.upgrade(&mut open, "head").await.unwrap();
    assert_eq!(db.version().await, "z9");
}

fn nothing<'a, 'c>(_: &'a mut Op<'c>) -> StepFuture<'a> {
    Box::pin(async { Ok(()) })
}

async fn failing_function(db: &TestDatabase) {
    let mut open = db.open().await;
    let error = three().functions("d4", refuse, refuse).build().upgrade(&mut open, "head").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Custom { .. }));
    assert!(error.to_string().contains("2 runs have no project; give them one"), "{error}");
    let error = three().functions("d4", blunder, blunder).build().upgrade(&mut open, "head").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Function { kept: Kept::Nothing, .. }), "{error:?}");
    assert_eq!(error.statement().unwrap().sql(), "UPDATE nowhere SET name = 'x'");
    // The update before it was rolled back.
    assert_eq!((db.version().await.as_str(), db.list("SELECT name FROM runs").await.as_str()), ("c3", "one,two"));
    assert!(three().build().current(&mut open).await.unwrap().is_head());
}

/// A chain with 25 rows to fill in batches.
fn filling(statement: &str) -> Chain {
    let rows: Vec<String> = (1..=25).map(|id| format!("({id}, 'r')")).collect();
    let insert = format!("INSERT INTO runs (id, name) VALUES {}", rows.join(", "));
    let create = "CREATE TABLE runs (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40), done INTEGER)";
    let log = "CREATE TABLE log (id INTEGER)";
    Chain::new().sql("a1", &[create, log, &insert], &["DROP TABLE log", "DROP TABLE runs"]).batches(
        "b2",
        &[batch(Mode::Repeat(10), &[statement])],
        &[batch(Mode::Transaction, &["UPDATE runs SET done = NULL"])],
    )
}

const FILL: &str = "UPDATE runs SET done = 1 WHERE id IN \
    (SELECT id FROM (SELECT id FROM runs WHERE done IS NULL ORDER BY id LIMIT 10) AS batch)";

async fn repeats(db: &TestDatabase) {
    let (chain, mut open) = (filling(FILL).build(), db.open().await);
    let mut seen = Vec::new();
    let migrator = chain.migrator().on_event(|event| {
        if let Event::BatchProgress { rows, rounds, .. } = event {
            seen.push((rounds, rows));
        }
    });
    migrator.upgrade(&mut open, "head").await.unwrap();
    assert_eq!(seen, [(1, 10), (2, 20), (3, 25)]);
    assert_eq!(db.list("SELECT count(*) FROM runs WHERE done = 1").await, "25");
    assert_eq!(db.version().await, "b2");
    chain.downgrade(&mut open, "base").await.unwrap();
    assert_eq!(db.version().await, "");
}

async fn repeat_without_progress(db: &TestDatabase) {
    let mut open = db.open().await;
    // Without a limit; and with one, but without excluding what is done.
    let same =
        "UPDATE runs SET done = 1 WHERE id IN (SELECT id FROM (SELECT id FROM runs ORDER BY id LIMIT 10) AS batch)";
    for statement in ["UPDATE runs SET done = 1", same, "INSERT INTO log SELECT id FROM runs"] {
        let chain = filling(statement).build();
        let error = chain.upgrade(&mut open, "head").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::NoProgress { batch: 10, .. }), "{error}");
        assert_eq!(error.statement().unwrap().line(), Some(11));
        assert_eq!(db.version().await, "a1", "the version row names the lower revision");
    }
}

async fn no_transaction_batches(db: &TestDatabase) {
    let index = match db.dialect {
        Dialect::Postgres => "CREATE INDEX CONCURRENTLY runs_name ON runs (name)",
        _ => "CREATE INDEX runs_name ON runs (name)",
    };
    let drop = match db.dialect {
        Dialect::Postgres => "DROP INDEX CONCURRENTLY runs_name",
        Dialect::Sqlite => "DROP INDEX runs_name",
        _ => "DROP INDEX runs_name ON runs",
    };
    let chain = three()
        .batches(
            "d4",
            &[
                batch(Mode::Transaction, &["INSERT INTO results VALUES (7)"]),
                batch(Mode::NoTransaction, &[index, &index.replace("runs_name ON", "runs_name2 ON")]),
                batch(Mode::Transaction, &["INSERT INTO results VALUES (8)"]),
            ],
            &[batch(Mode::NoTransaction, &[drop, &drop.replace("runs_name", "runs_name2")])],
        )
        .batches("e5", &[batch(Mode::NoTransaction, &["INSERT INTO results VALUES (9)"])], &[])
        .build();
    let mut open = db.open().await;
    chain.upgrade(&mut open, "head").await.unwrap();
    assert_eq!((db.version().await.as_str(), db.list("SELECT id FROM results").await.as_str()), ("e5", "7,8,9"));
    chain.downgrade(&mut open, "c3").await.unwrap();
    assert_eq!(db.version().await, "c3");
    // Half of it fails: the version row names the lower revision, and what ran is noted.
    db.run(&index.replace("runs_name ON", "runs_name2 ON")).await;
    db.run("DELETE FROM results").await;
    let error = chain.upgrade(&mut open, "head").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Statement { kept: Kept::Noted, .. }), "{error:?}");
    assert_eq!(error.statement().unwrap().line(), Some(13));
    assert_eq!((db.version().await.as_str(), db.list("SELECT id FROM results").await.as_str()), ("c3", "7"));
    // The cause is mended, and the next run goes on there.
    db.run(&drop.replace("runs_name", "runs_name2")).await;
    let resumed = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&resumed);
    let migrator = chain.migrator().on_event(move |event| {
        if let Event::Resumed { step, done, statements, .. } = event {
            listener.lock().unwrap().push((step.revision().id(), done, statements));
        }
    });
    let report = migrator.upgrade(&mut open, "head").await.unwrap();
    assert_eq!(report.steps().iter().map(|step| step.step().revision().id()).collect::<Vec<_>>(), ["d4", "e5"]);
    assert_eq!(*resumed.lock().unwrap(), [("d4", 2, 4)]);
    assert_eq!((db.version().await.as_str(), db.list("SELECT id FROM results").await.as_str()), ("e5", "7,8,9"));
    // On the way down the row is below while a step is under way.
    chain.downgrade(&mut open, "d4").await.unwrap();
    db.run(&drop.replace("runs_name", "runs_name2")).await;
    chain.downgrade(&mut open, "-1").await.unwrap_err();
    assert_eq!(db.version().await, "c3");
    db.run(&index.replace("runs_name ON", "runs_name2 ON")).await;
    // Whoever wants up again first finishes the way down.
    db.run("DELETE FROM results").await;
    chain.upgrade(&mut open, "d4").await.unwrap();
    assert_eq!((db.version().await.as_str(), db.list("SELECT id FROM results").await.as_str()), ("d4", "7,8"));
}

async fn events(db: &TestDatabase) {
    let (chain, mut open) = (three().build(), db.open().await);
    let mut seen = Vec::new();
    let migrator = chain.migrator().on_event(|event| match event {
        Event::StepStarted { step, .. } => seen.push(format!("+{}", step.revision().id())),
        Event::StepDone { step, .. } => seen.push(format!("={}", step.revision().id())),
        _ => {}
    });
    migrator.upgrade(&mut open, "b2").await.unwrap();
    let expected: &[&str] = match db.dialect {
        Dialect::Sqlite => &["+a1", "+b2", "=a1", "=b2"],
        _ => &["+a1", "=a1", "+b2", "=b2"],
    };
    assert_eq!(seen, expected);
}

/// Starters at the same instant on an empty database: each revision runs once, and all succeed. (MySQL commits DDL by
/// itself: there this waits for the journal.)
async fn racing_starters(db: &TestDatabase) {
    if db.dialect == Dialect::Mysql {
        return;
    }
    for round in 0..5 {
        let chain = three().build();
        let mut starters = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let url = db.url.clone();
            starters.spawn(async move {
                let mut open = Database::connect(&url).await?;
                Ok::<_, Error>(chain.upgrade(&mut open, "head").await?.steps().len())
            });
        }
        let ran: usize = starters.join_all().await.into_iter().map(Result::unwrap).sum();
        assert_eq!(ran, 3, "round {round}");
        assert_eq!(db.list("SELECT id FROM runs").await, "1,2");
        db.run("DROP TABLE runs").await;
        db.run("DROP TABLE results").await;
        db.run("DROP TABLE alembic_version").await;
    }
}

async fn the_future_is_send(db: &TestDatabase) {
    let (chain, url) = (three().build(), db.url.clone());
    let task = tokio::spawn(async move {
        let mut open = Database::connect(&url).await?;
        chain.upgrade(&mut open, "head").await?;
        chain.plan(&mut open, Direction::Downgrade, "base").await?;
        chain.history(&mut open, "").await?;
        chain.stamp(&mut open, "a1").await?;
        chain.current(&mut open).await
    });
    assert_eq!(task.await.unwrap().unwrap().id(), Some("a1"));
}

async fn custom_version_table(db: &TestDatabase) {
    let schema = match db.dialect {
        Dialect::Postgres => {
            db.run("CREATE SCHEMA app").await;
            Some("app")
        }
        _ => None,
    };
    let (chain, mut open) = (three().table("my \"versions`", schema).build(), db.open().await);
    chain.upgrade(&mut open, "head").await.unwrap();
    assert_eq!(chain.current(&mut open).await.unwrap().id(), Some("c3"));
    chain.downgrade(&mut open, "base").await.unwrap();
    assert_eq!(chain.current(&mut open).await.unwrap().id(), None);
    assert_eq!(db.version().await, "-");
}

/// A row that the guards would never match (a hand, or an `echo`, wrote it) is no id: a run would look again and again.
/// The padding of a CHAR column is none of the id's.
async fn an_id_that_is_nearly_one(db: &TestDatabase) {
    let (chain, mut open) = (three().build(), db.open().await);
    for nearly in ["b2 ", "b2\n", " b2", "B2", "b"] {
        db.run(&format!(
            "DROP TABLE IF EXISTS alembic_version; CREATE TABLE alembic_version (version_num VARCHAR(32)); \
                         INSERT INTO alembic_version VALUES ('{nearly}')"
        ))
        .await;
        for error in [
            chain.current(&mut open).await.unwrap_err(),
            chain.upgrade(&mut open, "head").await.unwrap_err(),
            chain.stamp(&mut open, "head").await.unwrap_err(),
        ] {
            assert!(
                matches!(error.kind(), ErrorKind::UnknownCurrent { id, .. } if id == nearly),
                "{nearly:?}: {error}"
            );
        }
    }
    db.run(
        "DROP TABLE alembic_version; CREATE TABLE alembic_version (version_num CHAR(40)); \
            INSERT INTO alembic_version VALUES ('b2')",
    )
    .await;
    assert_eq!(chain.current(&mut open).await.unwrap().id(), Some("b2"));
    assert_eq!(chain.stamp(&mut open, "c3").await.unwrap().to(), Some("c3"));
    assert_eq!(chain.current(&mut open).await.unwrap().id(), Some("c3"));
}

async fn upgrade_behind(db: &TestDatabase) {
    let (chain, mut open) = (three().build(), db.open().await);
    assert!(!chain.upgrade(&mut open, "head").await.unwrap().target_is_behind());
    let report = chain.upgrade(&mut open, "a1").await.unwrap();
    assert!(report.target_is_behind() && report.steps().is_empty());
    assert_eq!((report.to(), db.version().await.as_str()), (Some("c3"), "c3"));
}

/// Pools, connections out of pools, single connections; and none of them inside a transaction.
async fn every_way_to_name_a_database(db: &TestDatabase) {
    use sqlx::Connection;
    let chain = three().build();
    macro_rules! ways {
        ($pool:ty, $connection:ty) => {{
            let pool = <$pool>::connect(&db.url.replace("test.db", "test.db?mode=rwc")).await.unwrap();
            chain.upgrade(&pool, "a1").await.unwrap();
            let mut lent = pool.acquire().await.unwrap();
            chain.upgrade(&mut lent, "b2").await.unwrap();
            chain.upgrade(&mut *lent, "c3").await.unwrap();
            drop(lent);
            let mut single = <$connection>::connect(&db.url).await.unwrap();
            chain.downgrade(&mut single, "base").await.unwrap();
            let mut transaction = single.begin().await.unwrap();
            let error = chain.upgrade(&mut *transaction, "head").await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::OpenTransaction { .. }), "{error}");
            // It is still the caller's to end.
            sqlx::raw_sql("SELECT 1").execute(&mut *transaction).await.unwrap();
            transaction.commit().await.unwrap();
            // One that sqlx does not know of. (MySQL itself can't tell; MariaDB can.)
            if db.dialect != Dialect::Mysql || db.is_mariadb().await {
                sqlx::raw_sql("BEGIN").execute(&mut single).await.unwrap();
                sqlx::raw_sql("SELECT version_num FROM alembic_version").execute(&mut single).await.unwrap();
                let error = chain.upgrade(&mut single, "head").await.unwrap_err();
                assert!(matches!(error.kind(), ErrorKind::OpenTransaction { .. }), "{error}");
                sqlx::raw_sql("ROLLBACK").execute(&mut single).await.unwrap();
            }
            assert_eq!(db.version().await, "");
            chain.stamp(&mut single, "b2").await.unwrap();
            chain.migrator().purge(true).stamp(&mut single, "base").await.unwrap();
            assert_eq!(db.version().await, "");
            chain.upgrade(&mut single, "head").await.unwrap();
            single.close().await.unwrap();
            pool.close().await;
        }};
    }
    match db.dialect {
        Dialect::Sqlite => ways!(sqlx::SqlitePool, sqlx::SqliteConnection),
        Dialect::Postgres => ways!(sqlx::PgPool, sqlx::PgConnection),
        _ => ways!(sqlx::MySqlPool, sqlx::MySqlConnection),
    }
    assert_eq!(db.version().await, "c3");
}

/// The guard: the row is moved by someone else between the read and the flight.
async fn the_row_moves_behind_the_back(db: &TestDatabase) {
    let (chain, mut open) = (three().build(), db.open().await);
    chain.upgrade(&mut open, "a1").await.unwrap();
    let rival = db.url.clone();
    let (mut started, mut moved) = (0, false);
    let handle = tokio::runtime::Handle::current();
    // The listener hears of a step before its flight: time enough to take the step away.
    let migrator = chain.migrator().on_event(|event| match event {
        Event::StepStarted { step, .. } if step.revision().id() == "b2" => {
            started += 1;
            if started == 1 {
                let rival = rival.clone();
                tokio::task::block_in_place(|| {
                    handle.block_on(async {
                        let mut other = Database::connect(&rival).await.unwrap();
                        chain.upgrade(&mut other, "b2").await.unwrap();
                    });
                });
            }
        }
        Event::MovedElsewhere { step, .. } => {
            assert_eq!(step.revision().id(), "b2");
            moved = true;
        }
        _ => {}
    });
    let done = migrator.upgrade(&mut open, "head").await;
    let ran: Vec<_> = done.unwrap().steps().iter().map(|step| step.step().revision().id()).collect();
    assert!(moved);
    assert_eq!((ran, db.version().await.as_str()), (vec!["c3"], "c3"));
    assert_eq!(db.list("SELECT id FROM runs").await, "1,2");
}

/// While this one is about to downgrade, another upgrades past a revision that has no way back.
async fn a_plan_made_anew_is_checked_anew(db: &TestDatabase) {
    let up = work(&[batch(Mode::Transaction, &["INSERT INTO results VALUES (1)"])]);
    let (chain, mut open) = (three().work("d4", up, Work::Irreversible("the rows are gone")).build(), db.open().await);
    chain.upgrade(&mut open, "c3").await.unwrap();
    let (url, handle, mut once) = (db.url.clone(), tokio::runtime::Handle::current(), true);
    let migrator = chain.migrator().on_event(|event| {
        if matches!(event, Event::StepStarted { .. }) && std::mem::take(&mut once) {
            tokio::task::block_in_place(|| {
                handle.block_on(async {
                    let mut other = Database::connect(&url).await.unwrap();
                    chain.upgrade(&mut other, "head").await.unwrap();
                });
            });
        }
    });
    let error = migrator.downgrade(&mut open, "a1").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Irreversible { .. }), "{error}");
    assert_eq!((error.revision(), db.version().await.as_str()), (Some("d4"), "d4"));
}

async fn empty_chain(db: &TestDatabase) {
    let (chain, mut open) = (Chain::new().build(), db.open().await);
    assert!(chain.upgrade(&mut open, "head").await.unwrap().steps().is_empty());
    assert!(chain.current(&mut open).await.unwrap().is_head());
    chain.stamp(&mut open, "head").await.unwrap();
    assert!(chain.history(&mut open, "").await.unwrap().is_empty());
    // A work type that is not used elsewhere here.
    let _: Work = work(&[]);
}

fn says<'a>(op: &'a mut Op<'_>) -> StepFuture<'a> {
    Box::pin(async {
        let said = format!("{:?} {:?} {:?} {:?}", op.argument("a"), op.argument("b"), op.argument("c"), op.tag());
        op.log(said);
        Ok(())
    })
}

/// What is said on the command line with `-x` and `--tag`.
async fn arguments_reach_functions(db: &TestDatabase) {
    let (chain, mut open) = (Chain::new().functions("a1", says, says).build(), db.open().await);
    let mut heard = Vec::new();
    let hear = |event: Event<'_>| {
        if let Event::Log { text, .. } = event {
            heard.push(text.to_owned());
        }
    };
    let told = chain.migrator().on_event(hear).argument("a", "1").argument("b", "").argument("a", "2").tag("blue");
    told.upgrade(&mut open, "head").await.unwrap();
    assert_eq!(heard, ["Some(\"2\") Some(\"\") None Some(\"blue\")"]);
}

/// Made once, empty, and the same that an upgrade makes; and the journal where that is to be told.
async fn the_version_table_alone(db: &TestDatabase) {
    let (chain, mut open) = (three().edited(Edited::Off).build(), db.open().await);
    assert!(!chain.current(&mut open).await.unwrap().has_version_table());
    assert!(chain.ensure_version(&mut open).await.unwrap());
    assert!(!chain.ensure_version(&mut open).await.unwrap());
    let current = chain.current(&mut open).await.unwrap();
    assert_eq!((current.id(), current.has_version_table()), (None, true));
    assert_eq!((db.tables().await, db.version().await), ("alembic_version".to_owned(), String::new()));
    let chain = three().build();
    assert!(!chain.ensure_version(&mut open).await.unwrap());
    assert_eq!(db.tables().await, "alembic_version,revchain_journal");
    chain.upgrade(&mut open, "head").await.unwrap();
    assert!(!chain.ensure_version(&mut open).await.unwrap());
    assert_eq!(db.version().await, "c3");
}

/// What a watcher hears: statements one by one, and the same result.
async fn watched_statements(db: &TestDatabase) {
    let repeat = if db.dialect == Dialect::Mysql {
        "UPDATE runs SET name = NULL WHERE name IS NOT NULL LIMIT 1"
    } else {
        "UPDATE runs SET name = NULL WHERE id IN (SELECT id FROM runs WHERE name IS NOT NULL LIMIT 1)"
    };
    let chain = three()
        .functions("d4", merge, merge)
        .batches("e5", &[batch(Mode::NoTransaction, &["DROP TABLE results"]), batch(Mode::Repeat(1), &[repeat])], &[])
        .sql("f6", &["UPDATE runs SET state = 'x'", "UPDATE nowhere\nSET\n  y = 1"], &[])
        .build();
    let mut open = db.open().await;
    let said = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&said);
    let migrator = chain.migrator().watch_statements().on_event(move |event| {
        let text = match event {
            Event::StatementStarted { step, line, sql, .. } => {
                let place = line.map(|line| format!(":{line}")).unwrap_or_default();
                format!(
                    "{}{place} {}",
                    step.revision().id(),
                    sql.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
                )
            }
            Event::StatementDone { step, line, .. } => {
                format!("{}{} done", step.revision().id(), line.map(|line| format!(":{line}")).unwrap_or_default())
            }
            Event::BatchProgress { rows, .. } => format!("{rows} rows"),
            _ => return,
        };
        listener.lock().unwrap().push(text);
    });
    let error = migrator.upgrade(&mut open, "head").await.unwrap_err();
    let expected = "a1:11 CREATE TABLE|a1:11 done|b2:11 INSERT INTO|b2:11 done|b2:13 ALTER TABLE|b2:13 done|\
                    b2:15 UPDATE runs|b2:15 done|c3:11 CREATE TABLE|c3:11 done|\
                    d4 SELECT 1|d4 done|d4 UPDATE runs|d4 done|d4 SELECT 1|d4 done|\
                    e5:11 DROP TABLE|e5:11 done|e5:11 UPDATE runs|1 rows|2 rows|2 rows|e5:11 done|\
                    f6:11 UPDATE runs|f6:11 done|f6:13 UPDATE nowhere";
    assert_eq!(said.lock().unwrap().join("|"), expected);
    assert_eq!((db.version().await.as_str(), error.revision()), ("e5", Some("f6")));
    assert_eq!(error.statement().unwrap().line(), Some(13), "{error}");
    assert_eq!(db.list("SELECT DISTINCT state FROM runs").await, "new");
    chain.migrator().watch_statements().downgrade(&mut open, "d4").await.unwrap();
    assert_eq!(db.version().await, "d4");
}

/// A statement that goes on and on.
fn endless(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "SELECT pg_sleep(600)",
        Dialect::Mysql => "INSERT INTO results SELECT SLEEP(600)",
        _ => {
            "INSERT INTO results SELECT n FROM (WITH RECURSIVE c(n) AS (SELECT 5 UNION ALL SELECT n + 1 FROM c) \
             SELECT n FROM c) WHERE n < 0"
        }
    }
}

async fn a_statement_that_takes_too_long(db: &TestDatabase) {
    if db.dialect == Dialect::Mysql && !db.is_mariadb().await {
        // MySQL limits nothing but SELECT.
        return;
    }
    let sql = endless(db.dialect);
    for (mode, watch) in [(Mode::Transaction, false), (Mode::Transaction, true), (Mode::NoTransaction, false)] {
        let chain = three().batches("d4", &[batch(mode, &["DELETE FROM results", sql])], &[]).build();
        let mut open = db.open().await;
        let mut migrator = chain.migrator().statement_timeout(Duration::from_millis(200));
        if watch {
            migrator = migrator.watch_statements();
        }
        let error = migrator.upgrade(&mut open, "head").await.unwrap_err();
        assert_eq!((error.revision(), error.statement().unwrap().line()), (Some("d4"), Some(13)), "{error}");
        assert_eq!(error.timed_out(), Some(TimedOut::Statement), "{mode:?} {error}");
        assert!(error.to_string().contains("it ran into the statement time-out"), "{mode:?} {error}");
        // The connection is in order.
        chain.upgrade(&mut open, "c3").await.unwrap();
        assert_eq!(db.version().await, "c3");
    }
}

async fn a_lock_that_is_never_given_up(db: &TestDatabase) {
    let mut open = db.open().await;
    three().build().upgrade(&mut open, "head").await.unwrap();
    let holder = db.hold("DELETE FROM runs").await;
    let chain = three().sql("d4", &["ALTER TABLE runs ADD COLUMN more INTEGER"], &[]).build();
    let limited = || chain.migrator().lock_timeout(Duration::from_millis(100));
    let error = limited().upgrade(&mut open, "head").await.unwrap_err();
    assert_eq!(error.timed_out(), Some(TimedOut::Lock), "{error}");
    assert!(error.to_string().contains("it ran into the lock time-out"), "{error}");
    assert!(error.to_string().contains("`lock_timeout` in revchain.toml"), "{error}");
    holder.let_go().await;
    limited().upgrade(&mut open, "head").await.unwrap();
    assert_eq!(db.version().await, "d4");
}

/// A connection that is handed in has its own limits afterwards, however the run ended.
async fn limits_end_with_the_run(db: &TestDatabase) {
    let chain = three()
        .batches("d4", &[batch(Mode::NoTransaction, &["DELETE FROM results"])], &[])
        .batches("e5", &[batch(Mode::NoTransaction, &["DELETE FROM nowhere"])], &[])
        .build();
    let (lock, statement) = (Duration::from_secs(7), Duration::from_secs(9));
    macro_rules! check {
        ($connection:ty, $own:literal, $limits:literal, $expected:literal) => {{
            drop(db.open().await);
            let mut lent = <$connection>::connect(&db.url).await.unwrap();
            raw_sql($own).execute(&mut lent).await.unwrap();
            for target in ["c3", "d4", "head"] {
                let migrator = chain.migrator().lock_timeout(lock).statement_timeout(statement);
                assert_eq!(migrator.upgrade(&mut lent, target).await.is_ok(), target != "head");
                let row = raw_sql($limits).fetch_one(&mut lent).await.unwrap();
                assert_eq!(row.get_unchecked::<String, _>(0), $expected, "{target}");
            }
            lent.close().await.unwrap();
        }};
    }
    match db.dialect {
        Dialect::Postgres => check!(
            sqlx::PgConnection,
            "SET lock_timeout = '3s'; SET statement_timeout = '4min'",
            "SELECT current_setting('lock_timeout') || ' ' || current_setting('statement_timeout')",
            "3s 4min"
        ),
        Dialect::Mysql => check!(
            sqlx::MySqlConnection,
            "SET SESSION lock_wait_timeout = 3, innodb_lock_wait_timeout = 4 /*M! , max_statement_time = 500 */ \
             /*!50708 , max_execution_time = 500 */",
            "SELECT CONCAT(@@lock_wait_timeout, ' ', @@innodb_lock_wait_timeout, ' ', \
             FLOOR(0 /*M! + @@max_statement_time */ /*!50708 + @@max_execution_time */))",
            "3 4 500"
        ),
        _ => {
            check!(
                sqlx::SqliteConnection,
                "PRAGMA busy_timeout = 1234",
                "SELECT CAST(timeout AS TEXT) FROM pragma_busy_timeout",
                "1234"
            )
        }
    }
}
