-- Notes are in the archive now
--
-- revision: e12f84c6d95a
-- down_revision: 5d90e3b7a16c
-- created: 2026-04-14T16:40:03Z

-- @upgrade
ALTER TABLE orders DROP COLUMN note;

-- @downgrade; irreversible: the notes are in the archive
