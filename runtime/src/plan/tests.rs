//! Alembic's vectors for targets (its `test_version_traversal.py`), and the laws of planning.

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

/// Letters for revisions, as the vectors write them: `d,e -> e`, or the error's first line.
fn outcome(chain: &Migrations, current: usize, command: &str) -> String {
    let (verb, target) = command.split_once(' ').unwrap();
    let direction = if verb == "upgrade" { Direction::Upgrade } else { Direction::Downgrade };
    let letter = |id: &str| IDS.iter().position(|known| *known == id).map(|at| ["a", "b", "c", "d", "e"][at]).unwrap();
    let planned = Target::parse(target).and_then(|target| plan(chain, Dialect::Sqlite, direction, current, &target));
    match planned {
        Ok((plan, _)) => {
            let steps: Vec<&str> = plan.steps().iter().map(|step| letter(step.revision().id())).collect();
            format!("{} -> {}", steps.join(","), plan.to().map_or("-", |revision| letter(revision.id())))
        }
        Err(error) => error.to_string().lines().next().unwrap().to_owned(),
    }
}

#[test]
fn alembics_vectors() {
    let chain = chain(&IDS);
    #[rustfmt::skip]
    let vectors = [
        ("A-1", "c", "upgrade 3975fb1a0125", "d,e -> e"),
        ("A-2", "-", "upgrade b7ea43dc85e4", "a,b,c -> c"),
        ("A-3", "a", "upgrade +2", "b,c -> c"),
        ("A-4", "a", "upgrade +1", "b -> b"),
        ("A-5", "b", "upgrade +3", "c,d,e -> e"),
        ("A-6", "a", "upgrade 548bbb905360+2", "b,c,d -> d"),
        ("A-7", "a", "upgrade 1bbe33445780-2", "b -> b"),
        ("A-8", "b", "upgrade -2", "Relative revision -2 didn't produce 2 migrations: there are none that way"),
        ("A-9", "b", "upgrade +5", "Relative revision +5 didn't produce 5 migrations: there are 3 that way"),
        ("A-10", "e", "downgrade b7ea43dc85e4", "e,d -> c"),
        ("A-11", "c", "downgrade base", "c,b,a -> -"),
        ("A-12", "c", "downgrade -1", "c -> b"),
        ("A-13", "e", "downgrade -3", "e,d,c -> b"),
        ("A-14", "d", "downgrade e6239818bb3a+2", "d -> c"),
        ("A-15", "d", "downgrade b7ea43dc85e4-2", "d,c,b -> a"),
        ("A-16", "b", "downgrade -5", "Relative revision -5 didn't produce 5 migrations: there are 2 that way"),
        ("A-16", "b", "downgrade +2", "Relative revision +2 didn't produce 2 migrations: there are none that way"),
        ("A-17", "-", "downgrade 548", "Destination 548 is not a valid downgrade target from current head(s): the database is at base"),
        ("A-18", "b", "downgrade b7ea", "Destination b7ea is not a valid downgrade target from current head(s): the database is at `548bbb905360`, which is below"),
        ("A-19", "-", "downgrade base", " -> -"),
        ("A-19", "a", "downgrade e6239818bb3a", " -> a"),
        ("A-19", "e", "downgrade 3975fb1a0125", " -> e"),
        ("A-20", "e", "upgrade 3975fb1a0125", " -> e"),
        ("A-20", "e", "upgrade 548bbb905360", " -> e"),
        ("A-20", "e", "upgrade base", " -> e"),
        ("A-21", "-", "downgrade -1", "Relative revision -1 didn't produce 1 migrations: there are none that way"),
        ("A-22", "c", "upgrade +0", "Relative revision 0 didn't produce 0 migrations: nothing is no number of steps"),
        ("A-22", "c", "downgrade -0", "Relative revision 0 didn't produce 0 migrations: nothing is no number of steps"),
        ("A-23", "c", "downgrade b7ea+9", "Walked too far: `b7ea+9` leads past the end of the chain, 2 steps away"),
        ("A-24", "-", "upgrade head-1", "a,b,c,d -> d"),
        ("A-24", "-", "upgrade base+2", "a,b -> b"),
        ("A-24", "-", "upgrade b7", "a,b,c -> c"),
        ("A-25", "c", "upgrade current", "Can't locate revision identified by 'current': this chain has no such revision"),
        ("A-25", "-", "upgrade zzzz", "Can't locate revision identified by 'zzzz': this chain has no such revision"),
        ("up past the end", "-", "upgrade b7ea+9", "Relative revision +9 didn't produce 9 migrations: there are 2 that way"),
        ("down to base by count", "c", "downgrade b7ea-3", "c,b,a -> -"),
        ("heads", "d", "upgrade heads", "e -> e"),
        ("anchored", "-", "upgrade b7ea+1xyz", "`b7ea+1xyz` is not a target: after `+` or `-` comes a number and nothing else"),
        ("bare sign", "-", "upgrade +", "`+` is not a target: after `+` or `-` comes a number and nothing else"),
        ("branch", "-", "upgrade main@head", "`main@head` is not a target: a linear chain has no branches, so nothing can stand before or after `@`"),
        ("empty", "-", "upgrade ", "`` is not a target: it is empty"),
        ("overflow", "a", "upgrade +99999999999999999999", "Relative revision +18446744073709551615 didn't produce 18446744073709551615 migrations: there are 4 that way"),
    ];
    for (name, current, command, expected) in vectors {
        let level = ["-", "a", "b", "c", "d", "e"].iter().position(|letter| *letter == current).unwrap();
        assert_eq!(outcome(chain, level, command), expected, "{name}: at {current}, {command}");
    }
}

/// B-13 and B-7: prefixes.
#[test]
fn prefixes() {
    let chain = chain(&["somelongername", "someothername", "user", "user_foo"]);
    let at = |text: &str| Target::parse(text).unwrap().resolve(chain, 0, Direction::Upgrade);
    assert_eq!(at("somel").unwrap(), 1);
    assert_eq!(at("user").unwrap(), 3, "an exact id wins over a longer one");
    assert_eq!(at("user_").unwrap(), 4);
    assert_eq!(
        at("some").unwrap_err().to_string(),
        "Can't locate revision identified by 'some': 2 revisions start with it: `somelongername`, `someothername`\n  \
         help: type more of the id"
    );
    assert_eq!(
        at("sonelonger").unwrap_err().to_string(),
        "Can't locate revision identified by 'sonelonger': this chain has no such revision\n  \
         help: did you mean `somelongername`?"
    );
}

#[test]
fn an_empty_chain_is_at_its_head() {
    let chain = chain(&[]);
    let up = |text: &str| Target::parse(text).unwrap().resolve(chain, 0, Direction::Upgrade);
    assert_eq!((up("head").unwrap(), up("base").unwrap()), (0, 0));
    assert!(matches!(up("+1").unwrap_err().kind(), ErrorKind::RelativeCount { available: 0, .. }));
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
        while let Some(flight) = Flight::next(left, dialect, transaction) {
            shape.push_str(match flight {
                Flight::Atomic(_) => "=",
                Flight::Rebuild(_) => "!",
                Flight::Split(_) => "/",
                Flight::Function(..) => "f",
            });
            flight.steps().iter().for_each(|step| shape.push_str(step.revision.id));
            left = &left[flight.steps().len()..];
        }
        shape
    };
    assert_eq!(shape(Dialect::Sqlite, Transaction::Default), "=ab!c=d/e/ffg=h");
    assert_eq!(shape(Dialect::Sqlite, Transaction::PerRevision), "=a=b!c=d/e/ffg=h");
    assert_eq!(shape(Dialect::Postgres, Transaction::Default), "=a=b=c=d/e/ffg=h");
    assert_eq!(shape(Dialect::Postgres, Transaction::PerRun), "=abcd/e/ffg=h");
    assert_eq!(shape(Dialect::Mysql, Transaction::PerRun), "=a=b=c=d/e/ffg=h");
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
        let ids = |steps: &[Step]| steps.iter().map(|step| step.revision.id).collect::<Vec<_>>();
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
