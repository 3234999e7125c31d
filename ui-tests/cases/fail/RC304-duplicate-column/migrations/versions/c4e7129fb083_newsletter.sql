-- Customers may subscribe to the newsletter
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-16T08:40:52Z

-- @upgrade
ALTER TABLE customers ADD COLUMN email VARCHAR(200);

-- @downgrade
ALTER TABLE customers DROP COLUMN email;
