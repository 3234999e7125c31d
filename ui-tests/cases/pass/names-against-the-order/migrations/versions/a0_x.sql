-- 
--
-- revision: a0
-- down_revision: b0
-- created: 2026-03-02T09:15:00Z

-- @upgrade
-- @downgrade
