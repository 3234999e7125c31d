-- The first two customers
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-02T09:15:00Z

-- @upgrade
COPY customers (id, name) FROM stdin;
1	Anna
2	Bert
\.

-- @downgrade
DELETE FROM customers WHERE id IN (1, 2);
