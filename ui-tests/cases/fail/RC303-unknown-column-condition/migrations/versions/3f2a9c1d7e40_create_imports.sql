-- Create the imports table
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE imports (
    id INTEGER PRIMARY KEY,
    status VARCHAR(20) NOT NULL,
    created TIMESTAMP NULL
);

-- @downgrade
DROP TABLE imports;
