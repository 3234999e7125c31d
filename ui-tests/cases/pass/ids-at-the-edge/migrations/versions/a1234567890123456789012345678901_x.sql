-- Remember the email address of customers
--
-- revision: a1234567890123456789012345678901
-- down_revision: user
-- created: 2026-03-20T08:30:00Z

-- @upgrade
ALTER TABLE customers ADD COLUMN email VARCHAR(200);

-- @downgrade
ALTER TABLE customers DROP COLUMN email;
