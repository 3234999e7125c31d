-- One letter
--
-- revision: Z
-- down_revision: 0001
-- created: 2026-03-02T09:15:00Z

-- @upgrade
UPDATE customers SET name = 'D';

-- @downgrade

