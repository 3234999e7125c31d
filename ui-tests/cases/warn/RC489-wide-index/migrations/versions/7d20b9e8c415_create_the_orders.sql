-- Create the orders
--
-- revision: 7d20b9e8c415
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer BIGINT NOT NULL,
    placed TEXT NOT NULL,
    state TEXT NOT NULL,
    amount BIGINT NOT NULL
);

CREATE INDEX ix_orders_customer ON orders (customer, placed, state, amount);

-- @downgrade
DROP TABLE orders;
