-- Some have more credit than an integer holds
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
ALTER TABLE customers ALTER COLUMN credit TYPE BIGINT;

-- @downgrade; irreversible: they may have it by then
