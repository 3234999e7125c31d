-- Create the imports table, with a check
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE imports (
    id INTEGER PRIMARY KEY,
    started TIMESTAMP NOT NULL,
    finished TIMESTAMP,
    CHECK (finished IS NULL OR finished >= startd)
);

-- @downgrade
DROP TABLE imports;
