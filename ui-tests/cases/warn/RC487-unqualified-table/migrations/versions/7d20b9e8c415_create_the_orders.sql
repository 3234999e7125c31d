-- Create the orders
--
-- revision: 7d20b9e8c415
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE orders (
    id BIGINT PRIMARY KEY
);

-- @downgrade; irreversible: it is the first
