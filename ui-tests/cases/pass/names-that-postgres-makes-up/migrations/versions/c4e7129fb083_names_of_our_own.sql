-- Constraints get names of our own
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-16T08:40:52Z

-- @upgrade
ALTER TABLE customers RENAME CONSTRAINT customers_name_check TO ck_customers_name;
ALTER TABLE customers RENAME CONSTRAINT customers_email_key TO uq_customers_email;
ALTER INDEX customers_pkey RENAME TO pk_customers;
ALTER INDEX customers_name_idx RENAME TO ix_customers_name;
ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey;
ALTER TABLE orders ADD CONSTRAINT fk_orders_customer_id FOREIGN KEY (customer_id) REFERENCES customers (id);

-- @downgrade
ALTER TABLE orders DROP CONSTRAINT fk_orders_customer_id;
ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers (id);
ALTER INDEX ix_customers_name RENAME TO customers_name_idx;
ALTER INDEX pk_customers RENAME TO customers_pkey;
ALTER TABLE customers RENAME CONSTRAINT uq_customers_email TO customers_email_key;
ALTER TABLE customers RENAME CONSTRAINT ck_customers_name TO customers_name_check;
