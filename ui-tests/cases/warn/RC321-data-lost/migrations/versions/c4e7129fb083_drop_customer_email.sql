-- Email addresses are in the address book now
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-20T08:30:00Z

-- @upgrade
ALTER TABLE customers DROP COLUMN email;

-- @downgrade
ALTER TABLE customers ADD COLUMN email VARCHAR(200);
