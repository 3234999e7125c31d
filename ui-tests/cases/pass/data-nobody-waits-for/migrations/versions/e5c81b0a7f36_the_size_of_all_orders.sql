-- The size of all orders
--
-- revision: e5c81b0a7f36
-- down_revision: a90f3c6e1d72
-- created: 2026-03-16T09:15:00Z

-- @upgrade; repeat: 5000
UPDATE orders SET size = length(note) WHERE id IN (SELECT id FROM orders WHERE size IS NULL LIMIT 5000);

-- @downgrade
-- The sizes stay.
