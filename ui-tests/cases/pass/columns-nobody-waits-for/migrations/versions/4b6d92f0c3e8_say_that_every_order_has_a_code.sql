-- Say that every order has a code
--
-- revision: 4b6d92f0c3e8
-- down_revision: e5c81b0a7f36
-- created: 2026-03-23T09:15:00Z

-- @upgrade
ALTER TABLE orders ADD CONSTRAINT ck_orders_code CHECK (code IS NOT NULL) NOT VALID;

-- @downgrade
ALTER TABLE orders DROP CONSTRAINT ck_orders_code;
