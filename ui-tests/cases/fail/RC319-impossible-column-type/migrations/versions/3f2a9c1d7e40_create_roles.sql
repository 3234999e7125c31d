-- Create the roles
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE roles (
    id INTEGER PRIMARY KEY,
    rank_order TEXT
);
ALTER TABLE roles ALTER COLUMN rank_order TYPE INTEGER;

-- @downgrade
DROP TABLE roles;
