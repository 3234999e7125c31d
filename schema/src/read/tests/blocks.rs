//! Blocks of code.

use revchain_core::Dialect::{Mysql, Postgres};

use super::super::{Reading, read};
use super::{check, has};

#[test]
fn blocks_that_mean_if_exists() {
    let column = "AlterTable { table: \"a\"";
    has(&[
        (
            Postgres,
            "DO $$ BEGIN CREATE TYPE \"t\" AS ENUM('a', 'b'); EXCEPTION WHEN duplicate_object THEN null; END $$",
            &["CreateType { name: \"t\", if_not_exists: true, definition: Enum(Enum { values: [\"a\", \"b\"] }) }"],
        ),
        (
            Postgres,
            "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 't') THEN CREATE TYPE t AS ENUM ('a'); END IF; END $$",
            &["CreateType { name: \"t\", if_not_exists: true"],
        ),
        (
            Postgres,
            "DO $do$ BEGIN IF EXISTS (SELECT FROM pg_class WHERE relname = 'i') THEN DROP INDEX i; END IF; END $do$",
            &["DropIndex { drops: Drops { names: [\"i\"], if_exists: true"],
        ),
        (Postgres, "DO $$ BEGIN ALTER TABLE a ADD b int; CREATE SEQUENCE s; END $$", &[column, "CreateSequence"]),
    ]);
    has(&[(
        Postgres,
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 's') THEN CREATE SEQUENCE s; END IF; \
         IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 'r') THEN CREATE SEQUENCE r; END IF; DROP TYPE t; END $$",
        &[
            "CreateSequence { name: \"s\", if_not_exists: true",
            "CreateSequence { name: \"r\", if_not_exists: true",
            "if_exists: false",
        ],
    )]);
    check(&[
        // An IF in an IF.
        (
            Postgres,
            "DO $$ BEGIN IF x THEN IF EXISTS (SELECT FROM pg_class WHERE relname = 's') THEN DROP TABLE s; END IF; END IF; END $$",
            "touches s",
        ),
        (Postgres, "DO $$ BEGIN <<l>> IF x THEN DROP TABLE t; END IF; END $$", "touches t"),
        (
            Mysql,
            "BEGIN NOT ATOMIC DECLARE CONTINUE HANDLER FOR 1060 BEGIN END; ALTER TABLE t ADD a int; END",
            "touches t",
        ),
        (Mysql, "BEGIN NOT ATOMIC WHILE x DO DROP TABLE t; END WHILE; END", "touches t"),
        // Another name than that which is looked for.
        (
            Postgres,
            "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'u') THEN CREATE TYPE t AS ENUM ('a'); END IF; END $$",
            "touches t",
        ),
        (
            Postgres,
            "DO $$ BEGIN CREATE TYPE t AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN RAISE; END $$",
            "touches t",
        ),
    ]);
}

#[test]
fn statements_that_are_put_together() {
    let block = |statement: &str| format!("DO $$ BEGIN {statement}; END $$");
    for (statement, expected) in [
        ("EXECUTE format('CREATE TABLE %I PARTITION OF a DEFAULT', x)", "touches and more"),
        ("EXECUTE 'CREATE INDEX ' || x || ' ON a (b)'", "touches and more"),
        ("EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I DEFAULT', x, y)", "touches and more"),
        ("EXECUTE format('ALTER TABLE %I SET (fillfactor = 70)', x)", "neutral"),
        ("EXECUTE format('UPDATE %I SET a = 1', x)", "neutral"),
        ("EXECUTE 'ALTER TABLE s.a DROP CONSTRAINT ' || quote_ident(x)", "touches s.a"),
        ("EXECUTE format('DROP TRIGGER IF EXISTS t ON %s CASCADE', x)", "touches t"),
        ("EXECUTE 'ALTER TABLE a DROP CONSTRAINT ' || x || ' CASCADE'", "anything"),
        ("EXECUTE 'ALTER TABLE a_' || x || ' ADD b int'", "anything"),
        ("EXECUTE format('ALTER TABLE %I ADD b int', x)", "anything"),
        ("EXECUTE format('CREATE OR REPLACE VIEW %I AS SELECT 1', x)", "anything"),
        ("EXECUTE format('CREATE TABLE %I (); DROP TABLE a', x)", "anything"),
        ("EXECUTE format('DROP TABLE %I', x)", "anything"),
        ("EXECUTE format('DROP TRIGGER %I ON a', x)", "anything"),
        ("EXECUTE x", "anything"),
        ("PERFORM f(1)", "anything"),
    ] {
        check(&[(Postgres, block(statement).as_str(), expected)]);
    }
}

#[test]
fn parts_within_a_block_are_those_of_the_statement() {
    let sql = "DO $$ BEGIN DROP TABLE some_table; END $$";
    let Reading::Known { changes, .. } = read(sql, Postgres) else { panic!("not known") };
    let [crate::change::Change::DropTable(drops)] = changes.as_slice() else { panic!("{changes:?}") };
    let (start, end) = drops.names[0].part;
    assert_eq!(&sql[start..end], "some_table");
}
