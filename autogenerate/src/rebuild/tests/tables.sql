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
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT COLLATE NOCASE,
    UNIQUE (name)
);
CREATE TABLE children (
    id INTEGER NOT NULL,
    parent INT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (parent) REFERENCES parents (id) ON DELETE CASCADE
);
CREATE INDEX children_parent ON children (parent);
CREATE TABLE a (
    id INTEGER NOT NULL,
    b INT,
    PRIMARY KEY (id),
    FOREIGN KEY (b) REFERENCES b (id)
);
CREATE TABLE b (
    id INTEGER NOT NULL,
    a INT,
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
-- What is in `b` goes with it.
DROP TABLE b;
-- What is in `a` goes with it.
DROP TABLE a;
-- What is in `children` goes with it.
DROP TABLE children;
-- What is in `parents` goes with it.
DROP TABLE parents;
----------------
