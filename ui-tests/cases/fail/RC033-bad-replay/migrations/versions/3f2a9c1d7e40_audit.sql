-- Write down who changes what
--
-- revision: 3f2a9c1d7e40
-- down_revision: base

-- @upgrade
DO $$ BEGIN EXECUTE 'CREATE TABLE audit_' || current_database() || ' (id bigint)'; END $$;
-- @replay nothing

-- @downgrade; irreversible: what was written down stays
