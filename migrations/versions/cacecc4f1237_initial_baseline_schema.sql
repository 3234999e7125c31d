-- Initial baseline schema
--
-- Thirteen tables. A column that holds a UUID, JSON or a time is spelt as each database spells it, so the tables come
-- once for each dialect; the indexes of PostgreSQL and SQLite read alike and come once for both. The sections that
-- serve a database run in the order of this file. No column has a default here: the application fills them in.
--
-- revision: cacecc4f1237
-- down_revision: base
-- created: 2025-12-10T17:25:54Z

-- @upgrade postgres

CREATE TABLE groups (
    id uuid NOT NULL,
    name text,
    data jsonb,
    PRIMARY KEY (id)
);

CREATE TABLE users (
    id uuid NOT NULL,
    email text NOT NULL,
    _password text,
    name text,
    activation_code text,
    is_superadmin boolean NOT NULL,
    is_active boolean NOT NULL,
    group_id uuid,
    PRIMARY KEY (id),
    FOREIGN KEY (group_id) REFERENCES groups (id)
);

CREATE TABLE dashboards (
    id uuid NOT NULL,
    title text,
    description text,
    filters text,
    project_id uuid,
    user_id uuid,
    PRIMARY KEY (id),
    FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE TABLE projects (
    id uuid NOT NULL,
    name text,
    title text,
    owner_id uuid,
    group_id uuid,
    default_dashboard_id uuid,
    PRIMARY KEY (id),
    FOREIGN KEY (group_id) REFERENCES groups (id),
    FOREIGN KEY (owner_id) REFERENCES users (id)
);

-- Two tables that refer to each other: the second half of the cycle has to wait until both are there.
ALTER TABLE dashboards ADD CONSTRAINT fk_dashboards_project_id FOREIGN KEY (project_id) REFERENCES projects (id);
ALTER TABLE projects
    ADD CONSTRAINT fk_project_default_dashboard FOREIGN KEY (default_dashboard_id) REFERENCES dashboards (id);

CREATE TABLE widget_configs (
    id uuid NOT NULL,
    project_id uuid,
    dashboard_id uuid,
    title text,
    type text,
    weight integer,
    widget text,
    params jsonb,
    navigable boolean,
    PRIMARY KEY (id),
    FOREIGN KEY (dashboard_id) REFERENCES dashboards (id),
    FOREIGN KEY (project_id) REFERENCES projects (id)
);

CREATE TABLE imports (
    id uuid NOT NULL,
    filename text,
    format text,
    data jsonb,
    status text,
    created timestamp,
    PRIMARY KEY (id)
);

CREATE TABLE import_files (
    id uuid NOT NULL,
    import_id uuid NOT NULL,
    content bytea,
    PRIMARY KEY (id),
    FOREIGN KEY (import_id) REFERENCES imports (id)
);

CREATE TABLE runs (
    id uuid NOT NULL,
    project_id uuid,
    data jsonb,
    env text,
    component text,
    source text,
    start_time timestamp NOT NULL,
    duration double precision,
    summary jsonb,
    created timestamp NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (project_id) REFERENCES projects (id)
);

CREATE TABLE results (
    id uuid NOT NULL,
    project_id uuid,
    run_id uuid,
    test_id text,
    result text,
    data jsonb,
    params jsonb,
    duration double precision,
    start_time timestamp NOT NULL,
    source text,
    env text,
    component text,
    PRIMARY KEY (id),
    FOREIGN KEY (project_id) REFERENCES projects (id),
    FOREIGN KEY (run_id) REFERENCES runs (id)
);

CREATE TABLE artifacts (
    id uuid NOT NULL,
    content bytea,
    result_id uuid,
    run_id uuid,
    filename text,
    data jsonb,
    upload_date timestamp NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (result_id) REFERENCES results (id),
    FOREIGN KEY (run_id) REFERENCES runs (id)
);

CREATE TABLE tokens (
    id uuid NOT NULL,
    name text NOT NULL,
    token text NOT NULL,
    expires timestamp,
    user_id uuid,
    PRIMARY KEY (id),
    FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE TABLE meta (
    "key" text NOT NULL,
    value text,
    PRIMARY KEY ("key")
);

CREATE TABLE users_projects (
    user_id uuid NOT NULL,
    project_id uuid NOT NULL,
    PRIMARY KEY (user_id, project_id),
    FOREIGN KEY (project_id) REFERENCES projects (id),
    FOREIGN KEY (user_id) REFERENCES users (id)
);

-- @upgrade sqlite
-- SQLite cannot add a constraint to a table that exists, but it lets a foreign key name a table that is still to come:
-- the cycle between dashboards and projects is written in place. CHAR(32) holds 36 characters here; lengths are not
-- enforced. UNIQUE (id) says nothing that the primary key doesn't, and SQLite makes no second index for it; it stands
-- because databases that exist have it.

CREATE TABLE groups (
    id CHAR(32) NOT NULL,
    name TEXT,
    data JSON,
    PRIMARY KEY (id),
    UNIQUE (id)
);

CREATE TABLE users (
    id CHAR(32) NOT NULL,
    email TEXT NOT NULL,
    _password TEXT,
    name TEXT,
    activation_code TEXT,
    is_superadmin BOOLEAN NOT NULL,
    is_active BOOLEAN NOT NULL,
    group_id CHAR(32),
    PRIMARY KEY (id),
    FOREIGN KEY (group_id) REFERENCES groups (id),
    UNIQUE (id)
);

CREATE TABLE dashboards (
    id CHAR(32) NOT NULL,
    title TEXT,
    description TEXT,
    filters TEXT,
    project_id CHAR(32),
    user_id CHAR(32),
    PRIMARY KEY (id),
    CONSTRAINT dashboards_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT fk_dashboards_project_id FOREIGN KEY (project_id) REFERENCES projects (id),
    UNIQUE (id)
);

CREATE TABLE projects (
    id CHAR(32) NOT NULL,
    name TEXT,
    title TEXT,
    owner_id CHAR(32),
    group_id CHAR(32),
    default_dashboard_id CHAR(32),
    PRIMARY KEY (id),
    CONSTRAINT projects_group_id_fkey FOREIGN KEY (group_id) REFERENCES groups (id),
    CONSTRAINT projects_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users (id),
    CONSTRAINT fk_project_default_dashboard FOREIGN KEY (default_dashboard_id) REFERENCES dashboards (id),
    UNIQUE (id)
);

CREATE TABLE widget_configs (
    id CHAR(32) NOT NULL,
    project_id CHAR(32),
    dashboard_id CHAR(32),
    title TEXT,
    type TEXT,
    weight INTEGER,
    widget TEXT,
    params JSON,
    navigable BOOLEAN,
    PRIMARY KEY (id),
    FOREIGN KEY (dashboard_id) REFERENCES dashboards (id),
    FOREIGN KEY (project_id) REFERENCES projects (id),
    UNIQUE (id)
);

CREATE TABLE imports (
    id CHAR(32) NOT NULL,
    filename TEXT,
    format TEXT,
    data JSON,
    status TEXT,
    created DATETIME,
    PRIMARY KEY (id),
    UNIQUE (id)
);

CREATE TABLE import_files (
    id CHAR(32) NOT NULL,
    import_id CHAR(32) NOT NULL,
    content BLOB,
    PRIMARY KEY (id),
    FOREIGN KEY (import_id) REFERENCES imports (id),
    UNIQUE (id)
);

CREATE TABLE runs (
    id CHAR(32) NOT NULL,
    project_id CHAR(32),
    data JSON,
    env TEXT,
    component TEXT,
    source TEXT,
    start_time DATETIME NOT NULL,
    duration FLOAT,
    summary JSON,
    created DATETIME NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (project_id) REFERENCES projects (id),
    UNIQUE (id)
);

CREATE TABLE results (
    id CHAR(32) NOT NULL,
    project_id CHAR(32),
    run_id CHAR(32),
    test_id TEXT,
    result TEXT,
    data JSON,
    params JSON,
    duration FLOAT,
    start_time DATETIME NOT NULL,
    source TEXT,
    env TEXT,
    component TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY (project_id) REFERENCES projects (id),
    FOREIGN KEY (run_id) REFERENCES runs (id),
    UNIQUE (id)
);

CREATE TABLE artifacts (
    id CHAR(32) NOT NULL,
    content BLOB,
    result_id CHAR(32),
    run_id CHAR(32),
    filename TEXT,
    data JSON,
    upload_date DATETIME NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (result_id) REFERENCES results (id),
    FOREIGN KEY (run_id) REFERENCES runs (id),
    UNIQUE (id)
);

CREATE TABLE tokens (
    id CHAR(32) NOT NULL,
    name TEXT NOT NULL,
    token TEXT NOT NULL,
    expires DATETIME,
    user_id CHAR(32),
    PRIMARY KEY (id),
    FOREIGN KEY (user_id) REFERENCES users (id),
    UNIQUE (id)
);

CREATE TABLE meta (
    "key" TEXT NOT NULL,
    value TEXT,
    PRIMARY KEY ("key")
);

CREATE TABLE users_projects (
    user_id CHAR(32) NOT NULL,
    project_id CHAR(32) NOT NULL,
    PRIMARY KEY (user_id, project_id),
    FOREIGN KEY (project_id) REFERENCES projects (id),
    FOREIGN KEY (user_id) REFERENCES users (id)
);

-- @upgrade postgres, sqlite
CREATE INDEX ix_groups_name ON groups (name);
CREATE UNIQUE INDEX ix_users_email ON users (email);
CREATE INDEX ix_users_group_id ON users (group_id);
CREATE INDEX ix_dashboards_project_id ON dashboards (project_id);
CREATE INDEX ix_dashboards_title ON dashboards (title);
CREATE INDEX ix_dashboards_user_id ON dashboards (user_id);
CREATE INDEX ix_projects_group_id ON projects (group_id);
CREATE INDEX ix_projects_name ON projects (name);
CREATE INDEX ix_projects_owner_id ON projects (owner_id);
CREATE INDEX ix_projects_title ON projects (title);
CREATE INDEX ix_widget_configs_dashboard_id ON widget_configs (dashboard_id);
CREATE INDEX ix_widget_configs_navigable ON widget_configs (navigable);
CREATE INDEX ix_widget_configs_project_id ON widget_configs (project_id);
CREATE INDEX ix_widget_configs_title ON widget_configs (title);
CREATE INDEX ix_widget_configs_type ON widget_configs (type);
CREATE INDEX ix_widget_configs_weight ON widget_configs (weight);
CREATE INDEX ix_widget_configs_widget ON widget_configs (widget);
CREATE INDEX ix_imports_created ON imports (created);
CREATE INDEX ix_imports_filename ON imports (filename);
CREATE INDEX ix_imports_format ON imports (format);
CREATE INDEX ix_imports_status ON imports (status);
CREATE INDEX ix_import_files_import_id ON import_files (import_id);
CREATE INDEX ix_runs_component ON runs (component);
CREATE INDEX ix_runs_created ON runs (created);
CREATE INDEX ix_runs_duration ON runs (duration);
CREATE INDEX ix_runs_env ON runs (env);
CREATE INDEX ix_runs_project_id ON runs (project_id);
CREATE INDEX ix_runs_source ON runs (source);
CREATE INDEX ix_runs_start_time ON runs (start_time);
CREATE INDEX ix_results_component ON results (component);
CREATE INDEX ix_results_duration ON results (duration);
CREATE INDEX ix_results_env ON results (env);
CREATE INDEX ix_results_project_id ON results (project_id);
CREATE INDEX ix_results_result ON results (result);
CREATE INDEX ix_results_run_id ON results (run_id);
CREATE INDEX ix_results_source ON results (source);
CREATE INDEX ix_results_start_time ON results (start_time);
CREATE INDEX ix_results_test_id ON results (test_id);
CREATE INDEX ix_artifacts_filename ON artifacts (filename);
CREATE INDEX ix_artifacts_result_id ON artifacts (result_id);
CREATE INDEX ix_artifacts_run_id ON artifacts (run_id);
CREATE INDEX ix_artifacts_upload_date ON artifacts (upload_date);
CREATE INDEX ix_tokens_user_id ON tokens (user_id);
CREATE INDEX ix_meta_key ON meta ("key");

-- @upgrade mysql
-- MySQL has no type for a UUID, and cannot index TEXT without a prefix length: text that is indexed or a key is
-- VARCHAR(255). Each statement commits by itself here, so a table comes with its indexes in one statement. The
-- character set is named because a server's own default may be unable to hold every character. `groups` and `key` are
-- reserved words.

CREATE TABLE `groups` (
    id CHAR(36) NOT NULL,
    name VARCHAR(255),
    data JSON,
    PRIMARY KEY (id),
    INDEX ix_groups_name (name)
) DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE users (
    id CHAR(36) NOT NULL,
    email VARCHAR(255) NOT NULL,
    _password TEXT,
    name TEXT,
    activation_code TEXT,
    is_superadmin BOOLEAN NOT NULL,
    is_active BOOLEAN NOT NULL,
    group_id CHAR(36),
    PRIMARY KEY (id),
    FOREIGN KEY (group_id) REFERENCES `groups` (id),
    UNIQUE INDEX ix_users_email (email),
    INDEX ix_users_group_id (group_id)
) DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE dashboards (
    id CHAR(36) NOT NULL,
    title VARCHAR(255),
    description TEXT,
    filters TEXT,
    project_id CHAR(36),
    user_id CHAR(36),
    PRIMARY KEY (id),
    FOREIGN KEY (user_id) REFERENCES users (id),
    INDEX ix_dashboards_project_id (project_id),
    INDEX ix_dashboards_title (title),
    INDEX ix_dashboards_user_id (user_id)
) DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE projects (
    id CHAR(36) NOT NULL,
    name VARCHAR(255),
    title VARCHAR(255),
    owner_id CHAR(36),
    group_id CHAR(36),
    default_dashboard_id CHAR(36),
    PRIMARY KEY (id),
    FOREIGN KEY (group_id) REFERENCES `groups` (id),
    FOREIGN KEY (owner_id) REFERENCES users (id),
    INDEX ix_projects_group_id (group_id),
    INDEX ix_projects_name (name),
    INDEX ix_projects_owner_id (owner_id),
    INDEX ix_projects_title (title)
) DEFAULT CHARACTER SET utf8mb4;

-- Two tables that refer to each other: the second half of the cycle has to wait until both are there.
ALTER TABLE dashboards ADD CONSTRAINT fk_dashboards_project_id FOREIGN KEY (project_id) REFERENCES projects (id);
ALTER TABLE projects
    ADD CONSTRAINT fk_project_default_dashboard FOREIGN KEY (default_dashboard_id) REFERENCES dashboards (id);

CREATE TABLE widget_configs (
    id CHAR(36) NOT NULL,
    project_id CHAR(36),
    dashboard_id CHAR(36),
    title VARCHAR(255),
    type VARCHAR(255),
    weight INT,
    widget VARCHAR(255),
    params JSON,
    navigable BOOLEAN,
    PRIMARY KEY (id),
    FOREIGN KEY (dashboard_id) REFERENCES dashboards (id),
    FOREIGN KEY (project_id) REFERENCES projects (id),
    INDEX ix_widget_configs_dashboard_id (dashboard_id),
    INDEX ix_widget_configs_navigable (navigable),
    INDEX ix_widget_configs_project_id (project_id),
    INDEX ix_widget_configs_title (title),
    INDEX ix_widget_configs_type (type),
    INDEX ix_widget_configs_weight (weight),
    INDEX ix_widget_configs_widget (widget)
) DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE imports (
    id CHAR(36) NOT NULL,
    filename VARCHAR(255),
    format VARCHAR(255),
    data JSON,
    status VARCHAR(255),
    created DATETIME(6),
    PRIMARY KEY (id),
    INDEX ix_imports_created (created),
    INDEX ix_imports_filename (filename),
    INDEX ix_imports_format (format),
    INDEX ix_imports_status (status)
) DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE import_files (
    id CHAR(36) NOT NULL,
    import_id CHAR(36) NOT NULL,
    content LONGBLOB,
    PRIMARY KEY (id),
    FOREIGN KEY (import_id) REFERENCES imports (id),
    INDEX ix_import_files_import_id (import_id)
) DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE runs (
    id CHAR(36) NOT NULL,
    project_id CHAR(36),
    data JSON,
    env VARCHAR(255),
    component VARCHAR(255),
    source VARCHAR(255),
    start_time DATETIME(6) NOT NULL,
    duration DOUBLE,
    summary JSON,
    created DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (project_id) REFERENCES projects (id),
    INDEX ix_runs_component (component),
    INDEX ix_runs_created (created),
    INDEX ix_runs_duration (duration),
    INDEX ix_runs_env (env),
    INDEX ix_runs_project_id (project_id),
    INDEX ix_runs_source (source),
    INDEX ix_runs_start_time (start_time)
) DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE results (
    id CHAR(36) NOT NULL,
    project_id CHAR(36),
    run_id CHAR(36),
    test_id VARCHAR(255),
    result VARCHAR(255),
    data JSON,
    params JSON,
    duration DOUBLE,
    start_time DATETIME(6) NOT NULL,
    source VARCHAR(255),
    env VARCHAR(255),
    component VARCHAR(255),
    PRIMARY KEY (id),
    FOREIGN KEY (project_id) REFERENCES projects (id),
    FOREIGN KEY (run_id) REFERENCES runs (id),
    INDEX ix_results_component (component),
    INDEX ix_results_duration (duration),
    INDEX ix_results_env (env),
    INDEX ix_results_project_id (project_id),
    INDEX ix_results_result (result),
    INDEX ix_results_run_id (run_id),
    INDEX ix_results_source (source),
    INDEX ix_results_start_time (start_time),
    INDEX ix_results_test_id (test_id)
) DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE artifacts (
    id CHAR(36) NOT NULL,
    content LONGBLOB,
    result_id CHAR(36),
    run_id CHAR(36),
    filename VARCHAR(255),
    data JSON,
    upload_date DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (result_id) REFERENCES results (id),
    FOREIGN KEY (run_id) REFERENCES runs (id),
    INDEX ix_artifacts_filename (filename),
    INDEX ix_artifacts_result_id (result_id),
    INDEX ix_artifacts_run_id (run_id),
    INDEX ix_artifacts_upload_date (upload_date)
) DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE tokens (
    id CHAR(36) NOT NULL,
    name TEXT NOT NULL,
    token TEXT NOT NULL,
    expires DATETIME(6),
    user_id CHAR(36),
    PRIMARY KEY (id),
    FOREIGN KEY (user_id) REFERENCES users (id),
    INDEX ix_tokens_user_id (user_id)
) DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE meta (
    `key` VARCHAR(255) NOT NULL,
    value TEXT,
    PRIMARY KEY (`key`),
    INDEX ix_meta_key (`key`)
) DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE users_projects (
    user_id CHAR(36) NOT NULL,
    project_id CHAR(36) NOT NULL,
    PRIMARY KEY (user_id, project_id),
    FOREIGN KEY (project_id) REFERENCES projects (id),
    FOREIGN KEY (user_id) REFERENCES users (id)
) DEFAULT CHARACTER SET utf8mb4;

-- @downgrade postgres
-- Children before parents; an index goes with its table. The cycle is cut first.
ALTER TABLE projects DROP CONSTRAINT fk_project_default_dashboard;
ALTER TABLE dashboards DROP CONSTRAINT fk_dashboards_project_id;
DROP TABLE users_projects;
DROP TABLE meta;
DROP TABLE tokens;
DROP TABLE artifacts;
DROP TABLE results;
DROP TABLE runs;
DROP TABLE import_files;
DROP TABLE imports;
DROP TABLE widget_configs;
DROP TABLE projects;
DROP TABLE dashboards;
DROP TABLE users;
DROP TABLE groups;

-- @downgrade mysql
ALTER TABLE projects DROP FOREIGN KEY fk_project_default_dashboard;
ALTER TABLE dashboards DROP FOREIGN KEY fk_dashboards_project_id;
DROP TABLE users_projects;
DROP TABLE meta;
DROP TABLE tokens;
DROP TABLE artifacts;
DROP TABLE results;
DROP TABLE runs;
DROP TABLE import_files;
DROP TABLE imports;
DROP TABLE widget_configs;
DROP TABLE projects;
DROP TABLE dashboards;
DROP TABLE users;
DROP TABLE `groups`;

-- @downgrade sqlite; rebuild
-- SQLite deletes the rows of a table before it drops it, and the cycle, which cannot be cut here, would make that fail.
-- `rebuild` switches the foreign keys off for the step, and checks before the commit that no reference dangles.
DROP TABLE users_projects;
DROP TABLE meta;
DROP TABLE tokens;
DROP TABLE artifacts;
DROP TABLE results;
DROP TABLE runs;
DROP TABLE import_files;
DROP TABLE imports;
DROP TABLE widget_configs;
DROP TABLE projects;
DROP TABLE dashboards;
DROP TABLE users;
DROP TABLE groups;
