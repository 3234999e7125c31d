-- Create the orders table
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    state VARCHAR(20) NOT NULL DEFAULT 'open'
);
CREATE INDEX ix_orders_state ON orders (state);

-- @downgrade
DROP TABLE orders;
