-- Mark old customers
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
ALTER TABLE customers ADD COLUMN seen_at TIMESTAMPTZ;
UPDATE customers SET seen_at = now() - INTERVAL 1 DAY WHERE id > 100;

-- @downgrade
ALTER TABLE customers DROP COLUMN seen_at;
