-- Totals are counted in cents, and states are free
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-20T08:30:00Z

-- @upgrade
ALTER TABLE orders ALTER COLUMN total TYPE BIGINT USING (total * 100)::bigint;
ALTER TABLE orders ALTER COLUMN state TYPE TEXT, ALTER COLUMN number TYPE TEXT;

-- @downgrade
ALTER TABLE orders ALTER number SET DATA TYPE character varying(20);
ALTER TABLE orders ALTER state TYPE varchar(20);
ALTER TABLE orders ALTER total TYPE decimal(12,2) USING total / 100.0;
