-- enforce_import_created_not_null_and_add_cleanup
--
-- revision: 53994db980f1
-- down_revision: fc3df1d9ee4e
-- created: 2025-12-12T11:44:35Z

-- @upgrade
-- First the rows that would break the rule, then the rule. An import of unknown age counts as made now.
UPDATE imports SET created = CURRENT_TIMESTAMP WHERE created IS NULL;

-- @upgrade postgres
ALTER TABLE imports
    ALTER COLUMN created SET NOT NULL,
    ALTER COLUMN created SET DEFAULT now();

-- @upgrade mysql
ALTER TABLE imports MODIFY COLUMN created DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6);

-- @upgrade sqlite; rebuild
-- SQLite cannot change a column: the table is made anew and takes the old one's rows, name and indexes. The order
-- matters: the new table gets the old name, never the other way round, or import_files would follow the old table away.
-- With foreign keys on, DROP TABLE would delete the rows first, and what refers to them with ON DELETE CASCADE would go
-- too, without an error: `rebuild` switches them off before the transaction, where alone that has an effect.
CREATE TABLE imports_new (
    id CHAR(32) NOT NULL,
    filename TEXT,
    format TEXT,
    data JSON,
    status TEXT,
    created DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (id)
);
INSERT INTO imports_new (id, filename, format, data, status, created)
    SELECT id, filename, format, data, status, created FROM imports;
DROP TABLE imports;
ALTER TABLE imports_new RENAME TO imports;
CREATE INDEX ix_imports_created ON imports (created);
CREATE INDEX ix_imports_filename ON imports (filename);
CREATE INDEX ix_imports_format ON imports (format);
CREATE INDEX ix_imports_status ON imports (status);

-- @downgrade postgres
-- The values that were filled in stay: nobody can tell them from others.
ALTER TABLE imports
    ALTER COLUMN created DROP DEFAULT,
    ALTER COLUMN created DROP NOT NULL;

-- @downgrade mysql
ALTER TABLE imports MODIFY COLUMN created DATETIME(6);

-- @downgrade sqlite; rebuild
CREATE TABLE imports_new (
    id CHAR(32) NOT NULL,
    filename TEXT,
    format TEXT,
    data JSON,
    status TEXT,
    created DATETIME,
    PRIMARY KEY (id),
    UNIQUE (id)
);
INSERT INTO imports_new (id, filename, format, data, status, created)
    SELECT id, filename, format, data, status, created FROM imports;
DROP TABLE imports;
ALTER TABLE imports_new RENAME TO imports;
CREATE INDEX ix_imports_created ON imports (created);
CREATE INDEX ix_imports_filename ON imports (filename);
CREATE INDEX ix_imports_format ON imports (format);
CREATE INDEX ix_imports_status ON imports (status);
