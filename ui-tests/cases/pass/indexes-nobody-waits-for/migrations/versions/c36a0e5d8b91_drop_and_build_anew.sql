-- Drop and build anew
--
-- revision: c36a0e5d8b91
-- down_revision: 1f4b7d2c9e80
-- created: 2026-03-30T09:15:00Z

-- @upgrade; no-transaction
DROP INDEX CONCURRENTLY ix_orders_customer;
DROP INDEX IF EXISTS ix_orders_billed;
REINDEX INDEX CONCURRENTLY ix_invoices_billed;
ALTER TABLE events DETACH PARTITION events_2025 CONCURRENTLY;

-- @downgrade; no-transaction
ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX CONCURRENTLY ix_orders_customer ON orders (customer);
