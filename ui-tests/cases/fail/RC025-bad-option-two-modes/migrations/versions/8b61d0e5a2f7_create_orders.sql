-- Write names without blanks around them
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-02T09:15:00Z

-- @upgrade; no-transaction; repeat: 5000
UPDATE customers SET name = trim(name)
WHERE id IN (SELECT id FROM customers WHERE name <> trim(name) LIMIT 5000);

-- @downgrade; irreversible: the blanks are not kept
