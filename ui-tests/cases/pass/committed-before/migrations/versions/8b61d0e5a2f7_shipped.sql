-- Orders are shipped
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40

-- @upgrade; no-transaction
ALTER TYPE order_state ADD VALUE IF NOT EXISTS 'shipped';

-- @upgrade
UPDATE orders SET state = 'shipped' WHERE parcel IS NOT NULL;

-- @downgrade; irreversible: a value can't be taken out again
