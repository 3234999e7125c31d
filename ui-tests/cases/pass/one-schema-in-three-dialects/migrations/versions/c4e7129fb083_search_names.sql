-- Only one database can search names
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-20T08:30:00Z

-- @upgrade postgres
-- @allow RC322: the others search with LIKE
ALTER TABLE customers ADD COLUMN name_words TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', name)) STORED;
CREATE INDEX ix_customers_name_words ON customers USING gin (name_words);

-- @upgrade mysql, sqlite
-- @allow RC322: they search with LIKE
CREATE INDEX ix_customers_name ON customers (name);

-- @downgrade postgres
ALTER TABLE customers DROP COLUMN name_words;

-- @downgrade mysql
DROP INDEX ix_customers_name ON customers;

-- @downgrade sqlite
DROP INDEX ix_customers_name;
