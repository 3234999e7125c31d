-- Create the invoices
--
-- revision: 90e2d7a4b61f
-- down_revision: c17a5e3b9d04
-- created: 2026-03-31T09:15:00Z

-- @upgrade
CREATE TABLE invoices (
    id INTEGER PRIMARY KEY
);

ALTER TABLE invoices ADD COLUMN number BIGINT GENERATED ALWAYS AS IDENTITY;
ALTER TABLE invoices ADD COLUMN twice BIGINT GENERATED ALWAYS AS (id * 2) STORED;
ALTER TABLE invoices ADD COLUMN billed BIGINT NOT NULL;
ALTER TABLE invoices ALTER COLUMN billed TYPE TEXT;

-- @downgrade
DROP TABLE invoices;
