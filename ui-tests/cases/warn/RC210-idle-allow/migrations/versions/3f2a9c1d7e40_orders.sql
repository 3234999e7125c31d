-- Create the orders table
--
-- revision: 3f2a9c1d7e40
-- down_revision: base

-- @upgrade
-- @allow RC203: the server of the reports is older
SET LOCAL search_path TO sales;
CREATE TABLE orders (id bigint PRIMARY KEY);

-- @downgrade
SET LOCAL search_path TO sales;
DROP TABLE orders;
