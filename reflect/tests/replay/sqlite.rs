//! SQLite: everything that a table can hold, added columns, renames, and rebuilds.

use revchain_core::Dialect;

use crate::common::walk::is_what_is_replayed;

const CHAIN: [(&str, &str); 9] = [
    (
        r#"
CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, "Odd ""name" text, email VARCHAR (200) NOT NULL UNIQUE, plain);
CREATE TABLE everything (a int DEFAULT 5, b text DEFAULT 'it''s' COLLATE NOCASE, c timestamp DEFAULT CURRENT_TIMESTAMP,
  d DECIMAL(10, 2) DEFAULT (1 + 2), e DOUBLE  PRECISION DEFAULT -1.5, f blob NOT NULL DEFAULT x'00', g boolean DEFAULT TRUE,
  h int AS (a + 1), i int GENERATED ALWAYS AS (a * 2) STORED, j text NOT NULL ON CONFLICT IGNORE, UNIQUE (b, a),
  CONSTRAINT positive CHECK (a > 0), CHECK (length(b) BETWEEN 1 AND 9));
CREATE TABLE parents (x int, y int, z int, CONSTRAINT parents_key PRIMARY KEY (y, x));
CREATE TABLE descending (id INTEGER PRIMARY KEY DESC);
CREATE TABLE short (id int PRIMARY KEY);
CREATE TABLE twice (id int PRIMARY KEY, UNIQUE (id), UNIQUE (id));
CREATE TABLE keyed (k text, v, PRIMARY KEY (k)) WITHOUT ROWID;
CREATE TABLE exact (id INTEGER PRIMARY KEY, n ANY) STRICT;
"#,
        "DROP TABLE exact; DROP TABLE keyed; DROP TABLE twice; DROP TABLE short; DROP TABLE descending; DROP TABLE parents;
         DROP TABLE everything; DROP TABLE users;",
    ),
    (
        "CREATE TABLE children (id integer PRIMARY KEY, x int REFERENCES users ON DELETE CASCADE, y int,
           u int CONSTRAINT their_user REFERENCES users (id) ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED, later int,
           FOREIGN KEY (y, x) REFERENCES parents (y, x) ON UPDATE SET NULL ON DELETE SET DEFAULT,
           CONSTRAINT to_come FOREIGN KEY (later) REFERENCES not_yet (id) MATCH FULL NOT DEFERRABLE)",
        "DROP TABLE children",
    ),
    (
        "CREATE INDEX plain ON everything (a DESC, b COLLATE RTRIM, c COLLATE NOCASE DESC);
         CREATE UNIQUE INDEX once ON everything (c);
         CREATE INDEX some ON everything (a) WHERE b > 'x' AND c IS NOT NULL;
         CREATE UNIQUE INDEX lowered ON everything (lower(b) DESC, a + 1, b);
         CREATE INDEX IF NOT EXISTS once ON everything (d)",
        "DROP INDEX lowered; DROP INDEX some; DROP INDEX once; DROP INDEX plain; DROP INDEX IF EXISTS not_there",
    ),
    (
        "ALTER TABLE users ADD COLUMN age int NOT NULL DEFAULT 0 CHECK (age >= 0);
         ALTER TABLE users ADD COLUMN boss int REFERENCES users (id) ON DELETE SET NULL;
         ALTER TABLE users ADD note text COLLATE NOCASE;
         ALTER TABLE users ADD shout text AS (upper(note)) VIRTUAL",
        "ALTER TABLE users DROP COLUMN shout; ALTER TABLE users DROP COLUMN note; ALTER TABLE users DROP COLUMN boss;
         ALTER TABLE users DROP COLUMN age",
    ),
    (
        "ALTER TABLE everything RENAME COLUMN a TO aa; ALTER TABLE users RENAME COLUMN \"Odd \"\"name\" TO odd;
         ALTER TABLE parents RENAME COLUMN x TO xx",
        "ALTER TABLE parents RENAME COLUMN xx TO x; ALTER TABLE users RENAME COLUMN odd TO \"Odd \"\"name\";
         ALTER TABLE everything RENAME COLUMN aa TO a",
    ),
    (
        "ALTER TABLE users RENAME TO people; ALTER TABLE parents RENAME TO \"Old folks\"",
        "ALTER TABLE \"Old folks\" RENAME TO parents; ALTER TABLE people RENAME TO users",
    ),
    (
        "CREATE VIEW sums AS SELECT people.id, count(*) AS n FROM people JOIN children ON u = people.id GROUP BY 1;
         CREATE VIEW named (one, two) AS SELECT id, n FROM sums;
         CREATE TRIGGER touched AFTER UPDATE OF email ON people BEGIN UPDATE people SET plain = 1 WHERE id = new.id; END;
         CREATE TRIGGER IF NOT EXISTS instead INSTEAD OF INSERT ON sums WHEN new.id > 1 BEGIN SELECT 1; END",
        "DROP TRIGGER instead; DROP TRIGGER touched; DROP VIEW named; DROP VIEW IF EXISTS sums",
    ),
    (
        "CREATE TABLE notes (id integer PRIMARY KEY, text, at datetime);
         CREATE INDEX notes_at ON notes (at)",
        "DROP TABLE notes",
    ),
    // A rebuild.
    (
        "@rebuild CREATE TABLE notes_new (id integer PRIMARY KEY, text varchar(20) NOT NULL DEFAULT '', at datetime, UNIQUE (at, text));
         INSERT INTO notes_new SELECT id, text, at FROM notes;
         DROP TABLE notes;
         ALTER TABLE notes_new RENAME TO notes;
         CREATE INDEX notes_at ON notes (at)",
        "@rebuild CREATE TABLE \"notes_old\" (id integer PRIMARY KEY, text, at datetime);
         INSERT INTO notes_old SELECT id, text, at FROM notes;
         DROP TABLE notes;
         ALTER TABLE notes_old RENAME TO notes;
         CREATE INDEX notes_at ON notes (at)",
    ),
];

#[tokio::test]
async fn a_rich_chain() {
    is_what_is_replayed(Dialect::Sqlite, &CHAIN, "table `descending`: nobody understood `PRIMARY KEY DESC`").await;
}
