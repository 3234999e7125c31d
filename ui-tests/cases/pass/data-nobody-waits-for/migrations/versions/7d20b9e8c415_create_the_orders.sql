-- Create the orders
--
-- revision: 7d20b9e8c415
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE orders (
    id BIGINT PRIMARY KEY,
    customer BIGINT NOT NULL,
    note TEXT
);
CREATE TABLE lines (
    id BIGINT PRIMARY KEY,
    order_id BIGINT NOT NULL REFERENCES orders (id)
);
CREATE DOMAIN mail AS TEXT;
CREATE TABLE users (
    id BIGINT PRIMARY KEY,
    mail mail
);

-- @downgrade
DROP TABLE users;
DROP DOMAIN mail;
DROP TABLE lines;
DROP TABLE orders;
