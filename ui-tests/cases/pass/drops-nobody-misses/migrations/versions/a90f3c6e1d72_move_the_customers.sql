-- Move the customers
--
-- revision: a90f3c6e1d72
-- down_revision: 7d20b9e8c415
-- created: 2026-03-09T09:15:00Z

-- @upgrade
CREATE TABLE customers_new (
    id BIGINT PRIMARY KEY
);
CREATE TABLE scratch (
    customer BIGINT
);
INSERT INTO scratch (customer) SELECT customer FROM orders;
INSERT INTO customers_new (id) SELECT DISTINCT customer FROM scratch;
DROP TABLE scratch;
ALTER TABLE orders ADD COLUMN scratch TEXT;
ALTER TABLE orders DROP COLUMN scratch;
ALTER TABLE customers_new RENAME TO customers;
CREATE SCHEMA scratch;
CREATE TABLE scratch.rest (
    id BIGINT
);
DROP SCHEMA scratch CASCADE;

-- @downgrade
DROP TABLE customers;
