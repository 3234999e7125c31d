-- The same words
--
-- revision: b0
-- down_revision: c0
-- created: 2026-03-02T09:15:00Z

-- @upgrade
-- @downgrade
