-- Orders can be cancelled, and customers are clients
--
-- revision: e1a5c7f03b92
-- down_revision: d90b6f3e8a15
-- created: 2026-04-13T16:05:09Z

-- @upgrade
ALTER TYPE order_state ADD VALUE IF NOT EXISTS 'paid';
ALTER TYPE order_state ADD VALUE 'cancelled' AFTER 'open';
ALTER TYPE order_state ADD VALUE IF NOT EXISTS 'cancelled';
ALTER TABLE customers RENAME TO clients;
ALTER TABLE clients RENAME COLUMN name TO full_name;
ALTER TABLE clients ADD COLUMN name VARCHAR(200);
CREATE TABLE customers (
    id INTEGER CONSTRAINT pk_customers_2 PRIMARY KEY
);
ALTER TABLE clients DROP CONSTRAINT ck_customers_name;

-- @downgrade; irreversible: a value cannot be dropped
