-- Quotes; and more quotes
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
CREATE TABLE [odd;name] (id INTEGER PRIMARY KEY, `it;s` TEXT DEFAULT 'C:\', "a""b;" TEXT);
/* a comment; /* that does not nest; */

-- @downgrade
DROP TABLE [odd;name];
