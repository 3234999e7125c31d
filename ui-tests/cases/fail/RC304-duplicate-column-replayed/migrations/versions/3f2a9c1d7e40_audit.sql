-- Write down who changes what
--
-- revision: 3f2a9c1d7e40
-- down_revision: base

-- @upgrade
-- @replay
--     CREATE TABLE audit (
--         id bigint PRIMARY KEY,
--         at timestamptz
--     );
DO $$ BEGIN EXECUTE 'CREATE TABLE audit (id bigint PRIMARY KEY, at timestamptz) TABLESPACE ' || current_database(); END $$;

ALTER TABLE audit ADD COLUMN at timestamptz;

-- @downgrade
DROP TABLE audit;
