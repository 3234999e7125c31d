-- Nobody has credit any more, and notes lie elsewhere
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
ALTER TABLE customers DROP COLUMN note;
DROP VIEW good_customers;
ALTER TABLE customers DROP COLUMN credit;
CREATE VIEW good_customers AS SELECT name FROM customers;

-- @downgrade; irreversible: the credit is gone
