//! What is written for SQLite, run on SQLite: it leads from one schema to the other and back, and rows that should survive do.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say so when they fail")]

#[path = "sqlite/database.rs"]
mod database;
#[path = "sqlite/generated.rs"]
mod generated;

use database::{Database, schema, text, there, there_and_back};
use revchain_autogenerate::{Renames, prove, write};
use revchain_core::Dialect;
use revchain_schema::model::{Name, ObjectName};

/// A schema with all that Alembic's batch mode loses, and rows.
const EVERYTHING: &str = "
CREATE TABLE groups (id INTEGER PRIMARY KEY, name text NOT NULL);
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    email text COLLATE NOCASE NOT NULL UNIQUE,
    age int CHECK (age > 0),
    boss int REFERENCES users (id) ON DELETE SET NULL,
    grp int REFERENCES groups ON DELETE CASCADE,
    tag text DEFAULT 'it''s',
    initial text AS (substr(email, 1, 1)) STORED,
    CHECK (users.age < 200)
);
CREATE INDEX users_lower ON users (lower(email), age DESC);
CREATE UNIQUE INDEX users_tag ON users (tag COLLATE NOCASE) WHERE age > 50;
CREATE TABLE posts (
    id INTEGER PRIMARY KEY,
    author int NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    body text
);
CREATE TABLE log (what text);
CREATE VIEW adults AS SELECT id, email FROM users WHERE age >= 18;
CREATE VIEW written AS SELECT adults.email, count(*) AS n FROM adults JOIN posts ON author = adults.id GROUP BY 1;
CREATE TRIGGER renamed AFTER UPDATE OF email ON users BEGIN INSERT INTO log (what) VALUES (new.email); END;
CREATE TRIGGER posted AFTER INSERT ON posts WHEN new.author > 0 BEGIN UPDATE users SET tag = new.id WHERE id = new.author; END;
CREATE TRIGGER through INSTEAD OF INSERT ON adults BEGIN INSERT INTO users (email, age) VALUES (new.email, 18); END;
";

const ROWS: &str = "
INSERT INTO groups VALUES (1, 'a'), (2, 'b');
INSERT INTO users (email, age, grp) VALUES ('Ann@x', 30, 1), ('bob@x', 17, 2), ('cy@x', 60, 1), ('gone@x', 20, NULL);
UPDATE users SET boss = 1 WHERE id > 1;
INSERT INTO posts (author, body) VALUES (1, 'one'), (1, 'two'), (3, 'three');
DELETE FROM users WHERE email = 'gone@x';
";

/// What has to be there, whatever was done to the tables.
const KEPT: [(&str, &str); 6] = [
    (
        "SELECT id, email, age, boss, grp, initial FROM users ORDER BY id",
        "1 Ann@x 30  1 A|2 bob@x 17 1 2 b|3 cy@x 60 1 1 c",
    ),
    ("SELECT id, author, body FROM posts", "1 1 one|2 1 two|3 3 three"),
    ("SELECT * FROM written", "Ann@x 2|cy@x 1"),
    ("SELECT seq FROM sqlite_sequence WHERE name = 'users'", "4"),
    ("SELECT count(*) FROM sqlite_sequence WHERE name <> 'users'", "0"),
    ("SELECT name FROM groups", "a|b"),
];

fn replaced(from: &str, to: &str) -> String {
    assert!(EVERYTHING.contains(from), "{from}");
    EVERYTHING.replace(from, to)
}

#[tokio::test]
async fn nothing_is_lost() {
    for (from, to) in [
        // A column's type, its default, its nullability; keys and checks; and several tables at once.
        ("age int", "age bigint"),
        ("DEFAULT 'it''s'", "DEFAULT 'its'"),
        ("tag text DEFAULT 'it''s'", "tag text NOT NULL DEFAULT 'it''s'"),
        ("boss int REFERENCES users (id) ON DELETE SET NULL", "boss int REFERENCES users (id)"),
        ("users.age < 200", "users.age < 300"),
        ("CHECK (age > 0)", "CHECK (age > 1)"),
        ("CHECK (age > 0)", ""),
        ("NOT NULL UNIQUE", "NOT NULL"),
        ("name text NOT NULL", "name text"),
        ("author int NOT NULL", "author int"),
        ("id INTEGER PRIMARY KEY,\n    author", "id INTEGER NOT NULL,\n    more int PRIMARY KEY,\n    author"),
        ("(substr(email, 1, 1)) STORED", "(substr(email, 1, 1)) VIRTUAL"),
        (" int", " integer"),
        (" text", " varchar(50)"),
        ("tag text", "extra int, tag text"),
        ("tag text", "extra int DEFAULT 5 NOT NULL, tag text"),
        ("tag text", "extra text DEFAULT CURRENT_TIMESTAMP, tag text"),
        ("tag text", "extra int REFERENCES groups (id), tag text"),
        ("tag text", "extra int CONSTRAINT e REFERENCES groups (id) CONSTRAINT f CHECK (extra > age), tag text"),
        ("tag text", "extra int AS (age + 1) STORED, tag text"),
        ("tag text", "extra int AS (age + 1), tag text"),
        ("tag text", "extra int UNIQUE, tag text"),
        ("what text", "what text, more int"),
    ] {
        let mut db = Database::of(&format!("{EVERYTHING}{ROWS}")).await;
        there_and_back(&mut db, EVERYTHING, &replaced(from, to), &KEPT).await;
        db.run("DELETE FROM users WHERE id = 1").await;
        assert_eq!(db.rows("SELECT id FROM posts").await, "3", "{from}: foreign keys work as before");
        db.run("UPDATE users SET email = 'new' WHERE id = 3").await;
        db.run("INSERT INTO adults (email) VALUES ('via')").await;
        assert_eq!(db.rows("SELECT * FROM log").await, "new", "{from}: triggers do");
        assert_eq!(db.rows("SELECT id FROM users WHERE email = 'VIA'").await, "5", "{from}: and numbers count on");
    }
}

/// A view that is made again shows its columns under the names that it was written with.
#[tokio::test]
async fn views_and_triggers_are_as_they_were_written() {
    let one = "CREATE TABLE Users (userId INTEGER PRIMARY KEY, fullName text);
        CREATE VIEW Shown AS SELECT userId AS userId, fullName AS \"Full\" FROM Users WHERE fullName <> 'NOBODY';
        CREATE VIEW Named (theName) AS SELECT fullName FROM Users;
        CREATE TRIGGER Noted AFTER INSERT ON Users BEGIN UPDATE Users SET fullName = 'New' WHERE userId = NEW.userId; END;";
    let mut db = Database::of(&format!("{one}INSERT INTO Users VALUES (1, 'Ann')")).await;
    let kept = [
        ("SELECT group_concat(name, ' ') FROM pragma_table_info('Shown')", "userId Full"),
        ("SELECT group_concat(name, ' ') FROM pragma_table_info('Named')", "theName"),
        ("SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%' AND instr(sql, 'userId = NEW.userId')", "1"),
        ("SELECT userId, \"Full\" FROM Shown", "1 New"),
    ];
    there_and_back(&mut db, one, &one.replace("fullName text", "fullName varchar(50)"), &kept).await;
}

/// From one schema to another: rows before, a question, and its answer afterwards.
async fn becomes(from: &str, to: &str, rows: &str, question: &str, answer: &str) {
    let mut db = Database::of(&format!("{from};{rows}")).await;
    there(&mut db, &schema(from), &schema(to)).await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(db.rows(question).await, answer, "{from} {to}");
}

#[tokio::test]
async fn values_are_what_they_were() {
    for (from, to, rows, question, answer) in [
        // What is no number stays, and no 0 takes its place.
        (
            "CREATE TABLE t (a text)",
            "CREATE TABLE t (a int)",
            "INSERT INTO t VALUES ('5'), ('abc'), ('1.5'), (NULL)",
            "SELECT a, typeof(a) FROM t",
            "5 integer|abc text|1.5 real| null",
        ),
        (
            "CREATE TABLE t (a blob)",
            "CREATE TABLE t (a text)",
            "INSERT INTO t VALUES (x'6162'), ('c'), (5)",
            "SELECT a, typeof(a) FROM t",
            "ab text|c text|5 text",
        ),
        (
            "CREATE TABLE t (a text)",
            "CREATE TABLE t (a blob) STRICT",
            "INSERT INTO t VALUES ('ab')",
            "SELECT hex(a), typeof(a) FROM t",
            "6162 blob",
        ),
        (
            "CREATE TABLE t (a text)",
            "CREATE TABLE t (a json)",
            "INSERT INTO t VALUES ('{\"b\": 1}')",
            "SELECT a FROM t",
            "{\"b\": 1}",
        ),
        (
            "CREATE TABLE t (a text, b text, c text, d int)",
            "CREATE TABLE t (a text NOT NULL DEFAULT \"x\", b text NOT NULL DEFAULT word, c text NOT NULL DEFAULT 'it''s', d int NOT NULL DEFAULT (1 + 2))",
            "INSERT INTO t DEFAULT VALUES",
            "SELECT * FROM t",
            "x word it's 3",
        ),
        // Rows keep their numbers, and a new key takes them.
        (
            "CREATE TABLE t (a int)",
            "CREATE TABLE t (a text)",
            "INSERT INTO t (rowid, a) VALUES (7, 1), (9, 2)",
            "SELECT rowid, a FROM t",
            "7 1|9 2",
        ),
        (
            "CREATE TABLE t (a int)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a int)",
            "INSERT INTO t (rowid, a) VALUES (7, 1), (9, 2)",
            "SELECT * FROM t",
            "7 1|9 2",
        ),
        // Numbers that were given once are not given again, also where no row is left.
        (
            "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a int)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a text)",
            "INSERT INTO t (a) VALUES (1), (2); DELETE FROM t",
            "INSERT INTO t (a) VALUES (1) RETURNING id",
            "3",
        ),
        // A circle, and a table whose rows refer to each other with RESTRICT.
        (
            "CREATE TABLE a (id INTEGER PRIMARY KEY, b int REFERENCES b); CREATE TABLE b (id INTEGER PRIMARY KEY, a int REFERENCES a);\
             CREATE TABLE c (id INTEGER PRIMARY KEY, c int REFERENCES c ON DELETE RESTRICT);",
            "CREATE TABLE d (id int)",
            "INSERT INTO a VALUES (1, NULL); INSERT INTO b VALUES (1, 1); UPDATE a SET b = 1; INSERT INTO c VALUES (1, NULL), (2, 1)",
            "SELECT name FROM sqlite_schema",
            "d",
        ),
        // A view on a column that comes from elsewhere now.
        (
            "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t",
            "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a, a + 1 AS b FROM t",
            "INSERT INTO t VALUES (1, 5)",
            "SELECT * FROM v",
            "1 2",
        ),
    ] {
        becomes(from, to, rows, question, answer).await;
    }
}

#[tokio::test]
async fn a_row_whose_parent_is_not_there_stops_it() {
    let from = "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p int);";
    let to = "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p int REFERENCES p);";
    let mut db = Database::of(&format!("{from} INSERT INTO c VALUES (1, 5);")).await;
    let error = there(&mut db, &schema(from), &schema(to)).await.unwrap_err();
    assert!(error.starts_with("foreign_key_check: c 1 p 0"), "{error}");
}

#[tokio::test]
async fn what_is_renamed_is_rebuilt_under_its_new_name() {
    let from = schema(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a int); CREATE TABLE c (id INTEGER PRIMARY KEY, t int REFERENCES t ON DELETE CASCADE);
         CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER g AFTER UPDATE ON t BEGIN SELECT new.a; END;",
    );
    let to = schema(
        "CREATE TABLE u (id INTEGER PRIMARY KEY, b text); CREATE TABLE c (id INTEGER PRIMARY KEY, t int REFERENCES u ON DELETE CASCADE);
         CREATE INDEX i ON u (b); CREATE VIEW v AS SELECT b FROM u; CREATE TRIGGER g AFTER UPDATE ON u BEGIN SELECT new.b; END;",
    );
    let name = |text: &str| Name::new(text, Dialect::Sqlite);
    let (old, new) = (ObjectName::bare(name("t")), ObjectName::bare(name("u")));
    let mut renames = Renames::default();
    renames.tables.insert(old, new.clone());
    renames.columns.insert((new, name("a")), name("b"));
    let mut db = Database::of(&text(&write(&schema(""), &from, &Renames::default()))).await;
    db.run("INSERT INTO t VALUES (1, 5); INSERT INTO c VALUES (1, 1)").await;
    let there = write(&from, &to, &renames);
    let proof = prove(&from, &there, &to);
    let back = write(&proof.schema, &from, &renames.reversed());
    assert!(proof.holds() && prove(&proof.schema, &back, &from).holds(), "{}{}", text(&there), text(&back));
    for (script, schema, question) in [(&there, &to, "SELECT b FROM u"), (&back, &from, "SELECT a FROM t")] {
        db.script(script).await.unwrap_or_else(|error| panic!("{error}\n{}", text(script)));
        assert_eq!(db.faults(schema).await, [""; 0], "{}", text(script));
        assert_eq!((db.rows(question).await.as_str(), db.rows("SELECT * FROM c").await.as_str()), ("5", "1 1"));
    }
}
