-- The same words
--
-- revision: d0
-- down_revision: e0
-- created: 2026-03-02T09:15:00Z

-- @upgrade
-- @downgrade
