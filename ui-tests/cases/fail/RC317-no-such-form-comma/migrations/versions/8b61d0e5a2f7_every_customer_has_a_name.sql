-- Every customer has a name
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade postgres
ALTER TABLE customers ALTER COLUMN name SET NOT NULL,,;

-- @upgrade mysql
ALTER TABLE customers MODIFY name VARCHAR(200) NOT NULL;

-- @downgrade postgres
ALTER TABLE customers ALTER COLUMN name DROP NOT NULL;

-- @downgrade mysql
ALTER TABLE customers MODIFY name VARCHAR(200) NULL;
