-- Invoices, with types of an extension and of another schema
--
-- revision: d90b6f3e8a15
-- down_revision: c4e7129fb083
-- created: 2026-04-01T11:27:38Z

-- @upgrade
CREATE EXTENSION IF NOT EXISTS citext;
CREATE TABLE invoices (
    id INTEGER PRIMARY KEY,
    number CITEXT NOT NULL,
    total billing.money_amount NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES crm.customers (id)
);
ALTER TABLE billing.totals ADD COLUMN invoice_id INTEGER;

-- @downgrade; irreversible: an invoice is kept for ten years
