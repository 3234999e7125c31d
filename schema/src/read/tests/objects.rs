//! What lies beside tables.

use revchain_core::Dialect::{Mysql, Postgres, Sqlite};

use super::{check, has};

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
            "CREATE TYPE t AS ENUM ('a',\n 'b'\n 'c', 'd')",
            "CreateType { name: \"t\", if_not_exists: false, definition: Enum(Enum { values: [\"a\", \"bc\", \"d\"] }) }",
        ),
        (
            Postgres,
            "CREATE TYPE r AS RANGE (subtype = float8)",
            "CreateType { name: \"r\", if_not_exists: false, definition: Other(Some(\"range(subtype=float8)\")) }",
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
fn routines() {
    check(&[
        (
            Postgres,
            "CREATE OR REPLACE FUNCTION f(a int, OUT b text, VARIADIC c t DEFAULT 1) RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$\nBEGIN -- x\n RETURN NEW;\nEND $$",
            "CreateRoutine { name: \"f\", or_replace: true, if_not_exists: false, routine: Routine { arguments: \"integer,t\", body: \"begin return new ; end\", written: Some(Written { kind: \"FUNCTION\", text: \"(a int, OUT b text, VARIADIC c t DEFAULT 1) RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$\\nBEGIN -- x\\n RETURN NEW;\\nEND $$\" }) } }",
        ),
        (
            Postgres,
            "CREATE FUNCTION f() RETURNS int RETURN 1",
            "CreateRoutine { name: \"f\", or_replace: false, if_not_exists: false, routine: Routine { arguments: \"\", body: \"return 1\", written: Some(Written { kind: \"FUNCTION\", text: \"() RETURNS int RETURN 1\" }) } }",
        ),
        (
            Mysql,
            "CREATE DEFINER=`a`@`b` FUNCTION f(x INT) RETURNS varchar(10) CHARSET utf8 DETERMINISTIC READS SQL DATA COMMENT 'x' RETURN 1",
            "CreateRoutine { name: \"f\", or_replace: false, if_not_exists: false, routine: Routine { arguments: \"int\", body: \"return 1\", written: Some(Written { kind: \"FUNCTION\", text: \"(x INT) RETURNS varchar(10) CHARSET utf8 DETERMINISTIC READS SQL DATA COMMENT 'x' RETURN 1\" }) } }",
        ),
        (
            Mysql,
            "CREATE PROCEDURE p() BEGIN SELECT 1; END",
            "CreateRoutine { name: \"p\", or_replace: false, if_not_exists: false, routine: Routine { arguments: \"\", body: \"begin select 1 ; end\", written: Some(Written { kind: \"PROCEDURE\", text: \"() BEGIN SELECT 1; END\" }) } }",
        ),
        (
            Postgres,
            "DROP FUNCTION IF EXISTS f(int), s.g CASCADE",
            "DropRoutine { drops: Drops { names: [\"f\", \"s.g\"], if_exists: true, cascade: true }, arguments: [Some(\"integer\"), None] }",
        ),
        (
            Postgres,
            "CREATE AGGREGATE f(int) (sfunc = g, stype = int)",
            "CreateRoutine { name: \"f\", or_replace: false, if_not_exists: false, routine: Routine { arguments: \"integer\", body: \"(sfunc=g,stype=int)\", written: Some(Written { kind: \"AGGREGATE\", text: \"(int) (sfunc = g, stype = int)\" }) } }",
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
            "CreateTrigger { name: \"g\", table: \"t\", or_replace: false, if_not_exists: true, body: \"after delete begin delete from u ; end\" }",
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
