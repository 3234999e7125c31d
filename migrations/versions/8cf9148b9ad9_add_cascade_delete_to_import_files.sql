-- add_cascade_delete_to_import_files
--
-- What a foreign key does on delete cannot be altered: the key is dropped and made again. The baseline left its name to
-- the database, and it may have been renamed since, so the name is looked up first, and kept.
--
-- revision: 8cf9148b9ad9
-- down_revision: 53994db980f1
-- created: 2025-12-12T11:48:53Z

-- @upgrade postgres
-- @replay ALTER TABLE import_files DROP CONSTRAINT import_files_import_id_fkey, ADD CONSTRAINT import_files_import_id_fkey
--     FOREIGN KEY (import_id) REFERENCES imports (id) ON DELETE CASCADE;
DO $$
DECLARE
    -- The first by name, where there are several. Where there is none, the name that the baseline's key has: then the
    -- statement below fails and says which constraint it misses.
    key_name name := coalesce(
        (SELECT con.conname
         FROM pg_constraint AS con
         JOIN pg_attribute AS att ON att.attrelid = con.conrelid AND att.attname = 'import_id'
         WHERE con.contype = 'f'
           AND con.conrelid = 'import_files'::regclass
           AND con.confrelid = 'imports'::regclass
           AND con.conkey = ARRAY[att.attnum]
         ORDER BY con.conname
         LIMIT 1),
        'import_files_import_id_fkey');
BEGIN
    EXECUTE format(
        'ALTER TABLE import_files'
        ' DROP CONSTRAINT %1$I,'
        ' ADD CONSTRAINT %1$I FOREIGN KEY (import_id) REFERENCES imports (id) ON DELETE CASCADE',
        key_name);
END
$$;

-- @upgrade mysql
-- The same look-up. A name cannot be a parameter, so the statements are put together as text. There are two, because
-- MySQL refuses to drop a key and add one of the same name in a single ALTER TABLE.
SET @key_name = COALESCE(
    (SELECT MIN(col.CONSTRAINT_NAME)
     FROM information_schema.KEY_COLUMN_USAGE AS col
     WHERE col.TABLE_SCHEMA = DATABASE()
       AND col.TABLE_NAME = 'import_files'
       AND col.COLUMN_NAME = 'import_id'
       AND col.REFERENCED_TABLE_NAME = 'imports'),
    'import_files_import_id_fkey');
SET @drop_key = CONCAT('ALTER TABLE import_files DROP FOREIGN KEY `', REPLACE(@key_name, '`', '``'), '`');
SET @add_key = CONCAT(
    'ALTER TABLE import_files ADD CONSTRAINT `', REPLACE(@key_name, '`', '``'),
    '` FOREIGN KEY (import_id) REFERENCES imports (id) ON DELETE CASCADE');
PREPARE drop_key FROM @drop_key;
-- @replay ALTER TABLE import_files DROP FOREIGN KEY import_files_ibfk_1;
EXECUTE drop_key;
DEALLOCATE PREPARE drop_key;
PREPARE add_key FROM @add_key;
-- @replay ALTER TABLE import_files ADD CONSTRAINT import_files_ibfk_1 FOREIGN KEY (import_id) REFERENCES imports (id) ON DELETE CASCADE;
EXECUTE add_key;
DEALLOCATE PREPARE add_key;

-- @upgrade sqlite; rebuild
-- A key without a name, as the baseline has it, cannot be told from another later: here it gets the name that it has on
-- PostgreSQL.
CREATE TABLE import_files_new (
    id CHAR(32) NOT NULL,
    import_id CHAR(32) NOT NULL,
    content BLOB,
    PRIMARY KEY (id),
    CONSTRAINT import_files_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports (id) ON DELETE CASCADE,
    UNIQUE (id)
);
INSERT INTO import_files_new (id, import_id, content) SELECT id, import_id, content FROM import_files;
DROP TABLE import_files;
ALTER TABLE import_files_new RENAME TO import_files;
CREATE INDEX ix_import_files_import_id ON import_files (import_id);

-- @downgrade postgres
-- @replay ALTER TABLE import_files DROP CONSTRAINT import_files_import_id_fkey, ADD CONSTRAINT import_files_import_id_fkey
--     FOREIGN KEY (import_id) REFERENCES imports (id);
DO $$
DECLARE
    key_name name := coalesce(
        (SELECT con.conname
         FROM pg_constraint AS con
         JOIN pg_attribute AS att ON att.attrelid = con.conrelid AND att.attname = 'import_id'
         WHERE con.contype = 'f'
           AND con.conrelid = 'import_files'::regclass
           AND con.confrelid = 'imports'::regclass
           AND con.conkey = ARRAY[att.attnum]
         ORDER BY con.conname
         LIMIT 1),
        'import_files_import_id_fkey');
BEGIN
    EXECUTE format(
        'ALTER TABLE import_files'
        ' DROP CONSTRAINT %1$I,'
        ' ADD CONSTRAINT %1$I FOREIGN KEY (import_id) REFERENCES imports (id)',
        key_name);
END
$$;

-- @downgrade mysql
SET @key_name = COALESCE(
    (SELECT MIN(col.CONSTRAINT_NAME)
     FROM information_schema.KEY_COLUMN_USAGE AS col
     WHERE col.TABLE_SCHEMA = DATABASE()
       AND col.TABLE_NAME = 'import_files'
       AND col.COLUMN_NAME = 'import_id'
       AND col.REFERENCED_TABLE_NAME = 'imports'),
    'import_files_import_id_fkey');
SET @drop_key = CONCAT('ALTER TABLE import_files DROP FOREIGN KEY `', REPLACE(@key_name, '`', '``'), '`');
SET @add_key = CONCAT(
    'ALTER TABLE import_files ADD CONSTRAINT `', REPLACE(@key_name, '`', '``'),
    '` FOREIGN KEY (import_id) REFERENCES imports (id)');
PREPARE drop_key FROM @drop_key;
-- @replay ALTER TABLE import_files DROP FOREIGN KEY import_files_ibfk_1;
EXECUTE drop_key;
DEALLOCATE PREPARE drop_key;
PREPARE add_key FROM @add_key;
-- @replay ALTER TABLE import_files ADD CONSTRAINT import_files_ibfk_1 FOREIGN KEY (import_id) REFERENCES imports (id);
EXECUTE add_key;
DEALLOCATE PREPARE add_key;

-- @downgrade sqlite; rebuild
CREATE TABLE import_files_new (
    id CHAR(32) NOT NULL,
    import_id CHAR(32) NOT NULL,
    content BLOB,
    PRIMARY KEY (id),
    FOREIGN KEY (import_id) REFERENCES imports (id),
    UNIQUE (id)
);
INSERT INTO import_files_new (id, import_id, content) SELECT id, import_id, content FROM import_files;
DROP TABLE import_files;
ALTER TABLE import_files_new RENAME TO import_files;
CREATE INDEX ix_import_files_import_id ON import_files (import_id);
