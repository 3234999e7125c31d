-- An index goes with its last column
--
-- revision: d90b6f3e8a15
-- down_revision: c4e7129fb083
-- created: 2026-04-01T11:27:38Z

-- @upgrade
ALTER TABLE invoices DROP COLUMN name, ADD COLUMN title VARCHAR(200) NOT NULL;
CREATE INDEX ix_name ON invoices (title);

-- @downgrade; irreversible: the names are gone
