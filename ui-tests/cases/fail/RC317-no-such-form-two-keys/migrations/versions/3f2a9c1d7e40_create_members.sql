-- Create the members
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE members (
    team_id INTEGER PRIMARY KEY,
    user_id INTEGER PRIMARY KEY
);

-- @downgrade
DROP TABLE members;
