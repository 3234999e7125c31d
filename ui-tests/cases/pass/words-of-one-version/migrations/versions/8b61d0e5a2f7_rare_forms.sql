-- Forms that few have seen, or that only one version has
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade postgres
CREATE TABLE if (exclude INTEGER, NOT NULL exclude);
CREATE OR REPLACE TEMP RECURSIVE VIEW numbers (n) AS SELECT 1;
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
ALTER TABLE IF EXISTS ONLY customers * ALTER name SET COMPRESSION lz4, NO FORCE ROW LEVEL SECURITY;
DELETE FROM ONLY customers AS c WHERE c.id < 0;

-- @upgrade mysql
CREATE TABLE `if` (exclude INTEGER NOT NULL);
CREATE OR REPLACE ALGORITHM = MERGE DEFINER = CURRENT_USER SQL SECURITY INVOKER VIEW numbers AS SELECT 1;
ALTER ONLINE TABLE customers WAIT 5 MODIFY IF EXISTS name VARCHAR(300) NOT NULL, ALGORITHM INPLACE, COMMENT = 'x';
ALTER TABLE customers ORDER BY name, id;
INSERT LOW_PRIORITY IGNORE customers VALUES (1, 'a');
CREATE /*!50017 DEFINER = root */ TRIGGER stays BEFORE INSERT ON customers FOR EACH ROW SET NEW.id = NEW.id;

-- @upgrade sqlite
CREATE TABLE if (exclude INTEGER NOT NULL ON CONFLICT FAIL);
CREATE VIRTUAL TABLE IF NOT EXISTS notes USING fts5 (body);
UPDATE OR IGNORE customers NOT INDEXED SET name = 'a' WHERE id < 0;
REPLACE INTO customers DEFAULT VALUES;

-- @downgrade; irreversible: a case
