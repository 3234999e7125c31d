-- Make room
--
-- revision: e5c81b0a7f36
-- down_revision: a90f3c6e1d72
-- created: 2026-03-16T09:15:00Z

-- @upgrade
ALTER TABLE orders MODIFY code VARCHAR(20) NOT NULL, LOCK=NONE;
ALTER TABLE orders DROP PRIMARY KEY, ADD PRIMARY KEY (id, seller);

-- @downgrade
ALTER TABLE orders DROP PRIMARY KEY, ADD PRIMARY KEY (id);
ALTER TABLE orders MODIFY code VARCHAR(10) NOT NULL;
