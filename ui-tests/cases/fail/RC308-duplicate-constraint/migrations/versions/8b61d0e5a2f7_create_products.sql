-- Create the products table
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
CREATE TABLE products (
    id INTEGER PRIMARY KEY,
    price NUMERIC(12, 2) NOT NULL,
    CONSTRAINT ck_products_price CHECK (price >= 0)
);

-- @downgrade
DROP TABLE products;
