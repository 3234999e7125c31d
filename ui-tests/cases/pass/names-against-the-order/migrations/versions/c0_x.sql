-- The same words
--
-- revision: c0
-- down_revision: d0
-- created: 2026-03-02T09:15:00Z

-- @upgrade
-- @downgrade
