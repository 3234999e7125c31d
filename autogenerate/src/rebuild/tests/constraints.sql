-- Constraints that come and go.
CREATE TABLE o (id INTEGER PRIMARY KEY);
CREATE TABLE t (a int NOT NULL, b int UNIQUE, c int, d int CHECK (d > 0), CONSTRAINT k PRIMARY KEY (a));
CREATE INDEX moved ON t (c);
CREATE TABLE u (a int, b int);
----------------
CREATE TABLE o (id INTEGER PRIMARY KEY);
CREATE TABLE t (
    a int NOT NULL, b int, c int REFERENCES o, d int, e int UNIQUE, CONSTRAINT k PRIMARY KEY (a, b),
    CONSTRAINT ck CHECK (d > 1), UNIQUE (c, d)
);
CREATE TABLE u (a int, b int, UNIQUE (a, b));
CREATE INDEX moved ON u (b);
----------------
-- rebuild
DROP INDEX moved;
CREATE TABLE t_new (
    a INT NOT NULL,
    b INT,
    c INT,
    d INT,
    e INT,
    CONSTRAINT k PRIMARY KEY (a, b),
    UNIQUE (e),
    UNIQUE (c, d),
    FOREIGN KEY (c) REFERENCES o,
    CONSTRAINT ck CHECK (d > 1)
);
-- Fails where two rows have the same (c, d).
-- Fails where a row breaks CONSTRAINT ck CHECK (d > 1).
-- A row that refers to no row of o fails the check before the commit.
INSERT INTO t_new (rowid, a, b, c, d)
SELECT rowid, a, b, c, d
FROM t;
DROP TABLE t;
ALTER TABLE t_new RENAME TO t;
CREATE TABLE u_new (
    a INT,
    b INT,
    UNIQUE (a, b)
);
-- Fails where two rows have the same (a, b).
INSERT INTO u_new (rowid, a, b)
SELECT rowid, a, b
FROM u;
DROP TABLE u;
ALTER TABLE u_new RENAME TO u;
CREATE INDEX moved ON u (b);
----------------
-- rebuild
DROP INDEX moved;
CREATE TABLE t_new (
    a INT NOT NULL,
    b INT,
    c INT,
    d INT,
    CONSTRAINT k PRIMARY KEY (a),
    UNIQUE (b),
    CHECK (d > 0)
);
-- The values of e are not copied.
-- Fails where two rows have the same (a).
-- Fails where two rows have the same (b).
-- Fails where a row breaks CHECK (d > 0).
INSERT INTO t_new (rowid, a, b, c, d)
SELECT rowid, a, b, c, d
FROM t;
DROP TABLE t;
ALTER TABLE t_new RENAME TO t;
CREATE INDEX moved ON t (c);
CREATE TABLE u_new (
    a INT,
    b INT
);
INSERT INTO u_new (rowid, a, b)
SELECT rowid, a, b
FROM u;
DROP TABLE u;
ALTER TABLE u_new RENAME TO u;
----------------
