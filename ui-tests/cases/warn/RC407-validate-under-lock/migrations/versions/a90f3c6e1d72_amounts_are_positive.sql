-- Amounts are positive
--
-- revision: a90f3c6e1d72
-- down_revision: 7d20b9e8c415
-- created: 2026-03-09T09:15:00Z

-- @upgrade
ALTER TABLE orders ADD CONSTRAINT orders_amount_check CHECK (amount > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_amount_check;

-- @downgrade
ALTER TABLE orders DROP CONSTRAINT orders_amount_check;
