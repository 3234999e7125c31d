//! Statements that change nothing, and such as may change anything.

use revchain_core::Dialect::{Mysql, Postgres, Sqlite};

use super::{check, shown};

#[test]
fn neutral() {
    for (dialect, sql) in [
        (Postgres, ""),
        (Postgres, "-- nothing"),
        (Postgres, "; ;"),
        (Postgres, "WITH x AS (SELECT f(1)) INSERT INTO t SELECT * FROM x"),
        (Postgres, "WITH x AS (DELETE FROM a RETURNING *) UPDATE t SET a = g(2)"),
        (Postgres, "SELECT 1"),
        (Postgres, "SELECT pg_catalog.setval('public.s', 1, true)"),
        (Postgres, "SELECT pg_catalog.set_config('statement_timeout', '0', false)"),
        (Postgres, "SELECT count(*), coalesce(a, 'x') FROM t WHERE a IN (1, 2) FOR UPDATE"),
        (Postgres, "SELECT backfill(id) FROM users"),
        (Postgres, "(SELECT 1) UNION (SELECT 2)"),
        (Postgres, "SET statement_timeout = 0"),
        (Postgres, "RESET ROLE"),
        (Postgres, "GRANT ALL ON t TO x"),
        (Postgres, "CREATE ROLE x"),
        (Postgres, "ALTER DEFAULT PRIVILEGES IN SCHEMA a GRANT SELECT ON TABLES TO b"),
        (Postgres, "ALTER SYSTEM SET a = 1"),
        (Postgres, "ALTER INDEX i SET (fillfactor = 70)"),
        (Postgres, "ALTER INDEX p ATTACH PARTITION c"),
        (Postgres, "ALTER TYPE t OWNER TO x"),
        (Postgres, "ALTER FUNCTION f(int) OWNER TO x"),
        (Postgres, "ALTER SEQUENCE s RESTART WITH 5"),
        (Postgres, "COMMENT ON INDEX i IS 'x'"),
        (Postgres, "CREATE OPERATOR = (leftarg = a)"),
        (Postgres, "CREATE CAST (a AS b) WITHOUT FUNCTION"),
        (Postgres, "DROP LANGUAGE plpgsql"),
        (Postgres, "CREATE DATABASE d"),
        (Postgres, "REFRESH MATERIALIZED VIEW v"),
        (Postgres, "TRUNCATE t CASCADE"),
        (Postgres, "BEGIN"),
        (Postgres, "ANALYZE t"),
        (Postgres, "DO $$ BEGIN RAISE NOTICE 'DROP TABLE t'; UPDATE t SET a = 1; END $$"),
        (Postgres, "DO $$ DECLARE n int; BEGIN SELECT count(*) INTO n FROM t; END $$"),
        (Mysql, "SELECT f(1)"),
        (Mysql, "SELECT 1 INTO @x"),
        (Mysql, "SET SQL_MODE = ''"),
        (Mysql, "/*!40101 SET NAMES utf8 */"),
        (Mysql, "DO SLEEP(1)"),
        (Mysql, "LOCK TABLES t WRITE"),
        (Mysql, "ALTER DATABASE d CHARACTER SET utf8mb4"),
        (Mysql, "ALTER USER u IDENTIFIED BY 'x'"),
        (Mysql, "BEGIN"),
        (Sqlite, "PRAGMA foreign_keys = OFF"),
    ] {
        assert_eq!(shown(sql, dialect), "neutral", "{sql}");
    }
}

#[test]
fn rows() {
    for (dialect, sql, expected) in [
        (Mysql, "DELETE x FROM t AS x", "neutral"),
        (Sqlite, "REPLACE INTO t VALUES (1)", "rows of t"),
        (Sqlite, "UPDATE sqlite_sequence SET seq = 1", "rows of sqlite_sequence"),
    ] {
        assert_eq!(shown(sql, dialect), expected, "{sql}");
    }
}

#[test]
fn data() {
    check(&[
        (
            Postgres,
            "INSERT INTO s.t AS x (a, b) VALUES (1, 2)",
            "Writes { table: \"s.t\", columns: [\"a\", \"b\"] }; Inserts(Rows { table: \"s.t\", columns: [\"a\", \"b\"], inserted: \
             Some(Inserted { part: (35, 41), values: 2, nulls: [], defaults: [], constants: [(0, (36, 37)), (1, (39, 40))], \
             names_columns: true, is_lenient: false, is_overriding: false, is_alone: true }), conflict: [] })",
        ),
        (Postgres, "INSERT INTO t (SELECT 1)", "Writes { table: \"t\", columns: [] }"),
        (Postgres, "DELETE FROM t USING u", "Writes { table: \"t\", columns: [] }"),
        (
            Postgres,
            "UPDATE ONLY t x SET a = f(1, 2), (b, c) = (SELECT 1, 2), d[1] = 3, e = 4 FROM u WHERE f = 1",
            "Writes { table: \"t\", columns: [\"a\", \"b\", \"c\"] }; Reads([\"u\"])",
        ),
        (
            Postgres,
            "INSERT INTO t SELECT trim(both FROM a) FROM b, c LEFT JOIN ONLY s.d ON true, f(x) WHERE a IS DISTINCT FROM e",
            "Writes { table: \"t\", columns: [] }; Reads([\"b\", \"s.d\"])",
        ),
        (
            Postgres,
            "INSERT INTO t SELECT a FROM b WHERE EXISTS (WITH x AS (SELECT 1) SELECT 1 FROM x)",
            "Writes { table: \"t\", columns: [] }",
        ),
    ]);
}

#[test]
fn opaque() {
    check(&[
        (Postgres, "CALL s.f(1)", "calls s.f"),
        (Postgres, "EXECUTE x", "anything"),
        (Postgres, "FROBNICATE x", "anything"),
        (Postgres, "SELECT partman.create_parent('a.b', 'c')", "calls partman.create_parent"),
        (Postgres, "SELECT * FROM run_it('a')", "calls run_it"),
        (Postgres, "SELECT drop_it(tablename) FROM pg_catalog.pg_tables", "calls drop_it"),
        (Postgres, "SELECT create_hypertable('public.t', 'time')", "touches t time"),
        (Postgres, "UPDATE pg_catalog.pg_attribute SET atttypmod = 3", "anything"),
        (Postgres, "DELETE FROM pg_enum WHERE enumlabel = 'a'", "anything"),
        (Postgres, "IMPORT FOREIGN SCHEMA a FROM SERVER b INTO c", "anything"),
        (Postgres, "CREATE SCHEMA s CREATE TABLE t (a int)", "anything"),
        (Postgres, "CREATE TEMP VIEW v AS SELECT 1", "touches v"),
        (Postgres, "CREATE TYPE shell", "touches shell"),
        (Postgres, "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "touches pg_temp.f"),
        (Postgres, "ALTER VIEW v RENAME COLUMN a TO b", "touches v"),
        (Postgres, "DROP OWNED BY x", "anything"),
        (Postgres, "DO 'BEGIN NULL; END'", "anything"),
        (Postgres, "DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'x'); END $$", "anything"),
        (Postgres, "DO $$ BEGIN PERFORM create_it(); END $$", "anything"),
        (Postgres, "DO LANGUAGE plpython3u $$ x = 1 $$", "anything"),
        (
            Postgres,
            "DO $$ BEGIN IF f THEN ALTER TABLE a ADD b int; ELSE CREATE INDEX i ON c (d); END IF; END $$",
            "touches a c i",
        ),
        (Postgres, "DO $$ BEGIN EXECUTE 'DROP INDEX i'; END $$", "touches i"),
        (Postgres, "DO $$ BEGIN IF x THEN DROP TABLE a CASCADE; END IF; END $$", "anything"),
        (Postgres, "DO $$ BEGIN CREATE TYPE t AS ENUM ('a'); EXCEPTION WHEN others THEN NULL; END $$", "touches t"),
        (Mysql, "EXECUTE s", "anything"),
        (Mysql, "BEGIN NOT ATOMIC IF x THEN DROP TABLE t; END IF; END", "touches t"),
        (Mysql, "DROP TEMPORARY TABLE IF EXISTS t", "touches t"),
        (Mysql, "CREATE EVENT e ON SCHEDULE AT '2030-01-01' DO DELETE FROM t", "touches e"),
        (Sqlite, "CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END", "touches g"),
        (Sqlite, "SELECT AddGeometryColumn('t', 'g', 4326, 'POINT', 2)", "touches t g POINT"),
        (Sqlite, "SELECT load_extension('x')", "anything"),
        (Sqlite, "UPDATE sqlite_master SET sql = 'x'", "anything"),
    ]);
}
