-- Create the roles, and the first of them
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE roles (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name VARCHAR(10) NOT NULL,
    is_system BOOLEAN NOT NULL DEFAULT false,
    rank_order INTEGER,
    since TIMESTAMPTZ
);
INSERT INTO roles (name, is_system) VALUES ('owner', 1);
INSERT INTO roles (name, rank_order) VALUES ('guest', 99999999999);
INSERT INTO roles (name, since) VALUES ('guest', 'yesterdy');
INSERT INTO roles (id, name) VALUES (1, 'owner');
INSERT INTO roles (name, rank_order, name) VALUES ('a', 1, 'b');
INSERT INTO roles (name, rank_order) SELECT name FROM roles;
UPDATE roles SET name = 'administrators' WHERE name = 'owner';
UPDATE roles SET rank_order = 'first';
UPDATE roles SET name = NULL;

-- @downgrade
DROP TABLE roles;
