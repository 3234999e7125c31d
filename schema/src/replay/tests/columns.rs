//! Columns that conditions, values and queries name, from the text on. What is said was tried on the servers.

use revchain_core::Dialect::{self, Mysql, Postgres, Sqlite};

use crate::model::Place;
use crate::read::read;
use crate::replay::Replay;

/// What is there in each case.
const TABLES: &str = "CREATE TABLE t (id int PRIMARY KEY, a int, b int, name varchar(9), year int);\n\
                      CREATE TABLE u (id int PRIMARY KEY, t_id int, title varchar(9));\n";

/// What is said: of each fault its message, behind the part that is meant.
pub(super) fn said(dialect: Dialect, statements: &str) -> Vec<String> {
    let mut replay = Replay::new(dialect);
    let mut said = Vec::new();
    for statement in format!("{TABLES}{statements}").split(";\n") {
        for fault in replay.apply(read(statement, dialect), statement, Place::NOWHERE, &|_| Place::NOWHERE) {
            let part = fault.part.and_then(|(from, to)| statement.get(from..to));
            said.push(format!("{}: {}", part.unwrap_or_default(), fault.message));
        }
    }
    said
}

#[test]
fn what_is_not_there_is_said() {
    for dialect in Dialect::ALL {
        for (statement, expected) in [
            ("UPDATE t SET a = 1 WHERE nmae IS NULL", "nmae: table `t` has no column `nmae`"),
            ("UPDATE t SET a = 1, c = 2", "c: table `t` has no column `c`"),
            ("UPDATE t SET a = bb + 1", "bb: table `t` has no column `bb`"),
            ("DELETE FROM t WHERE a = 1 AND (b > 2 OR t.c = 1)", "c: table `t` has no column `c`"),
            ("DELETE FROM t WHERE id IN (SELECT tid FROM u)", "tid: neither `u` nor `t` has a column `tid`"),
            ("DELETE FROM t WHERE EXISTS (SELECT 1 FROM u x WHERE x.tid = t.id)", "tid: table `u` has no column `tid`"),
            ("INSERT INTO u (id, t_id) SELECT id, aa FROM t", "aa: table `t` has no column `aa`"),
            ("INSERT INTO u (id) SELECT t.id FROM t JOIN u v ON v.tid = t.id", "tid: table `u` has no column `tid`"),
            ("CREATE TABLE v (a int, CHECK (a > 0 AND b > 0))", "b: table `v` has no column `b`"),
            ("CREATE TABLE v (a int, b int GENERATED ALWAYS AS (c + 1) STORED)", "c: table `v` has no column `c`"),
            ("ALTER TABLE t ADD COLUMN c int CHECK (d > 0)", "d: table `t` has no column `d`"),
        ] {
            assert_eq!(said(dialect, statement), [expected], "{dialect}: {statement}");
        }
    }
    for (dialect, statement, expected) in [
        (Postgres, "UPDATE t SET name = \"x\"", "\"x\": table `t` has no column `x`"),
        (Postgres, "UPDATE t SET a = 1 FROM u WHERE u.tid = t.id", "tid: table `u` has no column `tid`"),
        (Postgres, "DELETE FROM t USING u WHERE b = c", "c: neither `t` nor `u` has a column `c`"),
        (Postgres, "INSERT INTO t (id) VALUES (x)", "x: no column `x` can stand here"),
        (
            Postgres,
            "INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET a = excluded.c",
            "c: table `t` has no column `c`",
        ),
        (Postgres, "DELETE FROM t RETURNING c", "c: table `t` has no column `c`"),
        (Postgres, "CREATE INDEX i ON t (lower(nmae))", "nmae: table `t` has no column `nmae`"),
        (Postgres, "CREATE INDEX i ON t (a) WHERE c IS NULL", "c: table `t` has no column `c`"),
        (Postgres, "ALTER TABLE t ADD CONSTRAINT k CHECK (c > 0) NOT VALID", "c: table `t` has no column `c`"),
        (Postgres, "ALTER TABLE t ALTER COLUMN a TYPE text USING c::text", "c: table `t` has no column `c`"),
        (Postgres, "ALTER TABLE t ADD EXCLUDE USING gist (a WITH =) WHERE (c > 0)", "c: table `t` has no column `c`"),
        (Postgres, "CREATE VIEW v AS SELECT id, nmae FROM t", "nmae: table `t` has no column `nmae`"),
        (Postgres, "CREATE VIEW v AS SELECT 1 FROM t UNION SELECT c FROM u", "c: table `u` has no column `c`"),
        (Postgres, "CREATE POLICY p ON t USING (owner = current_user)", "owner: table `t` has no column `owner`"),
        (
            Postgres,
            "CREATE TRIGGER x BEFORE UPDATE OF c ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "c: table `t` has no column `c`",
        ),
        (
            Postgres,
            "CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW WHEN (new.c > 0) EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "c: table `t` has no column `c`",
        ),
        (Mysql, "UPDATE t JOIN u ON u.t_id = t.id SET t.a = u.c", "c: table `u` has no column `c`"),
        (Mysql, "CREATE VIEW v AS SELECT a FROM tt", "tt: table `tt` does not exist"),
        (Sqlite, "DELETE FROM t WHERE id IN (SELECT id FROM uu)", "uu: table `uu` does not exist"),
        (Mysql, "INSERT INTO t (id) VALUES (1) ON DUPLICATE KEY UPDATE c = 1", "c: table `t` has no column `c`"),
        (Mysql, "CREATE VIEW v AS SELECT Nmae FROM t", "Nmae: table `t` has no column `Nmae`"),
        (Mysql, "ALTER TABLE t ADD CHECK (Nmae <> '')", "Nmae: table `t` has no column `Nmae`"),
        (Sqlite, "CREATE INDEX i ON t (a) WHERE [no] IS NULL", "[no]: table `t` has no column `no`"),
        (Sqlite, "INSERT INTO t (id, a) VALUES (1, x)", "x: no column `x` can stand here"),
    ] {
        assert_eq!(said(dialect, statement), [expected], "{dialect}: {statement}");
    }
}

#[test]
fn what_is_there_or_may_be_is_left_alone() {
    for (dialect, statements) in [
        // A whole row, columns of the system's own, of the outer query, and of what has columns that nobody knows.
        (
            Postgres,
            "UPDATE t SET a = 1 WHERE t IS NOT NULL AND to_jsonb(t) ? 'a' AND ctid IS NOT NULL AND tableoid > 0",
        ),
        (Postgres, "DELETE FROM t WHERE EXISTS (SELECT 1 FROM u WHERE t_id = t.id AND title = name)"),
        (Postgres, "CREATE VIEW v AS SELECT 1 AS x;\nDELETE FROM t WHERE id IN (SELECT x FROM v WHERE y = z)"),
        (Postgres, "DELETE FROM t WHERE id IN (SELECT x FROM generate_series(1, 2) AS g (x))"),
        (Postgres, "DELETE FROM t WHERE id IN (SELECT x FROM (SELECT 1 AS x) y)"),
        (Postgres, "CREATE TABLE v AS SELECT 1 AS x;\nUPDATE v SET x = y WHERE z"),
        (Postgres, "CREATE TABLE v (c int) INHERITS (t);\nUPDATE v SET c = d"),
        (Postgres, "CALL change_everything();\nUPDATE t SET a = c"),
        // What a function gives may be written as a column is.
        (
            Postgres,
            "CREATE FUNCTION full_name(t) RETURNS text AS '' LANGUAGE sql;\nDELETE FROM t WHERE t.full_name = ''",
        ),
        // What is made by the same statement, and what is dropped by it.
        (Postgres, "ALTER TABLE t ADD CHECK (c > 0), ADD COLUMN c int"),
        (Postgres, "ALTER TABLE t ADD COLUMN c int CHECK (d > 0), ADD COLUMN d int"),
        (Postgres, "ALTER TABLE t ALTER COLUMN a TYPE text USING b::text, DROP COLUMN b"),
        (Postgres, "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int CHECK (c > 0)"),
        (Postgres, "CREATE INDEX i ON t (a);\nCREATE INDEX IF NOT EXISTS i ON t (a) WHERE c > 0"),
        (Mysql, "ALTER TABLE t ADD COLUMN c int AS (d + 1), ADD COLUMN d int"),
        (Mysql, "ALTER TABLE t CHANGE a c int, ADD CHECK (c > 0)"),
        (Mysql, "UPDATE t SET NAME = _utf8mb4'x' WHERE Year = year(NOW() - INTERVAL a DAY) AND name = \"b\""),
        (Mysql, "DELETE FROM t WHERE EXTRACT(MONTH FROM NOW()) > 1 AND TIMESTAMPDIFF(MONTH, NOW(), NOW()) > 1"),
        (Mysql, "INSERT INTO t (id, a) VALUES (1, id + 1) ON DUPLICATE KEY UPDATE a = VALUES(a), b = a"),
        (Mysql, "INSERT INTO t (id) SELECT seq FROM seq_1_to_9 WHERE 1 IN (SELECT 1 FROM dual)"),
        (
            Sqlite,
            "DELETE FROM t WHERE name IN (SELECT name FROM pragma_table_list) OR name IN (SELECT name FROM sqlite_master)",
        ),
        // SQLite looks at neither before they are used, and takes a text in double quotes.
        (Sqlite, "CREATE VIEW v AS SELECT c FROM t"),
        (Sqlite, "CREATE TRIGGER x AFTER UPDATE ON t WHEN new.c > 0 BEGIN SELECT 1; END"),
        (Sqlite, "UPDATE t SET name = \"x\" WHERE rowid > 1 AND _rowid_ > 1 AND oid > 1 AND main.t.a = 1"),
        (Sqlite, "DELETE FROM t WHERE c IN ()"),
        (Sqlite, "INSERT INTO u (id, title) SELECT id AS x, name FROM t WHERE x > 1"),
    ] {
        assert_eq!(said(dialect, statements), Vec::<String>::new(), "{dialect}: {statements}");
    }
}
