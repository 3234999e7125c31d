-- The schema that we begin with
--
-- revision: base
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    name VARCHAR(200) NOT NULL
);

-- @downgrade
DROP TABLE customers;
