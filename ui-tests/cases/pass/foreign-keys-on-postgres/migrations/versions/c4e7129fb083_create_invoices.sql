-- Create the invoices table
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-20T08:30:00Z

-- @upgrade
CREATE TABLE invoices (
    id UUID PRIMARY KEY,
    order_id BIGINT NOT NULL,
    customer_number BIGINT NOT NULL
);
-- Unique in the statement before the one that needs it.
ALTER TABLE orders ADD CONSTRAINT uq_orders_customer_number UNIQUE (customer_number, id);
ALTER TABLE invoices
    ADD CONSTRAINT fk_invoices_orders
    FOREIGN KEY (order_id, customer_number) REFERENCES orders (id, customer_number);

-- @downgrade
DROP TABLE invoices;
ALTER TABLE orders DROP CONSTRAINT uq_orders_customer_number;
