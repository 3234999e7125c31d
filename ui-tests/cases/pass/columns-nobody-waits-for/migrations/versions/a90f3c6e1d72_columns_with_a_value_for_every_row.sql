-- Columns with a value for every row
--
-- revision: a90f3c6e1d72
-- down_revision: 7d20b9e8c415
-- created: 2026-03-09T09:15:00Z

-- @upgrade
ALTER TABLE orders ADD COLUMN created TIMESTAMPTZ NOT NULL DEFAULT now();
ALTER TABLE orders ADD COLUMN state TEXT NOT NULL DEFAULT 'random()';
ALTER TABLE orders ADD COLUMN token UUID;
ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid();

-- @downgrade
ALTER TABLE orders DROP COLUMN token;
ALTER TABLE orders DROP COLUMN state;
ALTER TABLE orders DROP COLUMN created;
