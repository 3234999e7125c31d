-- The numbers of rows.
CREATE TABLE plain (a int, b text);
CREATE TABLE named (rowid text, a int);
CREATE TABLE without (a int PRIMARY KEY, b int) WITHOUT ROWID;
CREATE TABLE gets (a int);
CREATE TABLE counted (id INTEGER PRIMARY KEY, a int);
CREATE TABLE loose (id INTEGER PRIMARY KEY, a int);
CREATE TABLE lost (a int);
----------------
CREATE TABLE plain (a int, b text NOT NULL DEFAULT '');
CREATE TABLE named (rowid text, a text);
CREATE TABLE without (a int PRIMARY KEY, b text) WITHOUT ROWID;
CREATE TABLE gets (id INTEGER PRIMARY KEY, a int);
CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, a int);
CREATE TABLE loose (id INTEGER PRIMARY KEY, a int) STRICT;
CREATE TABLE lost (b int PRIMARY KEY) WITHOUT ROWID;
----------------
-- rebuild
CREATE TABLE counted_new (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    a INT
);
INSERT INTO counted_new (id, a)
SELECT id, a
FROM counted;
DROP TABLE counted;
ALTER TABLE counted_new RENAME TO counted;
CREATE TABLE gets_new (
    id INTEGER NOT NULL,
    a INT,
    PRIMARY KEY (id)
);
INSERT INTO gets_new (rowid, a)
SELECT rowid, a
FROM gets;
DROP TABLE gets;
ALTER TABLE gets_new RENAME TO gets;
CREATE TABLE loose_new (
    id INTEGER NOT NULL,
    a INT,
    PRIMARY KEY (id)
) STRICT;
-- Fails where a value is not of its column's type.
INSERT INTO loose_new (id, a)
SELECT id, a
FROM loose;
DROP TABLE loose;
ALTER TABLE loose_new RENAME TO loose;
-- The rows of lost are not copied: no column stays.
CREATE TABLE lost_new (
    b INT NOT NULL,
    PRIMARY KEY (b)
) WITHOUT ROWID;
DROP TABLE lost;
ALTER TABLE lost_new RENAME TO lost;
CREATE TABLE named_new (
    rowid TEXT,
    a TEXT
);
INSERT INTO named_new (_rowid_, rowid, a)
SELECT _rowid_, rowid, a
FROM named;
DROP TABLE named;
ALTER TABLE named_new RENAME TO named;
CREATE TABLE plain_new (
    a INT,
    b TEXT NOT NULL DEFAULT ''
);
INSERT INTO plain_new (rowid, a, b)
SELECT rowid, a, COALESCE(b, '')
FROM plain;
DROP TABLE plain;
ALTER TABLE plain_new RENAME TO plain;
CREATE TABLE without_new (
    a INT NOT NULL,
    b TEXT,
    PRIMARY KEY (a)
) WITHOUT ROWID;
INSERT INTO without_new (a, b)
SELECT a, b
FROM without;
DROP TABLE without;
ALTER TABLE without_new RENAME TO without;
----------------
-- rebuild
CREATE TABLE counted_new (
    id INTEGER NOT NULL,
    a INT,
    PRIMARY KEY (id)
);
INSERT INTO counted_new (id, a)
SELECT id, a
FROM counted;
DROP TABLE counted;
ALTER TABLE counted_new RENAME TO counted;
CREATE TABLE gets_new (
    a INT
);
-- The values of id are not copied.
INSERT INTO gets_new (a)
SELECT a
FROM gets;
DROP TABLE gets;
ALTER TABLE gets_new RENAME TO gets;
CREATE TABLE loose_new (
    id INTEGER NOT NULL,
    a INT,
    PRIMARY KEY (id)
);
INSERT INTO loose_new (id, a)
SELECT id, a
FROM loose;
DROP TABLE loose;
ALTER TABLE loose_new RENAME TO loose;
-- The rows of lost are not copied: no column stays.
CREATE TABLE lost_new (
    a INT
);
DROP TABLE lost;
ALTER TABLE lost_new RENAME TO lost;
CREATE TABLE named_new (
    rowid TEXT,
    a INT
);
-- What looks like a number in a becomes one ('007' becomes 7); the rest stays as it is.
INSERT INTO named_new (_rowid_, rowid, a)
SELECT _rowid_, rowid, a
FROM named;
DROP TABLE named;
ALTER TABLE named_new RENAME TO named;
CREATE TABLE plain_new (
    a INT,
    b TEXT
);
INSERT INTO plain_new (rowid, a, b)
SELECT rowid, a, b
FROM plain;
DROP TABLE plain;
ALTER TABLE plain_new RENAME TO plain;
CREATE TABLE without_new (
    a INT NOT NULL,
    b INT,
    PRIMARY KEY (a)
) WITHOUT ROWID;
-- What looks like a number in b becomes one ('007' becomes 7); the rest stays as it is.
INSERT INTO without_new (a, b)
SELECT a, b
FROM without;
DROP TABLE without;
ALTER TABLE without_new RENAME TO without;
----------------
-- RC454 what still reads `lost.a` fails: the table is made anew without it
