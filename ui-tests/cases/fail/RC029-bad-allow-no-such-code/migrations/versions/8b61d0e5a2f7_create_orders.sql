-- Work in the sales schema
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-02T09:15:00Z

-- @upgrade
-- @allow RC203: every revision after this one is written for the new schema
SET search_path TO sales;

-- @downgrade
-- @allow RC293: back to where the base stands
SET search_path TO public;
