-- Find them by author
--
-- revision: c4e7129fb083
-- down_revision: 8b61d0e5a2f7

-- @upgrade postgres; no-transaction
CREATE INDEX CONCURRENTLY ix_audit_author ON audit (author);

-- @upgrade sqlite
CREATE INDEX ix_audit_author ON audit (author);

-- @downgrade postgres; no-transaction
DROP INDEX CONCURRENTLY ix_audit_author;

-- @downgrade sqlite
DROP INDEX ix_audit_author;
