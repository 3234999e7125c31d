-- The same words
--
-- revision: e0
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
-- @downgrade
