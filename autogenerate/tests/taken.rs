//! Databases that nobody wrote, taken over for all dialects: what `baseline` writes for each is run there, up, down and up again,
//! and every time the database holds what the replay says. On PostgreSQL and MariaDB or MySQL where `REVCHAIN_TEST_POSTGRES` and
//! `REVCHAIN_TEST_MYSQL` name a server.
//!
//! `REVCHAIN_TEST_SEED` is another seed, `PROPTEST_CASES` another number of databases.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say so when they fail")]

#[path = "../../reflect/tests/common/mod.rs"]
mod common;
#[path = "../../reflect/tests/generated/maker.rs"]
mod maker;

use std::cell::RefCell;
use std::fmt::Write as _;

use common::{Open, TestDatabase};
use maker::{Op, revisions};
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use revchain_autogenerate::{Baseline, Script, baseline, baseline_for};
use revchain_core::Dialect;
use revchain_reflect::Scope;
use revchain_schema::{Comparison, Schema, compare_stored};

const CASES: u32 = 30;

fn setting(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn runner() -> TestRunner {
    let cases = setting("PROPTEST_CASES").and_then(|cases| cases.try_into().ok()).unwrap_or(CASES);
    // Databases that can't be made are left out: less than there are others.
    let max_global_rejects = cases / 2;
    let config =
        Config { cases, failure_persistence: None, max_shrink_iters: 100, max_global_rejects, ..Config::default() };
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&setting("REVCHAIN_TEST_SEED").unwrap_or(1).to_le_bytes());
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

/// An empty database. PostgreSQL takes its time for a new one.
async fn empty(dialect: Dialect, kept: &mut Option<TestDatabase>) -> Option<TestDatabase> {
    match kept.take() {
        Some(mut db) if dialect == Dialect::Postgres => {
            db.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
            Some(db)
        }
        other => {
            *kept = other;
            TestDatabase::make(dialect).await
        }
    }
}

/// Leaves a database for the next, or takes it away. One in which a transaction failed is gone.
async fn leave(db: TestDatabase, is_well: bool, kept: &mut Option<TestDatabase>) {
    match matches!(db.connection, Open::Postgres(_)) && is_well && kept.is_none() {
        true => *kept = Some(db),
        false => db.finish().await,
    }
}

/// What is read of a database that these statements made, where they can.
async fn made(
    dialect: Dialect,
    statements: &[String],
    kept: &mut Option<TestDatabase>,
) -> Option<Result<Schema, String>> {
    let mut db = empty(dialect, kept).await?;
    let mut result = Ok(());
    for statement in statements {
        result = db.execute(statement).await.map_err(|error| format!("{statement}: {error}"));
        if result.is_err() {
            break;
        }
    }
    let stored = db.reflect(&Scope::default()).await;
    leave(db, true, kept).await;
    Some(result.map(|()| stored))
}

/// Runs a script, in a transaction where there is such a thing for DDL, and looks at what it led to.
async fn run(db: &mut TestDatabase, script: &Script, to: &Schema) -> Result<Comparison, String> {
    let is_whole = to.dialect != Dialect::Mysql;
    if is_whole {
        db.run("BEGIN").await;
    }
    for step in &script.steps {
        db.execute(&step.sql).await.map_err(|error| format!("{}\n{error}\nof\n{}", step.sql, text(script)))?;
    }
    if is_whole {
        db.execute("COMMIT").await.map_err(|error| format!("COMMIT\n{error}\nof\n{}", text(script)))?;
    }
    let found = compare_stored(to, &db.reflect(&Scope::default()).await);
    match found.differences.is_empty() {
        true => Ok(found),
        false => Err(format!("{:#?}\nafter\n{}", found.differences, text(script))),
    }
}

fn text(script: &Script) -> String {
    let mut text = String::new();
    for step in &script.steps {
        for line in step.note.iter().flat_map(|note| note.lines()) {
            writeln!(text, "-- {line}").unwrap();
        }
        writeln!(text, "{};", step.sql).unwrap();
    }
    script.remarks.iter().for_each(|remark| writeln!(text, "-- {remark}").unwrap());
    text
}

/// Up, down and up again, on a database of the dialect that it was written for.
async fn walk(written: &Baseline, kept: &mut Option<TestDatabase>) -> Result<(), String> {
    let dialect = written.schema.dialect;
    let whole = &written.written;
    for script in [&whole.upgrade, &whole.downgrade] {
        if let Some(gap) = written.gaps.iter().find(|gap| gap.starts_with("it is not quite what is meant")) {
            return Err(format!("{dialect}: {gap}\nof\n{}", text(script)));
        }
        // A comment stands for what could not work: the translation should not say such a thing.
        if let Some(remark) = script.remarks.iter().find(|remark| remark.starts_with("gap: left out:")) {
            return Err(format!("{dialect}: {remark}\nof\n{}", text(script)));
        }
    }
    if !written.way_back.holds() {
        return Err(format!("{dialect}: {:#?}\nafter\n{}", written.way_back, text(&whole.downgrade)));
    }
    let Some(mut db) = empty(dialect, kept).await else { return Ok(()) };
    let nothing = Schema::empty(dialect);
    let mut result = Ok(());
    for (script, to) in
        [(&whole.upgrade, &written.schema), (&whole.downgrade, &nothing), (&whole.upgrade, &written.schema)]
    {
        result = run(&mut db, script, to).await.map(drop).map_err(|error| format!("on {dialect}: {error}"));
        if result.is_err() {
            break;
        }
    }
    leave(db, result.is_ok(), kept).await;
    result
}

/// Takes a database over for all dialects, and tries each.
async fn takes_over(stored: &Schema, kept: &mut Option<TestDatabase>) -> Result<(), String> {
    for dialect in Dialect::ALL {
        let written = match dialect == stored.dialect {
            true => baseline(stored).0,
            false => baseline_for(stored, dialect),
        };
        walk(&written, kept).await?;
    }
    Ok(())
}

fn every_database(dialect: Dialect) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let strategy = vec((0..Op::KINDS, any::<u8>(), any::<u8>(), any::<u8>()), 1..20);
    let kept = RefCell::new(None);
    let result = runner().run(&strategy, |ops| {
        let ops: Vec<Op> = ops.iter().map(|&(kind, a, b, c)| Op { kind, a, b, c }).collect();
        let statements: Vec<String> =
            revisions(dialect, &ops).into_iter().map(|(up, _)| up.replace("@rebuild", "")).collect();
        let mut kept = kept.borrow_mut();
        runtime.block_on(async {
            let stored = match made(dialect, &statements, &mut kept).await {
                None => return Ok(()),
                Some(Err(refused)) => return Err(TestCaseError::reject(refused)),
                Some(Ok(stored)) => stored,
            };
            let r = takes_over(&stored, &mut kept).await;
            if std::env::var("TAKEN_ALL").is_ok() { if let Err(e) = r { eprintln!("#### {}\n   ## {}", e.lines().take(24).collect::<Vec<_>>().join("\n    "), statements.join("\n   ## ")); } return Ok(()); }
            r.map_err(|error| {
                TestCaseError::fail(format!("{error}\nof the database\n{};\n", statements.join(";\n")))
            })
        })
    });
    if let Some(db) = kept.into_inner() {
        runtime.block_on(db.finish());
    }
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn databases_of_postgres() {
    every_database(Dialect::Postgres);
}

#[test]
fn databases_of_mysql() {
    every_database(Dialect::Mysql);
}

#[test]
fn databases_of_sqlite() {
    every_database(Dialect::Sqlite);
}
