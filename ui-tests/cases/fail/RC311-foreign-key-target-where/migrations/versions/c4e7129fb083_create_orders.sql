-- Create the orders table
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-20T08:30:00Z

-- @upgrade
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_number INTEGER NOT NULL,
    CONSTRAINT fk_orders_customers FOREIGN KEY (customer_number) REFERENCES customers (number)
);

-- @downgrade
DROP TABLE orders;
