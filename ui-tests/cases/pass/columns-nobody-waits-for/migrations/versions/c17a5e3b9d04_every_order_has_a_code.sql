-- Every order has a code
--
-- revision: c17a5e3b9d04
-- down_revision: 4b6d92f0c3e8
-- created: 2026-03-30T09:15:00Z

-- @upgrade
ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_code;
ALTER TABLE orders ALTER COLUMN code SET NOT NULL;

-- @downgrade
ALTER TABLE orders ALTER COLUMN code DROP NOT NULL;
ALTER TABLE orders DROP CONSTRAINT ck_orders_code;
ALTER TABLE orders ADD CONSTRAINT ck_orders_code CHECK (code IS NOT NULL) NOT VALID;
