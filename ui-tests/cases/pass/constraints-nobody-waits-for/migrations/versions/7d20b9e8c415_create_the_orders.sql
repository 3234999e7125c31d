-- Create the orders
--
-- revision: 7d20b9e8c415
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE customers (
    id BIGINT PRIMARY KEY
);

CREATE TABLE orders (
    id BIGINT NOT NULL,
    customer BIGINT NOT NULL,
    amount BIGINT NOT NULL
);

CREATE TABLE bookings (
    room BIGINT NOT NULL,
    during TSRANGE NOT NULL,
    EXCLUDE USING gist (room WITH =, during WITH &&)
);

-- @downgrade
DROP TABLE bookings;
DROP TABLE orders;
DROP TABLE customers;
