-- A word, and more than a word
--
-- revision: heads_up
-- down_revision: a1234567890123456789012345678901
-- created: 2026-03-02T09:15:00Z

-- @upgrade
UPDATE customers SET name = 'A';

-- @downgrade

