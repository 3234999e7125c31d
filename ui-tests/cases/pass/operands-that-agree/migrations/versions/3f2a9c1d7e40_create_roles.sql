-- Create the roles, and mark some
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade postgres
CREATE TABLE roles (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name TEXT NOT NULL,
    is_system BOOLEAN NOT NULL DEFAULT false,
    rank_order INTEGER CHECK (rank_order > 0.5 AND rank_order <> '7'),
    since TIMESTAMPTZ,
    CHECK (NOT is_system OR name <> '5')
);
CREATE INDEX ix_roles_name ON roles (name) WHERE is_system;
UPDATE roles SET name = name || rank_order, rank_order = id WHERE is_system = 't' AND id = '1';
UPDATE roles SET name = rank_order WHERE since > '2026-01-01' AND since = current_date AND id = rank_order;
DELETE FROM roles WHERE name::integer = 5 AND rank_order BETWEEN 1 AND 5 AND is_system;
DELETE FROM roles WHERE (id, name) = (SELECT id, name FROM roles LIMIT 1);

-- @upgrade mysql, sqlite
CREATE TABLE roles (
    id INTEGER PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    is_system BOOLEAN NOT NULL DEFAULT 0,
    rank_order INTEGER,
    since TIMESTAMP NULL
);
UPDATE roles SET is_system = 1, rank_order = name WHERE is_system = 0 AND name > 5 AND id = 'abc';
DELETE FROM roles WHERE name AND (id, name) = (SELECT id, name FROM (SELECT id, name FROM roles LIMIT 1) r);

-- @downgrade
DROP TABLE roles;
