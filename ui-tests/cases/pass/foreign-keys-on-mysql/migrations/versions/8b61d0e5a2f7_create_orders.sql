-- Create the orders table
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
CREATE TABLE orders (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    -- The same type in other words.
    customer_id INT(10) UNSIGNED NOT NULL,
    -- The beginning of a unique key, and an index that is not unique: MariaDB takes them, and MySQL if it is told to.
    shop_id INTEGER NOT NULL,
    customer_name VARCHAR(100) NOT NULL,
    KEY ix_orders_customer_id (customer_id),
    FOREIGN KEY (customer_id) REFERENCES customers (id),
    FOREIGN KEY (shop_id) REFERENCES customers (shop_id),
    FOREIGN KEY (customer_name) REFERENCES customers (name)
);

-- @downgrade
DROP TABLE orders;
