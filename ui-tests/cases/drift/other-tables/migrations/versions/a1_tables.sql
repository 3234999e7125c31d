-- Tables, some of which are nobody's business
--
-- revision: a1
-- down_revision: base

-- @upgrade
CREATE TABLE spatial_ref_sys (id INTEGER NOT NULL PRIMARY KEY);
CREATE TABLE jobs (id INTEGER NOT NULL PRIMARY KEY, width INTEGER NOT NULL, twice INTEGER, state VARCHAR(20) NOT NULL);
CREATE TABLE forgotten (id INTEGER NOT NULL PRIMARY KEY);

-- @downgrade
DROP TABLE forgotten;
DROP TABLE jobs;
DROP TABLE spatial_ref_sys;
