-- Join orders and customers
--
-- revision: a90f3c6e1d72
-- down_revision: 7d20b9e8c415
-- created: 2026-03-09T09:15:00Z

-- @upgrade
ALTER TABLE orders
    ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer) REFERENCES customers (id);

-- @downgrade
ALTER TABLE orders DROP FOREIGN KEY orders_customer_fkey;
