-- remove_unused_meta_table_and_add_production_indexes
--
-- Written for databases that people have worked on by hand: an index that is there already is kept as it is, a table or
-- index that is gone already is not missed.
--
-- revision: fc3df1d9ee4e
-- down_revision: cacecc4f1237
-- created: 2025-12-10T20:35:28Z

-- @upgrade
-- Its index goes with it.
DROP TABLE IF EXISTS meta;

-- @upgrade postgres
-- The production indexes reach into jsonb: only PostgreSQL gets them. IF NOT EXISTS looks for the name in the schema of
-- the table, so an index of the same name in another schema is no reason to leave ours out.
CREATE INDEX IF NOT EXISTS ix_results_assignee ON results ((data ->> 'assignee'));
CREATE INDEX IF NOT EXISTS ix_results_classification ON results ((data ->> 'classification'));
CREATE INDEX IF NOT EXISTS ix_results_component_env_project ON results (component, env, project_id, start_time DESC);
CREATE INDEX IF NOT EXISTS ix_results_component_start_time_result_project_id
    ON results (component, start_time, result, project_id);
CREATE INDEX IF NOT EXISTS ix_results_exception_name ON results ((data ->> 'exception_name'));
CREATE INDEX IF NOT EXISTS ix_results_jenkins_build_number ON results ((data -> 'jenkins' ->> 'build_number'));
CREATE INDEX IF NOT EXISTS ix_results_jenkins_job_name ON results ((data -> 'jenkins' ->> 'job_name'));
CREATE INDEX IF NOT EXISTS ix_results_requirements ON results USING gin ((data -> 'requirements'));
CREATE INDEX IF NOT EXISTS ix_results_result_satver_project_id_run_id_snapver
    ON results (result, (data ->> 'SatelliteVersion'), project_id, run_id, (data ->> 'SnapVersion'));
CREATE INDEX IF NOT EXISTS ix_results_tags ON results USING gin ((data -> 'tags'));
CREATE INDEX IF NOT EXISTS ix_runs_jenkins_build_number ON runs ((data -> 'jenkins' ->> 'build_number'));
CREATE INDEX IF NOT EXISTS ix_runs_jenkins_job_name ON runs ((data -> 'jenkins' ->> 'job_name'));
CREATE INDEX IF NOT EXISTS ix_runs_jjn_jbn
    ON runs ((data -> 'jenkins' ->> 'job_name'), (data -> 'jenkins' ->> 'build_number'));
CREATE INDEX IF NOT EXISTS ix_runs_summary ON runs USING gin (summary);
CREATE INDEX IF NOT EXISTS ix_runs_tags ON runs USING gin ((data -> 'tags'));

-- @downgrade postgres
DROP INDEX IF EXISTS ix_runs_tags;
DROP INDEX IF EXISTS ix_runs_summary;
DROP INDEX IF EXISTS ix_runs_jjn_jbn;
DROP INDEX IF EXISTS ix_runs_jenkins_job_name;
DROP INDEX IF EXISTS ix_runs_jenkins_build_number;
DROP INDEX IF EXISTS ix_results_tags;
DROP INDEX IF EXISTS ix_results_result_satver_project_id_run_id_snapver;
DROP INDEX IF EXISTS ix_results_requirements;
DROP INDEX IF EXISTS ix_results_jenkins_job_name;
DROP INDEX IF EXISTS ix_results_jenkins_build_number;
DROP INDEX IF EXISTS ix_results_exception_name;
DROP INDEX IF EXISTS ix_results_component_start_time_result_project_id;
DROP INDEX IF EXISTS ix_results_component_env_project;
DROP INDEX IF EXISTS ix_results_classification;
DROP INDEX IF EXISTS ix_results_assignee;

-- @downgrade postgres, sqlite
-- @allow RC321: the table was unused
-- The table comes back; the rows that it had do not.
CREATE TABLE IF NOT EXISTS meta (
    "key" TEXT NOT NULL,
    value TEXT,
    PRIMARY KEY ("key")
);
CREATE INDEX IF NOT EXISTS ix_meta_key ON meta ("key");

-- @downgrade mysql
CREATE TABLE IF NOT EXISTS meta (
    `key` VARCHAR(255) NOT NULL,
    value TEXT,
    PRIMARY KEY (`key`),
    INDEX ix_meta_key (`key`)
) DEFAULT CHARACTER SET utf8mb4;
