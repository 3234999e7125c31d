-- Index the orders
--
-- revision: 1f4b7d2c9e80
-- down_revision: e5c81b0a7f36
-- created: 2026-03-23T09:15:00Z

-- @upgrade; no-transaction
ALTER TABLE orders ADD COLUMN token UUID;
CREATE UNIQUE INDEX CONCURRENTLY orders_token_key ON orders (token);
-- @allow RC411: they come from a sequence
CREATE UNIQUE INDEX CONCURRENTLY orders_pkey ON orders (id);

-- @downgrade; no-transaction
DROP INDEX CONCURRENTLY orders_pkey;
ALTER TABLE orders DROP COLUMN token;
