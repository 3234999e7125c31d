-- Create the customers table
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE customers (
    id INTEGER UNSIGNED NOT NULL AUTO_INCREMENT,
    shop_id INT NOT NULL,
    name VARCHAR(200) NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    PRIMARY KEY (id),
    UNIQUE KEY ux_customers_shop_id_name (shop_id, name),
    KEY ix_customers_name (name)
);

-- @downgrade
DROP TABLE customers;
