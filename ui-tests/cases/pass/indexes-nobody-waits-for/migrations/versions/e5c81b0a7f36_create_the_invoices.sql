-- Create the invoices
--
-- revision: e5c81b0a7f36
-- down_revision: a90f3c6e1d72
-- created: 2026-03-16T09:15:00Z

-- @upgrade
CREATE TABLE invoices (
    id BIGINT PRIMARY KEY,
    billed BIGINT NOT NULL
);

CREATE INDEX ix_invoices_billed ON invoices (billed);

-- @downgrade
DROP TABLE invoices;
