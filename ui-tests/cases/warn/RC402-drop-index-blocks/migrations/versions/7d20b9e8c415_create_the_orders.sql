-- Create the orders
--
-- revision: 7d20b9e8c415
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE customers (
    id BIGINT PRIMARY KEY
);

CREATE TABLE orders (
    id BIGINT PRIMARY KEY,
    customer BIGINT NOT NULL,
    amount BIGINT NOT NULL
);

CREATE INDEX ix_orders_customer ON orders (customer);

-- @downgrade
DROP TABLE orders;
DROP TABLE customers;
