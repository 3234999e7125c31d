-- Quotes; and more quotes
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade
# a comment; with an apostrophe: it's
CREATE TABLE `odd;name` (id INTEGER PRIMARY KEY, name VARCHAR(20) DEFAULT 'it\'s; fine');
INSERT INTO `odd;name` VALUES (1, "it's; fine"), (2, 'C:\\'), (3, 'it''s');

-- @downgrade
DROP TABLE `odd;name`;
