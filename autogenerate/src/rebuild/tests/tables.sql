-- Tables made, each behind those that it refers to; and a circle.
CREATE TABLE kept (id INTEGER PRIMARY KEY);
----------------
CREATE TABLE kept (id INTEGER PRIMARY KEY);
CREATE TABLE a (id INTEGER PRIMARY KEY, b int REFERENCES b (id));
CREATE TABLE b (id INTEGER PRIMARY KEY, a int REFERENCES a (id));
CREATE TABLE children (id INTEGER PRIMARY KEY, parent int NOT NULL REFERENCES parents (id) ON DELETE CASCADE);
CREATE INDEX children_parent ON children (parent);
CREATE TABLE parents (id INTEGER PRIMARY KEY AUTOINCREMENT, name text COLLATE NOCASE UNIQUE);
CREATE VIEW both AS SELECT children.id, name FROM children JOIN parents ON parents.id = parent;
CREATE TRIGGER gone AFTER DELETE ON parents BEGIN DELETE FROM a; END;
----------------
-- as it is
CREATE TABLE parents (
    id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    name text COLLATE NOCASE,
    UNIQUE (name)
);
CREATE TABLE children (
    id integer NOT NULL,
    parent int NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (parent) REFERENCES parents (id) ON DELETE CASCADE
);
CREATE INDEX children_parent ON children (parent);
CREATE TABLE a (
    id integer NOT NULL,
    b int,
    PRIMARY KEY (id),
    FOREIGN KEY (b) REFERENCES b (id)
);
CREATE TABLE b (
    id integer NOT NULL,
    a int,
    PRIMARY KEY (id),
    FOREIGN KEY (a) REFERENCES a (id)
);
CREATE VIEW both AS
SELECT children.id, name
FROM children
JOIN parents ON parents.id = parent;
CREATE TRIGGER gone AFTER DELETE ON parents
BEGIN DELETE FROM a;
END;
----------------
-- rebuild
DROP VIEW both;
-- The rows of b go with it.
DROP TABLE b;
-- The rows of a go with it.
DROP TABLE a;
-- The rows of children go with it.
DROP TABLE children;
-- The rows of parents go with it.
DROP TABLE parents;
----------------
