-- Create the orders table
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade postgres
CREATE TYPE order_state AS ENUM ('open', 'paid', 'sent');
CREATE TABLE orders (
    id BIGSERIAL PRIMARY KEY,
    customer_id UUID NOT NULL REFERENCES customers ON DELETE CASCADE,
    state order_state NOT NULL DEFAULT 'open',
    total NUMERIC(12, 2) NOT NULL,
    weight DOUBLE PRECISION,
    due_on DATE
);
CREATE INDEX ix_orders_open ON orders (customer_id) WHERE state = 'open';

-- @upgrade mysql
CREATE TABLE orders (
    id BIGINT AUTO_INCREMENT PRIMARY KEY,
    customer_id CHAR(36) NOT NULL,
    state ENUM('open', 'paid', 'sent') NOT NULL DEFAULT 'open',
    total DECIMAL(12, 2) NOT NULL,
    weight DOUBLE,
    due_on DATE,
    KEY ix_orders_customer_id (customer_id),
    CONSTRAINT fk_orders_customers FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
);

-- @upgrade sqlite
CREATE TABLE orders (
    due_on TEXT,
    customer_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'paid', 'sent')),
    total TEXT NOT NULL,
    weight REAL,
    id INTEGER PRIMARY KEY,
    FOREIGN KEY (customer_id) REFERENCES customers (id) ON UPDATE RESTRICT ON DELETE CASCADE
);

-- @downgrade postgres
DROP TABLE orders;
DROP TYPE order_state;

-- @downgrade mysql, sqlite
DROP TABLE orders;
