CREATE TABLE "Odd Names" ("Id" INTEGER PRIMARY KEY AUTOINCREMENT, "type" TEXT NOT NULL DEFAULT 'a''b', "order" INT);
CREATE TABLE teams (id INTEGER PRIMARY KEY, boss_id INTEGER REFERENCES people (id), name VARCHAR(40) NOT NULL UNIQUE,
    parent INTEGER REFERENCES teams (id) ON DELETE SET NULL);
CREATE TABLE people (id INTEGER PRIMARY KEY, team_id INTEGER NOT NULL REFERENCES teams (id) ON DELETE CASCADE, born DATE,
    seen DATETIME DEFAULT CURRENT_TIMESTAMP, price NUMERIC(10, 2), name TEXT COLLATE NOCASE, data JSON, raw BLOB, is_on BOOLEAN NOT NULL DEFAULT 1,
    loud TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL, low TEXT GENERATED ALWAYS AS (lower(name)) STORED,
    CHECK (price >= 0), CONSTRAINT once UNIQUE (team_id, born));
CREATE INDEX ix_people_born ON people (born) WHERE price > 3;
CREATE INDEX by_name ON people (lower(name), seen DESC);
CREATE TABLE people_teams (person_id INTEGER REFERENCES people (id), team_id INTEGER REFERENCES teams (id),
    PRIMARY KEY (person_id, team_id)) WITHOUT ROWID;
CREATE VIEW leaders AS SELECT id, name FROM teams WHERE boss_id IS NOT NULL;
CREATE TRIGGER lead AFTER INSERT ON people BEGIN UPDATE teams SET boss_id = new.id WHERE boss_id IS NULL; SELECT 1; END;
CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY);
