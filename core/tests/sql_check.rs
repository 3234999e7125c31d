//! The statement checks, in both directions: what is found, and what is left alone.

#![allow(clippy::expect_used, reason = "the helpers of a test may fail loudly, too")]

use revchain_core::{
    Code,
    Dialect::{self, Mysql, Postgres, Sqlite},
    DialectSet, Finding, Findings, Sources, Span,
    check::statements::check_statements,
    revision::{Allow, Direction, Mode, Reading, Section},
    sql::readings,
};

/// Sections of one file, checked together.
struct File {
    sources: Sources,
    sections: Vec<Section>,
}

impl File {
    fn new(sections: &[(Direction, &[Dialect], Mode, &str)]) -> File {
        let mut text = String::from("-- header\n");
        let mut bounds = Vec::new();
        for (_, _, _, body) in sections {
            let marker = text.len();
            text.push_str("-- @marker\n");
            let start = text.len();
            text.push_str(body);
            bounds.push((marker, start, text.len()));
        }
        let mut sources = Sources::default();
        let file = sources.add("x.sql", "x.sql", text.into_bytes());
        let sections = sections.iter().zip(bounds).map(|((direction, dialects, mode, body), (marker, start, end))| {
            let dialects: DialectSet = dialects.iter().copied().collect();
            let mut allows = Vec::new();
            for (at, _) in body.match_indices("-- @allow ") {
                let line = body[at..].lines().next().unwrap_or_default();
                let code = line["-- @allow ".len()..].split(':').next().and_then(Code::find).expect("a code");
                let span = Span::new(file, start + at, start + at + line.len());
                allows.push(Allow { code, reason: "because".to_owned(), span });
            }
            Section {
                direction: *direction,
                dialects,
                named: true,
                mode: *mode,
                irreversible: None,
                marker: Span::new(file, marker, start - 1),
                body: Span::new(file, start, end),
                readings: readings(body, dialects)
                    .into_iter()
                    .map(|(dialects, split)| Reading { dialects, split })
                    .collect(),
                allows,
                replays: Vec::new(),
                declared: None,
            }
        });
        let sections = sections.collect();
        File { sources, sections }
    }

    fn findings(&self) -> Vec<Finding> {
        let mut findings = Findings::default();
        check_statements(&self.sections, &self.sources, DialectSet::ALL, &mut findings);
        findings.into_iter().collect()
    }

    /// `RC202 BEGIN +1`: code, guilty words, number of other places.
    fn found(&self) -> Vec<String> {
        let findings = self.findings();
        let show = |finding: &Finding| {
            let span = finding.primary.as_ref().expect("a place").span;
            let more = match finding.secondary.len() {
                0 => String::new(),
                more => format!(" +{more}"),
            };
            assert!(finding.help.is_some(), "{finding:?}");
            assert!(!finding.message.ends_with('.') && !finding.message.starts_with(char::is_uppercase), "{finding:?}");
            format!("{} {}{more}", finding.code, self.sources.text(span))
        };
        findings.iter().map(show).collect()
    }
}

fn one(dialects: &[Dialect], mode: Mode, body: &str) -> File {
    File::new(&[(Direction::Upgrade, dialects, mode, body)])
}

#[track_caller]
fn found(dialects: &[Dialect], mode: Mode, body: &str, expected: &[&str]) {
    assert_eq!(one(dialects, mode, body).found(), expected, "{dialects:?} {mode:?}: {body}");
}

#[track_caller]
fn silent(dialects: &[Dialect], body: &str) {
    found(dialects, Mode::Transaction, body, &[]);
}

const ALL: &[Dialect] = &Dialect::ALL;
const TRANSACTION: Mode = Mode::Transaction;

#[test]
fn rc201_unterminated() {
    found(ALL, TRANSACTION, "SELECT 'x; COMMIT;", &["RC201 '"]);
    found(ALL, TRANSACTION, "SELECT \"x; COMMIT;", &["RC201 \""]);
    found(ALL, TRANSACTION, "SELECT e'x; COMMIT;", &["RC201 '"]);
    found(ALL, TRANSACTION, "COMMIT; /* x", &["RC201 /*"]);
    found(&[Postgres], TRANSACTION, "DO $fn$ BEGIN; $f$;", &["RC201 $fn$"]);
    found(&[Mysql], TRANSACTION, r"INSERT INTO t VALUES ('C:\');", &["RC201 '"]);
    silent(&[Postgres, Sqlite], r"INSERT INTO t VALUES ('C:\');");
    silent(ALL, "SELECT 'it''s', \"a\"; -- it's\n/* it's */");
    let file = one(ALL, TRANSACTION, r"INSERT INTO t VALUES ('C:\');");
    assert_eq!(file.findings()[0].primary.as_ref().unwrap().text, "opened here (on mysql)");
    assert!(file.findings()[0].help.as_ref().unwrap().contains("backslash"), "{:?}", file.findings());
}

#[test]
fn rc202_transaction_control() {
    found(ALL, TRANSACTION, "BEGIN; a; COMMIT;", &["RC202 BEGIN +1"]);
    found(ALL, TRANSACTION, "begin transaction;", &["RC202 begin"]);
    found(ALL, TRANSACTION, "START TRANSACTION READ WRITE;", &["RC202 START TRANSACTION"]);
    found(ALL, TRANSACTION, "/* x */ Rollback -- y\n;", &["RC202 Rollback"]);
    found(&[Postgres, Sqlite], TRANSACTION, "END;", &["RC202 END"]);
    found(&[Postgres], TRANSACTION, "ABORT;", &["RC202 ABORT"]);
    found(&[Postgres], TRANSACTION, "PREPARE TRANSACTION 'x';", &["RC202 PREPARE TRANSACTION"]);
    found(&[Postgres], TRANSACTION, "COMMIT PREPARED 'x';", &["RC202 COMMIT PREPARED"]);
    found(&[Postgres], TRANSACTION, "ROLLBACK PREPARED 'x';", &["RC202 ROLLBACK PREPARED"]);
    found(&[Mysql], TRANSACTION, "XA START 'x';", &["RC202 XA START"]);
    found(&[Mysql], TRANSACTION, "/*!40000 COMMIT */;", &["RC202 COMMIT"]);
    found(&[Mysql], TRANSACTION, "SET autocommit = 0;", &["RC202 SET autocommit"]);
    found(&[Mysql], TRANSACTION, "SET @a = (1, 2), @@session.autocommit = 0;", &["RC202 SET @"]);
    found(&[Postgres], Mode::NoTransaction, "BEGIN; a; COMMIT;", &["RC202 BEGIN +1"]);

    silent(ALL, "SAVEPOINT a; ROLLBACK TO a; RELEASE SAVEPOINT a;");
    silent(ALL, "ROLLBACK TO SAVEPOINT a;");
    silent(&[Mysql], "ROLLBACK WORK TO SAVEPOINT a;");
    silent(&[Sqlite], "ROLLBACK TRANSACTION TO a;");
    silent(&[Mysql], "BEGIN NOT ATOMIC SELECT 1; COMMIT; END;");
    silent(&[Mysql], "CREATE PROCEDURE p() BEGIN START TRANSACTION; COMMIT; END;");
    silent(&[Mysql], "SET @autocommit_was = 1, sql_mode = '', GLOBAL x = 1; START SLAVE; START REPLICA;");
    silent(&[Sqlite], "CREATE TRIGGER t AFTER INSERT ON x BEGIN DELETE FROM a; END;");
    silent(&[Postgres], "DO $$ BEGIN COMMIT; END $$; PREPARE p AS SELECT 1;");
    silent(&[Postgres], "CREATE PROCEDURE p() BEGIN ATOMIC SELECT 1; END;");
    silent(
        ALL,
        "INSERT INTO t VALUES ('BEGIN; COMMIT;'); -- COMMIT;\nSELECT commit FROM t; CREATE TABLE begin (a int);",
    );
}

#[test]
fn rc203_session_state() {
    for (dialects, body, expected) in [
        (ALL, "USE other;", "RC203 USE other"),
        (&[Postgres, Mysql], "SET ROLE admin;", "RC203 SET ROLE"),
        (&[Postgres], "SET SESSION ROLE admin;", "RC203 SET SESSION ROLE"),
        (&[Postgres], "SET ROLE = admin; RESET ROLE;", "RC203 SET ROLE"),
        (&[Postgres], "RESET ROLE;", "RC203 RESET ROLE"),
        (&[Postgres], "SET SESSION AUTHORIZATION bob;", "RC203 SET SESSION AUTHORIZATION"),
        (&[Postgres], "SET SESSION SESSION AUTHORIZATION bob;", "RC203 SET SESSION SESSION AUTHORIZATION"),
        (&[Postgres], "RESET SESSION AUTHORIZATION;", "RC203 RESET SESSION AUTHORIZATION"),
        (&[Postgres], "SET search_path TO a, b;", "RC203 SET search_path"),
        (&[Postgres], "SET SESSION search_path = a; SET search_path TO DEFAULT;", "RC203 SET SESSION search_path"),
        (&[Postgres], "set schema 'a'; reset search_path;", "RC203 set schema"),
        (&[Postgres], "SELECT pg_catalog.set_config('search_path', '', false);", "RC203 set_config('search_path'"),
        (&[Postgres], "SELECT 1, set_config('role', f(1, 2), 'f');", "RC203 set_config('role'"),
        (&[Postgres], "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;", "RC203 SET SESSION CHARACTERISTICS"),
        (&[Postgres], "SET standard_conforming_strings = off;", "RC203 SET standard_conforming_strings = off"),
        (&[Postgres], "DISCARD ALL;", "RC203 DISCARD ALL"),
        (&[Postgres], "RESET ALL;", "RC203 RESET ALL"),
        (&[Mysql], "LOCK TABLES a WRITE; INSERT INTO a VALUES (1); UNLOCK TABLES;", "RC203 LOCK TABLES"),
        (&[Mysql], "FLUSH TABLES a WITH READ LOCK;", "RC203 FLUSH TABLES a WITH READ LOCK"),
    ] as [(&[Dialect], &str, &str); 19]
    {
        found(dialects, TRANSACTION, body, &[expected]);
        found(dialects, Mode::NoTransaction, body, &[expected]);
    }

    silent(&[Postgres], "SET LOCAL search_path TO a; RESET search_path; SET LOCAL ROLE x; RESET ROLE;");
    silent(&[Postgres], "SELECT set_config('search_path', 'a', true); SELECT set_config('work_mem', '1MB', false);");
    silent(&[Postgres], "SELECT set_config('search_path', 'a', x), 'set_config(''search_path'', 1, false)';");
    silent(
        &[Postgres],
        "SET lock_timeout = '1s'; SET SESSION statement_timeout = 0; SET check_function_bodies = false;",
    );
    silent(
        &[Postgres],
        "SET standard_conforming_strings = on; SET CONSTRAINTS ALL DEFERRED; RESET work_mem; DISCARD PLANS;",
    );
    silent(&[Postgres], "LOCK TABLE a IN EXCLUSIVE MODE; ALTER ROLE x SET search_path = a; SET TRANSACTION READ ONLY;");
    silent(&[Postgres], "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = a AS 'select 1';");
    silent(
        &[Mysql],
        "/*!40101 SET NAMES utf8mb4 */; SET FOREIGN_KEY_CHECKS=0; SET sql_mode=''; SET @role = 1; UNLOCK TABLES;",
    );
    silent(&[Mysql], "FLUSH TABLES; SET DEFAULT ROLE a TO b;");
}

#[test]
fn rc204_foreign_keys_pragma() {
    found(
        &[Sqlite],
        TRANSACTION,
        "PRAGMA foreign_keys = OFF; a; PRAGMA foreign_keys=on;",
        &["RC204 PRAGMA foreign_keys +1"],
    );
    found(&[Sqlite], TRANSACTION, "pragma main.foreign_keys(0);", &["RC204 pragma main.foreign_keys"]);
    found(ALL, TRANSACTION, "PRAGMA foreign_keys=0;", &["RC204 PRAGMA foreign_keys"]);
    silent(
        &[Sqlite],
        "PRAGMA foreign_keys; PRAGMA defer_foreign_keys = ON; PRAGMA foreign_key_check; PRAGMA user_version = 1;",
    );
    found(&[Sqlite], Mode::NoTransaction, "PRAGMA foreign_keys=off;", &[]);
    found(&[Sqlite], Mode::Rebuild, "PRAGMA foreign_keys=off;", &[]);
    silent(&[Postgres, Mysql], "PRAGMA foreign_keys=0;");
}

#[test]
fn rc205_not_in_transaction() {
    for (statement, words) in [
        ("CREATE INDEX CONCURRENTLY a ON b (c)", "CREATE INDEX CONCURRENTLY"),
        ("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a ON b (c)", "CREATE UNIQUE INDEX CONCURRENTLY"),
        ("create /* x */ index concurrently on b (c)", "create /* x */ index concurrently"),
        ("DROP INDEX CONCURRENTLY IF EXISTS a", "DROP INDEX CONCURRENTLY"),
        ("REINDEX TABLE CONCURRENTLY a", "REINDEX TABLE CONCURRENTLY"),
        ("REINDEX (VERBOSE, CONCURRENTLY) INDEX a", "REINDEX (VERBOSE, CONCURRENTLY)"),
        ("REINDEX SCHEMA a", "REINDEX SCHEMA"),
        ("REINDEX (VERBOSE) DATABASE a", "REINDEX (VERBOSE) DATABASE"),
        ("REINDEX SYSTEM a", "REINDEX SYSTEM"),
        ("VACUUM", "VACUUM"),
        ("VACUUM (ANALYZE) a", "VACUUM"),
        ("ALTER SYSTEM SET work_mem = 1", "ALTER SYSTEM"),
        ("CREATE DATABASE a", "CREATE DATABASE"),
        ("DROP DATABASE IF EXISTS a", "DROP DATABASE"),
        ("CREATE TABLESPACE a LOCATION 'b'", "CREATE TABLESPACE"),
        ("DROP TABLESPACE a", "DROP TABLESPACE"),
        ("ALTER DATABASE a SET TABLESPACE b", "ALTER DATABASE a SET TABLESPACE"),
        ("ALTER TABLE a.b DETACH PARTITION a.c CONCURRENTLY", "ALTER TABLE a.b DETACH PARTITION a.c CONCURRENTLY"),
        ("CLUSTER", "CLUSTER"),
        ("CLUSTER VERBOSE", "CLUSTER"),
        ("CREATE SUBSCRIPTION a CONNECTION 'b' PUBLICATION c", "CREATE SUBSCRIPTION"),
        ("DROP SUBSCRIPTION a", "DROP SUBSCRIPTION"),
        ("ALTER SUBSCRIPTION a REFRESH PUBLICATION", "ALTER SUBSCRIPTION a REFRESH PUBLICATION"),
        ("ALTER SUBSCRIPTION a ADD PUBLICATION b", "ALTER SUBSCRIPTION a ADD PUBLICATION"),
    ] {
        let expected = format!("RC205 {words}");
        found(&[Postgres], TRANSACTION, statement, &[&expected]);
        found(&[Postgres], Mode::NoTransaction, statement, &[]);
        silent(&[Mysql], statement);
    }
    silent(
        &[Postgres],
        "CREATE INDEX concurrently_seen ON b (c); DROP INDEX \"concurrently\"; CREATE INDEX \"concurrently\" ON b (c)",
    );
    silent(
        &[Postgres],
        "REINDEX TABLE a; REINDEX (CONCURRENTLY FALSE) TABLE a; CLUSTER a USING b; ANALYZE; DISCARD TEMP",
    );
    silent(
        &[Postgres],
        "REFRESH MATERIALIZED VIEW CONCURRENTLY a; ALTER TYPE a ADD VALUE 'b'; ALTER DATABASE a SET work_mem = 1",
    );
    silent(&[Postgres], "ALTER TABLE a DETACH PARTITION b; ALTER TABLE a DETACH PARTITION b FINALIZE");
    silent(&[Postgres], "CREATE SUBSCRIPTION a CONNECTION 'b' PUBLICATION c WITH (create_slot = false)");
    silent(&[Postgres], "ALTER SUBSCRIPTION a SET (slot_name = NONE); DROP SUBSCRIPTION a");
    silent(&[Postgres], "ALTER SUBSCRIPTION a SET PUBLICATION b WITH (refresh = false)");

    for (statement, words) in [
        ("VACUUM", "VACUUM"),
        ("VACUUM INTO 'x'", "VACUUM"),
        ("DETACH x", "DETACH"),
        ("PRAGMA journal_mode = WAL", "PRAGMA journal_mode"),
        ("PRAGMA synchronous(0)", "PRAGMA synchronous"),
    ] {
        found(&[Sqlite], TRANSACTION, statement, &[&format!("RC205 {words}")]);
        found(&[Sqlite], Mode::Rebuild, statement, &[&format!("RC205 {words}")]);
        found(&[Sqlite], Mode::NoTransaction, statement, &[]);
    }
    silent(&[Sqlite], "PRAGMA journal_mode; ATTACH 'x' AS y; REINDEX; ANALYZE");
    // Several of them are one missing marker.
    found(&[Postgres], TRANSACTION, "VACUUM a; x; VACUUM b;", &["RC205 VACUUM +1"]);
    let finding = &one(&[Postgres], TRANSACTION, "CREATE INDEX CONCURRENTLY a ON b (c)").findings()[0];
    assert_eq!(finding.message, "`CREATE INDEX CONCURRENTLY` cannot run inside a transaction");
    assert!(finding.help.as_ref().unwrap().contains("`-- @upgrade postgres; no-transaction`"));
}

#[test]
fn rc206_unmarked_rebuild() {
    let rebuild = "CREATE TABLE new_users (id int); INSERT INTO new_users SELECT id FROM users; DROP TABLE \"users\"; \
                   ALTER TABLE new_users RENAME TO Users;";
    found(&[Sqlite], TRANSACTION, rebuild, &["RC206 DROP TABLE \"users\" +1"]);
    found(ALL, TRANSACTION, rebuild, &["RC206 DROP TABLE \"users\" +1"]);
    found(&[Sqlite], Mode::Rebuild, rebuild, &[]);
    silent(&[Postgres, Mysql], rebuild);
    found(
        &[Sqlite],
        TRANSACTION,
        "drop table if exists main.[a]; alter table b rename to `a`;",
        &["RC206 drop table if exists main.[a] +1"],
    );
    silent(&[Sqlite], "DROP TABLE a; ALTER TABLE b RENAME TO c; ALTER TABLE a RENAME COLUMN b TO a; DROP TABLE c;");
    silent(&[Sqlite], "ALTER TABLE a RENAME TO b; DROP TABLE b;");
    // One mistake, one finding: the remedy is the same.
    let text = format!("PRAGMA foreign_keys=OFF; {rebuild} PRAGMA foreign_keys=ON;");
    found(&[Sqlite], TRANSACTION, &text, &["RC204 PRAGMA foreign_keys +1"]);
    found(&[Sqlite], Mode::NoTransaction, &text, &[]);
    found(&[Sqlite], Mode::NoTransaction, rebuild, &["RC206 DROP TABLE \"users\" +1"]);
    // Over sections of one direction, not over both.
    let (up, down) = (Direction::Upgrade, Direction::Downgrade);
    let (drop, rename) = ("DROP TABLE a;", "ALTER TABLE b RENAME TO a;");
    let file = File::new(&[(up, &[Sqlite], TRANSACTION, drop), (up, &[Sqlite], TRANSACTION, rename)]);
    assert_eq!(file.found(), ["RC206 DROP TABLE a +1"]);
    let file = File::new(&[(up, &[Sqlite], TRANSACTION, drop), (down, &[Sqlite], TRANSACTION, rename)]);
    assert!(file.found().is_empty());
    silent(&[Sqlite], "-- @allow RC206: nothing refers to it\nDROP TABLE a; ALTER TABLE b RENAME TO a;");
    silent(&[Sqlite], "DROP TABLE a;\n-- @allow RC206: nothing refers to it\nALTER TABLE b RENAME TO a;");
}

#[test]
fn rc207_repeat_shape() {
    let repeat = Mode::Repeat(5000);
    for fine in [
        "UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t WHERE a IS NULL LIMIT 5000);",
        "DELETE FROM t; -- all\n",
        "insert into t select 1",
        "WITH x AS (SELECT 1) UPDATE t SET a = 1",
        "MERGE INTO t USING u ON a = b WHEN MATCHED THEN DELETE",
    ] {
        found(ALL, repeat, fine, &[]);
    }
    found(&[Mysql, Sqlite], repeat, "REPLACE INTO t VALUES (1)", &[]);
    found(ALL, repeat, "UPDATE t SET a = 1; UPDATE u SET b = 2;", &["RC207 UPDATE"]);
    found(ALL, repeat, "-- nothing\n", &["RC207 -- @marker"]);
    found(ALL, repeat, "CREATE TABLE t (a int)", &["RC207 CREATE"]);
    found(ALL, repeat, "WITH x AS (SELECT 1) SELECT * FROM x", &["RC207 WITH"]);
    found(&[Postgres], repeat, "CREATE INDEX CONCURRENTLY a ON b (c)", &["RC205 CREATE INDEX CONCURRENTLY"]);
    found(ALL, repeat, "BEGIN; UPDATE t SET a = 1; COMMIT;", &["RC202 BEGIN +1"]);
    silent(ALL, "UPDATE t SET a = 1; UPDATE u SET b = 2;");
}

#[test]
fn rc208_client_command() {
    found(&[Postgres], TRANSACTION, "\\connect x\nSELECT 1;\n\\set y 1\n", &["RC208 \\connect x +1"]);
    found(&[Sqlite], TRANSACTION, ".mode csv\nSELECT 1;", &["RC208 .mode csv"]);
    found(&[Mysql], TRANSACTION, "source x.sql\nSELECT 1;", &["RC208 source x.sql"]);
    found(&[Mysql], TRANSACTION, "\\. x.sql\nSELECT 1;", &["RC208 \\. x.sql"]);
    found(&[Postgres], TRANSACTION, "COPY t (a) FROM stdin;\n1\tit's\n\\.\n", &["RC208 FROM stdin"]);
    found(&[Postgres], TRANSACTION, "COPY (SELECT a FROM stdin) TO STDOUT;", &["RC208 TO STDOUT"]);
    found(&[Postgres], TRANSACTION, "DELIMITER //\nSELECT 1//\nDELIMITER ;\n", &["RC208 DELIMITER // +1"]);
    silent(&[Mysql], "DELIMITER //\nCREATE PROCEDURE p() BEGIN COMMIT; END//\nDELIMITER ;\n");
    silent(&[Postgres], "COPY t FROM '/x.csv' CSV; COPY t TO PROGRAM 'gzip'; SELECT '\\connect';");
    silent(&[Mysql, Sqlite], "COPY t FROM '/x.csv'; SELECT 1 AS source;");
    let file = one(ALL, TRANSACTION, "DELIMITER //\nSELECT 1//\n");
    assert_eq!(file.found(), ["RC208 DELIMITER //"]);
    assert_eq!(file.findings()[0].primary.as_ref().unwrap().text, "on postgres, sqlite");
}

#[test]
fn allow_silences_the_next_statement_only() {
    silent(&[Postgres], "-- @allow RC203: the table lives there\nSET search_path TO a;");
    silent(&[Postgres], "-- @allow RC203: x\n-- @allow RC202: y\n\nSET search_path TO a;");
    found(
        &[Postgres],
        TRANSACTION,
        "-- @allow RC203: x\nSET search_path TO a; SET search_path TO b;",
        &["RC203 SET search_path"],
    );
    found(&[Postgres], TRANSACTION, "-- @allow RC203: x\nSELECT 1; SET search_path TO b;", &["RC203 SET search_path"]);
    found(&[Postgres], TRANSACTION, "-- @allow RC202: x\nSET search_path TO b;", &["RC203 SET search_path"]);
    found(&[Postgres], TRANSACTION, "SET search_path TO b;\n-- @allow RC203: x\n", &["RC203 SET search_path"]);
    silent(&[Postgres], "SELECT 1;\n-- @allow RC208: psql runs it too\n\\connect x\n");
    silent(&[Postgres], "-- @allow RC205: x\n/* y */ VACUUM;");
}

#[test]
fn only_configured_dialects_are_judged() {
    let file = one(ALL, TRANSACTION, "VACUUM; PRAGMA foreign_keys = 0;");
    let mut findings = Findings::default();
    check_statements(&file.sections, &file.sources, DialectSet::from_iter([Mysql]), &mut findings);
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn arbitrary_text_is_judged_without_a_panic() {
    use proptest::prelude::*;
    let words = prop::sample::select(vec![
        "SET ",
        "ROLE ",
        "SESSION ",
        "search_path ",
        "= ",
        "PRAGMA ",
        "foreign_keys",
        "(",
        ")",
        ",",
        ";",
        "DROP TABLE ",
        "a",
        ".",
        "\"",
        "'",
        "ALTER TABLE ",
        "RENAME TO ",
        "REINDEX ",
        "CONCURRENTLY ",
        "SELECT ",
        "set_config",
        "COPY ",
        "FROM STDIN",
        "\\x\n",
        "DELIMITER ;\n",
        "@",
        "autocommit",
        "é",
        "ALTER SUBSCRIPTION ",
        "DETACH PARTITION ",
        "[",
        "`",
        "CREATE SUBSCRIPTION ",
        "refresh",
    ]);
    let texts = prop::collection::vec(words, 0..25).prop_map(|words| words.concat());
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) };
    proptest!(config, |(text in texts)| {
        for mode in [Mode::Transaction, Mode::NoTransaction, Mode::Repeat(1), Mode::Rebuild] {
            let file = one(ALL, mode, &text);
            for finding in file.findings() {
                let span = finding.primary.unwrap().span;
                prop_assert!(!file.sources.text(span).is_empty());
            }
        }
    });
}
