-- Create the groups table
--
-- revision: 3f2a9c1d7e40
-- down_revision: base
-- created: 2026-03-02T09:15:00Z

-- @upgrade mysql
CREATE TABLE `groups` (
    id BINARY(16) NOT NULL PRIMARY KEY COMMENT 'a UUID, IF NOT EXISTS, RETURNING, INVISIBLE',
    `rank` INT NOT NULL CHECK (`rank` > 0),
    name VARCHAR(200) NOT NULL,
    lowered VARCHAR(200) AS (lower(name)) VIRTUAL,
    settings TEXT NOT NULL DEFAULT ('{}'),
    created DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    KEY groups_rank (`rank` DESC),
    UNIQUE KEY groups_lowered (lowered)
);
CREATE TABLE IF NOT EXISTS members (
    id BIGINT NOT NULL PRIMARY KEY,
    persist INT,
    sequence INT,
    visible INT /*!80023 INVISIBLE */,
    ignored INT
);

-- @downgrade mysql
DROP TABLE IF EXISTS members, `groups`;

-- @upgrade sqlite
CREATE TABLE groups (
    id BLOB NOT NULL PRIMARY KEY,
    rank INTEGER NOT NULL CHECK (rank > 0),
    name TEXT NOT NULL,
    lowered TEXT AS (lower(name)) VIRTUAL,
    settings TEXT NOT NULL DEFAULT '{}',
    created TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX groups_lowered ON groups (lower(name));
CREATE TABLE members (
    id INTEGER NOT NULL PRIMARY KEY,
    persist INTEGER,
    sequence INTEGER,
    visible INTEGER,
    ignored INTEGER
);

-- @downgrade sqlite
DROP TABLE members;
DROP TABLE groups;
