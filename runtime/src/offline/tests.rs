//! Alembic's vectors for offline SQL (its `test_command.py` and `test_offline_environment.py`), and the text of each
//! framing. That a script gives the same database as a run is tested with the reference application.

use super::*;
use crate::chain::{Settings, StepFuture, Transaction};
use crate::embed::{self, Batch, Mode, Revision, Statement, Work};
use crate::op::Op;
use crate::plan::tests::settings;

fn batch(mode: Mode, statements: &[&str]) -> Batch {
    let (mut sql, mut entries) = (String::new(), Vec::new());
    for statement in statements {
        let start = sql.len() as u32;
        sql.push_str(statement);
        entries.push(Statement { start, end: sql.len() as u32, line: 7 });
        sql.push_str(";\n");
    }
    Batch { mode, sql, statements: entries }
}

fn revision(id: &'static str, upgrade: Work, downgrade: Work) -> Revision {
    Revision {
        id,
        file: format!("versions/{id}_x.sql"),
        message: "two lines\nDROP TABLE everything;",
        upgrade,
        downgrade,
    }
}

fn plain(id: &'static str, upgrade: &'static str, downgrade: &'static str) -> Revision {
    let work = |sql| embed::work(&[batch(Mode::Transaction, &[sql])]);
    revision(id, work(upgrade), work(downgrade))
}

fn abc(transaction: Transaction) -> &'static Migrations {
    let revisions = [
        plain("a1", "STEP 1", "DROP STEP 1"),
        plain("b2", "STEP 2", "DROP STEP 2"),
        plain("c3", "STEP 3", "DROP STEP 3"),
    ];
    embed::embed(&revisions, Settings::new([true; 3], "alembic_version", None, transaction))
}

/// The statements of a script on one line each, the comments and what the session is told left out.
fn gist(script: &str) -> Vec<String> {
    let statements = script.lines().filter(|line| !line.is_empty() && !line.starts_with("--"));
    let session = |line: &&str| !line.starts_with("SET ") && *line != "PRAGMA foreign_keys = ON;";
    statements.filter(session).map(|line| line.split(" (version_num VARCHAR").next().unwrap().to_owned()).collect()
}

const CREATE: &str = "CREATE TABLE IF NOT EXISTS alembic_version";
const TO_A: &str = "INSERT INTO alembic_version (version_num) VALUES ('a1');";
const A_TO_B: &str = "UPDATE alembic_version SET version_num='b2' WHERE alembic_version.version_num = 'a1';";
const B_TO_C: &str = "UPDATE alembic_version SET version_num='c3' WHERE alembic_version.version_num = 'b2';";
const C_TO_B: &str = "UPDATE alembic_version SET version_num='b2' WHERE alembic_version.version_num = 'c3';";
const B_TO_A: &str = "UPDATE alembic_version SET version_num='a1' WHERE alembic_version.version_num = 'b2';";
const TO_BASE: &str = "DELETE FROM alembic_version WHERE alembic_version.version_num = 'a1';";

#[test]
fn alembics_vectors() {
    let chain = abc(Transaction::Default);
    let (up, down) = (Direction::Upgrade, Direction::Downgrade);
    #[rustfmt::skip]
    let vectors: [(&str, Direction, &str, &[&str]); 9] = [
        ("D-1", up, "a1", &[CREATE, "STEP 1;", TO_A]),
        ("D-2", up, "b2:c3", &["STEP 3;", B_TO_C]),
        ("D-3", down, "c3:base", &["DROP STEP 3;", C_TO_B, "DROP STEP 2;", B_TO_A, "DROP STEP 1;", TO_BASE]),
        ("D-4", down, "c3:a1", &["DROP STEP 3;", C_TO_B, "DROP STEP 2;", B_TO_A]),
        ("D-5", up, "base:head", &[CREATE, "STEP 1;", TO_A, "STEP 2;", A_TO_B, "STEP 3;", B_TO_C]),
        ("an end counted from the start", up, "a1:+1", &["STEP 2;", A_TO_B]),
        ("and from base", up, "+1", &[CREATE, "STEP 1;", TO_A]),
        ("and back", down, "head:-1", &["DROP STEP 3;", C_TO_B]),
        ("prefixes", down, "c:c-1", &["DROP STEP 3;", C_TO_B]),
    ];
    for (name, direction, range, expected) in vectors {
        let script = chain.script(Dialect::Postgres, direction, range).unwrap();
        let statements: Vec<_> =
            gist(&script).into_iter().filter(|line| line != "BEGIN;" && line != "COMMIT;").collect();
        // MySQL moves the version row of a downgrade before the statements: the lower revision is what counts.
        assert_eq!(statements, expected, "{name}: {range}");
        assert!(!script.contains("everything"), "D-12: a message has no place in a script");
    }
    let whole = chain.script(Dialect::Postgres, up, "head").unwrap();
    assert_eq!(whole, chain.script(Dialect::Postgres, up, "base:head").unwrap(), "D-5");
    for line in ["-- Running upgrade  -> a1", "-- Running upgrade a1 -> b2", "-- Running upgrade b2 -> c3"] {
        assert!(whole.contains(line), "{line}\n{whole}");
    }
}

/// D-6 and D-7.
#[test]
fn stamps() {
    let chain = abc(Transaction::Default);
    let insert = "INSERT INTO alembic_version (version_num) VALUES ('c3');";
    for (range, expected) in [
        ("a1:head", &["UPDATE alembic_version SET version_num='c3' WHERE alembic_version.version_num = 'a1';"][..]),
        ("c3:a", &["UPDATE alembic_version SET version_num='a1' WHERE alembic_version.version_num = 'c3';"]),
        ("a1:base", &[TO_BASE]),
        ("head", &["BEGIN;", CREATE, insert, "COMMIT;"]),
        ("base", &[]),
        ("b2:b2", &[]),
    ] {
        assert_eq!(gist(&chain.stamp_script(Dialect::Postgres, range).unwrap()), expected, "{range}");
    }
}

/// D-8, D-9 and D-11: where a script commits.
#[test]
fn transactions() {
    let one = ["BEGIN;", CREATE, "STEP 1;", TO_A, "STEP 2;", A_TO_B, "COMMIT;"];
    let each = ["BEGIN;", CREATE, "STEP 1;", TO_A, "COMMIT;", "BEGIN;", "STEP 2;", A_TO_B, "COMMIT;"];
    let none = [CREATE, "STEP 1;", TO_A, "STEP 2;", A_TO_B];
    let immediate =
        |lines: &[&str]| -> Vec<String> { lines.iter().map(|line| line.replace("BEGIN", "BEGIN IMMEDIATE")).collect() };
    let script = |dialect, transaction| gist(&abc(transaction).script(dialect, Direction::Upgrade, "b2").unwrap());
    assert_eq!(script(Dialect::Postgres, Transaction::PerRun), one, "D-8");
    assert_eq!(script(Dialect::Postgres, Transaction::PerRevision), each, "D-9");
    assert_eq!(script(Dialect::Postgres, Transaction::Default), each);
    assert_eq!(script(Dialect::Sqlite, Transaction::Default), immediate(&one));
    assert_eq!(script(Dialect::Sqlite, Transaction::PerRevision), immediate(&each));
    assert_eq!(script(Dialect::Mysql, Transaction::PerRun), none, "D-10");

    let work = embed::work(&[
        batch(Mode::NoTransaction, &["1"]),
        batch(Mode::Transaction, &["2"]),
        batch(Mode::NoTransaction, &["3"]),
        batch(Mode::Transaction, &["4"]),
        batch(Mode::NoTransaction, &["5"]),
    ]);
    let chain = embed::embed(&[plain("a1", "STEP 1", ""), revision("b2", work.clone(), work)], settings());
    assert_eq!(
        gist(&chain.script(Dialect::Postgres, Direction::Upgrade, "a1:b2").unwrap()),
        ["1;", "BEGIN;", "2;", "COMMIT;", "3;", "BEGIN;", "4;", "COMMIT;", "5;", A_TO_B],
        "D-11"
    );
    // A downgrade moves the version row first: it names the lower revision while the step is under way.
    assert_eq!(gist(&chain.script(Dialect::Postgres, Direction::Downgrade, "b2:a1").unwrap())[..2], [B_TO_A, "1;"]);
}

#[test]
fn ranges_that_are_none() {
    let chain = abc(Transaction::Default);
    for (direction, range, expected) in [
        (
            Direction::Upgrade,
            "a1:b2:c3",
            "`a1:b2:c3` is not a range that a script can be written for: it has more than one colon",
        ),
        (
            Direction::Upgrade,
            ":b2",
            "`:b2` is not a range that a script can be written for: it has no start; write `base` where it starts there",
        ),
        (
            Direction::Upgrade,
            "b2:",
            "`b2:` is not a range that a script can be written for: it has no end; write `head` where it ends there",
        ),
        (
            Direction::Upgrade,
            "-1:head",
            "`-1:head` is not a range that a script can be written for: there is nothing that its start could be counted from",
        ),
        (
            Direction::Upgrade,
            "c3:a1",
            "Requested range c3:a1 does not refer to ancestor/descendant revisions along the same branch: it ends before it starts",
        ),
        (
            Direction::Downgrade,
            "b2",
            "`b2` is not a range that a script can be written for: downgrade with --sql requires <fromrev>:<torev>",
        ),
        (
            Direction::Downgrade,
            "a1:c3",
            "`a1:c3` is not a range that a script can be written for: a downgrade begins at the newer revision and ends at the older one",
        ),
        (
            Direction::Upgrade,
            "nope:head",
            "Can't locate revision identified by 'nope': this binary has no such revision",
        ),
        (
            Direction::Upgrade,
            "current:head",
            "Can't locate revision identified by 'current': this binary has no such revision",
        ),
        (Direction::Upgrade, "a1:+9", "Relative revision +9 didn't produce 9 migrations: there are 2 that way"),
    ] {
        let error = chain.script(Dialect::Postgres, direction, range).unwrap_err();
        assert_eq!(error.to_string().lines().next(), Some(expected), "{range}");
    }
    for (direction, range) in
        [(Direction::Upgrade, "b2:b2"), (Direction::Upgrade, "base"), (Direction::Downgrade, "b2:b2")]
    {
        assert_eq!(chain.script(Dialect::Postgres, direction, range).unwrap(), "", "{range}");
    }
    let error = Target::parse("a1:b2").unwrap_err();
    assert!(error.to_string().starts_with("Range revision not allowed: `a1:b2` names two ends"), "D-13: {error}");
}

fn nothing<'a>(_: &'a mut Op<'_>) -> StepFuture<'a> {
    Box::pin(async { Ok(()) })
}

#[test]
fn what_plain_sql_cannot_say() {
    let repeat = embed::work(&[batch(Mode::Repeat(500), &["UPDATE t SET x = 1 WHERE x IS NULL LIMIT 500"])]);
    let chain = embed::embed(
        &[
            plain("a1", "STEP 1", "DROP STEP 1"),
            revision("b2", Work::Rust(nothing), Work::Rust(nothing)),
            revision("c3", repeat.clone(), repeat),
        ],
        settings(),
    );
    assert_eq!(
        chain.script(Dialect::Postgres, Direction::Upgrade, "head").unwrap_err().to_string(),
        "revision `b2` can't be written as SQL: it is written in Rust, and requires a live database connection \
         (migrations/versions/b2_x.sql)\n  help: nothing was written; apply a script that ends at `a1`, run this revision with \
         `upgrade b2`, and go on with a script that starts at `b2`"
    );
    assert_eq!(
        chain.script(Dialect::Sqlite, Direction::Upgrade, "b2:head").unwrap_err().to_string().lines().next(),
        Some(
            "revision `c3` can't be written as SQL: a `repeat` section is a loop, and SQLite's SQL has none \
             (migrations/versions/c3_x.sql:7)"
        )
    );
    let loops = chain.script(Dialect::Postgres, Direction::Upgrade, "b2:head").unwrap();
    assert!(loops.contains("EXIT WHEN affected < 500 OR affected = 0;"), "{loops}");
    assert!(chain.script(Dialect::Mysql, Direction::Upgrade, "b2:head").unwrap().contains("CALL revchain_repeat();"));
}

#[test]
fn statements_end_where_the_client_thinks_so() {
    for (dialect, sql, expected) in [
        (
            Dialect::Mysql,
            "CREATE TRIGGER t BEGIN a; b; END",
            "DELIMITER $$\nCREATE TRIGGER t BEGIN a; b; END\n$$\nDELIMITER ;\n\n",
        ),
        (Dialect::Mysql, "SELECT '$$;'", "DELIMITER $$$\nSELECT '$$;'\n$$$\nDELIMITER ;\n\n"),
        (Dialect::Mysql, "SELECT 1 # one", "SELECT 1 # one\n;\n\n"),
        (Dialect::Sqlite, "SELECT 1 -- one", "SELECT 1 -- one\n;\n\n"),
        (Dialect::Postgres, "DO $$BEGIN a; END$$", "DO $$BEGIN a; END$$;\n\n"),
    ] {
        let chain = abc(Transaction::Default);
        let mut writer = Writer::new(chain, dialect);
        writer.statement(sql);
        assert_eq!(writer.text, expected);
    }
}

#[test]
fn the_version_table_is_the_configured_one() {
    let settings = Settings::new([true; 3], "t", Some("s"), Transaction::Default);
    let chain = embed::embed(&[plain("a1", "STEP 1", ""), plain("b2", "STEP 2", "")], settings);
    assert_eq!(
        gist(&chain.script(Dialect::Postgres, Direction::Upgrade, "a1:b2").unwrap())[2],
        "UPDATE \"s\".\"t\" SET version_num='b2' WHERE \"s\".\"t\".version_num = 'a1';"
    );
    assert!(chain.version_table_script(Dialect::Mysql).starts_with("CREATE TABLE IF NOT EXISTS `s`.`t` ("));
}

/// What a run would be limited by, a script is too.
#[test]
fn limits_are_set() {
    let revisions = [plain("a1", "STEP 1", "DROP STEP 1")];
    let settings = Settings::new([true; 3], "alembic_version", None, Transaction::Default);
    let chain = embed::embed(&revisions, settings.timeouts(Some(5000), Some(60_000)));
    for (dialect, limits) in [
        (
            Dialect::Postgres,
            "SET TimeZone = 'UTC';\n\nSET lock_timeout = 5000;\nSET statement_timeout = 60000;\n\nBEGIN;",
        ),
        (
            Dialect::Mysql,
            "SET SESSION lock_wait_timeout = 5, innodb_lock_wait_timeout = 5 /*M! , max_statement_time = 60.000",
        ),
        (Dialect::Sqlite, "PRAGMA busy_timeout = 5000;\n-- statement_timeout: sqlite3 has no such limit\n\n"),
    ] {
        let script = chain.script(dialect, Direction::Upgrade, "head").unwrap();
        assert!(script.contains(limits), "{script}");
    }
}
