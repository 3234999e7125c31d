//! MySQL and MariaDB: types, defaults, keys and the indexes that come with them, character sets, renames.

use revchain_core::Dialect;

use crate::common::walk::is_what_is_replayed;

const CHAIN: [(&str, &str); 9] = [
    (
        r#"
CREATE TABLE users (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, `Odd ``name` text, email varchar(200) UNIQUE COMMENT 'it''s theirs')
  COMMENT 'who' ENGINE=InnoDB;
CREATE TABLE everything (
  a tinyint, b tinyint(1) NOT NULL DEFAULT 0, c smallint(5) unsigned, d mediumint, e int(11) DEFAULT 5, f bigint(20) unsigned zerofill,
  g decimal(10,2) NOT NULL DEFAULT 1.50, h decimal, i float, j double unsigned, k bit(3) DEFAULT b'101', l char, m varchar(20) DEFAULT 'it''s',
  n text, o longtext, p enum('a','b,c') DEFAULT 'a', q set('x','y'), r binary(16), s varbinary(9), t blob, u date DEFAULT '2020-01-01',
  v time, w datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), x timestamp NULL DEFAULT NULL, y year,
  z varchar(9) CHARACTER SET latin1, aa varchar(9) COLLATE utf8mb4_bin, ab varchar(9) CHARACTER SET latin1 COLLATE latin1_bin,
  ac int AS (a * 2) VIRTUAL, ad varchar(9) AS (concat(m, 'x')) STORED, ae json, af point NOT NULL, ag varchar(36) DEFAULT (uuid()),
  ah varchar(9) NOT NULL DEFAULT 'NULL', ai double(8,3), aj bool DEFAULT TRUE, ak integer DEFAULT '7', al numeric(4), am real,
  an int default -1, ao datetime DEFAULT NOW() ON UPDATE NOW(), ap nchar(4), aq varchar(5) DEFAULT "dq"
);
CREATE TABLE old (a varchar(3), b varchar(3) COLLATE latin1_bin, c varchar(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci)
  ENGINE=MyISAM DEFAULT CHARSET=latin1;
CREATE TABLE sorted (a varchar(3), b varchar(3) COLLATE utf8mb4_general_ci) COLLATE utf8mb4_bin;
CREATE TABLE parents (x int, y int, z varchar(9), PRIMARY KEY (y, x), CONSTRAINT late UNIQUE (z));
CREATE TABLE copied LIKE everything;
"#,
        "DROP TABLE copied; DROP TABLE parents; DROP TABLE sorted, old; DROP TABLE everything; DROP TABLE users",
    ),
    (
        "CREATE TABLE children (id int PRIMARY KEY, x int, y int, u int, v int REFERENCES users (id), w int CHECK (w <> 3),
           s varchar(5) CHECK (length(s) > 2 AND s LIKE 'a%'), CONSTRAINT in_pairs FOREIGN KEY (y, x) REFERENCES parents (y, x) ON DELETE CASCADE ON UPDATE SET NULL,
           FOREIGN KEY (u) REFERENCES users (id) ON DELETE RESTRICT, CONSTRAINT positive CHECK (u > 0 OR u IN (-1, -2)),
           CHECK (u BETWEEN 1 AND 9), CHECK (u IS NULL OR id < u))",
        "DROP TABLE children",
    ),
    (
        "CREATE INDEX plain ON everything (m(5), a DESC, c);
         CREATE UNIQUE INDEX once ON everything (m, n(10)) COMMENT 'rare';
         CREATE FULLTEXT INDEX words ON everything (n, o);
         CREATE SPATIAL INDEX places ON everything (af);
         ALTER TABLE everything ADD KEY (e), ADD UNIQUE KEY (g), ADD INDEX USING BTREE (e, d)",
        "ALTER TABLE everything DROP KEY e_2, DROP KEY g, DROP INDEX e; DROP INDEX places ON everything;
         DROP INDEX words ON everything; ALTER TABLE everything DROP INDEX once; DROP INDEX plain ON everything",
    ),
    (
        "ALTER TABLE users ADD COLUMN age smallint unsigned NOT NULL DEFAULT 3 AFTER id, ADD boss int, ADD note varchar(9) CHARACTER SET ascii FIRST;
         ALTER TABLE users ADD CONSTRAINT FOREIGN KEY (boss) REFERENCES users (id), ADD CONSTRAINT elders CHECK (age > 1);
         ALTER TABLE users MODIFY email varchar(100) NOT NULL, CHANGE COLUMN note remark text, ALTER age SET DEFAULT 4",
        "ALTER TABLE users ALTER COLUMN age SET DEFAULT 3, CHANGE remark note varchar(9) CHARACTER SET ascii, MODIFY email varchar(200) COMMENT 'it''s theirs';
         ALTER TABLE users DROP CONSTRAINT elders, DROP FOREIGN KEY users_ibfk_1;
         ALTER TABLE users DROP INDEX boss, DROP COLUMN note, DROP boss, DROP COLUMN age",
    ),
    (
        "ALTER TABLE users RENAME TO people; RENAME TABLE parents TO forebears, children TO kids;
         ALTER TABLE kids RENAME COLUMN x TO xx, RENAME INDEX in_pairs TO pairs",
        "ALTER TABLE kids RENAME INDEX pairs TO in_pairs, RENAME COLUMN xx TO x;
         RENAME TABLE kids TO children, forebears TO parents; ALTER TABLE people RENAME users",
    ),
    (
        "CREATE VIEW sums AS SELECT people.id, count(*) AS n FROM people JOIN kids ON u = people.id GROUP BY 1;
         CREATE TRIGGER touched BEFORE UPDATE ON people FOR EACH ROW SET NEW.email = lower(NEW.email);
         CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC RETURN 2 * n;
         CREATE PROCEDURE nothing() SELECT 1",
        "DROP PROCEDURE nothing; DROP FUNCTION twice; DROP TRIGGER touched; DROP VIEW sums",
    ),
    (
        "CREATE TABLE parts (id int, at date) PARTITION BY RANGE (year(at)) (PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN MAXVALUE);
         CREATE TABLE logs (id serial, level enum('x', 'y') NOT NULL, PRIMARY KEY (id, level));
         ALTER TABLE logs ADD UNIQUE INDEX by_level (level, id)",
        "DROP TABLE logs; DROP TABLE parts",
    ),
    (
        "ALTER TABLE logs MODIFY level enum('x', 'y', 'z') NOT NULL DEFAULT 'z', COMMENT = 'all', ROW_FORMAT=DYNAMIC;
         ALTER TABLE sorted CONVERT TO CHARACTER SET latin1",
        "ALTER TABLE sorted CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; ALTER TABLE sorted MODIFY b varchar(3) COLLATE utf8mb4_general_ci;
         ALTER TABLE logs MODIFY level enum('x', 'y') NOT NULL, COMMENT = ''",
    ),
    (
        "ALTER TABLE logs DROP PRIMARY KEY, ADD PRIMARY KEY (level, id);
         ALTER TABLE kids DROP FOREIGN KEY in_pairs; ALTER TABLE kids DROP KEY pairs",
        "ALTER TABLE kids ADD CONSTRAINT in_pairs FOREIGN KEY pairs (y, xx) REFERENCES forebears (y, x) ON DELETE CASCADE ON UPDATE SET NULL;
         ALTER TABLE kids RENAME INDEX in_pairs TO pairs;
         ALTER TABLE logs DROP PRIMARY KEY, ADD PRIMARY KEY (id, level)",
    ),
];

#[tokio::test]
async fn a_rich_chain() {
    let unclear = "
        function `nothing()`: its body is stored in other words
        function `twice(int)`: its body is stored in other words
        view `sums`: its query is stored in other words";
    is_what_is_replayed(Dialect::Mysql, &CHAIN, unclear).await;
}
