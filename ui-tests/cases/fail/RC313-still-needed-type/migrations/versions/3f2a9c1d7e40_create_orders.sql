-- Create the orders table
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TYPE order_state AS ENUM ('open', 'paid', 'sent');
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    state order_state NOT NULL DEFAULT 'open'
);

-- @downgrade
DROP TYPE order_state;
DROP TABLE orders;
