-- Projects and their runs
--
-- revision: a1
-- down_revision: base

-- @upgrade postgres, sqlite
CREATE TABLE projects (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE);
CREATE TABLE runs (
    id INTEGER NOT NULL,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    parent_id INTEGER,
    name VARCHAR(40) NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_runs_name ON runs (name);

-- @upgrade mysql
CREATE TABLE projects (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE);
CREATE TABLE runs (
    id INTEGER NOT NULL,
    project_id INTEGER NOT NULL,
    parent_id INTEGER,
    name VARCHAR(40) NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
);
CREATE INDEX ix_runs_name ON runs (name);
CREATE INDEX ix_runs_parent ON runs (parent_id);

-- @downgrade
DROP TABLE runs;
DROP TABLE projects;
