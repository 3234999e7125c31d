-- Create the invoices table
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-02T09:15:00Z

-- @upgrade
\set ON_ERROR_STOP on
CREATE TABLE invoices (id BIGINT PRIMARY KEY);

-- @downgrade
DROP TABLE invoices;
