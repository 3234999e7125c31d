//! What the macro does at compile time, done at run time for tests: revisions are packed, and live for ever.

#![allow(dead_code, unreachable_pub, unused_imports, reason = "each user has its part")]
#![allow(clippy::expect_used, clippy::panic, reason = "in tests only")]

use revchain::__private::{LAYOUT_3, Migrations, Packed, Settings, StepFn};
use revchain_core::lower;
pub use revchain_core::lower::{Batch, Statement};
use revchain_core::pack::pack;
use revchain_core::revision::Direction;
pub use revchain_core::revision::Mode;

/// A revision of a test.
#[derive(Clone)]
pub struct Revision {
    pub id: &'static str,
    pub file: String,
    pub message: &'static str,
    pub upgrade: Work,
    pub downgrade: Work,
}

/// What it does in one direction.
#[derive(Clone)]
pub enum Work {
    Sql([Script; 3]),
    Rust(StepFn),
    Irreversible(&'static str),
}

/// What it does on one dialect.
#[derive(Clone)]
pub enum Script {
    Batches(Vec<Batch>),
    Irreversible(&'static str),
}

/// The same batches for every dialect.
pub fn work(batches: &[Batch]) -> Work {
    Work::Sql([(); 3].map(|()| Script::Batches(batches.to_vec())))
}

/// Embeds a chain: each revision follows the one before it.
pub fn embed(revisions: &[Revision], settings: Settings) -> &'static Migrations {
    let mut chain = lower::Chain {
        dialects: [true; 3],
        version_table: String::new(),
        version_table_schema: None,
        transaction: None,
        edited: revchain_core::config::Edited::default(),
        url: None,
        lock_timeout: None,
        statement_timeout: None,
        databases: Vec::new(),
        revisions: Vec::new(),
        scripts: Vec::new(),
    };
    let mut down = None;
    for revision in revisions {
        let lowered = lower::Revision {
            id: revision.id.to_owned(),
            down_revision: down.replace(revision.id.to_owned()),
            message: revision.message.to_owned(),
            created: None,
            file: revision.file.clone(),
            checksum: 0,
            upgrade_checksums: upgrade_checksums(&revision.upgrade),
            upgrade: lower(&revision.upgrade, &mut chain.scripts),
            downgrade: lower(&revision.downgrade, &mut chain.scripts),
        };
        chain.revisions.push(lowered);
    }
    let packed = pack(&chain, "migrations");
    let functions = packed.functions.iter().map(|(id, direction)| {
        let revision = revisions.iter().find(|revision| revision.id == id).expect("a packed function is a revision's");
        match (direction, &revision.upgrade, &revision.downgrade) {
            (Direction::Upgrade, Work::Rust(function), _) | (Direction::Downgrade, _, Work::Rust(function)) => {
                *function
            }
            _ => panic!("{id} has no function"),
        }
    });
    let functions: Vec<StepFn> = functions.collect();
    let packed = Packed::new(
        LAYOUT_3,
        Box::leak(packed.text.into_boxed_str()),
        Box::leak(packed.offsets.into_boxed_slice()),
        Box::leak(packed.records.into_boxed_slice()),
        Box::leak(functions.into_boxed_slice()),
    );
    Box::leak(Box::new(Migrations::new(settings, Box::leak(Box::new(packed)))))
}

fn upgrade_checksums(work: &Work) -> [Option<u64>; 3] {
    let Work::Sql(scripts) = work else { return [None; 3] };
    scripts.each_ref().map(|script| {
        let Script::Batches(batches) = script else { return None };
        let mut hash = std::hash::DefaultHasher::new();
        batches.iter().for_each(|batch| std::hash::Hash::hash(&batch.sql, &mut hash));
        Some(std::hash::Hasher::finish(&hash))
    })
}

fn lower(work: &Work, scripts: &mut Vec<Vec<Batch>>) -> lower::Work {
    match work {
        Work::Rust(_) => lower::Work::Rust,
        Work::Irreversible(reason) => lower::Work::Irreversible((*reason).to_owned()),
        Work::Sql(dialects) => lower::Work::Sql(dialects.each_ref().map(|script| match script {
            Script::Irreversible(reason) => lower::Script::Irreversible((*reason).to_owned()),
            Script::Batches(batches) => {
                scripts.push(batches.clone());
                lower::Script::Batches(scripts.len() - 1)
            }
        })),
    }
}
