-- Create the roles
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE roles (
    id INTEGER AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR NOT NULL
);

-- @downgrade
DROP TABLE roles;
