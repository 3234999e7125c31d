-- Customers are called clients
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
ALTER TABLE customers RENAME TO clients;
ALTER TABLE clients RENAME COLUMN name TO full_name;

-- @downgrade
ALTER TABLE clients RENAME COLUMN full_name TO name;
ALTER TABLE clients RENAME TO customers;
