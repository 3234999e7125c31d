CREATE PROCEDURE Nothing(IN n int) BEGIN SELECT 1; SELECT n; END;
CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC RETURN 2 * n;
CREATE TABLE old (
    a INTEGER
) ENGINE=myisam;
CREATE TABLE herds (
    id BIGINT NOT NULL,
    leader INTEGER,
    `key` INTEGER,
    PRIMARY KEY (id),
    UNIQUE KEY pre (leader, `key` DESC),
    CONSTRAINT pos CHECK (`key` > 0)
);
CREATE TABLE zebras (
    id INTEGER NOT NULL AUTO_INCREMENT,
    `Odd ``name` TEXT,
    email VARCHAR(200) COMMENT 'it''s theirs',
    n BIGINT UNSIGNED NOT NULL,
    at TIMESTAMP NULL,
    upd DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
    c ENUM('a', 'b,c') DEFAULT 'a',
    twice INTEGER GENERATED ALWAYS AS (n*2) STORED,
    u VARCHAR(36) DEFAULT (uuid()),
    latin VARCHAR(9) CHARACTER SET latin1 COLLATE latin1_bin,
    herd BIGINT,
    PRIMARY KEY (n),
    UNIQUE (email),
    KEY by_id (id),
    CONSTRAINT in_herd FOREIGN KEY (herd) REFERENCES herds (id)
) CHARACTER SET=utf8mb4 COMMENT='who';
CREATE FULLTEXT INDEX words ON zebras (`Odd ``name`) WITH PARSER ngram;
CREATE INDEX text_prefix ON zebras (email(10)) COMMENT 'short';
ALTER TABLE herds ADD CONSTRAINT led FOREIGN KEY (leader) REFERENCES zebras (id) ON DELETE CASCADE;
CREATE VIEW sums AS
SELECT email, count(*) AS n
FROM zebras
GROUP BY email;
CREATE TRIGGER touched BEFORE UPDATE ON zebras
FOR EACH ROW BEGIN SET NEW.email = lower(NEW.email);
SET NEW.n = 1;
END;
