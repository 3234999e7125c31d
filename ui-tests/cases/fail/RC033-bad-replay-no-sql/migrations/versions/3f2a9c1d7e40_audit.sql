-- Write down who changes what
--
-- revision: 3f2a9c1d7e40
-- down_revision: base

-- @upgrade
-- @replay CREATE TABLE audit (id bigint PRIMARY KEY);
-- one for each database
DO $$ BEGIN EXECUTE 'CREATE TABLE audit (id bigint PRIMARY KEY) TABLESPACE ' || current_database(); END $$;

-- @downgrade
DROP TABLE audit;
