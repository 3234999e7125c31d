CREATE SCHEMA audit;
CREATE EXTENSION citext;
CREATE TYPE "Mood" AS ENUM ('sad', 'it''s ok');
CREATE TYPE pair AS (x integer, y varchar(3)[]);
CREATE DOMAIN percent AS numeric(5,2) NOT NULL DEFAULT 0 CONSTRAINT up_to_100 CHECK (VALUE <= 100) CHECK (VALUE >= 0);
CREATE SEQUENCE odd AS integer INCREMENT -2 MINVALUE -100 MAXVALUE 50 START 40 CACHE 5 CYCLE;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at = now(); RETURN NEW; END $$;
CREATE FUNCTION of_user(u zebras) RETURNS text LANGUAGE sql AS 'SELECT u.email';
CREATE TABLE zebras (id serial PRIMARY KEY, "Odd ""name" text, email citext UNIQUE, herd bigint, feeling "Mood" DEFAULT 'sad');
CREATE TABLE herds (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, leader integer NOT NULL REFERENCES zebras ON DELETE SET NULL,
  code varchar(10), area numeric CHECK (area > -1 AND code IN ('a', 'b')), at timestamptz(3) DEFAULT now() + interval '1 day',
  twice numeric GENERATED ALWAYS AS (area * 2) STORED, r int4range, EXCLUDE USING gist (r WITH &&, id WITH =) WHERE (area > 0));
ALTER TABLE zebras ADD CONSTRAINT in_herd FOREIGN KEY (herd) REFERENCES herds (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE zebras ADD CONSTRAINT later CHECK (herd > 0) NOT VALID;
CREATE UNIQUE INDEX by_code ON herds (code);
CREATE TABLE "order" (code varchar(10) REFERENCES herds (code), "user" integer, note text COLLATE "C");
CREATE INDEX partial ON herds USING btree (lower(code) varchar_pattern_ops, (area + 1) DESC NULLS LAST) INCLUDE (r) WITH (fillfactor = 70) WHERE area IS NOT NULL;
COMMENT ON TABLE zebras IS 'who''s who';
COMMENT ON COLUMN zebras.email IS 'theirs';
ALTER SEQUENCE odd OWNED BY zebras.herd;
ALTER TABLE "order" ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON "order" USING ("user" = 1);
CREATE VIEW z_counts AS SELECT z.id AS m FROM zebras z LEFT JOIN herds ON herds.id = z.herd AND z.id IN (SELECT 1 FROM zebras);
CREATE VIEW a_sums (n, m) AS SELECT count(*) AS n, max(m) FROM z_counts WHERE m >= -1;
CREATE TRIGGER touched BEFORE UPDATE OF email ON zebras FOR EACH ROW WHEN (new.id > 1) EXECUTE PROCEDURE touch();
CREATE TABLE audit.parts (id integer NOT NULL, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
