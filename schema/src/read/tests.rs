//! Statements, and what is read in them. Names are shown without their places.

use proptest::prelude::*;
use revchain_core::Dialect::{self, Mysql, Postgres, Sqlite};

use super::{Reading, Touches, read};

/// A reading in few words.
fn shown(sql: &str, dialect: Dialect) -> String {
    match read(sql, dialect) {
        Reading::Neutral => "neutral".to_owned(),
        Reading::Opaque(Touches::Anything) => "anything".to_owned(),
        Reading::Opaque(Touches::Objects(names)) => {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            format!("touches {}", names.join(" "))
        }
        Reading::Known { changes, unknown } => {
            let mut shown: Vec<String> = changes.iter().map(|change| without_parts(&format!("{change:?}"))).collect();
            shown.extend(unknown.iter().map(|(start, end)| format!("unknown {}", &sql[*start..*end])));
            shown.join("; ")
        }
    }
}

fn without_parts(debug: &str) -> String {
    let mut text = debug.replace("Named { name: ", "");
    while let Some(start) = text.find(", part: (") {
        let Some(end) = text[start..].find(") }").map(|end| start + end + 3) else { break };
        if text[start..end].contains("table:") {
            text.replace_range(start..start + 9, ", at: (");
        } else {
            text.replace_range(start..end, "");
        }
    }
    text
}

fn check(table: &[(Dialect, &str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(dialect, sql, expected)| {
            let found = shown(sql, *dialect);
            (found != *expected).then(|| format!("{sql}\n  found    {found}\n  expected {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn has(table: &[(Dialect, &str, &[&str])]) {
    for (dialect, sql, parts) in table {
        let found = shown(sql, *dialect);
        for part in *parts {
            assert!(found.contains(part), "{sql}\n  found {found}\n  lacks {part}");
        }
        assert!(!found.contains("unknown "), "{sql}\n  found {found}");
    }
}

#[test]
fn neutral() {
    for (dialect, sql) in [
        (Postgres, ""),
        (Postgres, "-- nothing"),
        (Postgres, "; ;"),
        (Postgres, "INSERT INTO t VALUES (1)"),
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
        (Sqlite, "REPLACE INTO t VALUES (1)"),
        (Sqlite, "UPDATE sqlite_sequence SET seq = 1"),
    ] {
        assert_eq!(shown(sql, dialect), "neutral", "{sql}");
    }
}

#[test]
fn opaque() {
    check(&[
        (Postgres, "CALL f()", "anything"),
        (Postgres, "EXECUTE x", "anything"),
        (Postgres, "FROBNICATE x", "anything"),
        (Postgres, "SELECT partman.create_parent('a.b', 'c')", "anything"),
        (Postgres, "SELECT * FROM run_it('a')", "anything"),
        (Postgres, "SELECT drop_it(tablename) FROM pg_catalog.pg_tables", "anything"),
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
    check(&[
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
fn parts_within_a_block_are_those_of_the_statement() {
    let sql = "DO $$ BEGIN DROP TABLE some_table; END $$";
    let Reading::Known { changes, .. } = read(sql, Postgres) else { panic!("not known") };
    let [crate::change::Change::DropTable(drops)] = changes.as_slice() else { panic!("{changes:?}") };
    let (start, end) = drops.names[0].part;
    assert_eq!(&sql[start..end], "some_table");
}

#[test]
fn indexes() {
    has(&[
        (
            Postgres,
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY public.t USING btree (a, b) INCLUDE (c) NULLS NOT DISTINCT \
             WITH (fillfactor=70) TABLESPACE x WHERE d IS NULL",
            &[
                "name: Some(\"i\")",
                "unique: true",
                "method: None",
                "predicate: Some(\"d is null\")",
                "include: [\"c\"]",
                "nulls_not_distinct: true",
                "options: [\"fillfactor = 70\"]",
                "table: \"t\"",
                "if_not_exists: true",
                "concurrently: true",
                "only: true",
            ],
        ),
        (Postgres, "CREATE INDEX ON s.t USING GIN (a)", &["name: None", "method: Some(\"gin\")", "table: \"s.t\""]),
        (
            Mysql,
            "CREATE FULLTEXT INDEX i ON t (a) WITH PARSER ngram COMMENT 'x'",
            &["method: Some(\"fulltext\")", "options: [\"parser ngram\"]", "comment: Some(\"x\")"],
        ),
        (
            Mysql,
            "CREATE INDEX `i` USING BTREE ON `t` (`a`) ALGORITHM=INPLACE LOCK=NONE",
            &["name: Some(\"i\")", "method: None"],
        ),
        (
            Mysql,
            "CREATE OR REPLACE INDEX i ON t (a)",
            &["DropIndex { drops: Drops { names: [\"i\"], if_exists: true", "; CreateIndex"],
        ),
        (Sqlite, "CREATE INDEX main.i ON t (a) WHERE a > 1", &["name: Some(\"i\")", "predicate: Some(\"a>1\")"]),
    ]);
    check(&[
        (
            Postgres,
            "DROP INDEX CONCURRENTLY IF EXISTS a, s.b CASCADE",
            "DropIndex { drops: Drops { names: [\"a\", \"s.b\"], if_exists: true, cascade: true }, table: None, concurrently: true }",
        ),
        (
            Mysql,
            "DROP INDEX a ON t LOCK=NONE",
            "DropIndex { drops: Drops { names: [\"a\"], if_exists: false, cascade: false }, table: Some(\"t\"), concurrently: false }",
        ),
        (Postgres, "ALTER INDEX IF EXISTS a RENAME TO b", "RenameIndex { from: \"a\", to: \"b\", if_exists: true }"),
        (
            Postgres,
            "DROP INDEX a FOO",
            "DropIndex { drops: Drops { names: [\"a\"], if_exists: false, cascade: false }, table: None, concurrently: false }; unknown FOO",
        ),
    ]);
    has(&[(Mysql, "DROP INDEX `PRIMARY` ON t", &["AlterTable { table: \"t\"", "kind: PrimaryKey"])]);
}

#[test]
fn types() {
    check(&[
        (
            Postgres,
            "CREATE TYPE s.t AS ENUM ('a', 'it''s')",
            "CreateType { name: \"s.t\", if_not_exists: false, definition: Enum(Enum { values: [\"a\", \"it's\"] }) }",
        ),
        (
            Postgres,
            "CREATE TYPE r AS RANGE (subtype = float8)",
            "CreateType { name: \"r\", if_not_exists: false, definition: Other }",
        ),
        (
            Postgres,
            "ALTER TYPE t ADD VALUE IF NOT EXISTS 'b' BEFORE 'a'",
            "AddValue { name: \"t\", value: \"b\", if_not_exists: true, beside: Some((true, \"a\")) }",
        ),
        (Postgres, "ALTER TYPE t RENAME VALUE 'a' TO 'b'", "RenameValue { name: \"t\", from: \"a\", to: \"b\" }"),
        (Postgres, "ALTER TYPE t RENAME TO u", "RenameType { from: \"t\", to: \"u\" }"),
        (Postgres, "ALTER TYPE t SET SCHEMA s", "MoveType { from: \"t\", to: \"s\" }"),
        (Postgres, "ALTER TYPE t ADD ATTRIBUTE a int", "AlterType { name: \"t\" }"),
        (
            Postgres,
            "DROP TYPE IF EXISTS a, b",
            "DropType { drops: Drops { names: [\"a\", \"b\"], if_exists: true, cascade: false }, domain: false }",
        ),
        (Postgres, "ALTER DOMAIN d SET NOT NULL", "AlterDomain { name: \"d\", change: Nullable(false) }"),
        (
            Postgres,
            "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 1) NOT VALID",
            "AlterDomain { name: \"d\", change: AddCheck(Some(\"c\"), \"value>1\") }",
        ),
        (
            Postgres,
            "ALTER DOMAIN d DROP CONSTRAINT IF EXISTS c",
            "AlterDomain { name: \"d\", change: DropCheck { name: \"c\", if_exists: true } }",
        ),
    ]);
    has(&[
        (
            Postgres,
            "CREATE TYPE c AS (a int, b text COLLATE \"C\")",
            &["Composite([Column { name: \"a\"", "Column { name: \"b\"", "collation: Some(\"C\")"],
        ),
        (
            Postgres,
            "CREATE DOMAIN d AS int DEFAULT 1 + 1 CONSTRAINT x CHECK (VALUE > 0) NOT NULL",
            &["nullable: false", "default: Some(Default(\"1+1\"))", "checks: [(Some(\"x\"), \"value>0\")]"],
        ),
    ]);
}

#[test]
fn sequences() {
    check(&[
        (
            Postgres,
            "CREATE SEQUENCE s START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1",
            "CreateSequence { name: \"s\", if_not_exists: false, sequence: Sequence { options: [], owned_by: None } }",
        ),
        (
            Postgres,
            "CREATE SEQUENCE IF NOT EXISTS s AS int START 100 CYCLE INCREMENT -2 OWNED BY public.t.c",
            "CreateSequence { name: \"s\", if_not_exists: true, sequence: Sequence { options: [(\"as\", \"integer\"), (\"cycle\", \"yes\"), (\"increment\", \"-2\"), (\"start\", \"100\")], owned_by: Some((\"t\", \"c\")) } }",
        ),
        (
            Postgres,
            "ALTER SEQUENCE s INCREMENT 1 OWNED BY NONE",
            "AlterSequence { name: \"s\", if_exists: false, options: [(\"increment\", \"\")], owned_by: Some(None) }",
        ),
        (Postgres, "ALTER SEQUENCE a.s RENAME TO r", "RenameTable { from: \"a.s\", to: \"a.r\", if_exists: false }"),
        (
            Postgres,
            "DROP SEQUENCE s CASCADE",
            "DropSequence(Drops { names: [\"s\"], if_exists: false, cascade: true })",
        ),
    ]);
}

#[test]
fn namespaces_and_paths() {
    check(&[
        (
            Postgres,
            "CREATE SCHEMA IF NOT EXISTS s AUTHORIZATION x",
            "CreateNamespace { name: \"s\", if_not_exists: true }",
        ),
        (Postgres, "CREATE SCHEMA AUTHORIZATION joe", "CreateNamespace { name: \"joe\", if_not_exists: false }"),
        (
            Mysql,
            "CREATE DATABASE d DEFAULT CHARACTER SET utf8mb4",
            "CreateNamespace { name: \"d\", if_not_exists: false }",
        ),
        (
            Postgres,
            "DROP SCHEMA a, b CASCADE",
            "DropNamespace(Drops { names: [\"a\", \"b\"], if_exists: false, cascade: true })",
        ),
        (Postgres, "ALTER SCHEMA a RENAME TO b", "RenameNamespace { from: \"a\", to: \"b\" }"),
        (Postgres, "SET LOCAL search_path TO a, \"$user\", public", "SearchPath([\"a\", \"public\"])"),
        (Postgres, "SET search_path = ''", "SearchPath([])"),
        (Postgres, "SET SCHEMA 'a'", "SearchPath([\"a\"])"),
        (Postgres, "RESET search_path", "SearchPath([\"public\"])"),
        (Postgres, "SELECT pg_catalog.set_config('search_path', '', false)", "SearchPath([])"),
        (Postgres, "SELECT set_config('search_path', 'a, \"B\"', true)", "SearchPath([\"a\", \"B\"])"),
        (Postgres, "SELECT set_config('search_path', 'a' || x, true)", "anything"),
        (Mysql, "USE `d`", "SearchPath([\"d\"])"),
        (Mysql, "SET FOREIGN_KEY_CHECKS = 0", "ForeignKeyChecks(false)"),
        (Mysql, "SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0", "ForeignKeyChecks(false)"),
        (Mysql, "SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS", "ForeignKeyChecks(true)"),
        (Mysql, "SET @@session.foreign_key_checks := OFF", "ForeignKeyChecks(false)"),
        (Mysql, "SET GLOBAL foreign_key_checks = 0", "neutral"),
        (Sqlite, "PRAGMA legacy_alter_table=ON", "LegacyAlterTable(true)"),
        (Sqlite, "PRAGMA main.legacy_alter_table(0)", "LegacyAlterTable(false)"),
        (Sqlite, "PRAGMA legacy_alter_table", "neutral"),
        (
            Postgres,
            "CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA public",
            "CreateExtension { name: \"uuid-ossp\", if_not_exists: true }",
        ),
        (
            Postgres,
            "DROP EXTENSION a CASCADE",
            "DropExtension(Drops { names: [\"a\"], if_exists: false, cascade: true })",
        ),
    ]);
}

#[test]
fn views() {
    check(&[
        (
            Postgres,
            "CREATE OR REPLACE VIEW v (x) WITH (security_barrier) AS SELECT a FROM t, s.u JOIN (w LEFT JOIN z ON true) ON 1 = 1 WHERE b IN (SELECT c FROM y)",
            "CreateView { name: \"v\", or_replace: true, if_not_exists: false, view: View { materialized: false, body: \"(x)select a from t,s.u join(w left join z on true)on 1=1 where b in(select c from y)\", mentions: [\"t\", \"s.u\", \"w\", \"z\", \"y\"], indexes: [], comment: None } }",
        ),
        (
            Postgres,
            "CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT 1 FROM generate_series(1, 2), t WITH NO DATA",
            "CreateView { name: \"v\", or_replace: false, if_not_exists: true, view: View { materialized: true, body: \"select 1 from generate_series(1,2),t\", mentions: [\"t\"], indexes: [], comment: None } }",
        ),
        (
            Mysql,
            "CREATE ALGORITHM=UNDEFINED DEFINER=`a`@`%` SQL SECURITY DEFINER VIEW v AS SELECT 1",
            "CreateView { name: \"v\", or_replace: false, if_not_exists: false, view: View { materialized: false, body: \"select 1\", mentions: [], indexes: [], comment: None } }",
        ),
        (
            Mysql,
            "ALTER DEFINER = CURRENT_USER VIEW v AS SELECT 2",
            "CreateView { name: \"v\", or_replace: true, if_not_exists: false, view: View { materialized: false, body: \"select 2\", mentions: [], indexes: [], comment: None } }",
        ),
        (
            Postgres,
            "DROP MATERIALIZED VIEW v",
            "DropView { drops: Drops { names: [\"v\"], if_exists: false, cascade: false }, materialized: true }",
        ),
        (
            Postgres,
            "ALTER VIEW IF EXISTS s.v RENAME TO w",
            "RenameTable { from: \"s.v\", to: \"s.w\", if_exists: true }",
        ),
        (Postgres, "ALTER MATERIALIZED VIEW v SET SCHEMA s", "MoveTable { from: \"v\", to: \"s\", if_exists: false }"),
        (Postgres, "ALTER VIEW v SET (security_barrier = true)", "neutral"),
    ]);
}

#[test]
fn routines() {
    check(&[
        (
            Postgres,
            "CREATE OR REPLACE FUNCTION f(a int, OUT b text, VARIADIC c t DEFAULT 1) RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$\nBEGIN -- x\n RETURN NEW;\nEND $$",
            "CreateRoutine { name: \"f\", or_replace: true, if_not_exists: false, routine: Routine { arguments: \"integer,t\", body: \"begin return new ; end\" } }",
        ),
        (
            Postgres,
            "CREATE FUNCTION f() RETURNS int RETURN 1",
            "CreateRoutine { name: \"f\", or_replace: false, if_not_exists: false, routine: Routine { arguments: \"\", body: \"return 1\" } }",
        ),
        (
            Mysql,
            "CREATE DEFINER=`a`@`b` FUNCTION f(x INT) RETURNS varchar(10) CHARSET utf8 DETERMINISTIC READS SQL DATA COMMENT 'x' RETURN 1",
            "CreateRoutine { name: \"f\", or_replace: false, if_not_exists: false, routine: Routine { arguments: \"int\", body: \"return 1\" } }",
        ),
        (
            Mysql,
            "CREATE PROCEDURE p() BEGIN SELECT 1; END",
            "CreateRoutine { name: \"p\", or_replace: false, if_not_exists: false, routine: Routine { arguments: \"\", body: \"begin select 1 ; end\" } }",
        ),
        (
            Postgres,
            "DROP FUNCTION IF EXISTS f(int), s.g CASCADE",
            "DropRoutine { drops: Drops { names: [\"f\", \"s.g\"], if_exists: true, cascade: true }, arguments: [Some(\"integer\"), None] }",
        ),
        (
            Postgres,
            "CREATE AGGREGATE f(int) (sfunc = g, stype = int)",
            "CreateRoutine { name: \"f\", or_replace: false, if_not_exists: false, routine: Routine { arguments: \"integer\", body: \"(sfunc=g,stype=int)\" } }",
        ),
        (
            Postgres,
            "ALTER FUNCTION f(int) RENAME TO g",
            "RenameRoutine { from: \"f\", arguments: Some(\"integer\"), to: \"g\" }",
        ),
        (Postgres, "ALTER PROCEDURE f SET SCHEMA s", "MoveRoutine { from: \"f\", arguments: None, to: \"s\" }"),
    ]);
}

#[test]
fn triggers() {
    check(&[
        (
            Postgres,
            "CREATE CONSTRAINT TRIGGER g AFTER UPDATE OF a ON public.t DEFERRABLE FOR ROW EXECUTE PROCEDURE public.f()",
            "CreateTrigger { name: \"g\", table: \"t\", or_replace: false, if_not_exists: false, body: \"after update of a deferrable for each row execute function f()\" }",
        ),
        (
            Mysql,
            "/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`%`*/ /*!50003 TRIGGER `g` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = 1 */",
            "CreateTrigger { name: \"g\", table: \"t\", or_replace: false, if_not_exists: false, body: \"before insert for each row set new.a=1\" }",
        ),
        (
            Sqlite,
            "CREATE TRIGGER IF NOT EXISTS g AFTER DELETE ON t BEGIN DELETE FROM u; END",
            "CreateTrigger { name: \"g\", table: \"t\", or_replace: false, if_not_exists: true, body: \"after delete begin delete from u end\" }",
        ),
        (
            Postgres,
            "DROP TRIGGER IF EXISTS g ON s.t CASCADE",
            "DropTrigger { name: \"g\", table: Some(\"s.t\"), if_exists: true }",
        ),
        (Sqlite, "DROP TRIGGER g", "DropTrigger { name: \"g\", table: None, if_exists: false }"),
        (Postgres, "ALTER TRIGGER g ON t RENAME TO h", "RenameTrigger { from: \"g\", table: \"t\", to: \"h\" }"),
        (Postgres, "ALTER TRIGGER g ON t DEPENDS ON EXTENSION x", "neutral"),
    ]);
}

#[test]
fn others() {
    check(&[
        (
            Postgres,
            "CREATE POLICY p ON s.t FOR SELECT USING (true)",
            "CreateOther { kind: \"policy\", name: \"p\", on: Some(\"s.t\"), or_replace: false, if_not_exists: false, definition: \"for select using(true)\" }",
        ),
        (
            Postgres,
            "CREATE OR REPLACE RULE r AS ON INSERT TO t DO INSTEAD NOTHING",
            "CreateOther { kind: \"rule\", name: \"r\", on: Some(\"t\"), or_replace: true, if_not_exists: false, definition: \"do instead nothing\" }",
        ),
        (
            Postgres,
            "CREATE STATISTICS x (ndistinct) ON a, b FROM t",
            "CreateOther { kind: \"statistics\", name: \"x\", on: Some(\"t\"), or_replace: false, if_not_exists: false, definition: \"(ndistinct)on a,b from t\" }",
        ),
        (
            Mysql,
            "CREATE EVENT IF NOT EXISTS e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t",
            "CreateOther { kind: \"event\", name: \"e\", on: None, or_replace: false, if_not_exists: true, definition: \"on schedule every 1 day do delete from t\" }",
        ),
        (
            Postgres,
            "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()",
            "CreateOther { kind: \"event trigger\", name: \"e\", on: None, or_replace: false, if_not_exists: false, definition: \"on ddl_command_end execute function f()\" }",
        ),
        (
            Postgres,
            "DROP POLICY IF EXISTS p ON t",
            "DropOther { kind: \"policy\", drops: Drops { names: [\"p\"], if_exists: true, cascade: false }, on: Some(\"t\") }",
        ),
        (
            Postgres,
            "ALTER POLICY p ON t RENAME TO q",
            "RenameOther { kind: \"policy\", from: \"p\", on: Some(\"t\"), to: \"q\" }",
        ),
        (
            Postgres,
            "ALTER POLICY p ON t USING (false)",
            "AlterOther { kind: \"policy\", name: \"p\", on: Some(\"t\"), if_exists: false }",
        ),
        (
            Mysql,
            "ALTER EVENT e ON SCHEDULE EVERY 2 DAY RENAME TO f",
            "RenameOther { kind: \"event\", from: \"e\", on: None, to: \"f\" }",
        ),
        (
            Postgres,
            "DROP COLLATION c",
            "DropOther { kind: \"collation\", drops: Drops { names: [\"c\"], if_exists: false, cascade: false }, on: None }",
        ),
    ]);
}

#[test]
fn tables_and_comments() {
    check(&[
        (
            Postgres,
            "DROP TABLE IF EXISTS a, public.b CASCADE",
            "DropTable(Drops { names: [\"a\", \"b\"], if_exists: true, cascade: true })",
        ),
        (Postgres, "DROP FOREIGN TABLE a", "DropTable(Drops { names: [\"a\"], if_exists: false, cascade: false })"),
        (Mysql, "DROP TEMPORARY TABLE a", "DropTable(Drops { names: [\"a\"], if_exists: false, cascade: false })"),
        (
            Mysql,
            "RENAME TABLE a TO b, `c` TO d.e",
            "RenameTable { from: \"a\", to: \"b\", if_exists: false }; RenameTable { from: \"c\", to: \"d.e\", if_exists: false }",
        ),
        (Sqlite, "DROP TABLE main.a", "DropTable(Drops { names: [\"a\"], if_exists: false, cascade: false })"),
        (Postgres, "COMMENT ON TABLE public.t IS 'x'", "CommentTable { table: \"t\", comment: Some(\"x\") }"),
        (Postgres, "COMMENT ON MATERIALIZED VIEW t IS NULL", "CommentTable { table: \"t\", comment: None }"),
        (Postgres, "COMMENT ON COLUMN s.t.c IS ''", "CommentColumn { table: \"s.t\", column: \"c\", comment: None }"),
    ]);
    has(&[
        (
            Postgres,
            "SELECT a, f(b) INTO TEMP TABLE x FROM t",
            &["CreateTable(CreateTable { name: \"x\"", "temporary: true", "as_query: true"],
        ),
        (
            Postgres,
            "WITH a AS (SELECT 1) SELECT * INTO x FROM a",
            &["CreateTable(CreateTable { name: \"x\"", "as_query: true"],
        ),
    ]);
}

/// Words and marks that statements are made of.
const WORDS: &[&str] = &[
    "CREATE",
    "ALTER",
    "DROP",
    "RENAME",
    "COMMENT",
    "ON",
    "TABLE",
    "INDEX",
    "UNIQUE",
    "VIEW",
    "MATERIALIZED",
    "TYPE",
    "AS",
    "ENUM",
    "DOMAIN",
    "SEQUENCE",
    "SCHEMA",
    "SET",
    "search_path",
    "TO",
    "=",
    "SELECT",
    "INTO",
    "FROM",
    "WITH",
    "FUNCTION",
    "PROCEDURE",
    "AGGREGATE",
    "TRIGGER",
    "POLICY",
    "RULE",
    "EVENT",
    "STATISTICS",
    "EXTENSION",
    "IF",
    "NOT",
    "EXISTS",
    "OR",
    "REPLACE",
    "TEMP",
    "VIRTUAL",
    "USING",
    "ADD",
    "VALUE",
    "COLUMN",
    "CONSTRAINT",
    "CHECK",
    "DEFAULT",
    "NULL",
    "DO",
    "BEGIN",
    "END",
    "THEN",
    "ELSE",
    "LOOP",
    "EXCEPTION",
    "WHEN",
    "EXECUTE",
    "PERFORM",
    "CASE",
    "DEFINER",
    "ALGORITHM",
    "IN",
    "OUT",
    "RETURNS",
    "RETURN",
    "READS",
    "SQL",
    "DATA",
    "SECURITY",
    "RESTART",
    "INCREMENT",
    "OWNED",
    "BY",
    "NO",
    "CASCADE",
    "set_config",
    "create_hypertable",
    "'search_path'",
    "'a'",
    "'",
    "$$",
    "$$ BEGIN",
    "END $$",
    "(",
    ")",
    "(",
    ")",
    ",",
    ".",
    ";",
    "a",
    "t",
    "public",
    "\"Q\"",
    "`q`",
    "[q]",
    "1",
    "-",
    "*",
    "@",
    ":",
    "/*!50001",
    "*/",
    "--",
    "é",
];

proptest! {
    #[test]
    fn never_panics_on_any_text(text in any::<String>(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for dialect in Dialect::ALL {
            let _ = read(&text, dialect);
            let _ = read(&String::from_utf8_lossy(&bytes), dialect);
        }
    }

    #[test]
    fn never_panics_on_shuffled_words(words in prop::collection::vec(prop::sample::select(WORDS), 0..40)) {
        let text = words.join(" ");
        for dialect in Dialect::ALL {
            let _ = read(&text, dialect);
            for first in ["CREATE", "ALTER", "DROP", "SELECT", "COMMENT ON", "DO $$ BEGIN"] {
                let _ = read(&format!("{first} {text}"), dialect);
            }
        }
    }
}
