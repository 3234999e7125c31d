-- Tables that refer to each other, of which some go, and some are made anew.
CREATE TABLE gone (id INTEGER PRIMARY KEY, more int REFERENCES more);
CREATE TABLE more (id INTEGER PRIMARY KEY);
CREATE TABLE parents (id INTEGER PRIMARY KEY, name text, "group" int REFERENCES gone (id));
CREATE TABLE children (id INTEGER PRIMARY KEY, parent int REFERENCES parents (id) ON DELETE CASCADE);
----------------
CREATE TABLE parents (id INTEGER PRIMARY KEY, name text NOT NULL, "group" int);
CREATE TABLE children (id INTEGER PRIMARY KEY, parent int REFERENCES parents (id) ON DELETE SET NULL, two int REFERENCES parents DEFAULT 1);
----------------
-- rebuild
-- What is in `gone` goes with it.
DROP TABLE gone;
-- What is in `more` goes with it.
DROP TABLE more;
CREATE TABLE children_new (
    id INTEGER NOT NULL,
    parent INT,
    two INT DEFAULT 1,
    PRIMARY KEY (id),
    FOREIGN KEY (parent) REFERENCES parents (id) ON DELETE SET NULL,
    FOREIGN KEY (two) REFERENCES parents
);
-- A row that refers to no row of parents fails the check before the commit.
INSERT INTO children_new (id, parent)
SELECT id, parent
FROM children;
DROP TABLE children;
ALTER TABLE children_new RENAME TO children;
CREATE TABLE parents_new (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    "group" INT,
    PRIMARY KEY (id)
);
-- Fails where a row has NULL for name.
INSERT INTO parents_new (id, name, "group")
SELECT id, name, "group"
FROM parents;
DROP TABLE parents;
ALTER TABLE parents_new RENAME TO parents;
----------------
-- rebuild
CREATE TABLE more (
    id INTEGER NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE gone (
    id INTEGER NOT NULL,
    more INT,
    PRIMARY KEY (id),
    FOREIGN KEY (more) REFERENCES more
);
CREATE TABLE children_new (
    id INTEGER NOT NULL,
    parent INT,
    PRIMARY KEY (id),
    FOREIGN KEY (parent) REFERENCES parents (id) ON DELETE CASCADE
);
-- The values of two are not copied.
INSERT INTO children_new (id, parent)
SELECT id, parent
FROM children;
DROP TABLE children;
ALTER TABLE children_new RENAME TO children;
CREATE TABLE parents_new (
    id INTEGER NOT NULL,
    name TEXT,
    "group" INT,
    PRIMARY KEY (id),
    FOREIGN KEY ("group") REFERENCES gone (id)
);
-- A row that refers to no row of gone fails the check before the commit.
INSERT INTO parents_new (id, name, "group")
SELECT id, name, "group"
FROM parents;
DROP TABLE parents;
ALTER TABLE parents_new RENAME TO parents;
----------------
-- RC455 what still reads `gone` fails once it is dropped
-- RC455 what still reads `more` fails once it is dropped
-- RC425 this fails where a row of `parents` has NULL for `name`: `parents_new` takes none
-- RC321 the downgrade brings table `gone` and 1 more back, and not what was in them
