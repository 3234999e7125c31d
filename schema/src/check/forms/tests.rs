use super::super::grammar::Wrong;
use super::Walk;
use crate::read::read;
use revchain_core::Dialect::{self, Mysql, Postgres, Sqlite};

fn wrong_with(statement: &str, dialect: Dialect) -> Option<Wrong> {
    super::wrong_with(statement, &read(statement, dialect), dialect)
}

#[test]
fn a_misspelt_word_is_told_where_it_stands() {
    for (dialects, statement, word, meant) in [
        ("pms", "CREATE TABEL groups (id INT)", "TABEL", "TABLE"),
        ("pms", "create UNQIUE INDEX i ON t (a)", "UNQIUE", "UNIQUE"),
        ("pms", "CREATE INEDX i ON t (a)", "INEDX", "INDEX"),
        ("pms", "CREATE UNIQUE INDXE i ON t (a)", "INDXE", "INDEX"),
        ("pms", "CREATE TABLE IF NOT EXITS x (a INT)", "EXITS", "EXISTS"),
        ("pms", "CREATE TABLE IF NTO EXISTS x (a INT)", "NTO", "NOT"),
        ("pms", "CREATE TABLE x (a INT NOT NUL)", "NUL", "NULL"),
        ("pms", "CREATE TABLE x (a INT, CONSTRAINT c PIRMARY KEY (a))", "PIRMARY", "PRIMARY"),
        ("p", "CREATE TABLE x (a INT, PRIMARY KYE (a))", "KYE", "KEY"),
        ("pms", "CREATE TABLE x (a INT, FOREIGN KEY (a) REFRENCES y (b))", "REFRENCES", "REFERENCES"),
        ("pms", "CREATE TABLE x (a INT REFERENCES y (b) ON DELETE CASCAD)", "CASCAD", "CASCADE"),
        ("pms", "CREATE TRIGGER g AFTER INSRET ON t FOR EACH ROW SELECT 1", "INSRET", "INSERT"),
        ("pms", "DROP TABEL t", "TABEL", "TABLE"),
        ("pms", "DROP TABLE IF EXIST t", "EXIST", "EXISTS"),
        ("pms", "ALTER TABEL t ADD COLUMN a INT", "TABEL", "TABLE"),
        ("pms", "ALTER TABLE t ADDD COLUMN a INT", "ADDD", "ADD"),
        ("pms", "ALTER TABLE t DORP COLUMN a", "DORP", "DROP"),
        ("pm", "ALTER TABLE t ADD COLUM a INT", "COLUM", "COLUMN"),
        ("pms", "ALTER TABLE t DROP COLUM a", "COLUM", "COLUMN"),
        ("pm", "ALTER TABLE t ADD COLUMN a INT, DORP COLUMN b", "DORP", "DROP"),
        ("pms", "ALTER TABLE t RENAME COLUMN a OT b", "OT", "TO"),
        ("p", "ALTER TABLE t ALTER COLUMN a SET NOT NLUL", "NLUL", "NULL"),
        ("p", "ALTER TABLE t ALTER COLUMN a TPYE bigint", "TPYE", "TYPE"),
        ("p", "ALTER TABLE t ENABLE ROW LEVEL SECURTY, FORCE ROW LEVEL SECURITY", "SECURTY", "SECURITY"),
        ("m", "ALTER TABLE t MODFIY COLUMN a INT", "MODFIY", "MODIFY"),
        ("pms", "INSERT INOT t (a) VALUES (1)", "INOT", "INTO"),
        ("pms", "INSERT INTO t (a) VLAUES (1)", "VLAUES", "VALUES"),
        ("pms", "DELETE FORM t WHERE a = 1", "FORM", "FROM"),
        ("pms", "UPDATE t STE a = 1", "STE", "SET"),
        ("pm", "DELETE FROM t WHRE a = 1", "WHRE", "WHERE"),
        ("s", "INSERT OR REPALCE INTO t VALUES (1)", "REPALCE", "REPLACE"),
        ("p", "COMMENT ON TABEL t IS 'x'", "TABEL", "TABLE"),
        ("p", "COMMENT ON TABLE t SI 'x'", "SI", "IS"),
        ("p", "CREATE TYPE e AS ENMU ('a')", "ENMU", "ENUM"),
        ("p", "ALTER TYPE e ADD VLAUE 'b'", "VLAUE", "VALUE"),
        ("p", "CREATE EXTENSION IF NOT EXIST x", "EXIST", "EXISTS"),
        ("m", "RENAME TABEL a TO b", "TABEL", "TABLE"),
        ("pms", "CREATE TABLE t (a int DEFAULT 0 NTO NULL)", "NTO", "NOT"),
        ("s", "CREATE TABLE t (a int, b int, PRIMRAY KEY (a, b))", "PRIMRAY", "PRIMARY"),
        ("m", "CREATE DEFINER=`root`@`%` VEIW v AS SELECT 1", "VEIW", "VIEW"),
    ] {
        for dialect in Dialect::ALL.into_iter().filter(|dialect| dialects.contains(&dialect.name()[..1])) {
            let wrong = wrong_with(statement, dialect);
            let found = wrong.as_ref().and_then(|wrong| statement.get(wrong.part.0..wrong.part.1));
            assert_eq!(found, Some(word), "{dialect}: {statement}");
            let help = wrong.map(|wrong| wrong.help);
            assert_eq!(help, Some(format!("did you mean `{meant}`?")), "{dialect}: {statement}");
        }
    }
}

#[test]
fn what_another_database_has_is_told() {
    for (dialect, statement, message, help) in [
        (
            Mysql,
            "CREATE EXTENSION hstore",
            "no statement of MySQL's begins with `CREATE EXTENSION`",
            "PostgreSQL has it: say it as MySQL does, or in a section of its own, `-- @upgrade postgres`",
        ),
        (
            Sqlite,
            "CREATE DATABASE d",
            "no statement of SQLite's begins with `CREATE DATABASE`",
            "PostgreSQL has it: say it as SQLite does, or in a section of its own, `-- @upgrade postgres`",
        ),
        (
            Postgres,
            "ALTER TABLE a MODIFY b bigint",
            "on PostgreSQL there is no `MODIFY` behind `ALTER TABLE a`",
            "say it as PostgreSQL does: `ALTER COLUMN … TYPE …`, `RENAME …`",
        ),
        (
            Postgres,
            "DROP CONSTRAINT c",
            "no statement of PostgreSQL's begins with `DROP CONSTRAINT`",
            "a part of a table is dropped with `ALTER TABLE … DROP …`",
        ),
        (
            Postgres,
            "CREATE VIEW IF NOT EXISTS v AS SELECT FROM",
            "on PostgreSQL there is no `NOT` behind `CREATE VIEW IF`",
            "MySQL has it: say it as PostgreSQL does, or in a section of its own, `-- @upgrade mysql`",
        ),
        (
            Sqlite,
            "ALTER TABLE t ENGINE = InnoDB",
            "on SQLite there is no `ENGINE` behind `ALTER TABLE t`",
            "SQLite's `ALTER TABLE` renames, and adds and drops columns; for the rest make a new table in a section that says `rebuild`",
        ),
        (
            Mysql,
            "ALTER TABLE `a`.`b` FROBNICATE",
            "on MySQL there is no `FROBNICATE` behind `ALTER TABLE a.b`",
            "correct it, or, if your server knows it all the same, say so: `-- @allow RC317: <reason>`",
        ),
        (
            Sqlite,
            "CREATE TABLE t (a) INSERT INTO t VALUES (1)",
            "on SQLite there is no `INSERT` behind `CREATE TABLE t (a)`",
            "if a statement begins with this `INSERT`, end the one before it with a semicolon",
        ),
        (
            Sqlite,
            "DELETE SOON t",
            "no statement of SQLite's begins with `DELETE SOON`",
            "write `FROM` here, or, if your server knows it all the same, say so: `-- @allow RC317: <reason>`",
        ),
        (
            Sqlite,
            "CREATE TRIGGER g AFTER UPDATE ON t FOR EACH STATEMENT BEGIN SELECT 1; END",
            "on SQLite there is no `STATEMENT` behind `… UPDATE ON t FOR EACH`",
            "SQLite's triggers run for each row: write `FOR EACH ROW`, or leave it out",
        ),
        (
            Mysql,
            "CREATE TABLE t (a INT) WITHOUT ROWID",
            "on MySQL there is no `ROWID` behind `… (a INT) WITHOUT`",
            "SQLite has it: say it as MySQL does, or in a section of its own, `-- @upgrade sqlite`",
        ),
        (
            Mysql,
            "CREATE TABLE t (a INT, KEY ix a)",
            "on MySQL there is no `a` behind `… a INT, KEY ix`",
            "the columns of an index stand in parentheses: `KEY name (a, b)`",
        ),
    ] {
        let (found, why) =
            wrong_with(statement, dialect).map_or_else(Default::default, |wrong| (wrong.message, wrong.help));
        assert_eq!(found, message, "{statement}");
        assert_eq!(why, help, "{statement}");
    }
}

#[test]
fn marks_without_a_place_are_told() {
    for (dialect, statement, message) in [
        (Postgres, "CREATE TABLE t (a int, INDEX (a))", "on PostgreSQL there is no `(` behind `… (a int, INDEX`"),
        (
            Postgres,
            "CREATE TABLE t (a int) WITHOUT ROWID",
            "on PostgreSQL there is no `ROWID` behind `… (a int) WITHOUT`",
        ),
        (Postgres, "CREATE TABLE `t` (a int)", "PostgreSQL doesn't quote names with backticks"),
        (Postgres, "ALTER TABLE t ADD COLUMN `a` int", "PostgreSQL doesn't quote names with backticks"),
        (Mysql, "CREATE TABLE t (a int[])", "on MySQL there is no `[` behind `CREATE TABLE t (a int`"),
    ] {
        let found = wrong_with(statement, dialect).map(|wrong| wrong.message);
        assert_eq!(found.as_deref(), Some(message), "{statement}");
    }
    for (dialect, statement) in [
        (Postgres, "CREATE TABLE t (a int[3], b text DEFAULT '`') WITHOUT OIDS"),
        (Mysql, "CREATE TABLE `t` (`a` int, INDEX (a))"),
        (Sqlite, "CREATE TABLE `t` (a int[], [b] int)"),
    ] {
        assert!(wrong_with(statement, dialect).is_none(), "{statement}");
    }
}

#[test]
fn what_some_version_knows_is_left_alone() {
    for (dialect, statements) in [
        (
            Postgres,
            "CREATE UNLOGGED MATERIALIZED VIEW v AS SELECT 1|CREATE OR REPLACE TEMP RECURSIVE VIEW v (a) AS SELECT 1|\
             CREATE TRUSTED PROCEDURAL LANGUAGE l|CREATE OR REPLACE CONSTRAINT TRIGGER g AFTER UPDATE OF a ON t EXECUTE FUNCTION f()|\
             CREATE PROPERTY GRAPH g|CREATE ACCESS METHOD m TYPE INDEX HANDLER h|CREATE TABLE if (a int, b int[] NOT NULL)|\
             CREATE TABLE t (a int, NOT NULL a, CONSTRAINT c NOT NULL a NO INHERIT)|CREATE INDEX if ON t USING gin (a)|\
             CREATE TABLE p PARTITION OF t FOR VALUES FROM (1) TO (2)|DROP TABLE if|DROP ROUTINE f|ALTER TABLE ONLY s.t * SET (a = 1)|\
             ALTER TABLE t ALTER a ADD GENERATED BY DEFAULT AS IDENTITY (START 1), ALTER b SET COMPRESSION lz4, CLUSTER ON i|\
             ALTER TABLE t ADD a timestamp(3) with time zone[] DEFAULT (now() AT TIME ZONE 'utc') NOT NULL, VALIDATE CONSTRAINT c|\
             ALTER TABLE t SPLIT PARTITION p INTO (PARTITION a FOR VALUES IN (1), PARTITION b DEFAULT)|ALTER LARGE OBJECT 1 OWNER TO a|\
             INSERT INTO t AS x (a) OVERRIDING SYSTEM VALUE VALUES (1)|INSERT INTO t (SELECT 1) UNION SELECT 2|UPDATE ONLY t x SET a = 1|\
             DELETE FROM ONLY t * AS x USING u WHERE true|COMMENT ON LARGE OBJECT 1 IS 'x'|REINDEX (VERBOSE) TABLE CONCURRENTLY t|\
             CREATE TABLE t (a text DEFAULT U&'d!0061' UESCAPE '!' NOT NULL)|ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b",
        ),
        (
            Mysql,
            "CREATE OR REPLACE ALGORITHM=MERGE DEFINER='a'@'b' SQL SECURITY INVOKER VIEW v AS SELECT 1|\
             CREATE DEFINER=CURRENT_USER() EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1|CREATE /*!50017 DEFINER=`a`@`b` */ FROB g|\
             CREATE OR REPLACE SPATIAL REFERENCE SYSTEM 1 NAME 'x'|CREATE VECTOR INDEX i ON t (a)|CREATE PACKAGE BODY p AS END|\
             CREATE JSON RELATIONAL DUALITY VIEW v AS SELECT 1|CREATE LIBRARY l LANGUAGE JAVASCRIPT AS 'x'|CREATE UNDO TABLESPACE u|\
             ALTER ONLINE IGNORE TABLE t FORCE|ALTER TABLE t WAIT 5 ADD COLUMN IF NOT EXISTS a INT FIRST, frob = 1|ALTER TABLE t ORDER BY a, b|\
             ALTER TABLE t DROP PARTITION p, q|ALTER TABLE t ADD a INT frobs = 'x', ALGORITHM INSTANT, LOCK NONE|ALTER TABLE t|\
             ALTER TABLE t ADD PERIOD FOR SYSTEM_TIME (a, b), ADD SYSTEM VERSIONING|ALTER TABLE t PARTITION BY HASH (a) PARTITIONS 4|\
             CREATE TABLE t (SELECT a b, c d FROM t)|CREATE TABLE t (a UUID, b INET6 frobs = 1, vector VECTOR(3), c CHAR(3) CHARACTER SET x frobs = 1)|\
             ALTER TABLE t DROP CONSTRAINT PRIMARY KEY|CREATE TABLE t (a TIMESTAMP(6) GENERATED ALWAYS AS ROW START frobs = 1)|\
             INSERT t VALUES (1)|INSERT LOW_PRIORITY IGNORE INTO t PARTITION (p) VALUES (1)|DELETE a, b FROM a JOIN b|DELETE a.* FROM a JOIN b|\
             DELETE HISTORY FROM t|CREATE TABLE t (a INT, KEY IF NOT EXISTS k (a), INDEX USING BTREE (a), KEY type (a), KEY type TYPE BTREE (a)) WITH SYSTEM VERSIONING|\
             UPDATE t AS a JOIN b SET a.x = 1|RENAME TABLE IF EXISTS a WAIT 1 TO b, c TO d|DROP PREPARE s|\
             DROP TEMPORARY TABLES IF EXISTS t|RENAME USER a TO b|ALTER INSTANCE ROTATE INNODB MASTER KEY",
        ),
        (
            Sqlite,
            "CREATE TABLE if (a)|CREATE TABLE t (a GENERATED, b GENERATED ALWAYS, c int GENERATED x AS (a))|CREATE TABLE t (a frob frob NOT NULL)|CREATE VIRTUAL TABLE IF NOT EXISTS t USING fts5 (a)|\
             CREATE TEMP TRIGGER IF NOT EXISTS g INSERT ON t BEGIN SELECT 1; END|CREATE TABLE t (a, UNIQUE (a) CHECK (a > 1)) WITHOUT ROWID, STRICT|\
             ALTER TABLE t ALTER COLUMN a DROP NOT NULL|CREATE TRIGGER g AFTER UPDATE ON t FOR EACH ROW WHEN 1 BEGIN SELECT 1; END|ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1)|INSERT OR IGNORE INTO t DEFAULT VALUES|\
             UPDATE OR FAIL t INDEXED BY i SET a = 1|DELETE FROM t NOT INDEXED WHERE a|CREATE TABLE t (a AS (b) STORED, b DEFAULT -1 NOT NULL)|\
             REPLACE INTO t VALUES (1)",
        ),
    ] {
        for statement in statements.split('|').map(str::trim) {
            // Whatever the reader makes of it.
            let mut walk = Walk::new(statement, dialect);
            let wrong = walk.run().map(|(token, place)| walk.wrong(token, place).message);
            assert_eq!(wrong, None, "{dialect}: {statement}");
        }
    }
}

#[test]
fn no_text_is_too_odd() {
    for text in [
        "CREATE",
        "CREATE TABLE",
        "CREATE TABLE (",
        "ALTER TABLE t )",
        "CREATE TABLE t (a ))) b",
        "INSERT INTO \u{1F600}.",
        "DROP É",
    ] {
        for dialect in Dialect::ALL {
            wrong_with(text, dialect);
        }
    }
}
