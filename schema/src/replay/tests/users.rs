//! What uses a column that is dropped, or gets another type, from the text on. What is said was tried on the servers.

use revchain_core::Dialect::{Mysql, Postgres, Sqlite};

use super::columns::said;

#[test]
fn what_uses_a_column_keeps_it() {
    const DROP: &str = "ALTER TABLE t DROP COLUMN a";
    const RETYPE: &str = "ALTER TABLE t ALTER COLUMN a TYPE bigint";
    for (dialect, before, statement, expected) in [
        (Postgres, "CREATE VIEW v AS SELECT a FROM t", DROP, "view `v`"),
        (Postgres, "CREATE VIEW v AS SELECT a FROM t", RETYPE, "view `v`"),
        (Postgres, "CREATE VIEW v (x) AS SELECT u.title FROM u JOIN t y ON y.a = u.id", DROP, "view `v`"),
        (
            Postgres,
            "CREATE MATERIALIZED VIEW v AS SELECT 1 FROM u WHERE EXISTS (SELECT 1 FROM t WHERE a = u.id)",
            DROP,
            "view `v`",
        ),
        (Postgres, "ALTER TABLE t ADD COLUMN g int GENERATED ALWAYS AS (a + 1) STORED", DROP, "generated column `g`"),
        (Postgres, "ALTER TABLE t ADD COLUMN g int GENERATED ALWAYS AS (a + 1) STORED", RETYPE, "generated column `g`"),
        (Postgres, "CREATE POLICY p ON t USING (b > 0) WITH CHECK (a > 0)", DROP, "policy `p`"),
        (
            Postgres,
            "CREATE TRIGGER x BEFORE UPDATE OF a ON t EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            RETYPE,
            "trigger `x`",
        ),
        (
            Postgres,
            "CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW WHEN (new.a > 0) EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            DROP,
            "trigger `x`",
        ),
        (Mysql, "ALTER TABLE t ADD COLUMN g int AS (a + 1)", DROP, "generated column `g`"),
        (Mysql, "ALTER TABLE t ADD COLUMN g int DEFAULT (a + 1)", DROP, "the default of column `g`"),
        (Mysql, "ALTER TABLE t ADD CONSTRAINT k CHECK (a > b)", DROP, "check `k`"),
        (Sqlite, "CREATE VIEW v AS SELECT b FROM t WHERE a > 0", DROP, "view `v`"),
        (Sqlite, "ALTER TABLE t ADD COLUMN g int AS (a + 1)", DROP, "generated column `g`"),
        (Sqlite, "ALTER TABLE t ADD COLUMN g int CHECK (g > a)", DROP, "the check (g>a)"),
    ] {
        let found = said(dialect, &format!("{before};\n{statement}"));
        assert_eq!(found, [format!("a: column `a` is used by {expected}")], "{dialect}: {before}; {statement}");
    }
    let sqlite = "CREATE VIEW v AS SELECT a FROM t;\nDROP TABLE t;\nALTER TABLE u RENAME TO t";
    assert_eq!(
        said(Sqlite, sqlite),
        ["u: view `v` selects from `t`, which is not there: SQLite renames and drops nothing then"]
    );
    let views = "CREATE VIEW v AS SELECT a FROM t;\nCREATE VIEW w AS SELECT a FROM v;\nDROP VIEW v";
    assert_eq!(said(Postgres, views), ["v: view `v` is needed by view `w`"]);
}

#[test]
fn what_uses_another_column_or_goes_with_it_is_left_alone() {
    for (dialect, statements) in [
        (Postgres, "CREATE VIEW v AS SELECT b FROM t;\nALTER TABLE t DROP COLUMN a"),
        (Postgres, "CREATE VIEW v AS SELECT u.id AS a FROM u, t;\nALTER TABLE t DROP COLUMN a"),
        (Postgres, "CREATE VIEW v AS SELECT a FROM t;\nALTER TABLE t DROP COLUMN a CASCADE"),
        (Postgres, "CREATE VIEW v AS SELECT t FROM t;\nALTER TABLE t ADD COLUMN t int;\nALTER TABLE t DROP COLUMN t"),
        (Postgres, "CREATE VIEW v AS SELECT a FROM t;\nDROP VIEW v;\nALTER TABLE t ALTER COLUMN a TYPE bigint"),
        // It selects a column that is called otherwise by now.
        (
            Postgres,
            "CREATE VIEW v AS SELECT a FROM t;\nALTER TABLE t RENAME COLUMN a TO c;\nALTER TABLE t ADD COLUMN a int;\n\
             ALTER TABLE t DROP COLUMN a",
        ),
        (
            Postgres,
            "ALTER TABLE u ADD COLUMN a int;\nCREATE VIEW v AS SELECT b FROM t WHERE EXISTS (SELECT 1 FROM u WHERE a = 1);\n\
             ALTER TABLE u RENAME COLUMN a TO x;\nALTER TABLE t DROP COLUMN a",
        ),
        (
            Postgres,
            "CREATE VIEW v AS SELECT a FROM t;\nCREATE VIEW w AS SELECT a FROM v;\nALTER TABLE t DROP COLUMN a CASCADE;\n\
             CREATE VIEW v AS SELECT 1;\nCREATE VIEW w AS SELECT 1",
        ),
        (Postgres, "CREATE VIEW v AS SELECT a FROM t;\nCREATE VIEW w AS SELECT a FROM v;\nDROP VIEW w, v"),
        (Postgres, "CREATE POLICY p ON t USING (a > 0);\nDROP POLICY p ON t;\nALTER TABLE t DROP COLUMN a"),
        (Mysql, "ALTER TABLE t ADD CHECK (a > 0);\nALTER TABLE t DROP COLUMN a"),
        (Mysql, "CREATE TABLE w (id int, a int CHECK (a > b), b int);\nALTER TABLE w DROP COLUMN a"),
        (Mysql, "ALTER TABLE t ADD CONSTRAINT k CHECK (a > b);\nALTER TABLE t DROP COLUMN a, DROP CONSTRAINT k"),
        (Mysql, "ALTER TABLE t ADD COLUMN g int AS (a + 1);\nALTER TABLE t DROP COLUMN a, DROP COLUMN g"),
        (Mysql, "CREATE VIEW v AS SELECT a FROM t;\nALTER TABLE t DROP COLUMN a"),
        (Sqlite, "CREATE TABLE w (id int, a int CHECK (a > b), b int);\nALTER TABLE w DROP COLUMN a"),
        (
            Sqlite,
            "CREATE VIEW v AS SELECT a FROM t;\nDROP TABLE t;\nPRAGMA legacy_alter_table = ON;\nALTER TABLE u RENAME TO t",
        ),
    ] {
        assert_eq!(said(dialect, statements), Vec::<String>::new(), "{dialect}: {statements}");
    }
}
