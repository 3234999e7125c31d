//! What no server has, and what something else needs, from the text on.

use revchain_core::Dialect::{self, Mysql, Postgres, Sqlite};

use super::said;

const TABLE: &str = "CREATE TABLE t (id int, b text)";

#[test]
fn what_no_server_has() {
    for (dialect, statement, expected) in [
        (Sqlite, "ALTER TABLE t ADD c text COLLATE nocse", "there is no collation `nocse` on SQLite"),
        (
            Sqlite,
            "CREATE INDEX i ON t (b COLLATE utf8mb4_unicode_ci)",
            "there is no collation `utf8mb4_unicode_ci` on SQLite",
        ),
        (
            Postgres,
            "CREATE TABLE u (a text COLLATE utf8mb4_general_ci)",
            "there is no collation `utf8mb4_general_ci` on PostgreSQL",
        ),
        (Postgres, "CREATE INDEX i ON t (b COLLATE \"nocase\")", "there is no collation `nocase` on PostgreSQL"),
        (Mysql, "ALTER TABLE t ENGINE = InoDB", "there is no storage engine `inodb` on MySQL or MariaDB"),
        (Mysql, "CREATE TABLE u (a int) ENGINE=MyIsm", "there is no storage engine `myism` on MySQL or MariaDB"),
        (
            Mysql,
            "CREATE TABLE u (a int) DEFAULT CHARSET=utf8mb5",
            "there is no character set `utf8mb5` on MySQL or MariaDB",
        ),
        (
            Mysql,
            "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_genral_ci",
            "there is no collation `utf8mb4_genral_ci` on MySQL or MariaDB",
        ),
        (Postgres, "CREATE INDEX i ON t USING gni (b)", "there is no access method `gni` on PostgreSQL"),
        (
            Postgres,
            "CREATE INDEX i ON t (b varchar_pattern_op)",
            "there is no operator class `varchar_pattern_op` on PostgreSQL",
        ),
        (
            Postgres,
            "CREATE INDEX i ON t USING gin (b gin_trgm_ops)",
            "the operator class `gin_trgm_ops` is the extension `pg_trgm`'s, which no revision makes",
        ),
        (Postgres, "CREATE EXTENSION uuid_ossp", "there is no extension `uuid_ossp`"),
        (Postgres, "CREATE SCHEMA public", "schema `public` already exists"),
        (
            Postgres,
            "CREATE TRIGGER r BEFORE UPDATE ON t FOR EACH ROW EXECUTE PROCEDURE tuoch()",
            "function `tuoch` does not exist",
        ),
    ] {
        assert_eq!(said(&format!("{TABLE};\n{statement}"), dialect), [format!("Other: {expected}")], "{statement}");
    }
    let view = "CREATE VIEW v AS SELECT id FROM t;\nCREATE INDEX i ON v (id)";
    for dialect in [Postgres, Mysql, Sqlite] {
        let said = said(&format!("{TABLE};\n{view}"), dialect);
        assert_eq!(said, ["UnknownTable: `v` is a view, and takes no index"], "{dialect}");
    }
    let policy = "CREATE POLICY p ON usrs USING (true)";
    assert_eq!(said(policy, Postgres), ["UnknownTable: table `usrs` does not exist"]);
}

#[test]
fn what_a_server_has_or_may_have() {
    let statements: &[(Dialect, &str)] = &[
        // An application's.
        (Sqlite, "CREATE INDEX i ON t (b COLLATE unicode)"),
        (Sqlite, "CREATE TABLE u (a text COLLATE NoCase, b COLLATE rtrim, c COLLATE \"binary\")"),
        (Postgres, "CREATE TABLE u (a text COLLATE \"C\", b text COLLATE \"de-x-icu\", c text COLLATE \"de_DE.utf8\")"),
        (Postgres, "CREATE COLLATION nocase (provider = icu, locale = 'und');\nCREATE INDEX i ON t (b COLLATE nocase)"),
        (Mysql, "CREATE TABLE u (a int) ENGINE=MyISAM CHARSET=utf8 COLLATE=utf8_unicode_520_ci"),
        (Mysql, "CREATE TABLE u (a int) ENGINE=EngineOfMine COLLATE utf8mb4_sr_latn_0900_as_cs"),
        (Mysql, "CREATE TABLE u (a int) COLLATE utf8mb4_uca1400_german2_nopad_as_ci"),
        (Mysql, "ALTER TABLE t DEFAULT CHARACTER SET = DEFAULT"),
        (Postgres, "CREATE INDEX i ON t USING rum (b rum_tsvector_ops)"),
        (Postgres, "CREATE INDEX i ON t USING spgist (b text_ops)"),
        (Postgres, "CREATE INDEX i ON t USING rtree (b)"),
        (Sqlite, "CREATE INDEX i ON t (lower(b), NULL DESC)"),
        (Postgres, "CREATE EXTENSION pg_trgm;\nCREATE INDEX i ON t USING gin (b gin_trgm_ops)"),
        (Postgres, "CREATE EXTENSION postgis;\nCREATE INDEX i ON t USING gin (b gin_trgm_ops)"),
        (Postgres, "CREATE MATERIALIZED VIEW v AS SELECT id FROM t;\nCREATE INDEX i ON v (id)"),
        (Postgres, "CREATE SCHEMA IF NOT EXISTS public"),
        (Postgres, "DROP SCHEMA public CASCADE;\nCREATE SCHEMA public"),
        (Postgres, "ALTER SCHEMA public RENAME TO other;\nCREATE SCHEMA public"),
        (
            Postgres,
            "CREATE EXTENSION moddatetime;\nCREATE TRIGGER r BEFORE UPDATE ON t EXECUTE FUNCTION moddatetime(b)",
        ),
        (Postgres, "CREATE TRIGGER r BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION other.touch()"),
        (Postgres, "DO $$ BEGIN EXECUTE 'x'; END $$;\nCREATE TRIGGER r BEFORE UPDATE ON t EXECUTE FUNCTION touch()"),
        (Mysql, "CREATE SCHEMA public"),
    ];
    for (dialect, statement) in statements {
        let said = said(&format!("{TABLE};\n{statement}"), *dialect);
        assert!(said.is_empty(), "{statement}: {said:?}");
    }
}

#[test]
fn what_is_needed() {
    const BASE: &str = "CREATE TABLE t (id serial, n int GENERATED ALWAYS AS IDENTITY, m int);\n\
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\n\
        CREATE TRIGGER r BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();\n\
        CREATE SEQUENCE q;\nALTER TABLE t ALTER m SET DEFAULT nextval('q')";
    for (statement, expected) in [
        ("DROP FUNCTION touch()", "function `touch` is needed by trigger `r` of table `t`"),
        ("DROP SEQUENCE t_id_seq", "sequence `t_id_seq` is needed by column `id` of table `t`"),
        ("DROP SEQUENCE t_n_seq", "sequence `t_n_seq` is needed by column `n` of table `t`"),
        ("DROP SEQUENCE q", "sequence `q` is needed by column `m` of table `t`"),
    ] {
        assert_eq!(said(&format!("{BASE};\n{statement}"), Postgres), [format!("StillNeeded: {expected}")]);
    }
    for statement in [
        "DROP FUNCTION touch() CASCADE",
        "DROP TRIGGER r ON t;\nDROP FUNCTION touch()",
        "DROP TABLE t;\nDROP FUNCTION touch();\nDROP SEQUENCE q",
        "CREATE FUNCTION touch(int) RETURNS int LANGUAGE sql AS 'SELECT 1';\nDROP FUNCTION touch(int)",
        "DROP SEQUENCE t_id_seq CASCADE",
        "ALTER TABLE t ALTER m DROP DEFAULT;\nDROP SEQUENCE q",
        "ALTER TABLE t ALTER id DROP DEFAULT;\nDROP SEQUENCE t_id_seq",
        "DROP SEQUENCE IF EXISTS q CASCADE",
    ] {
        let said = said(&format!("{BASE};\n{statement}"), Postgres);
        assert!(said.is_empty(), "{statement}: {said:?}");
    }
}
