-- A price has a limit
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-16T08:40:52Z

-- @upgrade
ALTER TABLE products ADD CONSTRAINT ck_products_price CHECK (price < 100000);

-- @downgrade
ALTER TABLE products DROP CONSTRAINT ck_products_price;
