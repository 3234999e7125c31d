//! Statements that one of the servers refuses, each tried on MySQL 9.7.4, MariaDB 11.8.9 and 10.11.19; and what both take.

use revchain_core::config::Flavour;
use revchain_core::{Sources, chain};

use super::judge;
use crate::check::check;

/// The codes that are said of an upgrade, with these settings.
fn codes(settings: &str, upgrade: &str) -> Vec<&'static str> {
    let mut sources = Sources::default();
    sources.add("revchain.toml", "revchain.toml", settings.as_bytes().to_vec());
    let text = format!(
        "-- m\n-- revision: a\n-- down_revision: base\n-- @upgrade mysql\n{upgrade}\n-- @downgrade mysql; irreversible: a test\n"
    );
    sources.add("versions/a.sql", "versions/a.sql", text.into_bytes());
    let (chain, findings) = chain::verify(&sources);
    let chain = chain.unwrap_or_else(|| panic!("a faulty test: {findings:#?}"));
    check(&sources, &chain).iter().map(|finding| finding.code.number()).collect()
}

#[test]
fn it_is_told_where_the_flavour_is_said_and_nowhere_else() {
    let (none, mysql, mariadb) = (
        "dialects = ['mysql']\n",
        "dialects = ['mysql']\nflavour = 'mysql'\n",
        "dialects = ['mysql']\nflavour = 'mariadb'\n",
    );
    let upgrade = "CREATE OR REPLACE TABLE t (a uuid);";
    assert_eq!(codes(none, upgrade), [""; 0]);
    assert_eq!(codes(mariadb, upgrade), [""; 0]);
    assert_eq!(codes(mysql, upgrade), ["RC324", "RC324"]);
    assert_eq!(codes(&format!("{mysql}[check]\nRC324 = 'off'"), upgrade), [""; 0]);
    assert_eq!(codes(mysql, &format!("-- @allow RC324: a fork knows it\n{upgrade}")), [""; 0]);
    assert_eq!(codes(mysql, "-- @allow RC324: x\nCREATE TABLE t (a int);"), ["RC210"], "nothing is silenced");
    assert_eq!(codes(none, &format!("-- @allow RC324: x\n{upgrade}")), [""; 0], "nobody looked");
    // What is declared never runs; what it stands for does.
    assert_eq!(codes(mysql, &format!("-- @replay {upgrade}\nCALL make_it();")), [""; 0]);
    assert_eq!(codes(mysql, "-- @replay CREATE TABLE t (a int);\nCREATE OR REPLACE TABLE t (a int);"), ["RC324"]);
    // MariaDB reads REFERENCES in a column.
    let inline = "CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE v (a int REFERENCES u (id));";
    assert_eq!(codes(none, inline), ["RC431"]);
    assert_eq!(codes(mysql, inline), ["RC431"]);
    assert_eq!(codes(mariadb, inline), [""; 0]);
}

/// What is said of a statement: of which part, and of which difference.
fn said(statement: &str, flavour: Flavour) -> Vec<(String, &'static str)> {
    let found = judge(statement, flavour).into_iter();
    found.map(|found| (statement[found.part.0..found.part.1].to_owned(), found.difference.message)).collect()
}

/// Whether the part is told by those that have the server, and by the other nothing.
fn holds(statement: &str, part: &str, lacks: Flavour, other: Flavour) {
    for flavour in [lacks, Flavour::Both] {
        let found = said(statement, flavour);
        assert_eq!(found.iter().map(|(part, _)| part.as_str()).collect::<Vec<_>>(), [part], "{statement}: {found:?}");
        let product = if lacks == Flavour::Mysql { "MySQL" } else { "MariaDB" };
        assert!(
            found[0].1.contains(&format!("on {product} ")) || found[0].1.contains(&format!("{product}'s own")),
            "{found:?}"
        );
    }
    assert_eq!(said(statement, other), [], "{statement}");
    // What is cut off anywhere ends, too.
    for (end, _) in statement.char_indices() {
        let _ = judge(&statement[..end], Flavour::Both);
    }
}

#[test]
fn what_mysql_lacks_is_told() {
    for (statement, part) in [
        ("CREATE OR REPLACE TABLE t (a int)", "OR REPLACE"),
        ("create or replace procedure p() select 1", "or replace"),
        ("CREATE OR REPLACE SPATIAL INDEX i ON t (g)", "OR REPLACE"),
        ("CREATE INDEX IF NOT EXISTS i ON t (a)", "IF NOT EXISTS"),
        ("DROP INDEX IF EXISTS i ON t", "IF EXISTS"),
        ("ALTER TABLE IF EXISTS t ADD a int", "IF EXISTS"),
        ("ALTER TABLE t ADD COLUMN IF NOT EXISTS a int, ADD COLUMN IF NOT EXISTS b int", "IF NOT EXISTS"),
        ("ALTER TABLE t ADD b int, DROP COLUMN IF EXISTS a", "IF EXISTS"),
        ("ALTER TABLE t DROP IF EXISTS a", "IF EXISTS"),
        ("ALTER TABLE t MODIFY IF EXISTS a int", "IF EXISTS"),
        ("ALTER TABLE t CHANGE COLUMN IF EXISTS a b int", "IF EXISTS"),
        ("ALTER TABLE t ADD INDEX IF NOT EXISTS i (a)", "IF NOT EXISTS"),
        ("ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS c CHECK (a > 0)", "IF NOT EXISTS"),
        ("ALTER TABLE t ADD FOREIGN KEY IF NOT EXISTS f (a) REFERENCES u (a)", "IF NOT EXISTS"),
        ("ALTER TABLE t DROP CONSTRAINT IF EXISTS c", "IF EXISTS"),
        ("ALTER TABLE t DROP FOREIGN KEY IF EXISTS c", "IF EXISTS"),
        ("ALTER TABLE t RENAME COLUMN IF EXISTS a TO b", "IF EXISTS"),
        ("ALTER TABLE t ADD PARTITION IF NOT EXISTS (PARTITION p VALUES LESS THAN (1))", "IF NOT EXISTS"),
        ("RENAME TABLE IF EXISTS t TO u", "IF EXISTS"),
        ("ALTER TABLE t WAIT 5 ADD a int", "WAIT"),
        ("ALTER TABLE t NOWAIT ADD a int", "NOWAIT"),
        ("DROP TABLE t, u WAIT 5", "WAIT"),
        ("CREATE INDEX i ON t (a) NOWAIT", "NOWAIT"),
        ("TRUNCATE TABLE t WAIT 5", "WAIT"),
        ("ALTER ONLINE TABLE t ADD a int", "ONLINE"),
        ("ALTER IGNORE TABLE t ADD UNIQUE (a)", "IGNORE"),
        ("CREATE SEQUENCE s", "SEQUENCE"),
        ("DROP SEQUENCE IF EXISTS s", "SEQUENCE"),
        ("INSERT INTO t VALUES (NEXT VALUE FOR s)", "NEXT VALUE FOR"),
        ("CREATE TABLE t (a int DEFAULT NEXT VALUE FOR s)", "NEXT VALUE FOR"),
        ("CREATE TABLE t (id uuid NOT NULL PRIMARY KEY)", "uuid"),
        ("ALTER TABLE t ADD COLUMN host INET6", "INET6"),
        ("ALTER TABLE t MODIFY a INET4 NULL", "INET4"),
        ("CREATE TABLE t (a int, b int AS (a + 1) PERSISTENT)", "PERSISTENT"),
        ("CREATE TABLE t (a text COMPRESSED NOT NULL)", "COMPRESSED"),
        ("CREATE TABLE t (id char(36) NOT NULL DEFAULT uuid() PRIMARY KEY)", "uuid()"),
        ("ALTER TABLE t ADD COLUMN d date DEFAULT CURRENT_DATE", "CURRENT_DATE"),
        ("ALTER TABLE t ADD COLUMN d datetime DEFAULT utc_timestamp(), ADD e int", "utc_timestamp()"),
        ("ALTER TABLE t ALTER COLUMN d SET DEFAULT NOW()", "NOW()"),
        ("ALTER TABLE t ALTER d SET DEFAULT CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"),
        ("CREATE TABLE t (a text NOT NULL DEFAULT 'x')", "'x'"),
        ("CREATE TABLE t (a json DEFAULT '{}')", "'{}'"),
        ("CREATE TABLE t (a int CONSTRAINT f REFERENCES u (id))", "CONSTRAINT f"),
        ("CREATE TABLE t (a int) WITH SYSTEM VERSIONING", "WITH SYSTEM VERSIONING"),
        ("ALTER TABLE t ADD SYSTEM VERSIONING", "SYSTEM VERSIONING"),
        ("CREATE TABLE t (a int WITHOUT SYSTEM VERSIONING)", "WITHOUT SYSTEM VERSIONING"),
        ("CREATE TABLE t (a timestamp(6) GENERATED ALWAYS AS ROW START, b int)", "AS ROW START"),
        ("CREATE TABLE t (a int) PARTITION BY SYSTEM_TIME", "SYSTEM_TIME"),
        ("CREATE TABLE t (a date, b date, PERIOD FOR p (a, b))", "PERIOD FOR"),
        ("CREATE TABLE t (a date, b date, UNIQUE (a, p WITHOUT OVERLAPS))", "WITHOUT OVERLAPS"),
        ("ALTER TABLE t ALTER INDEX i IGNORED", "IGNORED"),
        ("CREATE TABLE t (a int, KEY i (a) COMMENT 'x' NOT IGNORED)", "NOT IGNORED"),
        ("ALTER TABLE t CONVERT PARTITION p TO TABLE u", "CONVERT PARTITION"),
        ("CREATE TABLE t (a int) ENGINE='Aria' COMMENT 'x'", "ENGINE='Aria'"),
        ("CREATE TABLE t (a int) ENGINE=InnoDB PAGE_COMPRESSED=1", "PAGE_COMPRESSED=1"),
        ("ALTER TABLE t ENGINE InnoDB, ENCRYPTED=YES", "ENCRYPTED=YES"),
        ("CREATE TABLE t (a int) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_ai_ci", "utf8mb4_uca1400_ai_ci"),
        ("CREATE TABLE t (a varchar(3) COLLATE utf8mb4_nopad_bin)", "utf8mb4_nopad_bin"),
        ("CREATE TABLE t (a point REF_SYSTEM_ID=4326)", "REF_SYSTEM_ID"),
        ("CREATE DATABASE d COMMENT 'x'", "COMMENT"),
        ("INSERT INTO t (a) VALUES (1) RETURNING id", "RETURNING"),
        ("INSERT INTO t VALUES (1) RETURNING a, (SELECT 1) AS b", "RETURNING"),
        ("REPLACE INTO t SET a = 'x' RETURNING *", "RETURNING"),
        ("DELETE FROM t WHERE a = b RETURNING a, b", "RETURNING"),
        ("DELETE FROM t WHERE a = 1 RETURNING a", "RETURNING"),
        ("BEGIN NOT ATOMIC SELECT 1; END", "NOT ATOMIC"),
        ("SET STATEMENT max_statement_time = 5 FOR SELECT 1", "STATEMENT"),
        ("EXECUTE IMMEDIATE 'SELECT 1'", "IMMEDIATE"),
        ("CREATE TABLE groups (id int)", "groups"),
        ("CREATE TABLE IF NOT EXISTS t (id int, Rank int)", "Rank"),
        ("ALTER TABLE t ADD COLUMN `a` int, ADD COLUMN system int", "system"),
        ("INSERT INTO groups VALUES (1)", "groups"),
        ("DROP TABLE IF EXISTS a, groups", "groups"),
        ("CREATE INDEX i ON groups (a)", "groups"),
    ] {
        holds(statement, part, Flavour::Mysql, Flavour::Mariadb);
    }
}

#[test]
fn what_mariadb_lacks_is_told() {
    for (statement, part) in [
        ("CREATE INDEX i ON t ((lower(a)))", "(lower(a))"),
        ("CREATE TABLE t (a int, UNIQUE KEY i (a, (a + 1) DESC))", "(a + 1)"),
        ("ALTER TABLE t ADD INDEX ((CAST(j->'$.a' AS UNSIGNED ARRAY)))", "(CAST(j->'$.a' AS UNSIGNED ARRAY))"),
        ("CREATE INDEX i ON t (a) INVISIBLE", "INVISIBLE"),
        ("CREATE TABLE t (a int, KEY i (a) INVISIBLE, b int)", "INVISIBLE"),
        ("ALTER TABLE t ALTER INDEX i VISIBLE", "VISIBLE"),
        ("CREATE TABLE t (a int VISIBLE)", "VISIBLE"),
        ("ALTER TABLE t ALTER COLUMN a SET INVISIBLE", "INVISIBLE"),
        ("CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0) NOT ENFORCED)", "NOT ENFORCED"),
        ("CREATE TABLE t (a int CHECK (a > 0) ENFORCED)", "ENFORCED"),
        ("ALTER TABLE t ALTER CHECK c NOT ENFORCED", "NOT ENFORCED"),
        ("ALTER TABLE t DROP CHECK c", "CHECK"),
        ("CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0))", "CONSTRAINT c"),
        ("CREATE TABLE t (a int CHECK (a > 0) NOT NULL)", "NOT"),
        ("CREATE TABLE t (a int CHECK (a > 0) DEFAULT 1)", "DEFAULT"),
        ("CREATE TABLE t (a int, b int AS (a + 1) STORED NOT NULL)", "NOT"),
        ("ALTER TABLE t ADD b int GENERATED ALWAYS AS (a + 1) VIRTUAL COMMENT 'x' NOT NULL", "NOT"),
        ("ALTER TABLE t MODIFY b int AS (a + 1) STORED PRIMARY KEY", "PRIMARY"),
        ("CREATE TABLE t (a point NOT NULL SRID 4326, b int)", "SRID"),
        ("CREATE TABLE t (a int STORAGE DISK)", "STORAGE DISK"),
        ("CREATE TABLE t (a int COLUMN_FORMAT DYNAMIC NOT NULL)", "COLUMN_FORMAT DYNAMIC"),
        ("CREATE TABLE t (a int) AUTOEXTEND_SIZE=4M", "AUTOEXTEND_SIZE=4M"),
        ("CREATE TABLE t (a int) START TRANSACTION", "START TRANSACTION"),
        ("CREATE TABLE t (a int) ENGINE=InnoDB ENCRYPTION='N'", "ENCRYPTION='N'"),
        ("ALTER TABLE t TABLESPACE = x", "TABLESPACE = x"),
        ("ALTER DATABASE d DEFAULT ENCRYPTION 'N'", "ENCRYPTION"),
        ("DROP INDEX i ON t ALGORITHM=INPLACE LOCK=NONE", "ALGORITHM"),
        ("INSERT INTO t (a) VALUES (1), (2) AS new ON DUPLICATE KEY UPDATE a = new.a", "AS"),
        ("INSERT INTO t VALUES ROW(1), ROW(2)", "ROW"),
        ("VALUES ROW(1), ROW(2)", "ROW"),
        ("CREATE TABLESPACE t ADD DATAFILE 'x.ibd'", "TABLESPACE"),
        ("DROP RESOURCE GROUP g", "RESOURCE GROUP"),
        ("ALTER INSTANCE ROTATE INNODB MASTER KEY", "INSTANCE"),
        ("SET PERSIST max_connections = 100", "PERSIST"),
        ("CREATE TABLE t (id int, offset int)", "offset"),
        ("ALTER TABLE t CHANGE a returning int", "returning"),
    ] {
        holds(statement, part, Flavour::Mariadb, Flavour::Mysql);
    }
}

#[test]
fn several_are_told_at_once() {
    let statement = "CREATE TABLE t (id uuid, a int, KEY ((a + 1)), KEY k (a) INVISIBLE) WITH SYSTEM VERSIONING";
    assert_eq!(said(statement, Flavour::Both).len(), 4);
    assert_eq!(said(statement, Flavour::Mysql).len(), 2);
}

#[test]
fn what_both_take_is_left_alone() {
    for statement in [
        "CREATE OR REPLACE VIEW v AS SELECT 1",
        "CREATE OR REPLACE ALGORITHM=MERGE VIEW v AS SELECT 1",
        "CREATE TABLE IF NOT EXISTS t (a int)",
        "DROP TABLE IF EXISTS t",
        "DROP VIEW IF EXISTS v",
        "CREATE TRIGGER IF NOT EXISTS r BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
        // Names, quoted and not, texts and comments.
        "CREATE TABLE `groups` (`rank` int, d.groups int, uuid char(36), inet6 int, persist int, sequence int)",
        "CREATE TABLE d.groups (visible int, invisible int, ignored int, compressed int, wait int, period int, srid int)",
        "CREATE TABLE t (a int COMMENT 'IF NOT EXISTS INVISIBLE', b text COMMENT \"RETURNING\" /* uuid */) -- WITH SYSTEM VERSIONING",
        "CREATE TABLE t (a int, KEY uuid (a), KEY `groups` (a), CONSTRAINT ignored UNIQUE (a))",
        "ALTER TABLE t ADD COLUMN uuid binary(16), DROP COLUMN visible, DROP ignored, ADD INDEX wait (a)",
        "ALTER TABLE t RENAME COLUMN persist TO sequence, RENAME INDEX a TO b, DROP CONSTRAINT c, DROP FOREIGN KEY f",
        // Comments that one of them executes.
        "ALTER TABLE t ADD COLUMN /*M! IF NOT EXISTS */ a int",
        "CREATE TABLE t (a int /*!80023 INVISIBLE */, KEY (a) /*!80000 INVISIBLE */)",
        // Attributes and options.
        "CREATE TABLE t (a int INVISIBLE, b int NOT NULL DEFAULT (uuid_short() + 1) COMMENT 'x', KEY k (b) VISIBLE)",
        "CREATE TABLE t (a int NOT NULL UNIQUE KEY CHECK (a > 0), b int AS (a + 1) STORED UNIQUE KEY COMMENT 'x')",
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) VIRTUAL INVISIBLE CHECK (b > 1))",
        "CREATE TABLE t (a datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), b timestamp DEFAULT now())",
        "CREATE TABLE t (a int DEFAULT -1, b bit DEFAULT b'1', c char DEFAULT 'x', d bool DEFAULT TRUE, e text DEFAULT NULL)",
        "CREATE TABLE t (a text DEFAULT ('x'), b json DEFAULT (json_object()), c text DEFAULT '', d varchar(9) DEFAULT _utf8mb4'x')",
        "CREATE TABLE t (a int REFERENCES u (id) ON DELETE SET NULL ON UPDATE SET DEFAULT, b int NOT NULL)",
        "CREATE TABLE t (a varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, KEY k (a(3) DESC) USING BTREE COMMENT 'x')",
        "CREATE TABLE t (a int) ENGINE=InnoDB ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8 STATS_PERSISTENT=0 COMMENT='ENCRYPTED=YES', TABLESPACE x",
        "CREATE TABLE t (a varchar(9)) DEFAULT CHARACTER SET = utf8mb4 COLLATE utf8mb4_0900_ai_ci AUTO_INCREMENT=3",
        "CREATE TABLE t (a int) PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (1))",
        "CREATE TABLE t (a int) AS SELECT 1 AS a",
        "CREATE TABLE t AS SELECT a AS persistent, b RETURNING FROM u",
        "CREATE TABLE t LIKE u",
        "CREATE TABLE t (LIKE u)",
        "CREATE UNIQUE INDEX i USING BTREE ON t (a, b(10) DESC) COMMENT 'INVISIBLE' ALGORITHM=INPLACE LOCK=NONE",
        "CREATE FULLTEXT INDEX i ON t (a) WITH PARSER ignored",
        "ALTER TABLE t ADD COLUMN (a int, b int DEFAULT 1), ALGORITHM=INPLACE, LOCK=NONE",
        "ALTER TABLE t ADD CONSTRAINT CHECK (a > 0), ADD CONSTRAINT c FOREIGN KEY f (a) REFERENCES u (a), ADD PRIMARY KEY (a)",
        "ALTER TABLE t ALTER COLUMN a SET DEFAULT 5, ALTER b SET DEFAULT (now()), ALTER c DROP DEFAULT, ALTER d SET DEFAULT NULL",
        "ALTER TABLE t MODIFY a int INVISIBLE FIRST, CHANGE b c int NOT NULL AFTER visible, CONVERT TO CHARACTER SET utf8mb4, ENGINE=InnoDB",
        "ALTER TABLE t PARTITION BY HASH (a) PARTITIONS 2",
        "DROP INDEX i ON t",
        // Rows.
        "INSERT INTO t (`returning`, a) VALUES (1, 2) ON DUPLICATE KEY UPDATE a = VALUES(a), b = `returning`",
        "INSERT INTO t SELECT a AS b FROM (VALUES (1)) AS x",
        "INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = (SELECT (1) AS b)",
        "DELETE FROM `returning` WHERE `returning` > 1",
        "UPDATE t SET value = 1 WHERE next = 1",
        "SELECT next value FOR UPDATE",
        "SET persist = 1",
        "REPLACE INTO t VALUES ('a' 'RETURNING b')",
        "CREATE PROCEDURE p() BEGIN CREATE OR REPLACE TABLE t (a uuid); END",
        "",
        "CREATE TABLE",
        "CREATE TABLE t (",
        "CREATE TABLE t (a",
        "ALTER TABLE t ADD",
        "ALTER TABLE t DROP IF",
        "DROP INDEX i ON",
        "INSERT INTO",
        "CREATE INDEX i ON t (",
    ] {
        assert_eq!(said(statement, Flavour::Both), [], "{statement}");
    }
}

#[test]
fn a_name_is_no_clause() {
    for statement in [
        "INSERT INTO t (returning, a) VALUES (1, 2) ON DUPLICATE KEY UPDATE a = VALUES(a), b = returning",
        "INSERT INTO t SELECT returning FROM u WHERE returning = 1 ORDER BY returning, a",
        "DELETE FROM returning WHERE returning > 1 AND returning IS NULL ORDER BY returning LIMIT 1",
        "INSERT INTO t SELECT 1 + returning, a.returning FROM a",
    ] {
        assert_eq!(said(statement, Flavour::Mysql), [], "{statement}");
    }
}
