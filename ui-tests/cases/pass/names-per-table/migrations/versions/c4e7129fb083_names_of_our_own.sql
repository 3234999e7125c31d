-- Names of our own, where the server made some up
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-16T08:40:52Z

-- @upgrade
ALTER TABLE customers RENAME INDEX email TO uq_customers_email;
ALTER TABLE orders DROP FOREIGN KEY orders_ibfk_1;
ALTER TABLE orders DROP INDEX customer_id;
ALTER TABLE orders ADD CONSTRAINT fk_orders_customer_id FOREIGN KEY (customer_id) REFERENCES customers (id);
DROP INDEX ix_name ON orders;
CREATE UNIQUE INDEX ix_name ON orders (name);

-- @downgrade
DROP INDEX ix_name ON orders;
CREATE INDEX ix_name ON orders (name);
ALTER TABLE orders DROP FOREIGN KEY fk_orders_customer_id;
ALTER TABLE orders DROP INDEX fk_orders_customer_id;
ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers (id);
ALTER TABLE customers RENAME INDEX uq_customers_email TO email;
