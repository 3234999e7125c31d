-- Orders belong to a customer
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-20T08:30:00Z

-- @upgrade
ALTER TABLE orders ADD COLUMN customer_id INT NULL;
ALTER TABLE orders ADD CONSTRAINT fk_orders_customers FOREIGN KEY (customer_id) REFERENCES customers (id);

-- @downgrade
ALTER TABLE orders DROP FOREIGN KEY fk_orders_customers;
ALTER TABLE orders DROP COLUMN customer_id;
