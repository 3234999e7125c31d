//! Pairs of schemas that nobody wrote: what is written from one to the other leads there, and back again, by replay; and on
//! PostgreSQL and MariaDB or MySQL, with rows in the tables, where `REVCHAIN_TEST_POSTGRES` and `REVCHAIN_TEST_MYSQL` name a server.
//!
//! `REVCHAIN_TEST_SEED` is another seed, `PROPTEST_CASES` another number of pairs.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say so when they fail")]

#[path = "../../reflect/tests/common/mod.rs"]
mod common;
mod pairs {
    pub(crate) mod draft;
}

use std::cell::RefCell;

use common::{Open, TestDatabase};
use pairs::draft::{Draft, DraftTable};
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use revchain_autogenerate::{Proof, Renames, Script, prove, write};
use revchain_core::{Dialect, Severity, Sources};
use revchain_reflect::Scope;
use revchain_schema::{Schema, apply, compare_stored};

fn setting(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn runner(cases: u32, shrinks: u32) -> TestRunner {
    let cases = setting("PROPTEST_CASES").and_then(|cases| cases.try_into().ok()).unwrap_or(cases);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: shrinks, ..Config::default() };
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&setting("REVCHAIN_TEST_SEED").unwrap_or(1).to_le_bytes());
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

/// The schema of a draft.
fn schema(dialect: Dialect, draft: &Draft) -> Result<Schema, String> {
    let sql = draft.statements().join(";\n");
    let made = apply(&Schema::empty(dialect), &sql);
    match made.problems.as_slice() {
        [] => Ok(made.schema),
        problems => Err(format!("{sql}\n{problems:#?}")),
    }
}

/// A script from one to the other, proved.
fn proved(from: &Schema, to: &Schema) -> Result<(Script, Proof), String> {
    let script = write(from, to, &Renames::default());
    let proof = prove(from, &script, to);
    match proof.holds() && script.omitted.is_empty() {
        true => Ok((script, proof)),
        false => Err(format!(
            "{}\nomitted: {:#?}\nproblems: {:#?}\ndifferences: {:#?}",
            text(&script),
            script.omitted,
            proof.problems,
            proof.differences
        )),
    }
}

fn text(script: &Script) -> String {
    let step = |step: &revchain_autogenerate::Step| {
        let note = step.note.as_ref().map_or_else(String::new, |note| format!("-- {note}\n"));
        format!("{note}{};\n", step.sql)
    };
    script.steps.iter().map(step).collect()
}

/// Runs a test on pairs of drafts. What is shown is the smallest that fails.
fn every_pair(dialect: Dialect, (cases, shrinks): (u32, u32), test: impl Fn(&Draft, &Draft) -> Result<(), String>) {
    let strategy = (vec(any::<u8>(), 0..160), vec(any::<u8>(), 0..160));
    let result = runner(cases, shrinks).run(&strategy, |(one, other)| {
        let (one, other) = (Draft::of(dialect, &one), Draft::of(dialect, &other));
        test(&one, &other).map_err(|error| {
            let (one, other) = (one.statements().join(";\n"), other.statements().join(";\n"));
            TestCaseError::fail(format!("\n{error}\nfrom:\n{one};\nto:\n{other};\n"))
        })
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

fn by_replay(dialect: Dialect) {
    every_pair(dialect, (200, 2000), |one, other| {
        let (from, to) = (schema(dialect, one)?, schema(dialect, other)?);
        let (_, there) = proved(&from, &to)?;
        proved(&there.schema, &from)?;
        proved(&from, &from.clone()).map(drop)
    });
}

#[test]
fn postgres_by_replay() {
    by_replay(Dialect::Postgres);
}

#[test]
fn mysql_by_replay() {
    by_replay(Dialect::Mysql);
}

/// MySQL and MariaDB both take what is written, as far as the build can tell.
#[test]
fn mysql_and_mariadb_take_the_same() {
    every_pair(Dialect::Mysql, (60, 200), |one, other| {
        let (from, to) = (schema(Dialect::Mysql, one)?, schema(Dialect::Mysql, other)?);
        let first = write(&Schema::empty(Dialect::Mysql), &from, &Renames::default());
        let (there, _) = proved(&from, &to)?;
        let mut sources = Sources::default();
        sources.add("revchain.toml", "revchain.toml", b"dialects = ['mysql']\nflavour = 'both'".to_vec());
        for (id, down_revision, script) in [("a", "base", &first), ("b", "a", &there)] {
            let text = format!(
                "-- m\n-- revision: {id}\n-- down_revision: {down_revision}\n-- @upgrade\n{}\n-- @downgrade; irreversible: a test\n",
                text(script)
            );
            let path = format!("versions/{id}.sql");
            sources.add(path.clone(), path, text.into_bytes());
        }
        let (_, findings) = revchain_schema::verify(&sources);
        match findings.iter().find(|finding| finding.severity == Severity::Error) {
            Some(finding) => Err(format!("{finding:#?}")),
            None => Ok(()),
        }
    });
}

/// Whether a row of a table of the one can stay while it becomes the other's and one again.
fn can_stay(table: &DraftTable, other: Option<&DraftTable>) -> bool {
    let needs = |from: &DraftTable, to: &DraftTable| {
        to.columns.iter().any(|column| column.needs_value && from.columns.iter().all(|there| there.name != column.name))
    };
    other.is_none_or(|other| !needs(table, other) && !needs(other, table))
}

async fn run_all(db: &mut TestDatabase, statements: &[String]) -> Result<(), String> {
    for statement in statements {
        db.execute(statement).await.map_err(|error| format!("{statement}\n{error}"))?;
    }
    Ok(())
}

/// From one to the other and back, on a database.
async fn walk(db: &mut TestDatabase, dialect: Dialect, one: &Draft, other: &Draft) -> Result<(), String> {
    let (from, to) = (schema(dialect, one)?, schema(dialect, other)?);
    // A draft's texts have defaults without parentheses, which MariaDB alone takes; what is written has them.
    let made = match dialect == Dialect::Mysql && !db.try_run("SELECT json_detailed('{}')").await {
        true => {
            write(&Schema::empty(dialect), &from, &Renames::default()).steps.into_iter().map(|step| step.sql).collect()
        }
        false => one.statements(),
    };
    run_all(db, &made).await?;
    run_all(db, &one.rows(|table| can_stay(table, other.table(&table.name)))).await?;
    let (script, there) = proved(&from, &to)?;
    run(db, dialect, &script, &to).await?;
    let kept = one.tables.iter().filter(|table| can_stay(table, other.table(&table.name)));
    let kept: Vec<&DraftTable> = kept.filter(|table| other.table(&table.name).is_some()).collect();
    rows_are_there(db, &kept).await?;
    let (back, _) = proved(&there.schema, &from)?;
    run(db, dialect, &back, &from).await?;
    rows_are_there(db, &kept).await
}

/// Whether each table's row is there, with what was in it: else there is nothing to insert.
async fn rows_are_there(db: &mut TestDatabase, tables: &[&DraftTable]) -> Result<(), String> {
    run_all(db, &["CREATE TABLE probe (a int NOT NULL)".to_owned()]).await?;
    for table in tables {
        let sum = "CASE WHEN count(*) = 1 AND min(n) = 7 THEN 1 END";
        run_all(db, &[format!("INSERT INTO probe SELECT {sum} FROM {}", table.name)]).await?;
    }
    run_all(db, &["DROP TABLE probe".to_owned()]).await
}

/// The cases of the unit tests, from one to the other and back on a server.
fn cases_on_a_server(dialect: Dialect, source: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let made = |sql: &str| apply(&Schema::empty(dialect), sql).schema;
    for case in source.split("--- ").skip(1) {
        let (name, rest) = case.split_once('\n').unwrap();
        let (one, rest) = rest.split_once("-- should be\n").unwrap();
        let (from, to) = (made(one), made(rest.split_once("-- becomes so by\n").unwrap().0));
        let result = runtime.block_on(async {
            let Some(mut db) = TestDatabase::make(dialect).await else { return Ok(()) };
            if !one.trim().is_empty() {
                db.run(one).await;
            }
            let (script, there) = proved(&from, &to)?;
            run(&mut db, dialect, &script, &to).await?;
            let (back, _) = proved(&there.schema, &from)?;
            run(&mut db, dialect, &back, &from).await?;
            db.finish().await;
            Ok::<(), String>(())
        });
        if let Err(error) = result {
            panic!("{name}: {error}");
        }
    }
}

#[test]
fn cases_of_postgres_on_a_server() {
    cases_on_a_server(Dialect::Postgres, include_str!("../src/alter/tests/postgres.sql"));
}

#[test]
fn cases_of_mysql_on_a_server() {
    cases_on_a_server(Dialect::Mysql, include_str!("../src/alter/tests/mysql.sql"));
}

/// Runs a script, in a transaction where there is such a thing for DDL, and looks at what it led to.
async fn run(db: &mut TestDatabase, dialect: Dialect, script: &Script, to: &Schema) -> Result<(), String> {
    let is_whole = dialect != Dialect::Mysql;
    if is_whole {
        db.run("BEGIN").await;
    }
    for step in &script.steps {
        if let Err(error) = db.execute(&step.sql).await {
            if is_whole {
                db.run("ROLLBACK").await;
            }
            return Err(format!("{}\n{error}\nof the script\n{}", step.sql, text(script)));
        }
    }
    if is_whole {
        db.execute("COMMIT").await.map_err(|error| format!("COMMIT\n{error}\nof the script\n{}", text(script)))?;
    }
    let found = compare_stored(to, &db.reflect(&Scope::default()).await);
    match found.differences.as_slice() {
        [] => Ok(()),
        differences => Err(format!("{differences:#?}\nafter the script\n{}", text(script))),
    }
}

async fn empty(db: &mut TestDatabase) {
    match &db.connection {
        Open::Postgres(_) => db.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await,
        _ => {
            db.run("SET foreign_key_checks = 0").await;
            for table in ["t0", "t1", "t2", "t3", "probe"] {
                db.run(&format!("DROP TABLE IF EXISTS {table}")).await;
            }
            db.run("SET foreign_key_checks = 1").await;
        }
    }
}

fn on_a_server(dialect: Dialect) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let Some(db) = runtime.block_on(TestDatabase::make(dialect)) else { return };
    let db = RefCell::new(db);
    every_pair(dialect, (40, 60), |one, other| {
        let mut db = db.borrow_mut();
        runtime.block_on(async {
            empty(&mut db).await;
            walk(&mut db, dialect, one, other).await
        })
    });
    runtime.block_on(db.into_inner().finish());
}

#[test]
fn postgres_on_a_server() {
    on_a_server(Dialect::Postgres);
}

#[test]
fn mysql_on_a_server() {
    on_a_server(Dialect::Mysql);
}
