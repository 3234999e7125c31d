-- Allow fractions of credit
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade sqlite; rebuild
CREATE TABLE customers_new (
    id INTEGER PRIMARY KEY,
    email VARCHAR(200) NOT NULL,
    credit REAL NOT NULL
);
INSERT INTO customers_new (id, email, credit) SELECT id, email, credit FROM customers;
DROP TABLE customers;
ALTER TABLE customers_new RENAME TO customers;

-- @downgrade sqlite; rebuild
CREATE TABLE customers_old (
    id INTEGER PRIMARY KEY,
    email VARCHAR(200) NOT NULL,
    credit INTEGER NOT NULL
);
INSERT INTO customers_new (id, email, credit) SELECT id, email, credit FROM customers;
DROP TABLE customers;
ALTER TABLE customers_old RENAME TO customers;
