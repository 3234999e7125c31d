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
use revchain_autogenerate::{Baseline, LeftOut, Script, baseline, baseline_for};
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
            true => baseline(stored, &LeftOut::new()).0,
            false => baseline_for(stored, dialect, &LeftOut::new()),
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
            takes_over(&stored, &mut kept).await.map_err(|error| {
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

/// Databases that somebody wrote, with everything that each has.
#[test]
fn what_people_have() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    for (dialect, sql) in [
        (Dialect::Postgres, include_str!("../../cli/tests/tool/taken/postgres.sql")),
        (Dialect::Mysql, include_str!("../../cli/tests/tool/taken/mysql.sql")),
        (Dialect::Sqlite, include_str!("../../cli/tests/tool/taken/sqlite.sql")),
        (Dialect::Postgres, HARD_FOR_OTHERS),
        (Dialect::Sqlite, ODD_TO_OTHERS),
    ] {
        let result = runtime.block_on(async {
            let Some(made) = made(dialect, &[sql.to_owned()], &mut None).await else { return Ok(()) };
            takes_over(&made?, &mut None).await
        });
        if let Err(error) = result {
            panic!("of {dialect}: {error}");
        }
    }
}

/// What PostgreSQL has, and what others have limits for.
const HARD_FOR_OTHERS: &str = "
    CREATE TABLE wide (a text, b text, c text, d text, e varchar(400), f varchar(400), g varchar(20000), h numeric, i numeric(100, 50),
        j char(300), k varchar(300), l bytea DEFAULT 'x', m json DEFAULT '{}', n jsonb DEFAULT '[1]', o uuid DEFAULT '00000000-0000-0000-0000-000000000000',
        p date DEFAULT now(), q text DEFAULT now(), r time DEFAULT '10:00', s interval, t text[] DEFAULT '{}', u text DEFAULT 5, v numeric(3, -2),
        UNIQUE (a, b, c, d), UNIQUE (e, f), UNIQUE (n), UNIQUE NULLS NOT DISTINCT (k));
    CREATE INDEX ON wide ((m::text));
    CREATE INDEX ON wide (n);
    CREATE INDEX ON wide (e, f, g);
    CREATE TABLE counted (id integer GENERATED ALWAYS AS IDENTITY, other integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
        n smallint NOT NULL, CHECK (other > 3), double_n integer GENERATED ALWAYS AS (n * 2) STORED, half integer GENERATED ALWAYS AS (n / 2) STORED);
    CREATE TABLE refers (a integer NOT NULL REFERENCES counted ON DELETE SET NULL, b text, c text, d text, e text,
        FOREIGN KEY (b, c, d, e) REFERENCES wide (a, b, c, d) MATCH FULL ON DELETE SET DEFAULT);
    CREATE TABLE broad (id integer PRIMARY KEY, a varchar(5000) DEFAULT 'a', b varchar(5000), c varchar(5000), d varchar(4000), e varchar(100));
    CREATE INDEX ON broad (d);
    CREATE TABLE a_name_that_is_just_as_long_as_postgres_keeps_it_and_no_longer_ (a_name_that_is_just_as_long_as_postgres_keeps_it_and_no_longer_ integer UNIQUE);
    CREATE TABLE \"CASE\" (\"Id\" integer PRIMARY KEY, \"a b\" text CHECK (\"a b\" <> ''), \"select\" boolean CHECK (\"select\"), \"quo\"\"te\" date CHECK (\"quo\"\"te\" > '2000-01-01'));
    CREATE UNIQUE INDEX ON \"CASE\" (lower(\"a b\")) WHERE \"select\";";

/// What SQLite takes, and others don't.
const ODD_TO_OTHERS: &str = "
    CREATE TABLE one (id INTEGER PRIMARY KEY, code TEXT, day DATE DEFAULT 'soon', at DATETIME DEFAULT '2020-02-31', on_it BOOLEAN DEFAULT 7, n INT DEFAULT 'x',
        price DECIMAL DEFAULT 1.5, size VARCHAR(3) DEFAULT 'longer', any, u UUID DEFAULT 'x', t TIME DEFAULT '10:00', j JSON DEFAULT '', big VARCHAR(100000), long CHAR(1000),
        CHECK (on_it IN (0, 1)), CHECK (code > 5), CHECK (day > ''), CHECK (n), CHECK (id > 3), CHECK (length(code) > 2), CHECK (on_it = 1), CHECK (j <> ''));
    CREATE TABLE two (a INTEGER REFERENCES missing (id), b TEXT REFERENCES one (id), c TEXT REFERENCES one (code), d REFERENCES one, e INT REFERENCES one ON DELETE SET NULL,
        f INTEGER NOT NULL REFERENCES one ON DELETE SET NULL, PRIMARY KEY (a, b));
    CREATE TABLE three (\"a\" TEXT, \"b\" BLOB, PRIMARY KEY (a, b)) WITHOUT ROWID;
    CREATE UNIQUE INDEX three_both ON three (b, a);
    CREATE INDEX three_j ON one (j);
    CREATE TABLE a_table_whose_name_is_longer_than_the_other_two_would_keep_it_for_anybody (a_column_whose_name_is_longer_than_the_other_two_would_keep_it_for_anybody INT);
    CREATE INDEX an_index_whose_name_is_longer_than_the_other_two_would_keep_it_for_anybody ON one (n);
    CREATE INDEX an_index_whose_name_is_longer_than_the_other_two_would_keep_it_for_everybody ON one (day);";

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
