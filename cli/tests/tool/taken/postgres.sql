CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TYPE mood AS ENUM ('happy', 'very happy');
CREATE DOMAIN share AS numeric(5, 2) CHECK (VALUE >= 0);
CREATE SEQUENCE tickets START 100 INCREMENT 5;
CREATE FUNCTION twice(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $f$ SELECT a * 2 -- twice
$f$;
CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.seen := now(); RETURN NEW; END $$;
CREATE TABLE "Odd Names" ("Id" bigint GENERATED ALWAYS AS IDENTITY, "type" text NOT NULL DEFAULT 'a''b', "order" integer DEFAULT nextval('tickets'),
    CONSTRAINT "Odd Key" PRIMARY KEY ("Id"), CONSTRAINT odd_type UNIQUE ("type"));
CREATE TABLE teams (id serial PRIMARY KEY, boss_id uuid, parent_id integer REFERENCES teams (id) ON DELETE SET NULL, mood mood NOT NULL DEFAULT 'happy',
    share share, tags text[] NOT NULL DEFAULT '{}', during tstzrange, waits interval, UNIQUE (boss_id, parent_id), EXCLUDE USING gist (during WITH &&));
COMMENT ON TABLE teams IS 'Who "plays"
together';
COMMENT ON COLUMN teams.share IS 'of the prize';
CREATE TABLE people (id uuid DEFAULT gen_random_uuid() PRIMARY KEY, team_id integer NOT NULL REFERENCES teams (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    name varchar(40) NOT NULL, lower_name text GENERATED ALWAYS AS (lower(name)) STORED, born date, seen timestamptz NOT NULL DEFAULT now(),
    at timestamp(3), data jsonb, raw bytea, pay numeric(10, 2), is_on boolean DEFAULT true, small smallint, code char(3) COLLATE "C",
    size integer CHECK (twice(size) > 3), half double precision, CONSTRAINT grown CHECK (pay >= 0 AND small < 100));
ALTER TABLE teams ADD CONSTRAINT teams_boss FOREIGN KEY (boss_id) REFERENCES people (id);
CREATE INDEX people_by_name ON people (lower(name), born DESC NULLS LAST) WHERE is_on;
CREATE INDEX people_data ON people USING gin (data jsonb_path_ops);
CREATE INDEX people_trgm ON people USING gin (name gin_trgm_ops);
CREATE UNIQUE INDEX people_seen ON people (team_id, seen) INCLUDE (name);
CREATE TABLE people_teams (person_id uuid REFERENCES people (id), team_id integer REFERENCES teams (id), PRIMARY KEY (person_id, team_id));
CREATE VIEW grown_ups AS SELECT p.id, p.name, t.mood FROM people p JOIN teams t ON t.id = p.team_id WHERE p.born < date '2000-01-01' AND p.name NOT LIKE '%x%';
CREATE VIEW names AS SELECT name FROM grown_ups;
CREATE MATERIALIZED VIEW counts AS SELECT team_id, count(*) AS n FROM people GROUP BY team_id;
CREATE UNIQUE INDEX counts_team ON counts (team_id);
CREATE TRIGGER touch BEFORE UPDATE ON people FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION touched();
CREATE TABLE schema_migrations (version text PRIMARY KEY);
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
CREATE POLICY grown ON people FOR SELECT USING (born < date '2000-01-01' OR name = current_user);
CREATE POLICY "Odd One" ON people AS RESTRICTIVE TO PUBLIC WITH CHECK (pay > 0);
-- What real schemas had, and one that nobody thought of would not be made as it was.
CREATE TABLE language (id integer PRIMARY KEY, name varchar(20) DEFAULT NULL::character varying);
ALTER TABLE language ADD CONSTRAINT language_once UNIQUE (id);
CREATE SEQUENCE slugs;
CREATE FUNCTION slug() RETURNS text LANGUAGE sql AS $$ SELECT nextval('slugs')::text $$;
CREATE FUNCTION names_of(l language) RETURNS text LANGUAGE sql AS $$ SELECT l.name $$;
CREATE TABLE posts (number serial PRIMARY KEY, slug text NOT NULL DEFAULT slug(), title text, ticket bigserial, at date NOT NULL) WITH (fillfactor = 70);
ALTER TABLE posts ALTER COLUMN ticket TYPE text, ALTER COLUMN title SET STATISTICS 500;
ALTER TABLE posts RENAME COLUMN number TO id;
CREATE INDEX posts_trgm ON posts USING gin (upper(title) gin_trgm_ops);
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON posts NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION touched();
ALTER TABLE posts DISABLE TRIGGER late;
COMMENT ON CONSTRAINT language_once ON language IS 'twice';
CREATE TABLE old_people (why text, CHECK (id > 0)) INHERITS (language);
CREATE TYPE "Floats" AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TABLE "Parts" (id bigint, at date NOT NULL, who integer REFERENCES language (id), span "Floats",
    PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX parts_who ON "Parts" (who);
CREATE TABLE "Parts_2020" PARTITION OF "Parts" FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY LIST (at);
CREATE TABLE parts_first PARTITION OF "Parts_2020" FOR VALUES IN ('2020-01-01');
CREATE TABLE parts_rest PARTITION OF "Parts" DEFAULT;
CREATE INDEX parts_rest_own ON parts_rest (at, who);
CREATE FUNCTION first_of(p "Parts") RETURNS bigint LANGUAGE sql AS $$ SELECT p.id $$;
CREATE VIEW barred WITH (security_barrier = true) AS SELECT id FROM posts WHERE id > 0 WITH CASCADED CHECK OPTION;
CREATE STATISTICS posts_at (dependencies) ON slug, at FROM posts;
