-- Create the audit
--
-- revision: 7d20b9e8c415
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE SCHEMA audit;
CREATE TABLE audit.log (
    id BIGINT PRIMARY KEY
);
CREATE TABLE audit.visits (
    id BIGINT PRIMARY KEY
);

-- @downgrade
DROP TABLE audit.visits;
DROP TABLE audit.log;
DROP SCHEMA audit;
