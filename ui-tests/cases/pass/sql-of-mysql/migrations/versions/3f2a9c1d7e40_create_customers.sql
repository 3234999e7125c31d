-- Create the customers table
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE customers (
    id BINARY(16) NOT NULL DEFAULT (uuid_to_bin(uuid())) PRIMARY KEY,
    name VARCHAR(200) CONSTRAINT customers_named CHECK (name <> '') NOT NULL,
    initial CHAR(1) AS (left(name, 1)) STORED NOT NULL,
    place POINT NOT NULL SRID 4326,
    offset INT NOT NULL DEFAULT 0,
    KEY customers_initial (initial) INVISIBLE,
    UNIQUE KEY customers_name ((lower(name)))
);
INSERT INTO customers (name, place) VALUES ('RETURNING', ST_SRID(POINT(1, 2), 4326)) AS new
    ON DUPLICATE KEY UPDATE name = new.name;

-- @downgrade
ALTER TABLE customers DROP CHECK customers_named;
DROP TABLE customers;
