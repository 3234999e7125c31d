-- What people read: comments, names, and words as they were written.
CREATE TABLE Users (
    userId INTEGER PRIMARY KEY, -- who
    fullName text CONSTRAINT named NOT NULL
);
CREATE TABLE plain (a int DEFAULT '--');
ALTER TABLE plain ADD COLUMN b text DEFAULT '/* none */';
CREATE TABLE later (a int);
ALTER TABLE later ADD COLUMN b text CONSTRAINT named DEFAULT 'b';
CREATE VIEW Shown AS SELECT userId AS theId, Count(*) AS Total FROM Users GROUP BY userId;
----------------
CREATE TABLE Users (
    userId INTEGER PRIMARY KEY,
    fullName varchar(50) NOT NULL
);
CREATE TABLE plain (a text DEFAULT '--', b text DEFAULT '/* none */');
CREATE TABLE later (a text, b text DEFAULT 'b');
CREATE VIEW Shown AS SELECT userId AS theId, Count(*) AS Total FROM Users GROUP BY userId;
----------------
-- rebuild
DROP VIEW Shown;
-- Comments, and names of NOT NULL and DEFAULT, in the statements that made later are not kept.
CREATE TABLE later_new (
    a TEXT,
    b TEXT DEFAULT 'b'
);
INSERT INTO later_new (rowid, a, b)
SELECT rowid, a, b
FROM later;
DROP TABLE later;
ALTER TABLE later_new RENAME TO later;
CREATE TABLE plain_new (
    a TEXT DEFAULT '--',
    b TEXT DEFAULT '/* none */'
);
INSERT INTO plain_new (rowid, a, b)
SELECT rowid, a, b
FROM plain;
DROP TABLE plain;
ALTER TABLE plain_new RENAME TO plain;
-- Comments, and names of NOT NULL and DEFAULT, in the statements that made Users are not kept.
CREATE TABLE Users_new (
    userId INTEGER NOT NULL,
    fullName VARCHAR(50) NOT NULL,
    PRIMARY KEY (userId)
);
INSERT INTO Users_new (userId, fullName)
SELECT userId, fullName
FROM Users;
DROP TABLE Users;
ALTER TABLE Users_new RENAME TO Users;
CREATE VIEW Shown AS
SELECT userId AS theId, Count(*) AS Total
FROM Users
GROUP BY userId;
----------------
-- rebuild
DROP VIEW Shown;
CREATE TABLE later_new (
    a INT,
    b TEXT DEFAULT 'b'
);
-- What looks like a number in a becomes one ('007' becomes 7); the rest stays as it is.
INSERT INTO later_new (rowid, a, b)
SELECT rowid, a, b
FROM later;
DROP TABLE later;
ALTER TABLE later_new RENAME TO later;
CREATE TABLE plain_new (
    a INT DEFAULT '--',
    b TEXT DEFAULT '/* none */'
);
-- What looks like a number in a becomes one ('007' becomes 7); the rest stays as it is.
INSERT INTO plain_new (rowid, a, b)
SELECT rowid, a, b
FROM plain;
DROP TABLE plain;
ALTER TABLE plain_new RENAME TO plain;
CREATE TABLE Users_new (
    userId INTEGER NOT NULL,
    fullName TEXT NOT NULL,
    PRIMARY KEY (userId)
);
INSERT INTO Users_new (userId, fullName)
SELECT userId, fullName
FROM Users;
DROP TABLE Users;
ALTER TABLE Users_new RENAME TO Users;
CREATE VIEW Shown AS
SELECT userId AS theId, Count(*) AS Total
FROM Users
GROUP BY userId;
----------------
