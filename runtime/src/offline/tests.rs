//! What a client must be told apart, and what plain SQL can't say. Which statements a range has, and where it commits, is in
//! the tables of Alembic's vectors, `cli/tests/alembic`; that a script gives the same database as a run is tested with the
//! reference application.

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

const B_TO_A: &str = "UPDATE alembic_version SET version_num='a1' WHERE alembic_version.version_num = 'b2';";

/// The version row names the lower revision while a step that is not one transaction is under way.
#[test]
fn a_downgrade_moves_the_row_first() {
    let work = embed::work(&[batch(Mode::NoTransaction, &["1"]), batch(Mode::Transaction, &["2"])]);
    let chain = embed::embed(&[plain("a1", "STEP 1", ""), revision("b2", work.clone(), work)], settings());
    assert_eq!(
        gist(&chain.script(Dialect::Postgres, Direction::Downgrade, "b2:a1").unwrap()),
        [B_TO_A, "1;", "BEGIN;", "2;", "COMMIT;"]
    );
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
