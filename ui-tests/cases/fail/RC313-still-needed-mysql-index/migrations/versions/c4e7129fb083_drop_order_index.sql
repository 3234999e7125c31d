-- Nobody looks for the orders of a customer
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-20T08:30:00Z

-- @upgrade
DROP INDEX ix_orders_customer_id ON orders;

-- @downgrade
CREATE INDEX ix_orders_customer_id ON orders (customer_id);
