-- Create the roles, and mark some
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE roles (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name TEXT NOT NULL,
    is_system BOOLEAN NOT NULL DEFAULT false,
    rank_order INTEGER
);
ALTER TABLE roles ADD CONSTRAINT ck_roles_system CHECK (is_system = 1);
CREATE INDEX ix_roles_name ON roles (name) WHERE name;
UPDATE roles SET name = name + 'x';
UPDATE roles SET rank_order = name;
DELETE FROM roles WHERE id = 'abc';
DELETE FROM roles WHERE name LIKE 5;
DELETE FROM roles WHERE id = (SELECT id, name FROM roles);

-- @downgrade
DROP TABLE roles;
