-- Orders outlive their customers
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-16T08:40:52Z

-- @upgrade
ALTER TABLE orders DROP CONSTRAINT fk_orders_customer_id;

-- @downgrade
ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers (id);
