-- Transactions inside of bodies, and words that look like them
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE log (id INTEGER PRIMARY KEY, commit_hash VARCHAR(40), rollback VARCHAR(40));
SAVEPOINT before_the_update;
UPDATE customers SET name = 'COMMIT; BEGIN;';
ROLLBACK TO SAVEPOINT before_the_update;
RELEASE SAVEPOINT before_the_update;

-- @upgrade postgres
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO log (id) VALUES (1);
    RETURN NEW;
END;
$$;
CREATE FUNCTION add(a int, b int) RETURNS int LANGUAGE sql
BEGIN ATOMIC
    SELECT a + b;
END;

-- @upgrade mysql
DELIMITER //
CREATE PROCEDURE touch()
BEGIN
    START TRANSACTION;
    INSERT INTO log (id) VALUES (1);
    COMMIT;
END //
DELIMITER ;

-- @upgrade sqlite
CREATE TRIGGER touch AFTER UPDATE ON customers BEGIN
    INSERT INTO log (commit_hash) VALUES (CASE WHEN NEW.id > 1 THEN 'many' ELSE 'one' END);
    DELETE FROM log WHERE id < 0;
END;

-- @downgrade postgres
DROP FUNCTION touch();
DROP FUNCTION add(int, int);
DROP TABLE log;

-- @downgrade mysql
DROP PROCEDURE touch;
DROP TABLE log;

-- @downgrade sqlite
DROP TRIGGER touch;
DROP TABLE log;
