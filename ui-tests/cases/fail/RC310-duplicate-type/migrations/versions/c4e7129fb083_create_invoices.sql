-- Create the invoices table
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-16T08:40:52Z

-- @upgrade
CREATE TYPE state AS ENUM ('draft', 'final');
CREATE TABLE invoices (
    id INTEGER PRIMARY KEY,
    state state NOT NULL
);

-- @downgrade
DROP TABLE invoices;
DROP TYPE state;
