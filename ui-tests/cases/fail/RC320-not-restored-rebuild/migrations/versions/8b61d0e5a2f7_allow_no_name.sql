-- Names may be missing
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade; rebuild
CREATE TABLE customers_new (
    id INTEGER PRIMARY KEY,
    name VARCHAR(200)
);
INSERT INTO customers_new (id, name) SELECT id, name FROM customers;
DROP TABLE customers;
ALTER TABLE customers_new RENAME TO customers;

-- @downgrade; rebuild
CREATE TABLE customers_new (
    id INTEGER PRIMARY KEY,
    name VARCHAR(200) NOT NULL
);
INSERT INTO customers_new (id, name) SELECT id, coalesce(name, '') FROM customers;
DROP TABLE customers;
ALTER TABLE customers_new RENAME TO customers;
