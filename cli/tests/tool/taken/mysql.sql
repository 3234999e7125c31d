CREATE TABLE users (
    id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, big bigint unsigned, kind enum('a', 'it''s') NOT NULL DEFAULT 'a',
    is_on tinyint(1) NOT NULL DEFAULT 1, tiny tinyint, body mediumtext, seen datetime(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
    at timestamp NULL, name varchar(50) COLLATE utf8mb4_bin, price decimal(10,2) NOT NULL DEFAULT 0.00, raw varbinary(20), y year, boss_id bigint,
    data json, full_name varchar(100) GENERATED ALWAYS AS (concat(name, 'x')) STORED, loud varchar(50) GENERATED ALWAYS AS (upper(name)) VIRTUAL, UNIQUE KEY users_name (name), KEY by_kind (kind), CONSTRAINT positive CHECK (price >= 0)
) COMMENT='Those who log in';
CREATE TABLE posts (id bigint NOT NULL AUTO_INCREMENT, user_id int unsigned, title text COMMENT 'shown', `order` int, `Odd Name` text NOT NULL, PRIMARY KEY (id),
    KEY by_kind (user_id, title(20)), FULLTEXT KEY words (title), CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE);
ALTER TABLE users ADD CONSTRAINT users_boss FOREIGN KEY (boss_id) REFERENCES posts (id);
CREATE TABLE links (a bigint, b int unsigned, PRIMARY KEY (a, b), FOREIGN KEY (a) REFERENCES posts (id), FOREIGN KEY (b) REFERENCES users (id));
CREATE VIEW loud AS SELECT u.id, upper(u.name) AS name FROM users u WHERE u.is_on;
CREATE TRIGGER tr BEFORE INSERT ON posts FOR EACH ROW SET NEW.title = trim(NEW.title);
