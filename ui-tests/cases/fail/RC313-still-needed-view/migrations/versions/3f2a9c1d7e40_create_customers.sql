-- Create customers, and what the shop sees of them
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    credit INTEGER
);
CREATE VIEW good_customers AS SELECT c.id, c.name FROM customers c WHERE c.credit > 100;

-- @downgrade
DROP VIEW good_customers;
DROP TABLE customers;
