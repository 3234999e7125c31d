-- Nothing to do
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-02T09:15:00Z

-- @upgrade

-- @downgrade
