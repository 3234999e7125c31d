-- A name is never missing
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-02T09:15:00Z

-- @upgrade sqlite; rebuild
PRAGMA foreign_keys = OFF;
CREATE TABLE customers_new (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL DEFAULT ''
);
INSERT INTO customers_new (id, name) SELECT id, name FROM customers;
DROP TABLE customers;
ALTER TABLE customers_new RENAME TO customers;
PRAGMA foreign_keys = ON;

-- @upgrade
PRAGMA foreign_keys;
PRAGMA user_version = 3;

-- @downgrade; irreversible: the default does no harm
