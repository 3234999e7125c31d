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
INSERT INTO roles (id, name, rank_order) VALUES ('7', 5, 1.5);
UPDATE roles SET rank_order = NULL, label = 7 WHERE rank_order = '10';
UPDATE roles SET label = NULL WHERE id = 0;
CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.name := 1; RETURN NEW; END';
CREATE TRIGGER fill BEFORE INSERT ON roles FOR EACH ROW EXECUTE FUNCTION fill();
INSERT INTO roles (id) VALUES (8);
DROP TRIGGER fill ON roles;
DROP FUNCTION fill();

-- @upgrade sqlite
INSERT INTO roles (name) VALUES ('g');
INSERT INTO roles (name, rank_order, name) VALUES ('g', 'ten', 'h');
INSERT INTO roles (id, name) VALUES (NULL, 'h');
INSERT OR IGNORE INTO roles (id, name) VALUES (9, NULL);

-- @upgrade mysql

-- @downgrade
DROP TABLE roles;
