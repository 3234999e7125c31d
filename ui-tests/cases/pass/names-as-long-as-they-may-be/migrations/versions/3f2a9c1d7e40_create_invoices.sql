-- Create the invoices table
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade postgres
CREATE TABLE invoices (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL,
    billing_address_id INTEGER NOT NULL,
    due_date DATE NOT NULL,
    payment_state VARCHAR(20) NOT NULL,
    -- 31 of two bytes each, and one: 63
    CONSTRAINT "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüx" CHECK (due_date > '2000-01-01')
);
-- 63 bytes
CREATE INDEX ix_invoices_customer_id_billing_address_id_due_date_payment_sta
    ON invoices (customer_id, billing_address_id, due_date, payment_state);

-- @upgrade mysql
CREATE TABLE invoices (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL,
    billing_address_id INTEGER NOT NULL,
    due_date DATE NOT NULL,
    payment_state VARCHAR(20) NOT NULL
);
-- 64 characters, in 71 bytes
CREATE INDEX `ix_rechnungen_für_kunden_über_zahlungsausstände_und_fällige_betr`
    ON invoices (customer_id, billing_address_id);

-- @downgrade
DROP TABLE invoices;
