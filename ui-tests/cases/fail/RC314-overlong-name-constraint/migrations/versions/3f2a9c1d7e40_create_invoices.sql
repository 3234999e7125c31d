-- Create the invoices table
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE invoices (
    id INTEGER PRIMARY KEY,
    net_amount NUMERIC(12, 2) NOT NULL,
    gross_amount NUMERIC(12, 2) NOT NULL,
    CONSTRAINT ck_invoices_gross_amount_is_greater_than_or_equal_to_the_net_amount CHECK (gross_amount >= net_amount)
);

-- @downgrade
DROP TABLE invoices;
