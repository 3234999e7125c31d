-- Let everybody read the orders
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE orders (
    id BIGINT PRIMARY KEY
);
GRANT SELECT ON ordres TO PUBLIC;

-- @downgrade
DROP TABLE orders;
