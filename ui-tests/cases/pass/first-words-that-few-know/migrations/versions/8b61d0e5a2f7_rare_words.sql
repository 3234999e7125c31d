-- Statements that begin with words which few have seen there
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade postgres
TABLE customers;
(SELECT 1);
VALUES (1);
MERGE INTO customers c USING (SELECT 1 AS id) s ON c.id = s.id WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id);
REASSIGN OWNED BY CURRENT_USER TO CURRENT_USER;
SECURITY LABEL ON TABLE customers IS NULL;

-- @upgrade mysql
TABLE customers;
VALUES ROW(1);
HANDLER customers OPEN;
HANDLER customers CLOSE;
HELP 'CREATE';
DO 1;
/*!80019 TABLE customers */;

-- @upgrade sqlite
REPLACE INTO customers VALUES (1, 'a');
VALUES (1);
REINDEX customers;

-- @downgrade; irreversible: there is nothing to take back
