--- tables that refer to each other

-- should be
CREATE TABLE runs (id serial PRIMARY KEY, best int);
CREATE TABLE results (id serial PRIMARY KEY, run int NOT NULL REFERENCES runs, note text DEFAULT 'x');
ALTER TABLE runs ADD CONSTRAINT runs_best_fkey FOREIGN KEY (best) REFERENCES results;
CREATE INDEX results_run ON results (run);
COMMENT ON COLUMN results.note IS 'for people';
-- becomes so by
CREATE TABLE results (
    id SERIAL,
    run INTEGER NOT NULL,
    note TEXT DEFAULT 'x',
    PRIMARY KEY (id)
);
CREATE INDEX results_run ON results (run);
COMMENT ON COLUMN results.note IS 'for people';
CREATE TABLE runs (
    id SERIAL,
    best INTEGER,
    PRIMARY KEY (id),
    FOREIGN KEY (best) REFERENCES results (id)
);
ALTER TABLE results ADD CONSTRAINT results_run_fkey FOREIGN KEY (run) REFERENCES runs (id);

--- tables that refer to each other go
CREATE TABLE a (id int PRIMARY KEY, b int);
CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
CREATE TABLE c (id int PRIMARY KEY, a int REFERENCES a, b int);
-- should be
CREATE TABLE c (id int PRIMARY KEY, a int, b int);
-- becomes so by
ALTER TABLE a DROP CONSTRAINT a_b_fkey;
ALTER TABLE c DROP CONSTRAINT c_a_fkey;
-- What is in `b` goes with it.
DROP TABLE b;
-- What is in `a` goes with it.
DROP TABLE a;

--- columns come, go, and take NULL or not
CREATE TABLE t (a int, b int, old int, UNIQUE (old, a));
-- should be
CREATE TABLE t (a int NOT NULL, b int NOT NULL DEFAULT 7, c text NOT NULL, d text NOT NULL DEFAULT '', UNIQUE (d, a));
-- becomes so by
-- `c` takes no NULL and has no default: where there are rows, this fails. Add it as one that does, fill it, and set it NOT NULL then.
ALTER TABLE t ADD COLUMN c TEXT NOT NULL;
ALTER TABLE t ADD COLUMN d TEXT NOT NULL DEFAULT '';
-- Where `a` is NULL this fails: give it a value first.
ALTER TABLE t ALTER COLUMN a SET NOT NULL;
-- Where `b` is NULL it becomes 7: it takes no NULL from now on.
UPDATE t SET b = 7 WHERE b IS NULL;
ALTER TABLE t ALTER COLUMN b SET NOT NULL;
ALTER TABLE t ALTER COLUMN b SET DEFAULT 7;
-- What is in `t.old` goes with it.
ALTER TABLE t DROP COLUMN old;
ALTER TABLE t ADD CONSTRAINT t_d_a_key UNIQUE (d, a);

--- types
CREATE TABLE t (a varchar(20) DEFAULT '1', b int, c text, d text DEFAULT 'x', e int DEFAULT 1, f int[]);
CREATE INDEX t_a ON t (lower(a));
-- should be
CREATE TABLE t (a int DEFAULT 1, b bigint, c varchar(5), d text COLLATE "C" DEFAULT 'x', e boolean DEFAULT true, f bigint[]);
CREATE INDEX t_a ON t ((a + 1));
-- becomes so by
DROP INDEX t_a;
ALTER TABLE t ALTER COLUMN a DROP DEFAULT;
-- `a` was `character varying(20)`: a value that can't become `integer` makes this fail, or is changed.
ALTER TABLE t ALTER COLUMN a TYPE INTEGER USING a::INTEGER;
ALTER TABLE t ALTER COLUMN a SET DEFAULT 1;
ALTER TABLE t ALTER COLUMN b TYPE BIGINT;
-- `c` was `text`: what doesn't fit into `character varying(5)` is refused.
ALTER TABLE t ALTER COLUMN c TYPE VARCHAR(5);
ALTER TABLE t ALTER COLUMN d TYPE TEXT COLLATE "C";
ALTER TABLE t ALTER COLUMN e DROP DEFAULT;
-- `e` was `integer`: a value that can't become `boolean` makes this fail, or is changed.
ALTER TABLE t ALTER COLUMN e TYPE BOOLEAN USING e::BOOLEAN;
ALTER TABLE t ALTER COLUMN e SET DEFAULT TRUE;
-- `f` was `integer[]`: a value that can't become `bigint[]` makes this fail, or is changed.
ALTER TABLE t ALTER COLUMN f TYPE BIGINT[] USING f::TEXT::BIGINT[];
CREATE INDEX t_a ON t ((a+1));

--- a type that foreign keys have in common
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (a int REFERENCES a ON DELETE CASCADE);
-- should be
CREATE TABLE a (id text PRIMARY KEY);
CREATE TABLE b (a text REFERENCES a ON DELETE CASCADE);
-- becomes so by
ALTER TABLE b DROP CONSTRAINT b_a_fkey;
ALTER TABLE a ALTER COLUMN id TYPE TEXT;
ALTER TABLE b ALTER COLUMN a TYPE TEXT;
ALTER TABLE b ADD CONSTRAINT b_a_fkey FOREIGN KEY (a) REFERENCES a (id) ON DELETE CASCADE;

--- the key that a foreign key refers to
CREATE TABLE a (id int PRIMARY KEY, n int);
CREATE TABLE b (a int REFERENCES a (id));
-- should be
CREATE TABLE a (id int UNIQUE, n int PRIMARY KEY);
CREATE TABLE b (a int REFERENCES a (id));
-- becomes so by
ALTER TABLE b DROP CONSTRAINT b_a_fkey;
ALTER TABLE a DROP CONSTRAINT a_pkey;
ALTER TABLE a ALTER COLUMN id DROP NOT NULL;
-- Where `n` is NULL this fails: give it a value first.
ALTER TABLE a ALTER COLUMN n SET NOT NULL;
ALTER TABLE a ADD CONSTRAINT a_pkey PRIMARY KEY (n);
ALTER TABLE a ADD CONSTRAINT a_id_key UNIQUE (id);
ALTER TABLE b ADD CONSTRAINT b_a_fkey FOREIGN KEY (a) REFERENCES a (id);

--- only the names differ
CREATE TABLE a (id int CONSTRAINT one PRIMARY KEY, n int CONSTRAINT un UNIQUE, CONSTRAINT ck CHECK (n > 0), p int CONSTRAINT fk REFERENCES a);
CREATE INDEX ix ON a (n, p);
-- should be
CREATE TABLE a (id int CONSTRAINT two PRIMARY KEY, n int CONSTRAINT nu UNIQUE, CONSTRAINT kc CHECK (n > 0), p int CONSTRAINT kf REFERENCES a);
CREATE INDEX xi ON a (n, p);
-- becomes so by
ALTER TABLE a RENAME CONSTRAINT one TO two;
ALTER TABLE a RENAME CONSTRAINT un TO nu;
ALTER TABLE a RENAME CONSTRAINT fk TO kf;
ALTER TABLE a RENAME CONSTRAINT ck TO kc;
ALTER INDEX ix RENAME TO xi;

--- the same name, and something else behind it
CREATE TABLE a (id int PRIMARY KEY, n int, CONSTRAINT u UNIQUE (n), CONSTRAINT ck CHECK (n > 0));
CREATE INDEX ix ON a (n);
-- should be
CREATE TABLE a (id int, n int PRIMARY KEY, CONSTRAINT u UNIQUE (id), CONSTRAINT ck CHECK (n > 1));
CREATE UNIQUE INDEX ix ON a (n DESC) WHERE n > 5;
-- becomes so by
ALTER TABLE a DROP CONSTRAINT a_pkey;
ALTER TABLE a DROP CONSTRAINT u;
ALTER TABLE a DROP CONSTRAINT ck;
DROP INDEX ix;
ALTER TABLE a ALTER COLUMN id DROP NOT NULL;
-- Where `n` is NULL this fails: give it a value first.
ALTER TABLE a ALTER COLUMN n SET NOT NULL;
ALTER TABLE a ADD CONSTRAINT a_pkey PRIMARY KEY (n);
ALTER TABLE a ADD CONSTRAINT u UNIQUE (id);
CREATE UNIQUE INDEX ix ON a (n DESC) WHERE n > 5;
ALTER TABLE a ADD CONSTRAINT ck CHECK (n > 1);

--- what is not checked yet, and what is to be
CREATE TABLE a (id int PRIMARY KEY, p int, n int);
ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (p) REFERENCES a NOT VALID;
ALTER TABLE a ADD CONSTRAINT c CHECK (n > 0) NOT VALID;
-- should be
CREATE TABLE a (id int PRIMARY KEY, p int, n int, CONSTRAINT f FOREIGN KEY (p) REFERENCES a, CONSTRAINT c CHECK (n > 0));
-- becomes so by
ALTER TABLE a VALIDATE CONSTRAINT c;
ALTER TABLE a VALIDATE CONSTRAINT f;

--- an exclusion
CREATE TABLE a (r int4range, CONSTRAINT e EXCLUDE USING gist (r WITH &&));
-- should be
CREATE TABLE a (r int4range, CONSTRAINT e EXCLUDE USING gist (r WITH -|-));
-- becomes so by
ALTER TABLE a DROP CONSTRAINT e;
ALTER TABLE a ADD CONSTRAINT e EXCLUDE USING gist (r WITH -|-);

--- an enumeration gets values
CREATE TYPE mood AS ENUM ('ok', 'sad');
CREATE TABLE t (m mood DEFAULT 'ok');
-- should be
CREATE TYPE mood AS ENUM ('awful', 'ok', 'fine', 'sad', 'worse');
CREATE TABLE t (m mood DEFAULT 'ok');
-- becomes so by
ALTER TYPE mood ADD VALUE 'awful' BEFORE 'ok';
ALTER TYPE mood ADD VALUE 'fine' AFTER 'ok';
ALTER TYPE mood ADD VALUE 'worse';

--- a value that is used at once
CREATE TYPE mood AS ENUM ('ok');
CREATE TABLE t (m mood DEFAULT 'ok');
-- should be
CREATE TYPE mood AS ENUM ('ok', 'new');
CREATE TABLE t (m mood DEFAULT 'new');
-- becomes so by
ALTER TYPE mood RENAME TO mood_old;
CREATE TYPE mood AS ENUM ('ok', 'new');
ALTER TABLE t ALTER COLUMN m DROP DEFAULT;
ALTER TABLE t ALTER COLUMN m TYPE mood USING m::TEXT::mood;
ALTER TABLE t ALTER COLUMN m SET DEFAULT 'new';
DROP TYPE mood_old;

--- an enumeration loses values
CREATE TYPE mood AS ENUM ('ok', 'sad', 'worse');
CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'sad' NOT NULL, ms mood[], gone mood, other mood, CHECK (m <> 'sad'));
CREATE INDEX t_sad ON t (id) WHERE m = 'sad';
-- should be
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'ok' NOT NULL, ms mood[], other text, CHECK (m <> 'sad'));
CREATE INDEX t_sad ON t (id) WHERE m = 'sad';
-- becomes so by
ALTER TABLE t DROP CONSTRAINT t_m_check;
DROP INDEX t_sad;
-- 'worse' of `mood`: rows that have it must get another value first, or this fails.
ALTER TYPE mood RENAME TO mood_old;
CREATE TYPE mood AS ENUM ('sad', 'ok');
ALTER TABLE t ALTER COLUMN m DROP DEFAULT;
ALTER TABLE t ALTER COLUMN m TYPE mood USING m::TEXT::mood;
ALTER TABLE t ALTER COLUMN m SET DEFAULT 'ok';
ALTER TABLE t ALTER COLUMN ms TYPE mood[] USING ms::TEXT::mood[];
ALTER TABLE t ALTER COLUMN other TYPE TEXT;
-- What is in `t.gone` goes with it.
ALTER TABLE t DROP COLUMN gone;
CREATE INDEX t_sad ON t (id) WHERE m = 'sad';
ALTER TABLE t ADD CONSTRAINT t_m_check CHECK (m <> 'sad');
DROP TYPE mood_old;

--- types come and go
CREATE TYPE old AS ENUM ('a');
CREATE TABLE t (a old);
-- should be
CREATE TYPE new AS ENUM ('a');
CREATE DOMAIN short AS varchar(5) CHECK (value <> '');
CREATE TABLE t (a new, b short);
-- becomes so by
CREATE TYPE new AS ENUM ('a');
CREATE DOMAIN short AS VARCHAR(5) CONSTRAINT short_check CHECK (value <> '');
ALTER TABLE t ADD COLUMN b short;
-- `a` was `old`: a value that can't become `new` makes this fail, or is changed.
ALTER TABLE t ALTER COLUMN a TYPE new USING a::TEXT::new;
DROP TYPE old;

--- a domain
CREATE DOMAIN d AS int DEFAULT 1 CHECK (value > 0);
CREATE TABLE t (a d);
-- should be
CREATE DOMAIN d AS int NOT NULL DEFAULT 2 CONSTRAINT more CHECK (value > 1);
CREATE TABLE t (a d);
-- becomes so by
ALTER DOMAIN d DROP CONSTRAINT d_check;
ALTER DOMAIN d SET DEFAULT 2;
-- Where a column of type `d` is NULL this fails: give it a value first.
ALTER DOMAIN d SET NOT NULL;
ALTER DOMAIN d ADD CONSTRAINT more CHECK (value > 1);

--- serial becomes identity
CREATE TABLE t (id serial PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY);
-- should be
CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, n int GENERATED BY DEFAULT AS IDENTITY);
-- becomes so by
ALTER TABLE t ALTER COLUMN id DROP DEFAULT;
-- The sequence of `id`: it has another name if the table or the column was renamed.
DROP SEQUENCE IF EXISTS t_id_seq;
ALTER TABLE t ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;
SELECT setval(pg_get_serial_sequence('t', 'id'), greatest(coalesce(max(id), 0), 0) + 1, false) FROM t;
ALTER TABLE t ALTER COLUMN n SET GENERATED BY DEFAULT;

--- identity becomes serial
CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY);
-- should be
CREATE TABLE t (id serial PRIMARY KEY, n int);
-- becomes so by
ALTER TABLE t ALTER COLUMN id DROP IDENTITY;
CREATE SEQUENCE t_id_seq AS INTEGER;
ALTER TABLE t ALTER COLUMN id SET DEFAULT nextval('t_id_seq');
ALTER SEQUENCE t_id_seq OWNED BY t.id;
SELECT setval(pg_get_serial_sequence('t', 'id'), greatest(coalesce(max(id), 0), 0) + 1, false) FROM t;
ALTER TABLE t ALTER COLUMN n DROP IDENTITY;
ALTER TABLE t ALTER COLUMN n DROP NOT NULL;

--- serial becomes a bigger one
CREATE TABLE t (id serial PRIMARY KEY);
-- should be
CREATE TABLE t (id bigserial PRIMARY KEY);
-- becomes so by
ALTER TABLE t ALTER COLUMN id TYPE BIGINT;
ALTER SEQUENCE IF EXISTS t_id_seq AS BIGINT;

--- generated columns
CREATE TABLE t (a int, b int, c int GENERATED ALWAYS AS (a + 1) STORED, d int GENERATED ALWAYS AS (b + 1) STORED, e int, f int GENERATED ALWAYS AS (a) STORED);
-- should be
CREATE TABLE t (a int, b bigint, c int GENERATED ALWAYS AS (a + 2) STORED, d int GENERATED ALWAYS AS (b + 1) STORED, e int GENERATED ALWAYS AS (a) STORED, f int);
-- becomes so by
ALTER TABLE t DROP COLUMN c;
ALTER TABLE t DROP COLUMN d;
-- `f` keeps the values that were computed, and is computed no more.
ALTER TABLE t ALTER COLUMN f DROP EXPRESSION;
-- `e` is computed from now on: what is in it goes.
ALTER TABLE t DROP COLUMN e;
ALTER TABLE t ALTER COLUMN b TYPE BIGINT;
ALTER TABLE t ADD COLUMN c INTEGER GENERATED ALWAYS AS (a+2) STORED;
ALTER TABLE t ADD COLUMN d INTEGER GENERATED ALWAYS AS (b+1) STORED;
ALTER TABLE t ADD COLUMN e INTEGER GENERATED ALWAYS AS (a) STORED;

--- a view in the way
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
CREATE VIEW x AS SELECT b FROM t;
-- should be
CREATE TABLE t (a bigint, b int);
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
CREATE VIEW x AS SELECT b FROM t;
-- becomes so by
-- `w` reads what changes here: it is made again at the end, and what was granted on it is gone.
DROP VIEW w;
-- `v` reads what changes here: it is made again at the end, and what was granted on it is gone.
DROP VIEW v;
ALTER TABLE t ALTER COLUMN a TYPE BIGINT;
CREATE VIEW v AS
SELECT a
FROM t;
CREATE VIEW w AS
SELECT a
FROM v;

--- comments and properties
CREATE TABLE t (a int);
COMMENT ON TABLE t IS 'old';
-- should be
CREATE UNLOGGED TABLE t (a int);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
COMMENT ON COLUMN t.a IS 'it''s new';
-- becomes so by
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
-- What is in it is lost when the server crashes.
ALTER TABLE t SET UNLOGGED;
COMMENT ON COLUMN t.a IS 'it''s new';
COMMENT ON TABLE t IS NULL;

--- a name that a dropped table has
CREATE TABLE a (id int);
CREATE INDEX ix ON a (id);
CREATE TABLE b (id int);
-- should be
CREATE TABLE b (id int);
CREATE INDEX ix ON b (id);
-- becomes so by
DROP INDEX ix;
CREATE INDEX ix ON b (id);
-- What is in `a` goes with it.
DROP TABLE a;

--- odd names
CREATE TABLE "Order" ("User" int, CONSTRAINT "Un" UNIQUE ("User"));
-- should be
CREATE TABLE "Order" ("User" bigint DEFAULT 1, "a b" serial);
-- becomes so by
ALTER TABLE "Order" DROP CONSTRAINT "Un";
ALTER TABLE "Order" ADD COLUMN "a b" SERIAL;
ALTER TABLE "Order" ALTER COLUMN "User" TYPE BIGINT;
ALTER TABLE "Order" ALTER COLUMN "User" SET DEFAULT 1;

--- what names a column that gets another type
CREATE TABLE t (a int, b varchar(9), c int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER on_a AFTER UPDATE OF a, b ON t FOR EACH ROW WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION f();
CREATE TRIGGER on_c BEFORE UPDATE OF c ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE POLICY p ON t FOR SELECT TO PUBLIC USING (a > 0 AND b = 'x');
CREATE POLICY q ON t USING (c > 0);
CREATE TABLE u (t int);
CREATE POLICY of_u ON u USING (EXISTS (SELECT 1 FROM t WHERE t.a = u.t));
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE VIEW v AS SELECT a FROM t;
-- should be
CREATE TABLE t (a bigint, b text, c int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER on_a AFTER UPDATE OF a, b ON t FOR EACH ROW WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION f();
CREATE TRIGGER on_c BEFORE UPDATE OF c ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE POLICY p ON t FOR SELECT TO PUBLIC USING (a > 0 AND b = 'x');
CREATE POLICY q ON t USING (c > 0);
CREATE TABLE u (t int);
CREATE POLICY of_u ON u USING (EXISTS (SELECT 1 FROM t WHERE t.a = u.t));
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE VIEW v AS SELECT a FROM t;
-- becomes so by
-- Trigger `on_a` names what changes here: it is made again at the end, and enabled.
DROP TRIGGER on_a ON t;
-- Policy `p` names what changes here: it is made again at the end.
DROP POLICY p ON t;
-- Policy `of_u` names what changes here: it is made again at the end.
DROP POLICY of_u ON u;
-- `v` reads what changes here: it is made again at the end, and what was granted on it is gone.
DROP VIEW v;
ALTER TABLE t ALTER COLUMN a TYPE BIGINT;
ALTER TABLE t ALTER COLUMN b TYPE TEXT;
CREATE VIEW v AS
SELECT a
FROM t;
CREATE TRIGGER on_a AFTER UPDATE OF a, b ON t
FOR EACH ROW WHEN (old.a IS DISTINCT FROM new.a) EXECUTE FUNCTION f();
CREATE POLICY p ON t for SELECT to public USING (a > 0 AND b = 'x');
CREATE POLICY of_u ON u USING (EXISTS (SELECT 1 FROM t WHERE t.a = u.t));
