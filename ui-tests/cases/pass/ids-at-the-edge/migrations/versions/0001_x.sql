-- Digits alone
--
-- revision: 0001
-- down_revision: base2
-- created: 2026-03-02T09:15:00Z

-- @upgrade
UPDATE customers SET name = 'C';

-- @downgrade

