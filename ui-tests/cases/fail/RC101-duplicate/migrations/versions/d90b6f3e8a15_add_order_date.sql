-- Date the orders
--
-- revision: d90b6f3e8a15
-- down_revision: c4e7129fb083
-- created: 2026-03-02T09:15:00Z

-- @upgrade
ALTER TABLE orders ADD COLUMN placed DATE;

-- @downgrade
ALTER TABLE orders DROP COLUMN placed;
