-- Create the groups table
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE SEQUENCE numbers;
CREATE OR REPLACE TABLE groups (
    id UUID NOT NULL DEFAULT uuid() PRIMARY KEY,
    rank INT NOT NULL DEFAULT NEXT VALUE FOR numbers,
    host INET6 NOT NULL,
    settings JSON NOT NULL DEFAULT '{}',
    KEY groups_rank (rank) IGNORED
) WITH SYSTEM VERSIONING;
CREATE TABLE members (
    id BIGINT NOT NULL PRIMARY KEY,
    member_of UUID NOT NULL REFERENCES groups (id)
);
INSERT INTO groups (host) VALUES ('::1') RETURNING id;

-- @downgrade
DROP TABLE IF EXISTS members;
DROP TABLE groups NOWAIT;
DROP SEQUENCE numbers;
