-- Columns with a value for every row
--
-- revision: a90f3c6e1d72
-- down_revision: 7d20b9e8c415
-- created: 2026-03-09T09:15:00Z

-- @upgrade
ALTER TABLE orders ADD COLUMN created DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE orders ADD COLUMN twice BIGINT AS (id * 2) VIRTUAL;
ALTER TABLE orders ADD COLUMN seller BIGINT NOT NULL;
UPDATE orders SET seller = customer;

-- @downgrade
ALTER TABLE orders DROP COLUMN seller;
ALTER TABLE orders DROP COLUMN twice;
ALTER TABLE orders DROP COLUMN created;
