-- No way back on one dialect
--
-- revision: d90b6f3e8a15
-- down_revision: c4e7129fb083
-- created: 2026-03-02T09:15:00Z

-- @upgrade
UPDATE customers SET name = trim(name);

-- @downgrade postgres, mysql

-- @downgrade sqlite; irreversible: the blanks are not kept
