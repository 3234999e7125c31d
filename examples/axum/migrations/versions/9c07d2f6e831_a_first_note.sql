-- A first note
--
-- revision: 9c07d2f6e831
-- down_revision: 4a1be5b2d0c7
-- created: 2026-11-22T12:05:00Z

-- @upgrade
INSERT INTO notes (id, text) VALUES (1, 'this service migrates itself');

-- @downgrade
DELETE FROM notes WHERE id = 1;
