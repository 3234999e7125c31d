-- Create the orders table
--
-- revision: 3f2a9c1d7e40
-- down_revision: base

-- @upgrade
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    first_id bigint REFERENCES orders DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO orders (id, first_id) VALUES (1, 1);
CREATE INDEX ix_orders_first_id ON orders (first_id);

-- @downgrade
DROP TABLE orders;
