-- Views and triggers that come, go, and name what is gone.
CREATE TABLE a (id INTEGER PRIMARY KEY, x int, y int);
CREATE TABLE b (id INTEGER PRIMARY KEY, x int);
CREATE TABLE c (id INTEGER PRIMARY KEY, c int);
CREATE VIEW old AS SELECT x FROM a;
CREATE VIEW above AS SELECT * FROM old;
CREATE VIEW apart AS SELECT x FROM b;
CREATE TRIGGER first AFTER INSERT ON b BEGIN SELECT 1; END;
CREATE TRIGGER second AFTER INSERT ON a BEGIN UPDATE c SET c = 1; END;
CREATE TRIGGER third AFTER INSERT ON c BEGIN SELECT 1; END;
CREATE TRIGGER fourth INSTEAD OF INSERT ON old BEGIN SELECT 1; END;
----------------
CREATE TABLE a (id INTEGER PRIMARY KEY, x int NOT NULL DEFAULT 0);
CREATE TABLE b (id INTEGER PRIMARY KEY, x int, z int);
CREATE TABLE c (id INTEGER PRIMARY KEY, c text);
CREATE VIEW above AS SELECT x, y FROM a;
CREATE VIEW apart AS SELECT x FROM b;
CREATE VIEW new AS SELECT * FROM above;
CREATE TRIGGER fifth AFTER INSERT ON b BEGIN SELECT 1; END;
CREATE TRIGGER second AFTER INSERT ON a BEGIN UPDATE c SET c = 1; END;
----------------
-- rebuild
DROP TRIGGER second;
DROP TRIGGER first;
DROP VIEW above;
DROP VIEW old;
CREATE TABLE a_new (
    id INTEGER NOT NULL,
    x INT NOT NULL DEFAULT 0,
    PRIMARY KEY (id)
);
-- The values of y are not copied.
INSERT INTO a_new (id, x)
SELECT id, COALESCE(x, 0)
FROM a;
DROP TABLE a;
ALTER TABLE a_new RENAME TO a;
ALTER TABLE b ADD COLUMN z INT;
CREATE TABLE c_new (
    id INTEGER NOT NULL,
    c TEXT,
    PRIMARY KEY (id)
);
INSERT INTO c_new (id, c)
SELECT id, c
FROM c;
DROP TABLE c;
ALTER TABLE c_new RENAME TO c;
-- May name a column that is gone: SQLite says so only when above is used.
CREATE VIEW above AS
SELECT x, y
FROM a;
CREATE VIEW new AS
SELECT *
FROM above;
CREATE TRIGGER second AFTER INSERT ON a
BEGIN UPDATE c SET c = 1;
END;
CREATE TRIGGER fifth AFTER INSERT ON b
BEGIN SELECT 1;
END;
----------------
-- rebuild
DROP TRIGGER second;
DROP TRIGGER fifth;
DROP VIEW new;
DROP VIEW above;
CREATE TABLE a_new (
    id INTEGER NOT NULL,
    x INT,
    y INT,
    PRIMARY KEY (id)
);
INSERT INTO a_new (id, x)
SELECT id, x
FROM a;
DROP TABLE a;
ALTER TABLE a_new RENAME TO a;
-- What is in `b.z` goes with it.
ALTER TABLE b DROP COLUMN z;
CREATE TABLE c_new (
    id INTEGER NOT NULL,
    c INT,
    PRIMARY KEY (id)
);
-- What looks like a number in c becomes one ('007' becomes 7); the rest stays as it is.
INSERT INTO c_new (id, c)
SELECT id, c
FROM c;
DROP TABLE c;
ALTER TABLE c_new RENAME TO c;
CREATE VIEW old AS
SELECT x
FROM a;
CREATE VIEW above AS
SELECT *
FROM old;
CREATE TRIGGER second AFTER INSERT ON a
BEGIN UPDATE c SET c = 1;
END;
CREATE TRIGGER first AFTER INSERT ON b
BEGIN SELECT 1;
END;
CREATE TRIGGER third AFTER INSERT ON c
BEGIN SELECT 1;
END;
CREATE TRIGGER fourth INSTEAD OF INSERT ON old
BEGIN SELECT 1;
END;
----------------
-- RC454 what still reads `a.y` fails: the table is made anew without it
-- RC321 the downgrade brings column `a.y` back, and not what was in it
