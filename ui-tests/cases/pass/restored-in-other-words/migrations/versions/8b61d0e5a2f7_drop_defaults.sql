-- Programs fill in what the database did
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
ALTER TABLE orders ALTER COLUMN state DROP DEFAULT;
ALTER TABLE orders ALTER COLUMN created_at DROP DEFAULT, ALTER COLUMN created_at DROP NOT NULL;
ALTER TABLE orders ALTER COLUMN total DROP DEFAULT;
DROP INDEX ix_orders_state;
ALTER TABLE orders DROP CONSTRAINT orders_number_key;
ALTER TABLE orders DROP CONSTRAINT ck_orders_total;

-- @downgrade
ALTER TABLE orders ADD CHECK (total >= 0.00);
ALTER TABLE orders RENAME CONSTRAINT orders_total_check TO ck_orders_total;
ALTER TABLE orders ADD UNIQUE (number);
CREATE INDEX IF NOT EXISTS ix_orders_state ON public.orders USING btree (state ASC);
ALTER TABLE orders ALTER total SET DEFAULT (0);
ALTER TABLE orders ALTER created_at SET DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE orders ALTER created_at SET NOT NULL;
ALTER TABLE orders ALTER state SET DEFAULT 'open'::character varying;
