-- Work in the sales schema
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-02T09:15:00Z

-- @upgrade
SET search_path TO sales;

-- @downgrade
SET search_path TO public;
