-- Create the orders table
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    updated_at TEXT
);
CREATE TRIGGER orders_touch AFTER INSERT ON orders
BEGIN
    UPDATE orders SET updated_at = datetime('now') WHERE id = NEW.id;
END;

-- @downgrade
DROP TABLE orders;
DROP TRIGGER orders_touch;
