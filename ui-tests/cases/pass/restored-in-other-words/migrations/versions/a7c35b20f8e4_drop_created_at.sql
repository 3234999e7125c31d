-- The number says it all
--
-- revision: a7c35b20f8e4
-- down_revision: e12f84c6d95a
-- created: 2026-04-22T07:55:30Z

-- @upgrade
ALTER TABLE orders DROP COLUMN created_at;

-- @downgrade
-- @allow RC321: the archive has it, and it comes back behind the other columns
ALTER TABLE orders ADD COLUMN created_at TIMESTAMPTZ;
