-- What the models say, in other words
--
-- revision: a1
-- down_revision: base

-- @upgrade postgres
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE "Teams" (id SERIAL PRIMARY KEY, name VARCHAR(80) NOT NULL);
CREATE TABLE users (
    id INT4 NOT NULL,
    name VARCHAR(40) NOT NULL,
    email CHARACTER VARYING,
    is_active BOOL DEFAULT TRUE NOT NULL,
    score FLOAT8,
    price DECIMAL(10, 2) NOT NULL,
    seen TIMESTAMP(3) NOT NULL DEFAULT now(),
    token UUID NOT NULL,
    data JSON,
    feeling mood NOT NULL,
    code VARCHAR(12) NOT NULL,
    tags TEXT[] NOT NULL,
    double_id INTEGER GENERATED ALWAYS AS (id * 2) STORED,
    team_id INTEGER NOT NULL REFERENCES "Teams" ON DELETE CASCADE,
    CONSTRAINT pk_of_users PRIMARY KEY (id),
    CONSTRAINT both UNIQUE (email, name)
);
CREATE UNIQUE INDEX a_code ON users USING btree (code);
CREATE INDEX by_team ON users (team_id, lower(name));
CREATE VIEW names AS SELECT name FROM users;

-- @upgrade mysql
CREATE TABLE teams (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(80) NOT NULL);
CREATE TABLE users (
    id INT(11) NOT NULL,
    name VARCHAR(40) NOT NULL,
    email VARCHAR(200) CHARACTER SET latin1,
    is_active TINYINT(1) DEFAULT 1 NOT NULL,
    score DOUBLE PRECISION,
    price DECIMAL(10, 2) NOT NULL,
    seen DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    token CHAR(36) NOT NULL,
    data LONGTEXT,
    feeling ENUM('sad', 'ok') NOT NULL,
    code VARCHAR(12) NOT NULL,
    tags TEXT NOT NULL,
    double_id INT GENERATED ALWAYS AS (id * 2) STORED,
    team_id INT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY a_code (code),
    UNIQUE KEY (name, email),
    KEY by_team (team_id),
    FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE
);
CREATE VIEW names AS SELECT name FROM users;

-- @upgrade sqlite
CREATE TABLE teams (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(80) NOT NULL);
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    name VARCHAR(40) NOT NULL,
    email CLOB,
    is_active INT DEFAULT 1 NOT NULL,
    score DOUBLE,
    price NUMERIC NOT NULL,
    seen TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    token CHAR(36) NOT NULL,
    data JSON,
    feeling VARCHAR(10) NOT NULL,
    code varchar(12) NOT NULL,
    tags TEXT NOT NULL,
    double_id INT GENERATED ALWAYS AS (id * 2) STORED,
    team_id INT NOT NULL REFERENCES TEAMS ON DELETE CASCADE,
    UNIQUE (name, email)
);
CREATE UNIQUE INDEX a_code ON users (code);
CREATE INDEX by_team ON users (team_id, lower(name));
CREATE VIEW names AS SELECT name FROM users;

-- @downgrade postgres
DROP VIEW names;
DROP TABLE users;
DROP TABLE "Teams";
DROP TYPE mood;

-- @downgrade mysql, sqlite
DROP VIEW names;
DROP TABLE users;
DROP TABLE teams;
