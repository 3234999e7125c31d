-- Orders have a currency
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40

-- @upgrade mysql
INSERT IGNORE INTO settings (name, value) VALUES ('currency', 'EUR');
UPDATE orders SET total = 0 WHERE total IS NULL;
ALTER TABLE orders ADD COLUMN currency CHAR(3);
INSERT INTO settings (name, value) VALUES ('rounding', 'half-up');

-- @upgrade postgres
INSERT INTO settings (name, value) VALUES ('currency', 'EUR'), ('rounding', 'half-up');
UPDATE orders SET total = 0 WHERE total IS NULL;
ALTER TABLE orders ADD COLUMN currency CHAR(3);

-- @downgrade
DELETE FROM settings WHERE name IN ('currency', 'rounding');
ALTER TABLE orders DROP COLUMN currency;
