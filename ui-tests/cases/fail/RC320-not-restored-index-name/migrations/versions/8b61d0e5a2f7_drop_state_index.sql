-- Nobody looks for the state of an order
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
DROP INDEX ix_orders_state;

-- @downgrade
CREATE INDEX orders_state_idx ON orders (state);
