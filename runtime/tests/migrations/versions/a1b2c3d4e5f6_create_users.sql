-- Create the users table
--
-- revision: a1b2c3d4e5f6
-- down_revision: base
-- created: 2026-11-22T09:00:00Z

-- @upgrade
CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(80) NOT NULL);

-- @downgrade
DROP TABLE users;
