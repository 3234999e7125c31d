//! Replay equals reality, for chains that nobody wrote: each is run up and down, and after every step the database holds what
//! the replay says. Seeded, so that a failure comes back; what is shown is the shortest chain that still fails.
//!
//! `REVCHAIN_TEST_SEED` is another seed, `PROPTEST_CASES` another number of chains.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say so when they fail")]

mod common;
mod generated {
    pub(crate) mod maker;
}

use std::cell::RefCell;
use std::collections::BTreeSet;

use common::TestDatabase;
use common::walk::{Apart, Chain};
use generated::maker::{Op, revisions};
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use revchain_core::Dialect;
use revchain_core::revision::Direction;

const CASES: u32 = 40;

fn setting(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn runner() -> TestRunner {
    let cases = setting("PROPTEST_CASES").and_then(|cases| cases.try_into().ok()).unwrap_or(CASES);
    // Chains that a database refuses are left out: less than there are others.
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 400,
        max_global_rejects: cases / 2,
        ..Config::default()
    };
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&setting("REVCHAIN_TEST_SEED").unwrap_or(1).to_le_bytes());
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

/// Up, and down again. What can't be compared must be what never can be.
async fn try_chain(chain: &Chain, db: &mut TestDatabase) -> Result<(), Apart> {
    let (mut done, mut unclear) = (Vec::new(), BTreeSet::new());
    let up = (0..chain.len()).map(|position| (position, Direction::Upgrade));
    let down = (0..chain.len()).rev().map(|position| (position, Direction::Downgrade));
    for step in up.chain(down) {
        chain.step(db, &mut done, step, &mut unclear).await?;
    }
    // On MySQL what becomes of a check whose column goes, or is written anew, depends on the server.
    let is_expected = |line: &String| {
        line.ends_with("is stored in other words")
            || chain.dialect == Dialect::Mysql && line.contains("nobody understood `ALTER TABLE")
    };
    match unclear.into_iter().find(|line| !is_expected(line)) {
        Some(line) => Err(Apart::Differs(format!("nobody can compare: {line}"))),
        None => Ok(()),
    }
}

fn every_chain(dialect: Dialect) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    // Everything that a chain makes is gone at its end; after a failure a database is not used again.
    let Some(db) = runtime.block_on(TestDatabase::make(dialect)) else { return };
    let kept = RefCell::new(Some(db));
    let strategy = vec((0..Op::KINDS, any::<u8>(), any::<u8>(), any::<u8>()), 1..14);
    let result = runner().run(&strategy, |ops| {
        let ops: Vec<Op> = ops.iter().map(|&(kind, a, b, c)| Op { kind, a, b, c }).collect();
        let revisions = revisions(dialect, &ops);
        if revisions.is_empty() {
            return Ok(());
        }
        let chain = Chain::of(dialect, &revisions);
        runtime.block_on(async {
            let mut db = match kept.take() {
                Some(db) => db,
                None => TestDatabase::make(dialect).await.unwrap(),
            };
            match try_chain(&chain, &mut db).await {
                Ok(()) => {
                    kept.replace(Some(db));
                    Ok(())
                }
                Err(apart) => {
                    db.finish().await;
                    if let Apart::Refused(text) = apart {
                        return Err(TestCaseError::reject(text));
                    }
                    let lines: Vec<String> = revisions.iter().map(|(up, down)| format!("{up};  -- {down};")).collect();
                    Err(TestCaseError::fail(format!("{apart}\nof the chain\n{}\n", lines.join("\n"))))
                }
            }
        })
    });
    if let Some(db) = kept.take() {
        runtime.block_on(db.finish());
    }
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn chains_of_postgres() {
    every_chain(Dialect::Postgres);
}

#[test]
fn chains_of_mysql() {
    every_chain(Dialect::Mysql);
}

#[test]
fn chains_of_sqlite() {
    every_chain(Dialect::Sqlite);
}
