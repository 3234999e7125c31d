-- Create users, and functions for them
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    name VARCHAR(100),
    age INTEGER,
    CHECK (length(name) > 1)
);
UPDATE users SET name = coalesce(lower(name), replace('lenght(x)', 'x', 'y')), age = abs(age) WHERE length(trim(name)) > 3;
SELECT count(*) AS lenght FROM users;

-- @upgrade postgres
CREATE SEQUENCE numbers;
CREATE FUNCTION initials(name TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS 'SELECT left(name, 1)';
CREATE INDEX users_by_initials ON users (initials(name) text_pattern_ops);
-- A row's columns may be called; types may be, too.
SELECT name(users), numeric(5, 2) '1.5', int4('7'), auth.uid() FROM users;
SELECT setval('numbers', 5), nextval('public.numbers'::regclass);
CREATE EXTENSION IF NOT EXISTS pgcrypto;
UPDATE users SET name = encode(digest(name, 'sha256'), 'hex');
CREATE MATERIALIZED VIEW adults AS SELECT id, name FROM users WHERE age > 17;
CREATE INDEX adults_by_name ON adults (name COLLATE "C");
REFRESH MATERIALIZED VIEW adults;
GRANT SELECT ON users, adults TO PUBLIC;
GRANT USAGE ON SEQUENCE numbers TO PUBLIC;

-- @upgrade mysql
CREATE FUNCTION initials(name TEXT) RETURNS TEXT DETERMINISTIC RETURN left(name, 1);
UPDATE users SET name = initials(name), age = if(age > 1, ifnull(age, 0), other.function_of_theirs(age));
INSERT INTO users (id) VALUES (1) ON DUPLICATE KEY UPDATE age = VALUES(age);
ALTER TABLE users ENGINE = InnoDB, CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

-- @upgrade sqlite
UPDATE users SET name = iif(age > 1, strftime('%Y', 'now'), json_extract(name, '$.a')) WHERE 0 AND anything(name);
CREATE INDEX users_by_name ON users (name COLLATE NOCASE);
REINDEX users;
ANALYZE users;
-- Looked at when it is read.
CREATE VIEW registered AS SELECT function_of_the_application(name) AS shown FROM users;

-- @downgrade postgres
DROP MATERIALIZED VIEW adults;
DROP TABLE users;
DROP EXTENSION pgcrypto;
DROP FUNCTION initials(TEXT);
DROP SEQUENCE numbers;

-- @downgrade mysql
DROP FUNCTION initials;
DROP TABLE users;

-- @downgrade sqlite
DROP VIEW registered;
DROP TABLE users;
