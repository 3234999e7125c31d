-- Find customers by name
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-02T09:15:00Z

-- @upgrade postgres; no-transaction
CREATE INDEX CONCURRENTLY ix_customers_name ON customers (name);
VACUUM ANALYZE customers;

-- @upgrade
CREATE INDEX concurrently_made ON customers (id);
REINDEX TABLE customers;
ANALYZE customers;
COMMENT ON INDEX ix_customers_name IS 'CREATE INDEX CONCURRENTLY';

-- @downgrade postgres; no-transaction
DROP INDEX CONCURRENTLY ix_customers_name;

-- @downgrade
DROP INDEX concurrently_made;
