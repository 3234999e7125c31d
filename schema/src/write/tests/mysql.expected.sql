CREATE PROCEDURE Nothing(IN n int) BEGIN SELECT 1; SELECT n; END;
CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC RETURN 2 * n;
CREATE TABLE old (
    a int
) ENGINE=myisam;
CREATE TABLE herds (
    id bigint NOT NULL,
    leader int,
    `key` int,
    PRIMARY KEY (id),
    UNIQUE KEY pre (leader, `key` DESC),
    CONSTRAINT pos CHECK (`key` > 0)
);
CREATE TABLE zebras (
    id int NOT NULL AUTO_INCREMENT,
    `Odd ``name` text,
    email varchar(200) COMMENT 'it''s theirs',
    n bigint unsigned NOT NULL,
    at timestamp NULL,
    upd datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
    c enum('a','b,c') DEFAULT 'a',
    twice int GENERATED ALWAYS AS (n*2) STORED,
    u varchar(36) DEFAULT (uuid()),
    latin varchar(9) character set latin1 COLLATE latin1_bin,
    herd bigint,
    PRIMARY KEY (n),
    CONSTRAINT email UNIQUE (email),
    KEY by_id (id),
    FULLTEXT KEY words (`Odd ``name`) WITH PARSER ngram,
    KEY in_herd (herd),
    KEY text_prefix (email(10)) COMMENT 'short',
    CONSTRAINT in_herd FOREIGN KEY (herd) REFERENCES herds (id)
) CHARACTER SET=utf8mb4 COMMENT='who';
ALTER TABLE herds ADD CONSTRAINT led FOREIGN KEY (leader) REFERENCES zebras (id) ON DELETE CASCADE;
CREATE VIEW sums AS
SELECT email, count(*) AS n
FROM zebras
GROUP BY email;
CREATE TRIGGER touched BEFORE UPDATE ON zebras
FOR EACH ROW BEGIN SET NEW.email = lower(NEW.email);
SET NEW.n = 1;
END;
