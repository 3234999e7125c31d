-- Customers have groups
--
-- revision: 8b61d0e5a2f7
-- down_revision: 3f2a9c1d7e40
-- created: 2026-03-09T14:02:11Z

-- @upgrade
CREATE TABEL groups (
    id INTEGER PRIMARY KEY
);

-- @downgrade
DROP TABLE groups;
