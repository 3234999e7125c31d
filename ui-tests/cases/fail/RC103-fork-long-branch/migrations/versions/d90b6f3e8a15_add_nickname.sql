-- Nicknames
--
-- revision: d90b6f3e8a15
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-02T09:15:00Z

-- @upgrade
ALTER TABLE customers ADD COLUMN nickname VARCHAR(80);

-- @downgrade
ALTER TABLE customers DROP COLUMN nickname;
