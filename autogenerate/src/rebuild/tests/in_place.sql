-- What SQLite can by itself.
CREATE TABLE users (id INTEGER PRIMARY KEY, name text, old int, twice int AS (id * 2), a int, b int);
CREATE INDEX users_old ON users (old);
CREATE INDEX users_a ON users (a);
CREATE INDEX users_b ON users (b) WHERE a > 0;
CREATE VIEW names AS SELECT old AS name FROM users;
CREATE TRIGGER touched AFTER UPDATE ON users BEGIN SELECT new.a; END;
----------------
CREATE TABLE users (
    id INTEGER PRIMARY KEY, name text, a int, b int, plain text, five int NOT NULL DEFAULT -5, "Odd name" text DEFAULT 'it''s',
    parent int CONSTRAINT p REFERENCES users (id) ON DELETE SET NULL CONSTRAINT q CHECK (parent <> id), three int AS (a + 3)
);
CREATE INDEX users_a ON users (a DESC, b);
CREATE INDEX users_b ON users (b) WHERE a > 0;
CREATE UNIQUE INDEX users_name ON users (lower(name)) WHERE a IS NOT NULL;
CREATE VIEW names AS SELECT name FROM users;
CREATE TRIGGER touched AFTER UPDATE ON users BEGIN SELECT new.a; END;
----------------
-- as it is
DROP VIEW names;
DROP INDEX users_old;
DROP INDEX users_a;
ALTER TABLE users ADD COLUMN plain TEXT;
ALTER TABLE users ADD COLUMN five INT NOT NULL DEFAULT -5;
ALTER TABLE users ADD COLUMN "Odd name" TEXT DEFAULT 'it''s';
-- Fails where a row breaks the check.
ALTER TABLE users ADD COLUMN parent INT CONSTRAINT p REFERENCES users (id) ON DELETE SET NULL CONSTRAINT q CHECK (parent <> id);
ALTER TABLE users ADD COLUMN three INT GENERATED ALWAYS AS (a+3) VIRTUAL;
-- What is in `users.old` goes with it.
ALTER TABLE users DROP COLUMN old;
ALTER TABLE users DROP COLUMN twice;
CREATE INDEX users_a ON users (a DESC, b);
-- Fails where two rows have the same (lower(name)) WHERE a IS NOT NULL.
CREATE UNIQUE INDEX users_name ON users (lower(name)) WHERE a IS NOT NULL;
CREATE VIEW names AS
SELECT name
FROM users;
----------------
-- rebuild
DROP VIEW names;
CREATE TABLE users_new (
    id INTEGER NOT NULL,
    name TEXT,
    old INT,
    twice INT GENERATED ALWAYS AS (id*2) VIRTUAL,
    a INT,
    b INT,
    PRIMARY KEY (id)
);
-- The values of plain, five, Odd name, parent are not copied.
INSERT INTO users_new (id, name, a, b)
SELECT id, name, a, b
FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
CREATE INDEX users_old ON users (old);
CREATE INDEX users_a ON users (a);
CREATE INDEX users_b ON users (b) WHERE a > 0;
CREATE VIEW names AS
SELECT old AS name
FROM users;
CREATE TRIGGER touched AFTER UPDATE ON users
BEGIN SELECT new.a;
END;
----------------
-- RC454 what still reads `users.old` fails once it is dropped
-- RC454 what still reads `users.twice` fails once it is dropped
