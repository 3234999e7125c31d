-- Customers are clients now, and looked up by name
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
ALTER TABLE customers RENAME TO clients;
CREATE INDEX ix_clients_name ON customers (name);

-- @downgrade
DROP INDEX ix_clients_name;
ALTER TABLE clients RENAME TO customers;
