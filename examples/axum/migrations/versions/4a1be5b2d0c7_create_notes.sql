-- Create notes
--
-- revision: 4a1be5b2d0c7
-- down_revision: base
-- created: 2026-11-22T12:00:00Z

-- @upgrade
CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY, text TEXT NOT NULL);

-- @downgrade
DROP TABLE notes;
