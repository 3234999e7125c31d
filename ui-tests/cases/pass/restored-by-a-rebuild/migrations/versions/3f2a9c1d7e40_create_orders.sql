-- Create the orders table
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    number VARCHAR(20) NOT NULL,
    state TEXT NOT NULL DEFAULT 'open',
    CONSTRAINT ck_orders_state CHECK (state IN ('open', 'paid', 'sent'))
);
CREATE UNIQUE INDEX ux_orders_number ON orders (number);

-- @downgrade
DROP TABLE orders;
