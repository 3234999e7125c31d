//! The laws of planning. Where each target leads is in the tables of Alembic's vectors, `cli/tests/alembic`.

use proptest::prelude::*;

use super::*;
use crate::chain::{Settings, StepFuture};
use crate::embed::{self, Batch, Mode, Revision, Script, Work};
use crate::op::Op;

/// The five revisions of Alembic's own test, oldest first.
const IDS: [&str; 5] = ["e6239818bb3a", "548bbb905360", "b7ea43dc85e4", "1bbe33445780", "3975fb1a0125"];

pub(crate) fn settings() -> Settings {
    Settings::new([true; 3], "alembic_version", None, Transaction::Default)
}

/// A chain of empty revisions with these ids.
pub(crate) fn chain(ids: &[&'static str]) -> &'static Migrations {
    chain_of(ids, |_| (embed::work(&[]), embed::work(&[])))
}

fn chain_of(ids: &[&'static str], work: impl Fn(usize) -> (Work, Work)) -> &'static Migrations {
    let mut revisions = Vec::new();
    for (index, id) in ids.iter().copied().enumerate() {
        let (upgrade, downgrade) = work(index);
        revisions.push(Revision { id, file: "versions/x.sql".to_owned(), message: "", upgrade, downgrade });
    }
    embed::embed(&revisions, settings())
}

#[test]
fn no_way_back_refuses_the_whole_downgrade() {
    let nothing = || embed::work(&[]);
    let none = || Script::Batches(Vec::new());
    let gone = || Work::Sql([none(), none(), Script::Irreversible("the rows are gone")]);
    let chain = chain_of(&["a", "b", "c"], |index| (nothing(), if index == 1 { gone() } else { nothing() }));
    let back = |dialect, target| plan(chain, dialect, Direction::Downgrade, 3, &Target::parse(target).unwrap());
    let error = back(Dialect::Sqlite, "base").unwrap_err();
    assert_eq!(error.revision(), Some("b"));
    assert_eq!(
        error.to_string(),
        "revision `b` can't be downgraded: the rows are gone\n  \
         help: nothing was run; downgrade to `b` at the lowest, or restore a backup from before it"
    );
    assert_eq!(back(Dialect::Sqlite, "b").unwrap().0.steps().len(), 1);
    assert_eq!(back(Dialect::Postgres, "base").unwrap().0.steps().len(), 3);
}

/// A chain of `.rs` revisions alone has no section that could be missing.
#[test]
fn a_dialect_that_is_not_configured() {
    let work = embed::work(&[]);
    let revision = Revision { id: "a", file: String::new(), message: "", upgrade: work.clone(), downgrade: work };
    let chain =
        embed::embed(&[revision], Settings::new([true, false, true], "alembic_version", None, Transaction::Default));
    let up = |dialect| plan(chain, dialect, Direction::Upgrade, 0, &Target::parse("head").unwrap());
    assert!(matches!(up(Dialect::Mysql).unwrap_err().kind(), ErrorKind::DialectNotServed { dialect: Dialect::Mysql }));
    assert_eq!(up(Dialect::Sqlite).unwrap().0.steps().len(), 1);
}

#[test]
fn flights() {
    fn function<'a, 'c>(_: &'a mut Op<'c>) -> StepFuture<'a> {
        Box::pin(async { Ok(()) })
    }
    fn sql(mode: Mode) -> Work {
        embed::work(&[Batch { mode, sql: String::new(), statements: Vec::new() }])
    }
    let works = [
        sql(Mode::Transaction),
        sql(Mode::Transaction),
        sql(Mode::Rebuild),
        sql(Mode::Transaction),
        sql(Mode::NoTransaction),
        sql(Mode::Repeat(5)),
        Work::Rust(function),
        sql(Mode::Transaction),
    ];
    let chain =
        chain_of(&["a", "b", "c", "d", "e", "f", "g", "h"], |index| (works[index].clone(), works[index].clone()));
    let shape = |dialect, transaction| {
        let steps = steps(chain, Direction::Upgrade, 0, 8);
        let (mut left, mut shape) = (steps.as_slice(), String::new());
        while let Some(flight) = Flight::next(left, dialect, transaction, false) {
            shape.push_str(match flight {
                Flight::Atomic(_) => "=",
                Flight::Each(_) => "&",
                Flight::Rebuild(_) => "!",
                Flight::Split(_) => "/",
                Flight::Function(..) => "f",
            });
            flight.steps().iter().for_each(|step| shape.push_str(step.revision.id()));
            left = &left[flight.steps().len()..];
        }
        shape
    };
    assert_eq!(shape(Dialect::Sqlite, Transaction::Default), "=ab!c=d/e/ffg=h");
    assert_eq!(shape(Dialect::Sqlite, Transaction::PerRevision), "=a=b!c=d/e/ffg=h");
    assert_eq!(shape(Dialect::Postgres, Transaction::Default), "=a=b=c=d/e/ffg=h");
    assert_eq!(shape(Dialect::Postgres, Transaction::PerRun), "=abcd/e/ffg=h");
    assert_eq!(shape(Dialect::Mysql, Transaction::PerRun), "=a=b=c=d/e/f/g=h");
}

#[test]
fn many_in_one_message() {
    let sql = |bytes: usize| {
        embed::work(&[Batch {
            mode: Mode::Transaction,
            sql: "x".repeat(bytes),
            statements: vec![embed::Statement { start: 0, end: bytes as u32, line: 1 }],
        }])
    };
    let alone = || embed::work(&[Batch { mode: Mode::NoTransaction, sql: String::new(), statements: Vec::new() }]);
    let shape = |length: usize, work: &dyn Fn(usize) -> Work| {
        let ids: Vec<&'static str> = (0..length).map(|n| &*Box::leak(format!("r{n}").into_boxed_str())).collect();
        let chain = chain_of(&ids, |index| (work(index), work(index)));
        let steps = steps(chain, Direction::Upgrade, 0, length);
        let (mut left, mut shape) = (steps.as_slice(), Vec::new());
        while let Some(flight) = Flight::next(left, Dialect::Postgres, Transaction::Default, true) {
            shape.push(match flight {
                Flight::Each(steps) => steps.len().to_string(),
                Flight::Atomic(_) => "=".to_owned(),
                _ => "/".to_owned(),
            });
            left = &left[flight.steps().len()..];
        }
        shape.concat()
    };
    // Of a long run those that are left are few one day.
    assert_eq!(shape(LONG - 1, &|_| sql(0)), "=".repeat(LONG - 1));
    assert_eq!(shape(LONG + 1, &|_| sql(0)), format!("8{}", "=".repeat(LONG - 7)));
    // Up to what stands alone, and no more than a message should hold.
    assert_eq!(
        shape(LONG + 1, &|index| if index == 2 { alone() } else { sql(0) }),
        format!("2/{}", "=".repeat(LONG - 2))
    );
    assert_eq!(shape(LONG, &|index| sql(if index == 1 { MANY_BYTES + 1 } else { 0 })), "=".repeat(LONG));
}

/// Follows steps, checking that each begins where the one before it ended.
fn follow(chain: &Migrations, level: usize, steps: &[Step]) -> usize {
    steps.iter().fold(level, |level, step| {
        assert_eq!(step.from(), id_at(chain, level));
        let next = match step.direction() {
            Direction::Upgrade => level + 1,
            Direction::Downgrade => level - 1,
        };
        assert_eq!(step.to(), id_at(chain, next));
        next
    })
}

fn way(from: usize, to: usize) -> Direction {
    if from <= to { Direction::Upgrade } else { Direction::Downgrade }
}

proptest! {
    #[test]
    fn plans_compose(length in 0usize..30, a in 0usize..30, b in 0usize..30, c in 0usize..30) {
        let ids: Vec<&'static str> = (0..length).map(|n| &*Box::leak(format!("r{n}").into_boxed_str())).collect();
        let chain = chain(&ids);
        let (a, b, c) = (a.min(length), b.min(length), c.min(length));
        let first = follow(chain, a, &steps(chain, way(a, b), a, b));
        let second = follow(chain, first, &steps(chain, way(b, c), first, c));
        prop_assert_eq!(second, follow(chain, a, &steps(chain, way(a, c), a, c)));
        // And back again, over the same revisions in the opposite order.
        let up = steps(chain, Direction::Upgrade, a.min(b), a.max(b));
        let down = steps(chain, Direction::Downgrade, a.max(b), a.min(b));
        let ids = |steps: &[Step]| steps.iter().map(|step| step.revision.id()).collect::<Vec<_>>();
        prop_assert_eq!(ids(&up), ids(&down).into_iter().rev().collect::<Vec<_>>());
    }

    #[test]
    fn no_target_panics(text in "[a-z0-9+@:-]{0,12}", current in 0usize..8) {
        let chain = chain(&IDS);
        let current = current.min(IDS.len());
        for direction in [Direction::Upgrade, Direction::Downgrade] {
            if let Ok(level) = Target::parse(&text).and_then(|target| target.resolve(chain, current, direction)) {
                prop_assert!(level <= IDS.len());
            }
        }
        if let Ok(range) = crate::target::Range::parse(&text) {
            range.resolve(chain, current).ok();
        }
    }
}
