-- Nearly a reserved word
--
-- revision: base2
-- down_revision: heads_up
-- created: 2026-03-02T09:15:00Z

-- @upgrade
UPDATE customers SET name = 'B';

-- @downgrade

