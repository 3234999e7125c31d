-- Create orders and settings
--
-- revision: 3f2a9c1d7e40
-- down_revision: base

-- @upgrade
CREATE TABLE orders (id BIGINT PRIMARY KEY, total INTEGER);
CREATE TABLE settings (name VARCHAR(40) PRIMARY KEY, value VARCHAR(40) NOT NULL);
INSERT INTO settings (name, value) VALUES ('theme', 'light');
CREATE INDEX ix_settings_value ON settings (value);

-- @downgrade
DROP TABLE settings;
DROP TABLE orders;
