-- Make keys of the indexes
--
-- revision: c36a0e5d8b91
-- down_revision: 1f4b7d2c9e80
-- created: 2026-03-30T09:15:00Z

-- @upgrade
ALTER TABLE orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_pkey,
    ADD CONSTRAINT orders_token_key UNIQUE USING INDEX orders_token_key;

-- @downgrade
ALTER TABLE orders DROP CONSTRAINT orders_token_key, DROP CONSTRAINT orders_pkey;
CREATE UNIQUE INDEX orders_token_key ON orders (token);
CREATE UNIQUE INDEX orders_pkey ON orders (id);
