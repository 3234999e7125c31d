-- Find customers by name
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-02T09:15:00Z

-- @upgrade postgres; notransaction
CREATE INDEX CONCURRENTLY ix_customers_name ON customers (name);

-- @downgrade
DROP INDEX ix_customers_name;
