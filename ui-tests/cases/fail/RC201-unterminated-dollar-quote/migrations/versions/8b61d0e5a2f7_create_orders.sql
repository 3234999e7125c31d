-- Tidy the customers up
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE FUNCTION customer_count() RETURNS bigint LANGUAGE sql AS $body$
    SELECT count(*) FROM customers;
$$;

-- @downgrade
DROP FUNCTION customer_count();
