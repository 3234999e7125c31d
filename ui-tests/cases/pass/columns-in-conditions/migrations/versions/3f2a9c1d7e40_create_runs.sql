-- Create projects and their runs
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE projects (
    id INTEGER PRIMARY KEY,
    title VARCHAR(100) NOT NULL
);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    project_id INTEGER,
    name VARCHAR(100),
    year INTEGER,
    value INTEGER,
    started TIMESTAMP NULL,
    CHECK (year > 2000 AND (value IS NULL OR value BETWEEN 0 AND 100)),
    CHECK (CASE WHEN name = 'year' THEN value ELSE year END <> -1)
);
INSERT INTO projects (id, title) VALUES (1, 'first');
INSERT INTO runs (id, project_id, name) SELECT p.id, id, 'of ' FROM projects p WHERE NOT EXISTS (SELECT 1 FROM runs WHERE project_id = p.id);
-- `title` is the outer query's.
DELETE FROM projects WHERE id IN (SELECT project_id FROM runs WHERE runs.name = title AND CAST(value AS CHAR(3)) = 'abc');
UPDATE runs SET value = coalesce(value, 0) + 1, year = NULL WHERE started < CURRENT_TIMESTAMP AND lower(name) LIKE 'x%';

-- @upgrade postgres
UPDATE runs AS r SET name = p.title FROM projects p WHERE p.id = r.project_id AND r IS NOT NULL AND r.ctid IS NOT NULL;
DELETE FROM runs WHERE extract(year FROM started) < 2000 OR started < timestamp with time zone '2001-01-01' - interval '1 day';
INSERT INTO runs (id) VALUES (5) ON CONFLICT (id) DO UPDATE SET value = excluded.value WHERE runs.year IS NULL;
CREATE INDEX runs_by_name ON runs (lower(name)) WHERE position('x' IN name) > 0 AND value::text = ANY ('{a,b}'::text[]);
CREATE VIEW shown AS SELECT r.id, title AS called, count(*) FROM runs r JOIN projects USING (id) GROUP BY r.id, called ORDER BY count;

-- @upgrade mysql
UPDATE runs SET value = 1 WHERE started > NOW() - INTERVAL value DAY AND name = "year" AND TIMESTAMPDIFF(MONTH, started, NOW()) > 1;
INSERT INTO runs (id, value) VALUES (5, year) ON DUPLICATE KEY UPDATE value = VALUES(year) + 1;

-- @upgrade sqlite
UPDATE runs SET value = 1 WHERE rowid > 1 AND "no column, a text" = name AND name IS NOT value;
CREATE INDEX runs_by_name ON runs (lower(name)) WHERE name NOT NULL;

-- @downgrade postgres
DROP VIEW shown;
DROP TABLE runs;
DROP TABLE projects;

-- @downgrade mysql, sqlite
DROP TABLE runs;
DROP TABLE projects;
