-- Create the orders table
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
CREATE TYPE order_state AS ENUM ('open', 'paid', 'sent');
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    state orders_state NOT NULL
);

-- @downgrade
DROP TABLE orders;
DROP TYPE order_state;
