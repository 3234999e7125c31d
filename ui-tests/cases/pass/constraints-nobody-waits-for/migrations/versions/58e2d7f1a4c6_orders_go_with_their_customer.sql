-- Orders go with their customer
--
-- revision: 58e2d7f1a4c6
-- down_revision: c36a0e5d8b91
-- created: 2026-04-06T09:15:00Z

-- @upgrade
ALTER TABLE orders
    DROP CONSTRAINT orders_customer_fkey,
    ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer) REFERENCES customers (id) ON DELETE CASCADE NOT VALID;

-- @downgrade
ALTER TABLE orders
    DROP CONSTRAINT orders_customer_fkey,
    ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer) REFERENCES customers (id);
