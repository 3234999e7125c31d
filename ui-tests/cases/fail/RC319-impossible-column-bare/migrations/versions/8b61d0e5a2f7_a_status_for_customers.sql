-- A status for customers
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
ALTER TABLE customers ADD COLUMN status VARCHAR(20) NOT NULL DEFAULT active;

-- @downgrade
ALTER TABLE customers DROP COLUMN status;
