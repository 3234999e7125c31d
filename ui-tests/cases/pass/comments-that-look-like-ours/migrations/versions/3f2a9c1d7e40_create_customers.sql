-- Fix: the customers table, at last
-- Revises: nothing, this is prose
--
-- Long story: it was forgotten in the first release.
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- Note: takes a second.
-- @author anna
-- upgrade postgres
-- @since 1.0

-- @upgrade
-- @param name the customer's name
-- TODO: a nickname, too
CREATE TABLE customers (
    id INTEGER PRIMARY KEY, -- @upgrade is not a marker at the end of a line
    name VARCHAR(200) NOT NULL
);

--    @downgrade
-- @see the first release
DROP TABLE customers;
