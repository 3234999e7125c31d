-- Create the deliveries table
--
-- revision: e12f84c6d95a
-- down_revision: 5d90e3b7a16c
-- created: 2026-04-14T16:40:03Z

-- @upgrade
CREATE TYPE delivery_state AS ENUM ('packed', 'sent');
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL,
    state delivery_state
);
CREATE TABLE parcels (
    id INTEGER PRIMARY KEY,
    delivery_id INTEGER NOT NULL REFERENCES deliveries (id)
);

-- @downgrade
DROP TABLE deliveries CASCADE;
DROP TABLE parcels;
DROP TYPE delivery_state;
