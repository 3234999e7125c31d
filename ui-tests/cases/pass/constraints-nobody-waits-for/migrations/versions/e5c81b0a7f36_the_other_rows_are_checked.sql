-- The other rows are checked
--
-- revision: e5c81b0a7f36
-- down_revision: a90f3c6e1d72
-- created: 2026-03-16T09:15:00Z

-- @upgrade
ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_fkey;
ALTER TABLE orders VALIDATE CONSTRAINT orders_amount_check;

-- @downgrade
ALTER TABLE orders DROP CONSTRAINT orders_amount_check, DROP CONSTRAINT orders_customer_fkey;
ALTER TABLE orders
    ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer) REFERENCES customers (id) NOT VALID,
    ADD CONSTRAINT orders_amount_check CHECK (amount > 0) NOT VALID;
