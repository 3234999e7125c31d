-- Look customers up by their email
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
CREATE INDEX ix_customers_email ON customers (email);

-- @downgrade
DROP INDEX ix_customers_email;
