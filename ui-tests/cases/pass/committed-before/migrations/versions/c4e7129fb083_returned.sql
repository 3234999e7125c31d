-- Orders are returned, and have a priority
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7

-- @upgrade
ALTER TYPE order_state ADD VALUE 'returned';
UPDATE orders SET parcel = 'returned' WHERE state = 'shipped' AND parcel = 'back';
CREATE TYPE priority AS ENUM ('low', 'high');
CREATE TABLE urgent (
    id bigint PRIMARY KEY,
    order_id bigint REFERENCES orders DEFERRABLE INITIALLY DEFERRED,
    priority priority NOT NULL DEFAULT 'high'
);
INSERT INTO urgent (id, priority) VALUES (1, 'low');
SET CONSTRAINTS ALL IMMEDIATE;
CREATE INDEX ix_urgent_order_id ON urgent (order_id);

-- @downgrade; irreversible: a value can't be taken out again
