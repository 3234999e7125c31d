-- Create the orders table
--
-- revision: 3f2a9c1d7e40
-- down_revision: base

-- @upgrade
CREATE TYPE order_state AS ENUM ('open', 'paid');
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    state order_state NOT NULL DEFAULT 'open',
    parcel text
);

-- @downgrade
DROP TABLE orders;
DROP TYPE order_state;
