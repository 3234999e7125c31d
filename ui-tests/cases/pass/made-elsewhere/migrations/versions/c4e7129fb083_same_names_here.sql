-- The same names, in the schema that everybody uses
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-16T08:40:52Z

-- @upgrade
CREATE TYPE state AS ENUM ('active', 'gone');
CREATE INDEX ix_customers_name ON customers (name);
ALTER TABLE customers ADD COLUMN state state NOT NULL DEFAULT 'active';

-- @downgrade
ALTER TABLE customers DROP COLUMN state;
DROP INDEX ix_customers_name;
DROP TYPE state;
