-- Clean up after an old program
--
-- revision: 5d90e3b7a16c
-- down_revision: c4e7129fb083
-- created: 2026-04-01T10:12:45Z

-- @upgrade
DROP TABLE IF EXISTS order_drafts;
DROP FUNCTION IF EXISTS touch_drafts();
DROP TRIGGER IF EXISTS drafts_touch ON orders;
DROP INDEX IF EXISTS ix_order_drafts_state;
DROP TYPE IF EXISTS draft_state;
DROP SCHEMA IF EXISTS drafts CASCADE;
ALTER TABLE orders DROP CONSTRAINT IF EXISTS orders_draft_id_fkey;

-- @downgrade
