-- Create the orders table
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
CRAETE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id)
);
CREATE INDEX ix_orders_customer_id ON orders (customer_id);

-- @downgrade
DROP TABLE orders;
