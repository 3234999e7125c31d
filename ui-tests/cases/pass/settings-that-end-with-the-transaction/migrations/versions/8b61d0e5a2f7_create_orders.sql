-- Create invoices in another schema
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-02T09:15:00Z

-- @upgrade
SET LOCAL search_path TO sales;
SELECT set_config('search_path', 'sales', true);
SET LOCAL ROLE sales_owner;
SET statement_timeout = 0;
SET lock_timeout TO '5s';
CREATE TABLE invoices (id BIGINT PRIMARY KEY, search_path TEXT, "use" TEXT);
COMMENT ON TABLE invoices IS 'SET search_path TO nowhere; USE nothing';
RESET ROLE;

-- @downgrade
DROP TABLE sales.invoices;
