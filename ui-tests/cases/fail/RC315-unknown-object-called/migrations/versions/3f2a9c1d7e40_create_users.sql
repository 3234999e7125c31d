-- Create users, with a name for everybody
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE users (
    id BIGINT PRIMARY KEY,
    name TEXT,
    email TEXT NOT NULL
);
UPDATE users SET name = IFNULL(name, email);

-- @downgrade
DROP TABLE users;
