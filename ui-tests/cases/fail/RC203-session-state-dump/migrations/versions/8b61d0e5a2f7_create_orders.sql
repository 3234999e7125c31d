-- Create the invoices table, from a dump
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-02T09:15:00Z

-- @upgrade
SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.invoices (id bigint NOT NULL);

-- @downgrade
DROP TABLE public.invoices;
