-- Customers have a number while they are active
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
ALTER TABLE customers ADD COLUMN number INTEGER;
ALTER TABLE customers ADD COLUMN is_active BOOLEAN NOT NULL DEFAULT TRUE;
CREATE UNIQUE INDEX ux_customers_number ON customers (number) WHERE is_active;

-- @downgrade
DROP INDEX ux_customers_number;
ALTER TABLE customers DROP COLUMN is_active;
ALTER TABLE customers DROP COLUMN number;
