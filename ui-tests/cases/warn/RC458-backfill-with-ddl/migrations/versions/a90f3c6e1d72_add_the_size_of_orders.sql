-- Add the size of orders
--
-- revision: a90f3c6e1d72
-- down_revision: 7d20b9e8c415
-- created: 2026-03-09T09:15:00Z

-- @upgrade
ALTER TABLE orders ADD COLUMN size INTEGER;
UPDATE orders SET size = length(note);

-- @downgrade
ALTER TABLE orders DROP COLUMN size;
