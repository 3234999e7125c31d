-- Create the customers table, per shop
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE customers (
    shop_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    number BIGINT NOT NULL,
    email VARCHAR(200) NOT NULL,
    tax_number NUMERIC(11) UNIQUE,
    PRIMARY KEY (shop_id, id)
);
-- No constraint, but an index, which is as good.
CREATE UNIQUE INDEX ux_customers_number ON customers (number);
ALTER TABLE customers ADD CONSTRAINT uq_customers_email UNIQUE (email) INCLUDE (number);

-- @downgrade
DROP TABLE customers;
