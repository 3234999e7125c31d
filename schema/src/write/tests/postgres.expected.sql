CREATE SCHEMA audit;
CREATE EXTENSION IF NOT EXISTS citext;
CREATE TYPE "Mood" AS ENUM ('sad', 'it''s ok');
CREATE TYPE odds AS range(subtype = float8, subtype_diff = float8mi);
CREATE TYPE pair AS (x INTEGER, y VARCHAR(3)[]);
CREATE DOMAIN percent AS NUMERIC(5, 2) DEFAULT 0 NOT NULL CONSTRAINT up_to_100 CHECK (value <= 100) CONSTRAINT percent_check CHECK (value >= 0);
CREATE SEQUENCE articles_ticket_seq AS integer;
CREATE SEQUENCE odd AS integer CACHE 5 CYCLE INCREMENT -2 MAXVALUE 50 MINVALUE -100 START 40;
SET check_function_bodies = off;
CREATE FUNCTION slug() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at = now(); RETURN NEW; END $$;
CREATE TABLE articles (
    id BIGSERIAL,
    slug TEXT DEFAULT slug(),
    ticket TEXT NOT NULL DEFAULT nextval('articles_ticket_seq'::regclass),
    PRIMARY KEY (id)
);
CREATE TABLE language (
    id INTEGER NOT NULL,
    name TEXT,
    CONSTRAINT once PRIMARY KEY (id),
    UNIQUE (name)
);
ALTER TABLE language ADD CONSTRAINT again UNIQUE (id);
ALTER TABLE language ADD CONSTRAINT named UNIQUE (name);
CREATE TABLE audit.parts (
    id INTEGER NOT NULL,
    at DATE NOT NULL,
    PRIMARY KEY (id, at)
) PARTITION BY range(at);
CREATE TABLE herds (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    leader INTEGER NOT NULL,
    code VARCHAR(10),
    area NUMERIC,
    at TIMESTAMPTZ(3) DEFAULT (now()+INTERVAL '1 day'),
    twice NUMERIC GENERATED ALWAYS AS (area*2) STORED,
    r int4range,
    PRIMARY KEY (id),
    CONSTRAINT herds_check CHECK (area > -1 AND code IN ('a', 'b')),
    CONSTRAINT herds_r_id_excl EXCLUDE USING gist (r WITH &&, id WITH =) WHERE (area > 0)
);
CREATE UNIQUE INDEX by_code ON herds (code);
CREATE INDEX partial ON herds (lower(code) varchar_pattern_ops, (area+1) DESC NULLS LAST) INCLUDE (r) WITH (fillfactor = 70) WHERE area IS NOT NULL;
CREATE TABLE "order" (
    code VARCHAR(10),
    "user" INTEGER,
    note TEXT COLLATE "C"
);
ALTER TABLE "order" ENABLE ROW LEVEL SECURITY;
CREATE TABLE zebras (
    id SERIAL,
    "Odd ""name" TEXT,
    email citext,
    herd BIGINT,
    feeling "Mood" DEFAULT 'sad',
    PRIMARY KEY (id),
    UNIQUE (email),
    CONSTRAINT in_herd FOREIGN KEY (herd) REFERENCES herds (id) DEFERRABLE INITIALLY DEFERRED
);
ALTER TABLE zebras ADD CONSTRAINT later CHECK (herd > 0) NOT VALID;
COMMENT ON TABLE zebras IS 'who''s who';
COMMENT ON COLUMN zebras.email IS 'theirs';
ALTER TABLE herds ADD CONSTRAINT herds_leader_fkey FOREIGN KEY (leader) REFERENCES zebras (id) ON DELETE SET NULL;
ALTER TABLE "order" ADD CONSTRAINT order_code_fkey FOREIGN KEY (code) REFERENCES herds (code);
ALTER SEQUENCE articles_ticket_seq OWNED BY articles.ticket;
ALTER SEQUENCE odd OWNED BY zebras.herd;
CREATE FUNCTION name_of(l language) RETURNS text LANGUAGE sql AS $$ SELECT l.name $$;
CREATE FUNCTION of_user(u zebras) RETURNS text LANGUAGE sql AS 'SELECT u.email';
CREATE VIEW safe WITH (security_invoker = ON) AS
SELECT id
FROM articles;
CREATE VIEW z_counts AS
SELECT z.id AS m
FROM zebras z
LEFT JOIN herds ON herds.id = z.herd AND z.id IN (SELECT 1 FROM zebras);
CREATE VIEW a_sums (n, m) AS
SELECT count(*) AS n, max(m)
FROM z_counts
WHERE m >= -1;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON articles
NOT deferrable initially immediate FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER touched BEFORE UPDATE OF email ON zebras
FOR EACH ROW WHEN (new.id > 1) EXECUTE FUNCTION touch();
CREATE POLICY mine ON "order" USING ("user" = 1);
