//! What PostgreSQL 15 and MariaDB 10.11 did, type by type.

use revchain_core::Dialect::{Mysql, Postgres};

use super::{helped, said};

fn on_postgres(old: &str, new: &str) -> Vec<String> {
    let base = format!("CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS text; CREATE TABLE orders (id int, c {old});");
    said(Postgres, &base, &format!("ALTER TABLE orders ALTER COLUMN c TYPE {new};"))
}

#[test]
fn postgres_rewrites() {
    for (old, new) in [
        ("int", "bigint"),
        ("int", "text USING c::text"),
        ("varchar(20)", "varchar(10)"),
        ("text", "varchar(10)"),
        ("char(10)", "char(20)"),
        ("char(10)", "text"),
        ("varchar(10)", "char(10)"),
        ("numeric(10,2)", "numeric(12,3)"),
        ("numeric(12,2)", "numeric(10,2)"),
        ("numeric", "numeric(10,2)"),
        ("timestamp", "timestamp(3)"),
        ("timestamptz", "timestamp(0)"),
        ("date", "timestamp"),
        ("json", "jsonb"),
        ("inet", "cidr"),
        ("bit(8)", "bit(16) USING c::bit(16)"),
        ("varbit(16)", "varbit(8)"),
        ("text", "e USING c::e"),
        ("e", "text"),
        ("int[]", "bigint[]"),
        ("varchar[]", "text[]"),
        ("text", "text USING trim(c)"),
        ("text", "text USING c || 'x'"),
        ("text", "text USING CASE WHEN c = '' THEN 'a' ELSE c END"),
    ] {
        let said = on_postgres(old, new);
        let begins = "RC427: nobody can read or write `orders` while it is written anew: `c` becomes `";
        assert!(matches!(&said[..], [one] if one.starts_with(begins)), "{old} to {new}: {said:?}");
    }
}

#[test]
fn postgres_keeps_the_bytes() {
    for (old, new) in [
        ("int", "int4"),
        ("varchar(10)", "varchar(20)"),
        ("varchar(10)", "varchar"),
        ("varchar(10)", "text"),
        ("varchar(10)", "text USING c"),
        ("varchar(10)", "varchar(20) USING c::varchar(20)"),
        ("varchar(10)", "varchar(20) USING (CAST(c AS character varying(20)))"),
        ("text", "varchar"),
        ("text", "text COLLATE \"C\""),
        ("numeric(10,2)", "numeric(12,2)"),
        ("numeric(10,2)", "numeric"),
        ("timestamp(3)", "timestamp"),
        ("timestamp", "timestamptz"),
        ("timestamptz", "timestamp"),
        ("time(3)", "time"),
        ("interval day", "interval"),
        ("cidr", "inet"),
        ("bit(8)", "varbit"),
        ("varbit(8)", "varbit(16)"),
        ("xml", "text"),
        ("int", "oid"),
        ("text", "d"),
        ("text", "citext"),
        ("d", "text"),
    ] {
        let base = format!("CREATE EXTENSION citext; CREATE DOMAIN d AS text; CREATE TABLE orders (id int, c {old});");
        let said = said(Postgres, &base, &format!("ALTER TABLE orders ALTER COLUMN c TYPE {new};"));
        assert!(said.is_empty(), "{old} to {new}: {said:?}");
    }
    let new = "CREATE TABLE t (c int); ALTER TABLE t ALTER c TYPE bigint;";
    assert!(said(Postgres, "CREATE TABLE orders (id int);", new).is_empty());
}

#[test]
fn the_remedy_names_the_column_and_its_type() {
    let base = "CREATE TABLE orders (id int, total int);";
    let [help] = &helped(Postgres, base, "ALTER TABLE orders ALTER total TYPE bigint;")[..] else { panic!("one") };
    assert!(help.contains("ALTER TABLE orders ADD COLUMN total_new bigint;\n"), "{help}");
    assert!(help.contains("UPDATE orders SET total_new = total::bigint\n"), "{help}");
}

#[test]
fn a_check_is_gone_through_again() {
    let message = ["RC428: nobody can read or write `orders` while the check `filled` goes through every row again"];
    let upgrade = "ALTER TABLE orders ALTER COLUMN c TYPE varchar(20);";
    let with = |rest: &str| {
        format!("CREATE TABLE orders (id int, c varchar(10)); ALTER TABLE orders ADD CONSTRAINT filled {rest};")
    };
    assert_eq!(said(Postgres, &with("CHECK (c <> '')"), upgrade), message);
    assert!(said(Postgres, &with("CHECK (c <> '') NOT VALID"), upgrade).is_empty());
    assert!(said(Postgres, &with("CHECK (id > 0)"), upgrade).is_empty());
    let same = "ALTER TABLE orders ALTER COLUMN c TYPE character varying(10);";
    assert!(said(Postgres, &with("CHECK (c <> '')"), same).is_empty(), "the same type");
    let [help] = &helped(Postgres, &with("CHECK (c <> '')"), upgrade)[..] else { panic!("one") };
    assert!(help.contains("ALTER TABLE orders ALTER COLUMN c TYPE varchar(20);\n"), "{help}");
    assert!(help.contains("ADD CONSTRAINT filled CHECK (c<>'') NOT VALID;\n"), "{help}");
    // A rewrite goes through them anyway, and is what takes long.
    let rewrite = "ALTER TABLE orders ALTER COLUMN c TYPE varchar(5);";
    assert!(matches!(&said(Postgres, &with("CHECK (c <> '')"), rewrite)[..], [one] if one.starts_with("RC427")));
}

fn on_mysql(options: &str, old: &str, new: &str) -> Vec<String> {
    let base = format!("CREATE TABLE orders (id int PRIMARY KEY, c {old}) {options};");
    said(Mysql, &base, &format!("ALTER TABLE orders MODIFY c {new};"))
}

#[test]
fn mysql_copies() {
    for (options, old, new) in [
        ("", "int", "bigint"),
        ("", "int", "int unsigned"),
        ("", "varchar(20)", "varchar(10)"),
        ("", "varchar(20)", "text"),
        ("", "text", "mediumtext"),
        ("", "char(10)", "char(20)"),
        ("", "decimal(10,2)", "decimal(12,2)"),
        ("", "datetime", "datetime(6)"),
        ("", "timestamp", "datetime"),
        ("", "enum('a','b')", "enum('b','a')"),
        ("", "enum('a','b')", "enum('a')"),
        ("", "enum('a')", "varchar(10)"),
        ("", "binary(10)", "binary(20)"),
        ("", "varbinary(200)", "varbinary(300)"),
        ("CHARSET=utf8mb4", "varchar(60)", "varchar(64)"),
        ("CHARSET=latin1", "varchar(200)", "varchar(256)"),
        ("COLLATE utf8mb4_bin", "varchar(60)", "varchar(64)"),
        ("", "varchar(10) CHARACTER SET latin1", "varchar(10) CHARACTER SET utf8mb4"),
    ] {
        let said = on_mysql(options, old, new);
        let begins = "RC427: nobody can write to `orders` while it is copied: `c` becomes `";
        assert!(matches!(&said[..], [one] if one.starts_with(begins)), "{old} to {new} {options}: {said:?}");
    }
}

#[test]
fn mysql_copies_nothing() {
    for (options, old, new) in [
        ("", "int", "int(11)"),
        ("", "tinyint(1)", "tinyint"),
        ("", "int", "int DEFAULT 5 COMMENT 'x'"),
        ("", "int", "int AFTER id"),
        ("", "varchar(10)", "varchar(20)"),
        // MariaDB doesn't copy, or nobody says how wide a character is.
        ("CHARSET=utf8mb4", "varchar(10)", "varchar(300)"),
        ("CHARSET=utf8mb4", "varchar(100)", "varchar(300)"),
        ("CHARSET=latin1", "varchar(200)", "varchar(255)"),
        ("", "varchar(200)", "varchar(256)"),
        ("", "enum('a')", "enum('a','b')"),
        ("", "set('a')", "set('a','b')"),
        ("", "decimal(10,2)", "numeric(10,2)"),
        ("", "json", "longtext"),
        ("", "varchar(10) CHARACTER SET utf8mb3", "varchar(10) CHARACTER SET utf8mb4"),
        ("ENGINE=MyISAM", "int", "bigint"),
    ] {
        let said = on_mysql(options, old, new);
        assert!(said.is_empty(), "{old} to {new} {options}: {said:?}");
    }
}
