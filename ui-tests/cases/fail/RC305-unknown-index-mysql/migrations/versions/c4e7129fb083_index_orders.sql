-- Orders are looked up by day
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-16T08:40:52Z

-- @upgrade
CREATE INDEX ix_orders_placed_on ON orders (placed_on);

-- @downgrade
DROP INDEX ix_orders_placed_on ON customers;
