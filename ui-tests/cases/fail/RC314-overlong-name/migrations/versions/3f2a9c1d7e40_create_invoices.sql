-- Create the invoices table
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE invoices (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL,
    billing_address_id INTEGER NOT NULL,
    due_date DATE NOT NULL,
    payment_state VARCHAR(20) NOT NULL
);
CREATE INDEX ix_invoices_customer_id_billing_address_id_due_date_payment_state
    ON invoices (customer_id, billing_address_id, due_date, payment_state);

-- @downgrade
DROP TABLE invoices;
