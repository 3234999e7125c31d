-- Customers are looked up by name
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-16T08:40:52Z

-- @upgrade
CREATE INDEX ix_name ON customers (name);

-- @downgrade
DROP INDEX ix_name;
