-- Look orders up by customer and shop
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-20T08:30:00Z

-- @upgrade
-- The foreign key has the longer index, then.
CREATE INDEX ix_orders_customer_id_shop_id ON orders (customer_id, shop_id);
DROP INDEX ix_orders_customer_id ON orders;

-- @downgrade
CREATE INDEX ix_orders_customer_id ON orders (customer_id);
DROP INDEX ix_orders_customer_id_shop_id ON orders;
