-- No order is worth less than nothing
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
ALTER TABLE orders ADD CONSTRAINT ck_orders_total CHECK (total >= 0);
ALTER TABLE orders ADD CONSTRAINT uq_orders_number UNIQUE (number);

-- @downgrade
ALTER TABLE orders DROP CONSTRAINT uq_orders_number;
