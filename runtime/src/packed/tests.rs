//! What is packed is what is read; and whatever is read, nothing panics.

use proptest::prelude::*;
use revchain_core::lower;
use revchain_core::pack;
use revchain_core::revision;

use super::*;
use crate::chain::StepFuture;
use crate::op::Op;

fn function<'a>(_: &'a mut Op<'_>) -> StepFuture<'a> {
    Box::pin(async { Ok(()) })
}

/// For as long as the program lives, as the macro's are.
fn keep(packed: pack::Packed) -> Packed {
    let functions: Vec<StepFn> = packed.functions.iter().map(|_| function as StepFn).collect();
    Packed::new(LAYOUT_3, packed.text.leak(), packed.offsets.leak(), packed.records.leak(), functions.leak())
}

/// A chain as it is after a journey: every number and text that the runtime can ask for.
fn read(packed: Packed) -> Vec<String> {
    let packed: &'static Packed = Box::leak(Box::new(packed));
    let of_script = |script: &Script| match script {
        Script::Absent => "absent".to_owned(),
        Script::Irreversible(reason) => format!("never: {reason}"),
        Script::Batches(batches) => {
            let batches = batches.iter().map(|batch| {
                let statements = batch.statements().enumerate().map(|(position, statement)| {
                    assert_eq!(batch.statement(position), Some(statement));
                    (statement.sql, statement.offset, statement.line)
                });
                format!("{:?} {:?} {:?}", batch.mode, batch.sql, statements.collect::<Vec<_>>())
            });
            format!("{:?}", batches.collect::<Vec<_>>())
        }
    };
    let of_revision = |position| {
        let Head { id, file, message, created, checksum, work: _ } = packed.head(position);
        let of_upgrade = packed.upgrade_checksums(position);
        let mut text = format!("{id} {file} {message} {created:?} {checksum} {of_upgrade:?}");
        for direction in [Direction::Upgrade, Direction::Downgrade] {
            text += &match packed.work(position, direction) {
                Work::Rust(_) => " Rust".to_owned(),
                Work::Sql(scripts) => format!(" {:?}", scripts.each_ref().map(of_script)),
            };
        }
        text
    };
    (0..packed.len()).map(of_revision).collect()
}

/// The same of a chain before the journey.
fn written(chain: &lower::Chain, directory: &str) -> Vec<String> {
    let of_script = |script: &lower::Script| match script {
        lower::Script::Absent => "absent".to_owned(),
        lower::Script::Irreversible(reason) => format!("never: {reason}"),
        lower::Script::Batches(position) => {
            let batches = chain.scripts[*position].iter().map(|batch| {
                let statements = batch.statements.iter().map(|statement| {
                    (&batch.sql[statement.start as usize..statement.end as usize], statement.start, statement.line)
                });
                format!("{:?} {:?} {:?}", batch.mode, batch.sql, statements.collect::<Vec<_>>())
            });
            format!("{:?}", batches.collect::<Vec<_>>())
        }
    };
    let of_revision = |revision: &lower::Revision| {
        let lower::Revision { id, message, created, file, checksum, upgrade_checksums, .. } = revision;
        let mut text = format!("{id} {directory}/{file} {message} {created:?} {checksum} {upgrade_checksums:?}");
        for work in [&revision.upgrade, &revision.downgrade] {
            text += &match work {
                lower::Work::Rust => " Rust".to_owned(),
                lower::Work::Irreversible(reason) => format!(" {:?}", [(); 3].map(|()| format!("never: {reason}"))),
                lower::Work::Sql(scripts) => format!(" {:?}", scripts.each_ref().map(of_script)),
            };
        }
        text
    };
    chain.revisions.iter().map(of_revision).collect()
}

fn batch() -> impl Strategy<Value = lower::Batch> {
    let mode = prop_oneof![
        Just(revision::Mode::Transaction),
        Just(revision::Mode::NoTransaction),
        Just(revision::Mode::Rebuild),
        any::<u64>().prop_map(revision::Mode::Repeat),
    ];
    let statements = prop::collection::vec(("[a-zé☃;\n]{1,200}", any::<u32>()), 0..4);
    (mode, statements).prop_map(|(mode, texts)| {
        let (mut sql, mut statements) = (String::new(), Vec::new());
        for (text, line) in texts {
            if !sql.is_empty() {
                sql.push_str(";\n");
            }
            let start = sql.len() as u32;
            sql.push_str(&text);
            statements.push(lower::Statement { start, end: sql.len() as u32, line });
        }
        lower::Batch { mode, sql, statements }
    })
}

/// Scripts are among the first eight.
fn work() -> impl Strategy<Value = lower::Work> {
    let script = || {
        prop_oneof![
            1 => Just(lower::Script::Absent),
            4 => (0..8usize).prop_map(lower::Script::Batches),
            1 => "[a-zé ]{0,9}".prop_map(lower::Script::Irreversible),
        ]
    };
    prop_oneof![
        1 => Just(lower::Work::Rust),
        1 => "[a-zé ]{0,9}".prop_map(lower::Work::Irreversible),
        6 => [script(), script(), script()].prop_map(lower::Work::Sql),
    ]
}

fn revision() -> impl Strategy<Value = lower::Revision> {
    let id = || "[a-z0-9]{1,32}";
    let file = prop_oneof![id().prop_map(|id| format!("versions/{id}.sql")), Just("versions/x".to_owned())];
    let texts = (id(), file, any::<bool>(), "[A-Zé ]{0,200}", prop::option::of("[0-9:-]{1,20}"));
    let checksums = (any::<u128>(), [(); 3].map(|()| prop::option::of(0..4u64)));
    (texts, checksums, work(), work()).prop_map(|(texts, (checksum, upgrade_checksums), upgrade, downgrade)| {
        let (id, mut file, is_in_file, message, created) = texts;
        if is_in_file {
            file = format!("{file}{id}_x.sql");
        }
        lower::Revision {
            id,
            down_revision: None,
            message,
            created,
            file,
            checksum,
            upgrade_checksums,
            upgrade,
            downgrade,
        }
    })
}

fn chain_of(revisions: Vec<lower::Revision>, scripts: Vec<Vec<lower::Batch>>) -> lower::Chain {
    lower::Chain {
        dialects: [true; 3],
        version_table: String::new(),
        version_table_schema: None,
        transaction: None,
        edited: revchain_core::config::Edited::default(),
        url: None,
        lock_timeout: None,
        statement_timeout: None,
        databases: Vec::new(),
        revisions,
        scripts,
    }
}

/// A thousand revisions as they usually are, but that one has no way back.
fn usual() -> lower::Chain {
    let script = |line, count: u32| {
        let statements = (0..count).map(|n| lower::Statement { start: n * 152, end: n * 152 + 150, line: line + n });
        let sql = vec!["x".repeat(150); count as usize].join(";\n");
        vec![lower::Batch { mode: revision::Mode::Transaction, sql, statements: statements.collect() }]
    };
    let revision = lower::Revision {
        id: "0123456789ab".to_owned(),
        down_revision: None,
        message: "A message".to_owned(),
        created: Some("2025-01-01T00:00:00Z".to_owned()),
        file: "versions/0123456789ab_a_message.sql".to_owned(),
        checksum: u128::MAX,
        upgrade_checksums: [Some(u64::MAX); 3],
        upgrade: lower::Work::Sql([(); 3].map(|()| lower::Script::Batches(0))),
        downgrade: lower::Work::Sql([(); 3].map(|()| lower::Script::Batches(1))),
    };
    let mut revisions = vec![revision; 1000];
    revisions[1].downgrade = lower::Work::Irreversible("the rows are gone".to_owned());
    revisions[2].upgrade = lower::Work::Rust;
    chain_of(revisions, vec![script(9, 2), script(14, 1)])
}

proptest! {
    #[test]
    fn what_is_packed_is_read(
        revisions in prop::collection::vec(revision(), 0..6),
        scripts in prop::collection::vec(prop::collection::vec(batch(), 0..3), 8),
    ) {
        let chain = chain_of(revisions, scripts);
        prop_assert_eq!(read(keep(pack::pack(&chain, "some/migrations"))), written(&chain, "some/migrations"));
    }

    #[test]
    fn no_bytes_panic(
        text in "[a-zé☃]{0,100}",
        offsets in prop::collection::vec(any::<u8>(), 0..20),
        records in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let offsets = offsets.into_iter().chain([0, 0, 0, 0]).collect();
        read(keep(pack::Packed { text, offsets, records, functions: Vec::new() }));
    }
}

#[test]
fn no_cut_panics() {
    let mut chain = usual();
    chain.revisions.truncate(4);
    let whole = keep(pack::pack(&chain, "migrations"));
    for length in 0..whole.text.len() {
        read(Packed { text: &whole.text[..length], ..whole });
    }
    for length in 0..whole.offsets.len() {
        read(Packed { offsets: &whole.offsets[..length], ..whole });
    }
    for length in 0..whole.records.len() {
        read(Packed { records: &whole.records[..length], ..whole });
    }
    read(Packed { functions: &[], ..whole });
}

/// What a revision costs beyond its texts: an offset, two checksums, and a byte for each number that is small.
#[test]
fn records_are_small() {
    let chain = usual();
    let packed = pack::pack(&chain, "migrations");
    assert_eq!(packed.offsets.len(), 4000);
    assert!(packed.records.len() < 55_000, "{}", packed.records.len());
    assert_eq!(read(keep(packed)), written(&chain, "migrations"));
}
