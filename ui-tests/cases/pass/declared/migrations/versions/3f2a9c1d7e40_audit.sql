-- Write down who changes what
--
-- revision: 3f2a9c1d7e40
-- down_revision: base

-- @upgrade postgres
-- @replay
--     CREATE TABLE audit (
--         id bigint PRIMARY KEY,
--         at timestamptz
--     );
--
--     CREATE INDEX ix_audit_at ON audit (at);
--
-- The tablespace is named after the database.
DO $$ BEGIN
    EXECUTE 'CREATE TABLE audit (id bigint PRIMARY KEY, at timestamptz) TABLESPACE ' || current_database();
    EXECUTE 'CREATE INDEX ix_audit_at ON audit (at) TABLESPACE ' || current_database();
END $$;
-- @replay nothing
-- (It makes a table of its own, and drops it.)
CALL refresh_statistics();

-- @upgrade sqlite
CREATE TABLE audit (id BIGINT NOT NULL PRIMARY KEY, at TEXT);
CREATE INDEX ix_audit_at ON audit (at);

-- @downgrade
DROP TABLE audit;
