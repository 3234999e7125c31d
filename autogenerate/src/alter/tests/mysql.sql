--- tables that refer to each other

-- should be
CREATE TABLE runs (id int AUTO_INCREMENT PRIMARY KEY, best int);
CREATE TABLE results (id int AUTO_INCREMENT PRIMARY KEY, run int NOT NULL, CONSTRAINT results_run FOREIGN KEY (run) REFERENCES runs (id));
ALTER TABLE runs ADD CONSTRAINT runs_best FOREIGN KEY (best) REFERENCES results (id);
-- becomes so by
CREATE TABLE results (
    id INTEGER NOT NULL AUTO_INCREMENT,
    run INTEGER NOT NULL,
    PRIMARY KEY (id),
    KEY results_run (run)
);
CREATE TABLE runs (
    id INTEGER NOT NULL AUTO_INCREMENT,
    best INTEGER,
    PRIMARY KEY (id),
    CONSTRAINT runs_best FOREIGN KEY (best) REFERENCES results (id)
);
ALTER TABLE results ADD CONSTRAINT results_run FOREIGN KEY (run) REFERENCES runs (id);

--- tables that refer to each other go
CREATE TABLE a (id int PRIMARY KEY, b int);
CREATE TABLE b (id int PRIMARY KEY, a int, FOREIGN KEY (a) REFERENCES a (id));
ALTER TABLE a ADD CONSTRAINT ab FOREIGN KEY (b) REFERENCES b (id);
-- should be

-- becomes so by
ALTER TABLE a DROP FOREIGN KEY ab;
-- What is in `b` goes with it.
DROP TABLE b;
-- What is in `a` goes with it.
DROP TABLE a;

--- one column is written anew as a whole
CREATE TABLE t (a timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP COMMENT 'when', b int);
-- should be
CREATE TABLE t (a timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP COMMENT 'when it was', b int);
-- becomes so by
ALTER TABLE t MODIFY COLUMN a TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP COMMENT 'when it was';

--- columns come, go, and take NULL or not
CREATE TABLE t (a int, b int, old int, KEY ix (old, a));
-- should be
CREATE TABLE t (a int NOT NULL, b int NOT NULL DEFAULT 7, c varchar(5) NOT NULL, KEY ix (a));
-- becomes so by
-- Where `b` is NULL it becomes 7: it takes no NULL from now on.
UPDATE t SET b = 7 WHERE b IS NULL;
-- Where `a` is NULL this fails: give it a value first. What is in `t.old` goes with it. `c` has no default: rows that are there get the zero of its type, or an empty text.
ALTER TABLE t
    DROP INDEX ix,
    DROP COLUMN old,
    MODIFY COLUMN a INTEGER NOT NULL,
    MODIFY COLUMN b INTEGER NOT NULL DEFAULT 7,
    ADD COLUMN c VARCHAR(5) NOT NULL,
    ADD KEY ix (a);

--- types
CREATE TABLE t (a varchar(20), b int, c bigint, d enum('a', 'b'), e text);
-- should be
CREATE TABLE t (a varchar(10), b bigint, c int, d enum('a', 'c'), e int);
-- becomes so by
-- `a` was `varchar(20)`: what doesn't fit into `varchar(10)` is refused, or cut where the server isn't strict. `c` was `bigint`: what doesn't fit into `int` is refused, or cut where the server isn't strict. `d` was `enum('a','b')`: what doesn't fit into `enum('a','c')` is refused, or cut where the server isn't strict. `e` was `text`: a value that can't become `int` makes this fail, or is changed.
ALTER TABLE t
    MODIFY COLUMN a VARCHAR(10),
    MODIFY COLUMN b BIGINT,
    MODIFY COLUMN c INTEGER,
    MODIFY COLUMN d ENUM('a', 'c'),
    MODIFY COLUMN e INTEGER;

--- a type that foreign keys have in common
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (a int, CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (id) ON DELETE CASCADE);
-- should be
CREATE TABLE a (id bigint PRIMARY KEY);
CREATE TABLE b (a bigint, CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (id) ON DELETE CASCADE);
-- becomes so by
ALTER TABLE b DROP FOREIGN KEY b_a;
ALTER TABLE a MODIFY COLUMN id BIGINT NOT NULL;
ALTER TABLE b MODIFY COLUMN a BIGINT;
ALTER TABLE b ADD CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (id) ON DELETE CASCADE;

--- an index that a foreign key needs
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (a int, n int, CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (id));
-- should be
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (a int, n int, KEY other (a, n), CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (id));
-- becomes so by
ALTER TABLE b
    DROP INDEX b_a,
    ADD KEY other (a, n);

--- a column that counts, and its key
CREATE TABLE t (a int AUTO_INCREMENT PRIMARY KEY, b int);
-- should be
CREATE TABLE t (a int, b int AUTO_INCREMENT PRIMARY KEY);
-- becomes so by
ALTER TABLE t
    DROP PRIMARY KEY,
    MODIFY COLUMN a INTEGER,
    MODIFY COLUMN b INTEGER NOT NULL AUTO_INCREMENT,
    ADD PRIMARY KEY (b);

--- only the name of an index differs
CREATE TABLE t (a int, b int, KEY one (a), UNIQUE KEY two (b));
-- should be
CREATE TABLE t (a int, b int, KEY eins (a), UNIQUE KEY zwei (b));
-- becomes so by
ALTER TABLE t
    RENAME INDEX one TO eins,
    RENAME INDEX two TO zwei;

--- an index comes
CREATE TABLE t (a int);
-- should be
CREATE TABLE t (a int, KEY ix (a));
-- becomes so by
CREATE INDEX ix ON t (a);

--- checks
CREATE TABLE t (a int, b int, CONSTRAINT one CHECK (a > 0), CONSTRAINT two CHECK (b > 0));
-- should be
CREATE TABLE t (a int, b int, CONSTRAINT one CHECK (a > 1), CONSTRAINT three CHECK (b > 2));
-- becomes so by
ALTER TABLE t
    DROP CONSTRAINT one,
    DROP CONSTRAINT two,
    ADD CONSTRAINT one CHECK (a > 1),
    ADD CONSTRAINT three CHECK (b > 2);

--- generated columns
CREATE TABLE t (a int, b int AS (a + 1) VIRTUAL, c int, d int AS (a + 2) STORED, KEY ix (c, a));
-- should be
CREATE TABLE t (a int, b int AS (a + 1) STORED, c int AS (a) VIRTUAL, d int, KEY ix (c, a));
-- becomes so by
-- `c` is computed from now on: what is in it goes.
ALTER TABLE t
    DROP INDEX ix,
    DROP COLUMN b,
    DROP COLUMN c;
-- `d` keeps the values that were computed, and is computed no more.
ALTER TABLE t
    MODIFY COLUMN d INTEGER,
    ADD COLUMN b INTEGER GENERATED ALWAYS AS (a+1) STORED,
    ADD COLUMN c INTEGER GENERATED ALWAYS AS (a) VIRTUAL,
    ADD KEY ix (c, a);

--- another character set, engine and comment
CREATE TABLE t (a varchar(5)) ENGINE=InnoDB CHARACTER SET latin1 COMMENT 'old';
-- should be
CREATE TABLE t (a varchar(5)) ENGINE=MyISAM CHARACTER SET utf8mb4 COMMENT 'new';
-- becomes so by
-- The whole of `t` is written anew, and locked meanwhile; text that utf8mb4 doesn't have is lost.
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4;
ALTER TABLE t
    ENGINE=myisam,
    COMMENT='new';

--- a default of a long text
CREATE TABLE notes (id int PRIMARY KEY, body text, data blob DEFAULT ('x'), kind varchar(9));
-- should be
CREATE TABLE notes (id int PRIMARY KEY, body text DEFAULT 'none', data blob, kind text NOT NULL DEFAULT ('it''s'), more json DEFAULT '{}');
-- becomes so by
-- Where `kind` is NULL it becomes 'it''s': it takes no NULL from now on.
UPDATE notes SET kind = 'it''s' WHERE kind IS NULL;
ALTER TABLE notes
    MODIFY COLUMN body TEXT DEFAULT ('none'),
    MODIFY COLUMN data BLOB,
    MODIFY COLUMN kind TEXT NOT NULL DEFAULT ('it''s'),
    ADD COLUMN more JSON DEFAULT ('{}');
