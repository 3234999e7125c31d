-- Create the roles, and the first of them
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE roles (
    id INTEGER PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    label VARCHAR(200) NOT NULL DEFAULT '(none)',
    rank_order INTEGER
);
INSERT INTO roles VALUES (1, 'owner, and more', 'a', 10), (2, 'guest', 'b', 20);
INSERT INTO roles (id, name) VALUES (3, lower('C,D'));
INSERT INTO roles (id, name, rank_order) VALUES (4, 'd', NULL), (5, 'e', 1);

-- @upgrade postgres
INSERT INTO roles VALUES (6, 'f');

-- @upgrade sqlite
INSERT INTO roles (name) VALUES ('g');
INSERT INTO roles (id, name) VALUES (NULL, 'h');
INSERT OR IGNORE INTO roles (id, name) VALUES (9, NULL);

-- @upgrade mysql

-- @downgrade
DROP TABLE roles;
