-- Everything that billing needs
--
-- revision: d90b6f3e8a15
-- down_revision: c4e7129fb083
-- created: 2026-04-01T11:27:38Z

-- @upgrade
CREATE TABLE invoices (
    id INTEGER PRIMARY KEY,
    total NUMERIC(12, 2) NOT NULL
);

-- @downgrade
DROP TABLE invoices;
