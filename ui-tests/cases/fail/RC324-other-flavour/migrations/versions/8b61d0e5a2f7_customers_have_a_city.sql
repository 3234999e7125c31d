-- Customers have a city
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T09:15:00Z

-- @upgrade
ALTER TABLE customers ADD COLUMN IF NOT EXISTS city VARCHAR(200);

-- @downgrade
ALTER TABLE customers DROP COLUMN city;
