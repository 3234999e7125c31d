-- Drop the note
--
-- revision: e5c81b0a7f36
-- down_revision: a90f3c6e1d72
-- created: 2026-03-16T09:15:00Z

-- @upgrade
-- @allow RC454: the last release no longer uses it
ALTER TABLE orders DROP COLUMN note;

-- @downgrade; irreversible: the notes are gone
