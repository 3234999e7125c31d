-- Create the orders table
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL,
    name VARCHAR(200) NOT NULL,
    state ENUM ('open', 'paid') NOT NULL,
    KEY ix_name (name),
    FOREIGN KEY (customer_id) REFERENCES customers (id)
);
CREATE TABLE invoices (
    id INTEGER PRIMARY KEY,
    state ENUM ('open', 'paid') NOT NULL,
    name VARCHAR(200) NOT NULL
);
CREATE INDEX ix_name ON invoices (name);
CREATE INDEX state ON orders (state);
CREATE INDEX state ON invoices (state);

-- @downgrade
DROP TABLE invoices;
DROP TABLE orders;
