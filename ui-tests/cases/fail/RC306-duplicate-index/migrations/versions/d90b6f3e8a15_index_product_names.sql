-- Products are, too
--
-- revision: d90b6f3e8a15
-- down_revision: c4e7129fb083
-- created: 2026-04-01T11:27:38Z

-- @upgrade
CREATE INDEX ix_name ON products (name);

-- @downgrade
DROP INDEX ix_name;
