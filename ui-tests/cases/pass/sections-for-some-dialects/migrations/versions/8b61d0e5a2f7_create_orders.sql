-- Names are unique, where that can be said later
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-02T09:15:00Z

-- @upgrade postgres
ALTER TABLE customers ADD CONSTRAINT uq_customers_name UNIQUE (name);

-- @upgrade sqlite

-- @upgrade
UPDATE customers SET name = trim(name);

-- @downgrade postgres
ALTER TABLE customers DROP CONSTRAINT uq_customers_name;

-- @downgrade sqlite
