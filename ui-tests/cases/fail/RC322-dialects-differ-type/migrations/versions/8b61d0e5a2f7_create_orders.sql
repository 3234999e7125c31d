-- Create the orders table
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade postgres
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    total NUMERIC(12, 2) NOT NULL,
    ordered_at TIMESTAMPTZ NOT NULL
);

-- @upgrade mysql
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    total DECIMAL(12, 2) NOT NULL,
    ordered_at TIME NOT NULL
);

-- @downgrade
DROP TABLE orders;
