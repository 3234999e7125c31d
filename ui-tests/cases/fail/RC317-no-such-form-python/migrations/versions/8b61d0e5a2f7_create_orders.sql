-- Create the orders table
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
CREATE TABLE orders (
    id INTEGER PRIMARY KEY
);
op.add_column("orders", "customer_id")

-- @downgrade
DROP TABLE orders;
