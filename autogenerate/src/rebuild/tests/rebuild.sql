-- What it can't: all that hangs on the table is there again.
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT, email text COLLATE NOCASE NOT NULL UNIQUE, age int,
    boss int CONSTRAINT b REFERENCES users (id), first text AS (substr(email, 1, 1)) STORED, CHECK (users.age > 0)
);
CREATE TABLE users_new (id int);
CREATE INDEX users_lower ON users (lower(email), age DESC) WHERE age > 1;
CREATE VIEW adults AS SELECT id FROM users WHERE age > 17;
CREATE VIEW counted AS SELECT count(*) AS n FROM adults;
CREATE TRIGGER own AFTER INSERT ON users BEGIN UPDATE users SET age = 1 WHERE id = new.id; END;
CREATE TRIGGER other AFTER INSERT ON users_new BEGIN DELETE FROM users; END;
CREATE TRIGGER through INSTEAD OF DELETE ON adults BEGIN SELECT 1; END;
----------------
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT, email text COLLATE NOCASE NOT NULL UNIQUE, age bigint DEFAULT (abs(-1)),
    boss int CONSTRAINT b REFERENCES users (id), first text AS (substr(email, 1, 1)) STORED, CHECK (age > 0)
);
CREATE TABLE users_new (id int);
CREATE INDEX users_lower ON users (lower(email), age DESC) WHERE age > 1;
CREATE VIEW adults AS SELECT id FROM users WHERE age > 17;
CREATE VIEW counted AS SELECT count(*) AS n FROM adults;
CREATE TRIGGER own AFTER INSERT ON users BEGIN UPDATE users SET age = 1 WHERE id = new.id; END;
CREATE TRIGGER other AFTER INSERT ON users_new BEGIN DELETE FROM users; END;
CREATE TRIGGER through INSTEAD OF DELETE ON adults BEGIN SELECT 1; END;
----------------
-- rebuild
DROP TRIGGER other;
DROP VIEW counted;
DROP VIEW adults;
CREATE TABLE users_new2 (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    email TEXT COLLATE NOCASE NOT NULL,
    age BIGINT DEFAULT (abs(-1)),
    boss INT,
    first TEXT GENERATED ALWAYS AS (substr(email, 1, 1)) STORED,
    UNIQUE (email),
    CONSTRAINT b FOREIGN KEY (boss) REFERENCES users (id),
    CHECK (age > 0)
);
INSERT INTO sqlite_sequence (name, seq)
SELECT 'users_new2', seq
FROM sqlite_sequence
WHERE name = 'users';
INSERT INTO users_new2 (id, email, age, boss)
SELECT id, email, age, boss
FROM users;
DROP TABLE users;
ALTER TABLE users_new2 RENAME TO users;
CREATE INDEX users_lower ON users (lower(email), age DESC) WHERE age > 1;
CREATE VIEW adults AS
SELECT id
FROM users
WHERE age > 17;
CREATE VIEW counted AS
SELECT count(*) AS n
FROM adults;
CREATE TRIGGER through INSTEAD OF DELETE ON adults
BEGIN SELECT 1;
END;
CREATE TRIGGER own AFTER INSERT ON users
BEGIN UPDATE users SET age = 1 WHERE id = new.id;
END;
CREATE TRIGGER other AFTER INSERT ON users_new
BEGIN DELETE FROM users;
END;
----------------
-- rebuild
DROP TRIGGER other;
DROP VIEW counted;
DROP VIEW adults;
CREATE TABLE users_new2 (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    email TEXT COLLATE NOCASE NOT NULL,
    age INT,
    boss INT,
    first TEXT GENERATED ALWAYS AS (substr(email, 1, 1)) STORED,
    UNIQUE (email),
    CONSTRAINT b FOREIGN KEY (boss) REFERENCES users (id),
    CHECK (age > 0)
);
INSERT INTO sqlite_sequence (name, seq)
SELECT 'users_new2', seq
FROM sqlite_sequence
WHERE name = 'users';
INSERT INTO users_new2 (id, email, age, boss)
SELECT id, email, age, boss
FROM users;
DROP TABLE users;
ALTER TABLE users_new2 RENAME TO users;
CREATE INDEX users_lower ON users (lower(email), age DESC) WHERE age > 1;
CREATE VIEW adults AS
SELECT id
FROM users
WHERE age > 17;
CREATE VIEW counted AS
SELECT count(*) AS n
FROM adults;
CREATE TRIGGER through INSTEAD OF DELETE ON adults
BEGIN SELECT 1;
END;
CREATE TRIGGER own AFTER INSERT ON users
BEGIN UPDATE users SET age = 1 WHERE id = new.id;
END;
CREATE TRIGGER other AFTER INSERT ON users_new
BEGIN DELETE FROM users;
END;
----------------
