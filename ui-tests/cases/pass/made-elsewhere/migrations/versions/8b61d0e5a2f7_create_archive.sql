-- Old orders are kept in a schema of their own
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
CREATE SCHEMA archive;
CREATE TABLE archive.customers (
    id INTEGER PRIMARY KEY,
    name VARCHAR(200) NOT NULL
);
CREATE TYPE archive.state AS ENUM ('kept', 'deleted');
CREATE INDEX ix_customers_name ON archive.customers (name);
ALTER TABLE archive.customers ADD COLUMN state archive.state NOT NULL DEFAULT 'kept';

-- @downgrade
DROP TABLE archive.customers;
DROP TYPE archive.state;
DROP SCHEMA archive;
