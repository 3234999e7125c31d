-- Orders have a year
--
-- revision: 5d90e3b7a16c
-- down_revision: c4e7129fb083
-- created: 2026-04-01T10:12:45Z

-- @upgrade
ALTER TABLE orders ADD COLUMN year INTEGER;
CREATE INDEX ix_orders_year ON orders (year);

-- @downgrade
-- The index goes with its column.
ALTER TABLE orders DROP COLUMN year;
