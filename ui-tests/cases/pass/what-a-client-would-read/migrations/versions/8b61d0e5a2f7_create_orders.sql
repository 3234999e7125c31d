-- Text that looks like commands of a client
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-02T09:15:00Z

-- @upgrade postgres
UPDATE customers SET name = '
\set is only text here
.mode, too
DELIMITER //
';
COPY customers (id, name) FROM '/srv/customers.csv';

-- @upgrade mysql
DELIMITER //
UPDATE customers SET name = 'x' //
DELIMITER ;

-- @downgrade
