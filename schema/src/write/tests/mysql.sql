CREATE TABLE zebras (id int NOT NULL AUTO_INCREMENT, `Odd ``name` text, email varchar(200) UNIQUE COMMENT 'it''s theirs', n bigint unsigned,
  at timestamp NULL, upd datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), c enum('a','b,c') DEFAULT 'a',
  twice int AS (n * 2) STORED, u varchar(36) DEFAULT (uuid()), latin varchar(9) CHARACTER SET latin1 COLLATE latin1_bin,
  KEY by_id (id), FULLTEXT KEY words (`Odd ``name`) WITH PARSER ngram, PRIMARY KEY (n)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT 'who';
CREATE TABLE herds (id bigint PRIMARY KEY, leader int, `key` int, CONSTRAINT led FOREIGN KEY (leader) REFERENCES zebras (id) ON DELETE CASCADE,
  CONSTRAINT pos CHECK (`key` > 0)) ENGINE=InnoDB;
ALTER TABLE zebras ADD COLUMN herd bigint, ADD CONSTRAINT in_herd FOREIGN KEY (herd) REFERENCES herds (id);
CREATE UNIQUE INDEX pre ON herds (leader, `key` DESC);
CREATE INDEX text_prefix ON zebras (email(10)) COMMENT 'short';
CREATE TABLE old (a int) ENGINE=MyISAM;
CREATE PROCEDURE Nothing(IN n int) BEGIN SELECT 1; SELECT n; END;
CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC RETURN 2 * n;
CREATE TRIGGER touched BEFORE UPDATE ON zebras FOR EACH ROW BEGIN SET NEW.email = lower(NEW.email); SET NEW.n = 1; END;
CREATE VIEW sums AS SELECT email, count(*) AS n FROM zebras GROUP BY email;
