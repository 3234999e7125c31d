-- Orders have a currency
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40

-- @upgrade
INSERT INTO settings (name, value) VALUES ('currency', 'EUR');
ALTER TABLE orders ADD COLUMN currency CHAR(3);

-- @downgrade
DELETE FROM settings WHERE name = 'currency';
ALTER TABLE orders DROP COLUMN currency;
