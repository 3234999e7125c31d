-- People, and what they did
--
-- revision: a1
-- down_revision: base

-- @upgrade
CREATE TABLE people (
    id INTEGER NOT NULL PRIMARY KEY,
    name VARCHAR(40) NOT NULL,
    email VARCHAR(255),
    age INTEGER NOT NULL,
    legacy INTEGER,
    since DATE DEFAULT '2020-01-01'
);
CREATE TABLE tags (word VARCHAR(20) NOT NULL PRIMARY KEY);

-- @downgrade
DROP TABLE tags;
DROP TABLE people;
