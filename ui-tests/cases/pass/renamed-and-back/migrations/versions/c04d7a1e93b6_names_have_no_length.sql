-- Names have no length
--
-- revision: c04d7a1e93b6
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-16T10:30:00Z

-- @upgrade
ALTER TABLE clients RENAME COLUMN full_name TO called;
ALTER TABLE clients ALTER COLUMN called TYPE TEXT;

-- @downgrade
ALTER TABLE clients ALTER COLUMN called TYPE VARCHAR(200);
ALTER TABLE clients RENAME COLUMN called TO full_name;
