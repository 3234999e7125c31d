-- Some customers have no name
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade postgres
ALTER TABLE customers ALTER COLUMN name DROP NOT NULL;

-- @upgrade sqlite

-- @downgrade postgres
ALTER TABLE customers ALTER COLUMN name SET NOT NULL;

-- @downgrade sqlite
