-- Every import has a date
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
UPDATE imports SET created = CURRENT_TIMESTAMP WHERE craeted IS NULL;

-- @downgrade
