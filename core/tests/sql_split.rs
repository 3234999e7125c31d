//! The splitter against the traps that broke other tools, and its properties.

use proptest::prelude::*;
use revchain_core::{
    Dialect::{self, Mysql, Postgres, Sqlite},
    DialectSet,
    sql::{PieceKind, Split, readings, split},
};

fn statements(text: &str, dialect: Dialect) -> Vec<&str> {
    split(text, dialect).statements().map(|statement| &text[statement.start as usize..statement.end as usize]).collect()
}

fn clients(text: &str, dialect: Dialect) -> Vec<&str> {
    let pieces = split(text, dialect).pieces;
    let client = pieces.iter().filter(|piece| piece.kind == PieceKind::Client);
    client.map(|piece| &text[piece.start as usize..piece.end as usize]).collect()
}

/// Expects the text to be these statements.
#[track_caller]
fn check(dialect: Dialect, text: &str, expected: &[&str]) {
    assert_eq!(statements(text, dialect), expected, "{dialect}: {text}");
    assert_tiles(text, &split(text, dialect));
}

/// Expects each of these to be one statement, also with others around it.
#[track_caller]
fn whole(dialect: Dialect, statement: &str) {
    let text = format!("SELECT 1;\n{statement};\nSELECT 2;");
    check(dialect, &text, &["SELECT 1", statement, "SELECT 2"]);
    check(dialect, statement, &[statement]);
}

#[track_caller]
fn assert_tiles(text: &str, split: &Split) {
    let mut at = 0;
    for piece in &split.pieces {
        assert_eq!(piece.start, at, "a gap or an overlap in {text:?}: {split:?}");
        assert!(piece.end > piece.start, "an empty piece in {text:?}");
        assert!(text.is_char_boundary(piece.end as usize));
        if let PieceKind::Statement(statement) = piece.kind {
            assert!(piece.start <= statement.start && statement.start < statement.end && statement.end <= piece.end);
            assert!(text.get(statement.start as usize..statement.end as usize).is_some());
        }
        at = piece.end;
    }
    assert_eq!(at as usize, text.len(), "the pieces don't reach the end of {text:?}");
    if let Some(unterminated) = split.unterminated {
        assert!(unterminated.start < unterminated.end && unterminated.end as usize <= text.len());
    }
}

#[test]
fn plain_statements() {
    for dialect in Dialect::ALL {
        check(dialect, "", &[]);
        check(dialect, " \r\n\t", &[]);
        check(dialect, "-- only a comment", &[]);
        check(dialect, ";;  ; /* x */ ;", &[]);
        check(dialect, "a;b", &["a", "b"]);
        check(dialect, "\u{feff}a;\r\nb ;\r\n", &["a", "b"]);
        check(dialect, "  -- first\n  a -- last\n ; -- after\n b -- end", &["a", "b"]);
        check(dialect, "a /* ; */ b; c", &["a /* ; */ b", "c"]);
        check(dialect, "a -- ;\n b; c", &["a -- ;\n b", "c"]);
        check(dialect, "a ';' b; c", &["a ';' b", "c"]);
        check(dialect, "'it''s; fine'; c", &["'it''s; fine'", "c"]);
        check(dialect, "SELECT 'é;', \"ü;\"; ж", &["SELECT 'é;', \"ü;\"", "ж"]);
        check(dialect, "a\0;b", &["a\0", "b"]);
        check(dialect, "BEGIN; INSERT INTO t VALUES (1); COMMIT;", &["BEGIN", "INSERT INTO t VALUES (1)", "COMMIT"]);
        check(dialect, "BEGIN TRANSACTION; a; END;b", &["BEGIN TRANSACTION", "a", "END", "b"]);
        check(dialect, "START TRANSACTION; a; ROLLBACK", &["START TRANSACTION", "a", "ROLLBACK"]);
        check(dialect, "SELECT CASE WHEN a THEN b END; c", &["SELECT CASE WHEN a THEN b END", "c"]);
        check(
            dialect,
            "CREATE TABLE begin (x int); CREATE TABLE y (z int)",
            &["CREATE TABLE begin (x int)", "CREATE TABLE y (z int)"],
        );
        // A drop names the kind of object too.
        check(dialect, "DROP TRIGGER begin; DROP FUNCTION f; c", &["DROP TRIGGER begin", "DROP FUNCTION f", "c"]);
    }
}

#[test]
fn postgres_quotes() {
    check(Postgres, r"'\'; a", &[r"'\'", "a"]);
    check(Postgres, r"E'\'; b'; a", &[r"E'\'; b'", "a"]);
    check(Postgres, r"e'\\'; a", &[r"e'\\'", "a"]);
    check(Postgres, r"SELECT name'\'; a", &[r"SELECT name'\'", "a"]);
    check(Postgres, "E'a'\n  '\\';b'; c", &["E'a'\n  '\\';b'", "c"]);
    check(Postgres, "E'a'  '\\'; c", &["E'a'  '\\'", "c"]);
    check(Postgres, r#"U&'\0441;' UESCAPE '\'; a"#, &[r"U&'\0441;' UESCAPE '\'", "a"]);
    check(Postgres, r#"U&"\0441;"; a"#, &[r#"U&"\0441;""#, "a"]);
    check(Postgres, r#""a"";b"; c"#, &[r#""a"";b""#, "c"]);
    check(Postgres, "/* a /* ; */ ; */ b; c", &["b", "c"]);
    check(Postgres, "b /* a /* ; */ ; */; c", &["b", "c"]);
    check(Postgres, "a -- x\r; b", &["a", "b"]);
    check(Postgres, "$$;$$; a", &["$$;$$", "a"]);
    check(Postgres, "$a$ $b$ ; $$ ; $a$; c", &["$a$ $b$ ; $$ ; $a$", "c"]);
    check(Postgres, "$é$;$é$; c", &["$é$;$é$", "c"]);
    check(Postgres, "SELECT a$b$; c$b$", &["SELECT a$b$", "c$b$"]);
    check(Postgres, "SELECT $1; SELECT $2", &["SELECT $1", "SELECT $2"]);
    check(Postgres, "SELECT a[1]; SELECT '[';b", &["SELECT a[1]", "SELECT '['", "b"]);
    check(Postgres, "SELECT a #> '{b}'; c", &["SELECT a #> '{b}'", "c"]);
    check(Postgres, "SELECT 5--3\n; c", &["SELECT 5", "c"]);
    check(Postgres, "SELECT 1 WHERE a @? '$.b'; c", &["SELECT 1 WHERE a @? '$.b'", "c"]);
}

#[test]
fn postgres_bodies() {
    whole(Postgres, "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO a VALUES (1); INSERT INTO b VALUES (2))");
    whole(Postgres, "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $fn$ BEGIN RETURN 1; END; $fn$");
    whole(Postgres, "DO $do$ BEGIN EXECUTE $q$ SELECT 1; $q$; END $do$");
    whole(Postgres, "CREATE FUNCTION f(a int) RETURNS int RETURN a + 1");
    whole(Postgres, "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END");
    whole(Postgres, "create or replace function f() returns int begin -- ;\n atomic select 1; end");
    whole(
        Postgres,
        "CREATE PROCEDURE p() BEGIN ATOMIC INSERT INTO t SELECT CASE WHEN x THEN CASE y WHEN 1 THEN 2 END ELSE 3 END; \
         INSERT INTO t VALUES (2); END",
    );
    whole(
        Postgres,
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 AS end; SELECT t.case, 2 AS case FROM t; END",
    );
    whole(Postgres, "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC END");
    whole(Postgres, "CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW EXECUTE FUNCTION f()");
    whole(Postgres, "CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f()");
    // An empty parameter list of another routine does not make a body.
    check(
        Postgres,
        "CREATE FUNCTION f() RETURNS int AS 'x','y'; BEGIN; a; END",
        &["CREATE FUNCTION f() RETURNS int AS 'x','y'", "BEGIN", "a", "END"],
    );
}

#[test]
fn postgres_client_lines() {
    let text = "\\connect db\nCREATE TABLE t (a int);\n\\set x 1\r\nSELECT 1;\n";
    check(Postgres, text, &["CREATE TABLE t (a int)", "SELECT 1"]);
    assert_eq!(clients(text, Postgres), ["\\connect db", "\\set x 1"]);

    let text = "COPY t (a, b) FROM stdin;\n1\tit's; fine\n\\.\nSELECT 1;";
    check(Postgres, text, &["COPY t (a, b) FROM stdin", "SELECT 1"]);
    assert_eq!(clients(text, Postgres), ["\n1\tit's; fine\n\\."]);
    check(Postgres, "COPY t FROM STDIN;\n\\.\nSELECT 1;", &["COPY t FROM STDIN", "SELECT 1"]);
    check(Postgres, "COPY t FROM STDIN; SELECT 1;", &["COPY t FROM STDIN", "SELECT 1"]);
    check(Postgres, "COPY t FROM '/x';\na;\n\\.\n", &["COPY t FROM '/x'", "a"]);
}

#[test]
fn mysql_quotes() {
    check(Mysql, r"'\'; b'; a", &[r"'\'; b'", "a"]);
    check(Mysql, r#""\"; b"; a"#, &[r#""\"; b""#, "a"]);
    check(Mysql, r"'\\'; a", &[r"'\\'", "a"]);
    check(Mysql, r"N'\';'; a", &[r"N'\';'", "a"]);
    check(Mysql, "`a``;b`; `\\`; c", &["`a``;b`", "`\\`", "c"]);
    check(Mysql, "a # ; it's\n b; c", &["a # ; it's\n b", "c"]);
    check(Mysql, "SELECT 5--3; c", &["SELECT 5--3", "c"]);
    check(Mysql, "SELECT 5--'a;'; c", &["SELECT 5--'a;'", "c"]);
    check(Mysql, "a --\t;\n b; c", &["a --\t;\n b", "c"]);
    check(Mysql, "a --\n; c --", &["a", "c"]);
    check(Mysql, "a /* /* ; */; c", &["a", "c"]);
    check(Mysql, "/*!40101 SET NAMES utf8 */; a", &["/*!40101 SET NAMES utf8 */", "a"]);
    check(Mysql, "/*M!100100 SET a=1; */; b", &["/*M!100100 SET a=1; */", "b"]);
    check(Mysql, "/*M!999999\\- enable the sandbox mode */ \n/*!40101 SET a=1 */;", &["/*!40101 SET a=1 */"]);
    check(
        Mysql,
        "CREATE TABLE t (a int) /*!50100 PARTITION BY HASH (a) */; b",
        &["CREATE TABLE t (a int) /*!50100 PARTITION BY HASH (a) */", "b"],
    );
    check(Mysql, "SELECT $$; SELECT a$b", &["SELECT $$", "SELECT a$b"]);
    check(Mysql, "CREATE TABLE 2fa_tokens (a int); b", &["CREATE TABLE 2fa_tokens (a int)", "b"]);
    check(Mysql, "SELECT (a; b", &["SELECT (a", "b"]);
}

#[test]
fn mysql_bodies() {
    for statement in [
        "CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW SET NEW.a = 1",
        "CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN SET NEW.a = 1; SET NEW.b = 2; END",
        "CREATE TRIGGER t BEFORE UPDATE ON x FOR EACH ROW FOLLOWS other BEGIN SET NEW.a = 1; END",
        "CREATE TRIGGER t BEFORE UPDATE ON x FOR EACH ROW IF NEW.a > 1 THEN SET NEW.a = 1; END IF",
        "CREATE TRIGGER t BEFORE UPDATE ON x FOR EACH ROW PRECEDES `o` IF (NEW.a > 1) THEN SET NEW.a = 1; ELSE \
         IF 1 THEN SET NEW.b = 2; END IF; END IF",
        "CREATE TRIGGER t BEFORE UPDATE ON x FOR EACH ROW SET NEW.a = IF(NEW.b, 1, 2)",
        "CREATE OR REPLACE DEFINER=`root`@`localhost` TRIGGER t AFTER DELETE ON x FOR EACH ROW BEGIN a; END",
        "CREATE DEFINER=root@localhost PROCEDURE p() BEGIN SELECT 1; END",
        "CREATE DEFINER = CURRENT_USER() PROCEDURE p() BEGIN SELECT 1; END",
        "CREATE DEFINER='trigger'@'%' PROCEDURE IF NOT EXISTS p() BEGIN SELECT 1; END",
        "CREATE PROCEDURE p() BEGIN IF a THEN b; ELSEIF c THEN d; END IF; SELECT IF(a, b, c); END",
        "CREATE PROCEDURE p() BEGIN l: LOOP LEAVE l; END LOOP l; WHILE a DO b; END WHILE; REPEAT c; UNTIL d END REPEAT; END",
        "CREATE PROCEDURE p() BEGIN CASE a WHEN 1 THEN b; WHEN 2 THEN BEGIN END; ELSE c; END CASE; END",
        "CREATE PROCEDURE p() BEGIN SELECT CASE a WHEN 1 THEN CASE WHEN b THEN c END END; d; END",
        "CREATE PROCEDURE p() BEGIN REPEAT a; UNTIL CASE WHEN b THEN c END END REPEAT; d; END",
        "CREATE PROCEDURE p() BEGIN CASE a WHEN 1 THEN IF b THEN c; END IF; END CASE; d; END",
        "CREATE PROCEDURE p() outer_block: BEGIN inner_block: BEGIN a; END inner_block; b; END outer_block",
        "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; END; START TRANSACTION; COMMIT; END",
        "CREATE PROCEDURE p() BEGIN DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END; a; END",
        "CREATE PROCEDURE p() BEGIN UPDATE t SET t.begin = 1, end = 2, begin = 3 WHERE end > begin; SELECT end, begin; END",
        "CREATE PROCEDURE p() BEGIN SELECT REPEAT('x', 3); DROP TABLE IF EXISTS t; END",
        "CREATE PROCEDURE p() IF 1 THEN SELECT 1; ELSE SELECT 2; END IF",
        "CREATE PROCEDURE p() IF 1 THEN SELECT CASE WHEN a THEN IF(b, 1, 2) ELSE 3 END; IF 2 THEN a; END IF; END IF",
        "CREATE PROCEDURE p() COMMENT 'x' CASE 1 WHEN 1 THEN SELECT 1; ELSE SELECT 2; END CASE",
        "CREATE PROCEDURE p() MODIFIES SQL DATA WHILE a DO SELECT 1; END WHILE",
        "CREATE PROCEDURE p() l: LOOP SELECT 1; LEAVE l; END LOOP l",
        "CREATE PROCEDURE p() REPEAT SELECT 1; UNTIL 1 END REPEAT",
        "CREATE FUNCTION f(a int) RETURNS int DETERMINISTIC IF a THEN RETURN 1; ELSE RETURN 2; END IF",
        "CREATE FUNCTION f(a int) RETURNS int IF a THEN RETURN 1; ELSE RETURN 2; END IF",
        "CREATE FUNCTION f(a int) RETURNS int DETERMINISTIC RETURN IF(a, REPEAT('x', 1), CASE WHEN a THEN 1 END)",
        "CREATE FUNCTION f(a varchar(10)) RETURNS varchar(10) CHARACTER SET utf8 BEGIN RETURN a; END",
        "CREATE AGGREGATE FUNCTION f RETURNS STRING SONAME 'x.so'",
        "CREATE EVENT IF NOT EXISTS e ON SCHEDULE EVERY 1 HOUR DO BEGIN DELETE FROM t; DELETE FROM u; END",
        "CREATE EVENT e ON SCHEDULE EVERY 1 HOUR DO DROP TABLE IF EXISTS t",
        "ALTER DEFINER = a@b EVENT e DO BEGIN a; b; END",
        "ALTER EVENT e RENAME TO f",
        "BEGIN NOT ATOMIC DECLARE x INT; SELECT 1; END",
        "CREATE PROCEDURE p() BEGIN SELECT t.case, t.loop FROM t; UPDATE t SET t.case = 1; END",
        "CREATE PROCEDURE p() SELECT t.loop, t.case FROM t",
        "CREATE PROCEDURE p() SELECT a FROM t WHERE (b) FOR UPDATE",
        "CREATE PROCEDURE p() IF 1 THEN SELECT a FROM t WHERE (b) FOR UPDATE; END IF",
        "CREATE PROCEDURE p() SELECT a FROM t WHERE b = CASE WHEN c THEN d END FOR UPDATE",
        "CREATE PROCEDURE p() BEGIN SELECT a FROM t WHERE b = CASE WHEN c THEN d END FOR UPDATE; e; END",
        "CREATE PROCEDURE p() FOR i IN 1..3 DO IF i THEN SELECT i; END IF; FOR j IN 1..2 DO a; END FOR; END FOR",
        "CREATE PROCEDURE p() BEGIN CASE a WHEN 1 THEN REPEAT b; UNTIL c END REPEAT; FOR i IN 1..2 DO d; END FOR; END CASE; e; END",
        "IF 1 THEN SELECT 1; END IF",
        "FOR i IN 1..3 DO SELECT i; END FOR",
        "CASE 1 WHEN 1 THEN SELECT 1; END CASE",
        "/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN \
         SET NEW.a = 1; END */",
    ] {
        whole(Mysql, statement);
    }
    check(Mysql, "CREATE VIEW v AS SELECT 1; BEGIN; a; END", &["CREATE VIEW v AS SELECT 1", "BEGIN", "a", "END"]);
}

#[test]
fn mysql_delimiter() {
    let text =
        "DELIMITER //\nCREATE PROCEDURE p()\nBEGIN\n  SELECT 1;\n  SELECT 'x//';\nEND//\nDELIMITER ;\nSELECT 2;\n";
    check(Mysql, text, &["CREATE PROCEDURE p()\nBEGIN\n  SELECT 1;\n  SELECT 'x//';\nEND", "SELECT 2"]);
    assert_eq!(clients(text, Mysql), ["DELIMITER //", "DELIMITER ;"]);
    // A word's own characters may delimit; what the client would send without its last `;` goes without it.
    check(
        Mysql,
        "delimiter $$\r\nCREATE FUNCTION f() RETURNS int BEGIN RETURN 1; END;$$\r\ndelimiter ;\r\nb;",
        &["CREATE FUNCTION f() RETURNS int BEGIN RETURN 1; END", "b"],
    );
    check(
        Mysql,
        "DELIMITER ;;\nCREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN a; END;;\nDELIMITER ;\nb",
        &["CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN a; END", "b"],
    );
    check(
        Mysql,
        "DELIMITER |\nCREATE TABLE a (b int)|\nINSERT INTO a VALUES (1); INSERT INTO a VALUES (2)|\nDELIMITER ;",
        &["CREATE TABLE a (b int)", "INSERT INTO a VALUES (1)", "INSERT INTO a VALUES (2)"],
    );
    // A body whose words mislead: the delimiter is right whatever they say.
    check(
        Mysql,
        "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1 AS end; weird; END END//\nDELIMITER ;\nb",
        &["CREATE PROCEDURE p() BEGIN SELECT 1 AS end; weird; END END", "b"],
    );
    check(Mysql, "DELIMITER 'x'\na;bxc\nx DELIMITER ;\nd;", &["a", "b", "c", "d"]);
    check(
        Mysql,
        "delimiter delimiter\nBEGIN NOT ATOMIC a; ENDdelimiter\ndelimiter ;\nb;c",
        &["BEGIN NOT ATOMIC a; END", "b", "c"],
    );
    check(Mysql, "DELIMITER\na;b", &["a", "b"]);
    check(Mysql, "DELIMITER //", &[]);
    check(Mysql, "SELECT delimiter; a", &["SELECT delimiter", "a"]);
    check(Mysql, "source x.sql\na;", &["a"]);
    check(Mysql, "\\. x.sql\na;", &["a"]);
}

#[test]
fn sqlite_quotes() {
    check(Sqlite, r"'\'; a", &[r"'\'", "a"]);
    check(Sqlite, "[a;']; `b;``'`; \"c;'\"; d", &["[a;']", "`b;``'`", "\"c;'\"", "d"]);
    check(Sqlite, "SELECT 5--3\n; c", &["SELECT 5", "c"]);
    check(Sqlite, "a -- x\r; b", &["a"]);
    check(Sqlite, "a /* /* ; */; c", &["a", "c"]);
    check(Sqlite, "SELECT $a, @b, ?1, :c; d", &["SELECT $a, @b, ?1, :c", "d"]);
}

#[test]
fn sqlite_bodies() {
    for statement in [
        "CREATE TRIGGER t AFTER INSERT ON x BEGIN UPDATE a SET b = 1; DELETE FROM c; END",
        "CREATE TEMP TRIGGER IF NOT EXISTS t AFTER INSERT ON x BEGIN SELECT 1; END",
        "create temporary trigger t instead of update of a on v begin select 1; end",
        "CREATE TRIGGER t AFTER UPDATE ON x WHEN CASE WHEN NEW.a THEN 1 END BEGIN SELECT CASE NEW.a WHEN 1 THEN 2 END; \
         UPDATE a SET b = CASE WHEN 1 THEN CASE 2 WHEN 3 THEN 4 END END; END",
        "CREATE TRIGGER t AFTER UPDATE OF begin, end ON x BEGIN UPDATE x SET end = NEW.begin WHERE begin = NEW.end; END",
        "CREATE TRIGGER t AFTER UPDATE ON x BEGIN SELECT RAISE(ABORT, 'no; END;'); END",
        "CREATE TRIGGER t AFTER INSERT ON x BEGIN -- ;\n WITH a AS (SELECT 1) INSERT INTO b SELECT * FROM a; /* ; */ END",
    ] {
        whole(Sqlite, statement);
    }
    check(Sqlite, ".mode csv\nSELECT 1;\n.quit", &["SELECT 1"]);
    // Not a statement of SQLite: nothing is swallowed because of it.
    check(Sqlite, "CREATE PROCEDURE p() BEGIN SELECT 1; END; b", &["CREATE PROCEDURE p() BEGIN SELECT 1", "END", "b"]);
}

#[test]
fn unterminated() {
    for (dialect, text, what, opening) in [
        (Postgres, "a; SELECT 'x; b", "string", "'"),
        (Postgres, r"a; SELECT E'x\'; b", "string", "'"),
        (Postgres, "a; SELECT \"x; b", "quoted identifier", "\""),
        (Postgres, "a; DO $fn$ x; $f$ b", "dollar-quoted string", "$fn$"),
        (Postgres, "a; /* x /* */ b", "comment", "/*"),
        (Mysql, r"a; SELECT 'x\'; b", "string", "'"),
        (Mysql, "a; SELECT \"x; b", "string", "\""),
        (Mysql, "a; SELECT `x; b", "quoted identifier", "`"),
        (Mysql, "a; /*!50000 SELECT 1; b", "comment", "/*!50000"),
        (Sqlite, "a; SELECT [x; b", "quoted identifier", "["),
        (Sqlite, "a; /* x", "comment", "/*"),
    ] {
        let split = split(text, dialect);
        assert_tiles(text, &split);
        let found = split.unterminated.unwrap_or_else(|| panic!("{dialect}: {text}"));
        assert_eq!(found.what, what, "{text}");
        assert_eq!(&text[found.start as usize..found.end as usize], opening, "{text}");
        assert_eq!(split.statements().next().map(|first| first.end), Some(1));
    }
    for dialect in Dialect::ALL {
        assert_eq!(split("a 'b'; \"c\" /* d */ -- e", dialect).unterminated, None);
    }
}

#[test]
fn one_reading_where_dialects_agree() {
    let count = |text: &str| readings(text, DialectSet::ALL).len();
    assert_eq!(count("CREATE TABLE t (a int NOT NULL DEFAULT 'x');\n-- c\nUPDATE t SET a = 1;"), 1);
    assert_eq!(count("CREATE TABLE \"t\" (a int); /* c */ BEGIN; COMMIT;"), 1);
    assert_eq!(count(r"SELECT '\'; SELECT 'a'"), 2);
    assert_eq!(count("CREATE TRIGGER t AFTER INSERT ON x BEGIN DELETE FROM a; END;"), 2);
    assert_eq!(count("CREATE TRIGGER t AFTER INSERT ON x BEGIN; END;"), 2);
    assert_eq!(readings("a", DialectSet::EMPTY), []);
    let only = DialectSet::from_iter([Sqlite]);
    assert_eq!(readings(r"'\'", only), [(only, split(r"'\'", Sqlite))]);
}

/// Bits of SQL whose meanings differ, in any order.
fn fragments() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(vec![
        ";",
        ";\n",
        "\n",
        "\r",
        "\r\n",
        " ",
        "'",
        "''",
        "\"",
        "`",
        "[",
        "]",
        "(",
        ")",
        "\\",
        "\\'",
        "$",
        "$$",
        "$a$",
        "$1",
        "--",
        "-- ",
        "--x",
        "/*",
        "*/",
        "/*!",
        "/*!40101 ",
        "/*M!",
        "#",
        "E'",
        "e'a'\n'\\'",
        "U&'",
        "N'",
        "x'1f'",
        "1e5",
        "2fa",
        ".",
        ":",
        ",",
        "=",
        "@",
        "//",
        "DELIMITER //\n",
        "DELIMITER $$\n",
        "DELIMITER ;\n",
        "delimiter\n",
        "\\connect x\n",
        ".mode\n",
        "source x\n",
        "COPY t FROM STDIN;\n",
        "\\.\n",
        "CREATE ",
        "OR REPLACE ",
        "TEMP ",
        "DEFINER=a@b ",
        "TRIGGER ",
        "FUNCTION ",
        "PROCEDURE ",
        "EVENT ",
        "ALTER ",
        "BEGIN ",
        "ATOMIC ",
        "NOT ",
        "END",
        " END ",
        "END;",
        "CASE ",
        "WHEN ",
        "THEN ",
        "ELSE ",
        "IF ",
        "IF(",
        "LOOP ",
        "WHILE ",
        "REPEAT ",
        "FOR ",
        "EACH ROW ",
        "DO ",
        "SELECT ",
        "SET ",
        "a",
        "é",
        "\u{feff}",
        "\0",
        "TABLE t ",
    ]);
    prop::collection::vec(fragment, 0..40).prop_map(|fragments| fragments.concat())
}

/// Statements that each dialect reads as one.
fn well_formed(dialect: Dialect) -> impl Strategy<Value = &'static str> {
    let mut statements = vec![
        "SELECT 1",
        "INSERT INTO t (a) VALUES ('x;y'), ('it''s')",
        "CREATE TABLE t (a int /* ; */, b text)",
        "UPDATE t SET a = CASE WHEN b THEN 1 END",
        "BEGIN",
        "COMMIT",
        "END",
        "DELETE FROM \"x;y\"",
    ];
    statements.extend_from_slice(match dialect {
        Postgres => &[
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; END",
            "DO $$ BEGIN x; END $$",
            "CREATE RULE r AS ON INSERT TO t DO (a; b)",
            r"SELECT E'\';', '\'",
        ],
        Mysql => &[
            "CREATE PROCEDURE p() BEGIN IF a THEN b; END IF; CASE c WHEN 1 THEN d; END CASE; END",
            "CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW IF a THEN SET b = IF(c, 1, 2); END IF",
            r"SELECT '\';'",
            "/*!40101 SET a = 1; */",
        ],
        Sqlite => &[
            "CREATE TRIGGER t AFTER INSERT ON x BEGIN SELECT CASE WHEN a THEN 1 END; DELETE FROM b; END",
            "SELECT [;], `;`",
            r"SELECT '\'",
        ],
    });
    prop::sample::select(statements)
}

fn dialects() -> impl Strategy<Value = Dialect> {
    prop::sample::select(Dialect::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn any_text_is_tiled(text in any::<String>(), dialect in dialects()) {
        assert_tiles(&text, &split(&text, dialect));
    }

    #[test]
    fn any_bytes_are_tiled(bytes in prop::collection::vec(any::<u8>(), 0..200), dialect in dialects()) {
        let text = String::from_utf8_lossy(&bytes);
        assert_tiles(&text, &split(&text, dialect));
    }

    #[test]
    fn sql_like_text_is_tiled_and_read_once_where_dialects_agree(text in fragments()) {
        for dialect in Dialect::ALL {
            assert_tiles(&text, &split(&text, dialect));
        }
        let groups = readings(&text, DialectSet::ALL);
        for dialect in Dialect::ALL {
            let found: Vec<_> = groups.iter().filter(|(set, _)| set.contains(dialect)).collect();
            prop_assert_eq!(found.len(), 1);
            prop_assert!(found[0].1.is_cut_like(&split(&text, dialect)));
        }
    }

    #[test]
    fn well_formed_statements_are_counted(
        (dialect, statements) in dialects().prop_flat_map(|dialect| (Just(dialect), prop::collection::vec(well_formed(dialect), 0..12)))
    ) {
        let text = statements.join(";\n");
        let found: Vec<_> = split(&text, dialect).statements().map(|s| &text[s.start as usize..s.end as usize]).collect();
        prop_assert_eq!(found, statements);
    }
}
