-- Orders can be cancelled
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7
-- created: 2026-03-16T08:40:52Z

-- @upgrade
ALTER TYPE order_state ADD VALUE 'cancelled' AFTER 'payed';

-- @downgrade; irreversible: a value cannot be dropped
