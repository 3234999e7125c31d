-- Write email addresses in lower case
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-02T09:15:00Z

-- @upgrade; repeat
UPDATE customers SET email = lower(email) WHERE email <> lower(email);

-- @downgrade; irreversible: how the addresses were written before is not kept
