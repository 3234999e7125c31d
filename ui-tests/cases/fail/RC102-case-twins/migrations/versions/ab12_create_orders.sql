-- Create the orders table
--
-- revision: ab12
-- down_revision: Ab12
-- created: 2026-03-09T14:02:11Z

-- @upgrade
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id)
);

-- @downgrade
DROP TABLE orders;
