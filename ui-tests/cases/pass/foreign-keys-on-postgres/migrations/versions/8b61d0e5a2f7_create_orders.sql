-- Create the orders table
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
CREATE TABLE orders (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id SMALLINT NOT NULL,
    customer_id BIGINT NOT NULL,
    -- Integers of other sizes compare, and an integer with a number.
    customer_number INTEGER NOT NULL REFERENCES customers (number),
    customer_tax_number BIGINT REFERENCES customers (tax_number),
    -- So do texts of other lengths.
    customer_email TEXT REFERENCES customers (email),
    -- A table may refer to itself, before it is whole.
    replaces_id INTEGER REFERENCES orders,
    -- The key's columns in another order.
    FOREIGN KEY (customer_id, shop_id) REFERENCES customers (id, shop_id)
);

-- @downgrade
DROP TABLE orders;
