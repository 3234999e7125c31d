-- Create the orders table
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    number VARCHAR(20) NOT NULL,
    total NUMERIC(12, 2) NOT NULL
);

-- @downgrade
DROP TABLE orders;
