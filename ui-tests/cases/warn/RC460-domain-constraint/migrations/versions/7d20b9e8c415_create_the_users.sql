-- Create the users
--
-- revision: 7d20b9e8c415
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE DOMAIN mail AS TEXT;
CREATE TABLE users (
    id BIGINT PRIMARY KEY,
    mail mail
);

-- @downgrade
DROP TABLE users;
DROP DOMAIN mail;
