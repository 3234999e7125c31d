-- Customers have an e-mail address
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade postgres
ALTER TABLE IF EXISTS clients ADD COLUMN email VARCHAR(320);
ALTER TABLE customers ADD COLUMN IF NOT EXISTS email VARCHAR(320);
ALTER TABLE customers ADD COLUMN IF NOT EXISTS email VARCHAR(320);
ALTER TABLE customers DROP COLUMN IF EXISTS e_mail;
ALTER TABLE customers DROP CONSTRAINT IF EXISTS customers_email_key;
DROP INDEX IF EXISTS idx_customers_email;
CREATE INDEX IF NOT EXISTS ix_customers_email ON customers (email);
CREATE INDEX IF NOT EXISTS ix_customers_email ON customers (email);
DROP TYPE IF EXISTS address_kind;
DROP DOMAIN IF EXISTS address;

-- @upgrade sqlite
ALTER TABLE customers ADD COLUMN email VARCHAR(320);
DROP INDEX IF EXISTS idx_customers_email;
CREATE INDEX IF NOT EXISTS ix_customers_email ON customers (email);
CREATE INDEX IF NOT EXISTS ix_customers_email ON customers (email);

-- @upgrade mysql
ALTER TABLE customers ADD COLUMN email VARCHAR(320);
CREATE INDEX ix_customers_email ON customers (email);

-- @downgrade postgres
DROP INDEX IF EXISTS ix_customers_email;
ALTER TABLE customers DROP COLUMN IF EXISTS email;
DROP INDEX IF EXISTS ix_customers_email;

-- @downgrade sqlite
DROP INDEX IF EXISTS ix_customers_email;
ALTER TABLE customers DROP COLUMN email;

-- @downgrade mysql
DROP INDEX ix_customers_email ON customers;
ALTER TABLE customers DROP COLUMN email;
