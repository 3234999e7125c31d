-- Everything that a section can say
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-02T09:15:00Z

-- @upgrade postgres ; no-transaction
CREATE INDEX CONCURRENTLY ix_customers_name ON customers (name);
VACUUM customers;

-- @upgrade mysql
CREATE INDEX ix_customers_name ON customers (name);

-- @upgrade sqlite;rebuild
CREATE TABLE customers_new (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL DEFAULT ''
);
INSERT INTO customers_new (id, name) SELECT id, name FROM customers;
DROP TABLE customers;
ALTER TABLE customers_new RENAME TO customers;

-- @upgrade postgres, sqlite; repeat: 5000
UPDATE customers SET name = trim(name)
WHERE id IN (SELECT id FROM customers WHERE name <> trim(name) LIMIT 5000);

-- @upgrade mysql; repeat:5000
UPDATE customers SET name = trim(name) WHERE name <> trim(name) LIMIT 5000;

-- @downgrade;irreversible: the blanks; are not kept: ask the backup
