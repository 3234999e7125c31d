-- Create the orders table
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
CREATE TYPE order_state AS ENUM ('open', 'paid');
CREATE TABLE orders (
    id SERIAL PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    name VARCHAR(200) CONSTRAINT ck_name CHECK (name <> ''),
    state order_state NOT NULL
);
CREATE TABLE invoices (
    id SERIAL PRIMARY KEY,
    name VARCHAR(200) CONSTRAINT ck_name CHECK (name <> '')
);

-- @downgrade
DROP TABLE invoices;
DROP TABLE orders;
DROP TYPE order_state;
