-- Call customers clients
--
-- revision: a90f3c6e1d72
-- down_revision: 7d20b9e8c415
-- created: 2026-03-09T09:15:00Z

-- @upgrade
ALTER TABLE orders RENAME COLUMN customer TO client;

-- @downgrade
ALTER TABLE orders RENAME COLUMN client TO customer;
