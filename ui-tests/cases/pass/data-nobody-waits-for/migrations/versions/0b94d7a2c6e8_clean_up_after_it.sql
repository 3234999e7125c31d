-- Clean up after it
--
-- revision: 0b94d7a2c6e8
-- down_revision: e5c81b0a7f36
-- created: 2026-03-23T09:15:00Z

-- @upgrade; no-transaction
VACUUM ANALYZE orders;

-- @downgrade
-- There is nothing to take back.
