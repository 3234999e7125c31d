-- Add the users' addresses
--
-- revision: b7ea43dc85e4
-- down_revision: a1b2c3d4e5f6
-- created: 2026-11-22T10:00:00Z

-- @upgrade
ALTER TABLE users ADD COLUMN email VARCHAR(200);

-- @downgrade
ALTER TABLE users DROP COLUMN email;
