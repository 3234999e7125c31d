-- Make room
--
-- revision: e5c81b0a7f36
-- down_revision: a90f3c6e1d72
-- created: 2026-03-16T09:15:00Z

-- @upgrade
ALTER TABLE orders ALTER COLUMN code TYPE VARCHAR(20);
ALTER TABLE orders ALTER COLUMN total TYPE DECIMAL(10, 2);
ALTER TABLE orders ALTER COLUMN customer DROP NOT NULL;

-- @downgrade
ALTER TABLE orders ALTER COLUMN customer SET NOT NULL;
ALTER TABLE orders ALTER COLUMN code TYPE VARCHAR(10);
