-- Orders live elsewhere now
--
-- revision: d90b6f3e8a15
-- down_revision: c4e7129fb083
-- created: 2026-03-02T09:15:00Z

-- @upgrade
DROP TABLE orders;
ALTER TABLE customers RENAME TO clients;

-- @downgrade
-- @allow RC321: the orders are kept by the service that has them now
ALTER TABLE clients RENAME TO customers;
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id)
);
