-- Orders, a table for each month
--
-- revision: e1a5c7f03b92
-- down_revision: d90b6f3e8a15
-- created: 2026-04-13T16:05:09Z

-- @upgrade
DO $$
BEGIN
    CREATE TYPE order_state AS ENUM ('open', 'paid');
EXCEPTION
    WHEN duplicate_object THEN NULL;
END
$$;
DO $$
BEGIN
    FOR month IN 1..12 LOOP
        EXECUTE format('CREATE TABLE orders_%s (id INTEGER PRIMARY KEY, customer_id INTEGER)', month);
    END LOOP;
END
$$;
ALTER TABLE orders_3 ADD COLUMN state order_state;
ALTER TABLE orders_4 ADD CONSTRAINT fk_orders_4_customer FOREIGN KEY (customer_id) REFERENCES customers (id);
CREATE INDEX ix_orders_3_customer_id ON orders_3 (customer_id);

-- @downgrade; irreversible: nobody wants all in one table again
