-- Customers are looked up by name
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
CREATE INDEX ix_customers_name ON customers (name);

-- @downgrade
DROP INDEX idx_customers_name;
