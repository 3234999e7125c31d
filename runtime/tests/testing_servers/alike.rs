//! Whether a copy is like the database that the chain makes: everything that the server says of both, and every row.

use revchain::testing::{Test, run};
use revchain::{Dialect, Migrations};
use sqlx::mysql::MySqlRow;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, Row as _, raw_sql};

use super::common::{Chain, TestDatabase, child};
use super::{Pool, VARIABLE};

/// What both take.
const BOTH: &[&str] = &[
    "CREATE TABLE `odd ``name``` (`a;b` INT DEFAULT 1, `select` VARCHAR(20) DEFAULT 'it''s \\\\ \"; x', \
     CHECK (`select` <> 'don''t; \\\\'), KEY `i ``x` (`select`(5) DESC)) COMMENT 'said; ''so'' \\\\ \"it\" `is`'",
    "INSERT INTO `odd ``name``` VALUES (0, 'a\\\\b;'), (NULL, NULL)",
    "CREATE TABLE kinds (e ENUM('a''b', 'c;d', '☃') DEFAULT 'c;d', s SET('x', 'y'), b BIT(9) DEFAULT b'101', y YEAR, t TIME(3), \
     d DECIMAL(20,5), f FLOAT, n DOUBLE, x VARBINARY(5) DEFAULT 'ab', l LONGTEXT CHARACTER SET latin1, j JSON, \
     g GEOMETRY, m TIMESTAMP(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), z INT(5) ZEROFILL)",
    "INSERT INTO kinds VALUES ('☃', 'x,y', b'111', 1999, '-838:59:59', 1.00001, 1.5e30, 1e-300, x'00ff00', 'é', '{\"a\": [1, null]}', \
     ST_GeomFromText('POINT(1 2)'), '2026-03-29 02:30:00.123456', 7)",
    "CREATE TABLE computed (a INT, b INT AS (a + 1) VIRTUAL, c INT AS (a * 2) STORED, d VARCHAR(30) AS (CONCAT(a, '; \\\\')) VIRTUAL, \
     e INT DEFAULT (7 + 1), UNIQUE KEY (c), KEY (b))",
    "INSERT INTO computed (a) VALUES (1), (2)",
    "CREATE TABLE ring_a (id INT PRIMARY KEY, b INT)",
    "CREATE TABLE ring_b (id INT PRIMARY KEY, a INT, CONSTRAINT `to a` FOREIGN KEY (a) REFERENCES ring_a (id) ON UPDATE CASCADE)",
    "ALTER TABLE ring_a ADD CONSTRAINT `to b` FOREIGN KEY (b) REFERENCES ring_b (id) ON DELETE SET NULL",
    "INSERT INTO ring_a VALUES (1, NULL)",
    "INSERT INTO ring_b VALUES (1, 1)",
    "UPDATE ring_a SET b = 1",
    "CREATE TABLE parts (id INT NOT NULL, at DATE NOT NULL, PRIMARY KEY (id, at)) \
     PARTITION BY RANGE (YEAR(at)) (PARTITION old VALUES LESS THAN (2000) COMMENT = 'a;b', PARTITION new VALUES LESS THAN MAXVALUE)",
    "INSERT INTO parts VALUES (1, '1999-01-01'), (1, '2001-01-01')",
    "CREATE TABLE words (id BIGINT UNSIGNED PRIMARY KEY AUTO_INCREMENT, body TEXT, FULLTEXT KEY ft (body)) \
     ENGINE = InnoDB ROW_FORMAT = DYNAMIC AUTO_INCREMENT = 77 CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    "INSERT INTO words (body) VALUES ('a'), (NULL)",
    "CREATE TABLE old (a INT, b DATETIME DEFAULT '2000-01-01') CHARACTER SET latin1",
    "INSERT INTO old (a) VALUES (3)",
    // A server with a log for replicas takes none of its rows in a transaction.
    "ALTER TABLE old ENGINE = MyISAM",
    "CREATE TABLE hidden (a INT NOT NULL, b INT INVISIBLE DEFAULT 3)",
    "INSERT INTO hidden (a, b) VALUES (1, 2)",
    "CREATE VIEW `v ``1` AS SELECT `a;b`, `select` || 'x;' AS joined, JSON_EXTRACT('{\"a\": 1}', '$.a') AS j FROM `odd ``name``` \
     WHERE `select` <> 'it''s \\\\' WITH CHECK OPTION",
    "CREATE SQL SECURITY INVOKER VIEW early AS SELECT * FROM `v ``1`",
    "CREATE ALGORITHM = MERGE VIEW renamed (one, `two;`) AS SELECT id, at FROM parts",
    "CREATE FUNCTION speaks (a VARCHAR(9) CHARACTER SET latin1) RETURNS VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DETERMINISTIC \
     COMMENT 'it''s; so' SQL SECURITY INVOKER BEGIN -- a remark; with one more\n RETURN CONCAT(a, ';', \"\\\\'\"); END",
    "CREATE PROCEDURE `p ``x` (IN a INT, INOUT b INT, OUT c INT) MODIFIES SQL DATA BEGIN /* ; */ SET c = a + b; END",
    "CREATE TRIGGER second BEFORE INSERT ON words FOR EACH ROW SET NEW.body = CONCAT(NEW.body, '2;')",
    "CREATE TRIGGER first BEFORE INSERT ON words FOR EACH ROW PRECEDES second BEGIN SET NEW.body = CONCAT(NEW.body, '1'); END",
    "CREATE TRIGGER third BEFORE INSERT ON words FOR EACH ROW FOLLOWS second SET NEW.body = CONCAT(NEW.body, '3')",
    "SET time_zone = '+05:00'",
    "CREATE EVENT `e ``1` ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE COMMENT 'a;''b' \
     DO BEGIN DELETE FROM old; DELETE FROM words; END",
    "CREATE EVENT on_time ON SCHEDULE AT '2037-01-01 00:00:00' ENABLE DO DELETE FROM old",
    "SET time_zone = '+00:00'",
];

const MYSQL: &[&str] = &[
    "CREATE TABLE of_mysql (id INT PRIMARY KEY, name VARCHAR(20) COLLATE utf8mb4_0900_ai_ci, tags JSON DEFAULT (JSON_ARRAY('a;')), \
     place POINT NOT NULL SRID 4326, long_text TEXT DEFAULT ('it''s'), u BINARY(16) DEFAULT (UUID_TO_BIN(UUID())), v VECTOR(3), \
     CONSTRAINT named CHECK (name IN ('x', 'it''s', '☃')), CONSTRAINT idle CHECK (id > 0) NOT ENFORCED, \
     KEY low ((LOWER(name))), KEY many ((CAST(tags AS CHAR(9) ARRAY))), KEY hid (name) INVISIBLE, SPATIAL KEY (place), \
     KEY both_ways (name DESC, (id + 1) ASC))",
    "INSERT INTO of_mysql VALUES (1, 'x', '[\"b\"]', ST_GeomFromText('POINT(1 2)', 4326), NULL, 'sixteen bytes...', STRING_TO_VECTOR('[1,2,3]'))",
    "CREATE TABLE words_of_mysql (body TEXT, FULLTEXT KEY f (body) WITH PARSER ngram)",
    "SET sql_generate_invisible_primary_key = ON",
    "CREATE TABLE without_key (a INT)",
    "INSERT INTO without_key VALUES (4), (5)",
    "SET sql_generate_invisible_primary_key = OFF",
];

const MARIADB: &[&str] = &[
    "CREATE TABLE of_mariadb (u UUID DEFAULT UUID(), i INET6 DEFAULT '::1', t TEXT DEFAULT 'it''s', c TEXT COMPRESSED, \
     CHECK (t <> 'x;')) ENGINE = Aria TRANSACTIONAL = 1",
    "INSERT INTO of_mariadb (u, c) VALUES ('123e4567-e89b-12d3-a456-426655440000', 'aaaaaaaa')",
    "CREATE SEQUENCE counts START WITH 10 INCREMENT BY 5 MAXVALUE 100 CYCLE",
    "DO NEXTVAL(counts)",
    "CREATE TABLE counted (n INT DEFAULT (NEXTVAL(counts)), a INT)",
    "INSERT INTO counted (a) VALUES (1)",
    "CREATE TABLE versions (a INT) WITH SYSTEM VERSIONING",
    "INSERT INTO versions VALUES (1)",
];

/// What is written in a mode of its own, in which the chain leaves its session.
const MODES: &[&str] = &[
    "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'",
    "CREATE TABLE \"quoted\" (\"a\" INT, \"b\" VARCHAR(9) DEFAULT '\\')",
    "INSERT INTO \"quoted\" VALUES (1, '\\')",
    "CREATE VIEW \"quoted view\" AS SELECT \"a\", '\\' AS \"back;slash\" FROM \"quoted\"",
    "CREATE PROCEDURE \"quoted p\" () BEGIN SELECT \"a\", '\\' FROM \"quoted\"; END",
    "CREATE TRIGGER \"quoted t\" BEFORE INSERT ON \"quoted\" FOR EACH ROW SET NEW.\"b\" = '\\'",
    "CREATE EVENT \"quoted e\" ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' DO DELETE FROM \"quoted\" WHERE \"b\" = '\\'",
];

#[test]
fn a_copy_is_like_what_the_chain_makes() {
    let Some((chain, made)) = made() else { return };
    run(Test::new("tests::alike", chain).env(VARIABLE), async |pool: Pool| {
        let mut connection = pool.acquire().await.unwrap();
        let copied = described(&mut connection).await;
        for (copied, made) in copied.iter().zip(&made) {
            assert_eq!(copied, made);
        }
        assert_eq!(copied.len(), made.len());
    });
}

/// The chain, and what is said of a database in which it ran.
#[tokio::main(flavor = "current_thread")]
async fn made() -> Option<(&'static Migrations, Vec<String>)> {
    let db = TestDatabase::make(Dialect::Mysql).await?;
    let more = if db.is_mariadb().await { MARIADB } else { MYSQL };
    let id: &'static str = child::unique().leak();
    let chain = Chain::new().sql(id, &[BOTH, more, MODES].concat(), &[]).build();
    chain.upgrade(&mut db.open().await, "head").await.unwrap();
    let mut connection = MySqlConnection::connect(&db.url).await.unwrap();
    let described = described(&mut connection).await;
    connection.close().await.unwrap();
    db.finish().await;
    Some((chain, described))
}

/// Everything, in order.
async fn described(connection: &mut MySqlConnection) -> Vec<String> {
    let here = rows(connection, "SELECT DATABASE()", &[0]).await.remove(0).remove(0);
    let mut all = Vec::new();
    for row in rows(connection, "SHOW FULL TABLES", &[0, 1]).await {
        let (table, kind) = (&row[0], row[1].as_str());
        let is_view = kind == "VIEW";
        let shown = format!("SHOW CREATE {} {}", if is_view { "VIEW" } else { "TABLE" }, quoted(table));
        all.extend(rows(connection, &shown, &[1]).await.concat());
        let columns = format!(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '{}' \
             ORDER BY ordinal_position",
            table.replace('\'', "''")
        );
        let columns = rows(connection, &columns, &[0]).await.concat();
        all.push(columns.join(" "));
        if table != "revchain_journal" && kind != "SEQUENCE" {
            let names: Vec<String> =
                columns.iter().map(|name| format!("HEX(CAST({} AS BINARY))", quoted(name))).collect();
            let sql = format!("SELECT {} FROM {} ORDER BY 1", names.join(", "), quoted(table));
            let every: Vec<usize> = (0..columns.len()).collect();
            all.extend(rows(connection, &sql, &every).await.iter().map(|row| format!("{table}: {row:?}")));
        }
    }
    let routines = "SELECT routine_type, routine_name FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY 2";
    for row in rows(connection, routines, &[0, 1]).await {
        all.extend(rows(connection, &format!("SHOW CREATE {} {}", row[0], quoted(&row[1])), &[1, 2]).await.concat());
    }
    for row in rows(connection, "SHOW TRIGGERS", &[0]).await {
        all.extend(rows(connection, &format!("SHOW CREATE TRIGGER {}", quoted(&row[0])), &[1, 2]).await.concat());
    }
    for row in rows(connection, "SHOW EVENTS WHERE Db = DATABASE()", &[1]).await {
        all.extend(rows(connection, &format!("SHOW CREATE EVENT {}", quoted(&row[0])), &[1, 2, 3]).await.concat());
    }
    // MySQL says a column's character set beside its collation where somebody did, as it does; and to a trigger that ends with a
    // text belongs what parts it from the next statement.
    let alike = |line: &String| {
        let line = line.replace(&here, "here").replace("CHARACTER SET utf8mb4 COLLATE", "COLLATE");
        line.trim_end_matches([';', '\n']).to_owned()
    };
    all.iter_mut().for_each(|line| *line = alike(line));
    all
}

async fn rows(connection: &mut MySqlConnection, sql: &str, columns: &[usize]) -> Vec<Vec<String>> {
    let rows: Vec<MySqlRow> = raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(connection).await.unwrap();
    let text = |row: &MySqlRow, column| {
        let bytes: Option<Vec<u8>> = row.try_get_unchecked(column).unwrap();
        bytes.map_or("NULL".to_owned(), |bytes| String::from_utf8(bytes).unwrap_or_else(|error| format!("{error:?}")))
    };
    rows.iter().map(|row| columns.iter().map(|column| text(row, *column)).collect()).collect()
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
