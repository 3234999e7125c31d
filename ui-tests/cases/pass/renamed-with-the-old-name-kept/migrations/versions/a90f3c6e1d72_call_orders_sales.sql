-- Call orders sales
--
-- revision: a90f3c6e1d72
-- down_revision: 7d20b9e8c415
-- created: 2026-03-09T09:15:00Z

-- @upgrade
ALTER TABLE orders RENAME TO sales;
ALTER TABLE sales RENAME COLUMN customer TO client;
CREATE VIEW orders AS SELECT id, client AS customer, note FROM sales;
CREATE TYPE mood AS ENUM ('sad');
ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';
ALTER SCHEMA audit RENAME TO past;
CREATE SCHEMA audit;
CREATE VIEW audit.log AS SELECT * FROM past.log;

-- @downgrade
DROP VIEW audit.log;
DROP SCHEMA audit;
ALTER SCHEMA past RENAME TO audit;
DROP TYPE mood;
DROP VIEW orders;
ALTER TABLE sales RENAME COLUMN client TO customer;
ALTER TABLE sales RENAME TO orders;
