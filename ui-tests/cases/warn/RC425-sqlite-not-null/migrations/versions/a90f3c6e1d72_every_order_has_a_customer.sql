-- Every order has a customer
--
-- revision: a90f3c6e1d72
-- down_revision: 7d20b9e8c415
-- created: 2026-03-09T09:15:00Z

-- @upgrade; rebuild
CREATE TABLE orders_new (
    id BIGINT PRIMARY KEY,
    customer BIGINT NOT NULL
);
INSERT INTO orders_new (id, customer) SELECT id, customer FROM orders;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;

-- @downgrade; rebuild
CREATE TABLE orders_new (
    id BIGINT PRIMARY KEY,
    customer BIGINT
);
INSERT INTO orders_new (id, customer) SELECT id, customer FROM orders;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;
