//! Rows as people insert them: which of them a table surely doesn't take.

use revchain_core::Dialect::{self, Mysql, Postgres, Sqlite};

use super::said;

#[test]
fn a_row_that_does_not_fit() {
    for (dialect, statements, expected) in [
        (
            Postgres,
            "CREATE TABLE t (a int, b int);\nINSERT INTO t VALUES (1, 2, 3)",
            "3 values for table `t`, which has 2 columns",
        ),
        (
            Mysql,
            "CREATE TABLE t (a int, b int);\nINSERT INTO t VALUES (1)",
            "1 value for table `t`, which has 2 columns",
        ),
        (Sqlite, "CREATE TABLE t (a int, b int);\nREPLACE INTO t (a) VALUES (1, 2)", "2 values for 1 column"),
        (
            Postgres,
            "CREATE TABLE t (a int, b int NOT NULL);\nINSERT INTO t VALUES (1, NULL)",
            "column `b` of table `t` takes no NULL",
        ),
        (
            Sqlite,
            "CREATE TABLE t (a int, b int NOT NULL);\nINSERT INTO t (a) VALUES (1)",
            "column `b` of table `t` takes no NULL, has no default, and gets no value",
        ),
        (
            Mysql,
            "CREATE TABLE t (a int, b int NOT NULL);\nINSERT INTO t VALUES (1, NULL)",
            "column `b` of table `t` takes no NULL",
        ),
        (
            Postgres,
            "CREATE TABLE t (a int NOT NULL, b int);\nCREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'x';\n\
             CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();\nINSERT INTO t (b) VALUES (1)",
            "column `a` of table `t` takes no NULL, has no default, and gets no value",
        ),
        (
            Sqlite,
            "CREATE TABLE t (a int NOT NULL, b int);\nCREATE TRIGGER r BEFORE UPDATE ON t BEGIN SELECT 1; END;\n\
             INSERT INTO t (b) VALUES (1)",
            "column `a` of table `t` takes no NULL, has no default, and gets no value",
        ),
        (
            Postgres,
            "CREATE TABLE t (a int, b int);\nINSERT INTO t (a, b, a) VALUES (1, 2, 3)",
            "column `a` of table `t` is named twice",
        ),
        (
            Mysql,
            "CREATE TABLE t (a int, b int);\nINSERT INTO t (a, a) SELECT 1, 2",
            "column `a` of table `t` is named twice",
        ),
        (
            Postgres,
            "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b int);\nINSERT INTO t VALUES (1, 2)",
            "column `a` of table `t` is GENERATED ALWAYS AS IDENTITY, and takes no value",
        ),
        (
            Postgres,
            "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b int);\nINSERT INTO t (a) SELECT 1",
            "column `a` of table `t` is GENERATED ALWAYS AS IDENTITY, and takes no value",
        ),
        (
            Postgres,
            "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b int);\nUPDATE t SET a = 5 WHERE b = 1",
            "column `a` of table `t` is GENERATED ALWAYS AS IDENTITY, and takes no value",
        ),
        (
            Sqlite,
            "CREATE TABLE t (a int, b int AS (a + 1));\nINSERT INTO t (a, b) VALUES (1, 2)",
            "column `b` of table `t` is generated, and takes no value",
        ),
        (
            Sqlite,
            "CREATE TABLE t (a int, b int AS (a + 1));\nUPDATE t SET b = 2",
            "column `b` of table `t` is generated, and takes no value",
        ),
        (Postgres, "CREATE TABLE t (a int);\nUPDATE t SET a = 1, a = 2", "column `a` of table `t` is given two values"),
        (Sqlite, "CREATE TABLE t (a int NOT NULL);\nUPDATE t SET a = NULL", "column `a` of table `t` takes no NULL"),
        (Mysql, "CREATE TABLE t (a int, b int);\nINSERT INTO t (a, b) SELECT 1", "1 column selected for 2 columns"),
        (
            Sqlite,
            "CREATE TABLE t (a int, b int);\nINSERT INTO t (a) SELECT a, b FROM t UNION SELECT 1, 2",
            "2 columns selected for 1 column",
        ),
    ] {
        assert_eq!(said(statements, dialect), [format!("RowDoesNotFit: {expected}")], "{statements}");
    }
}

#[test]
fn constants_that_no_column_takes() {
    let table = "CREATE TYPE e AS ENUM ('x');\nCREATE TABLE t (b boolean, i int, v varchar(3), n numeric(5,2), w timestamptz, e e, j json, l text[])";
    for (column, value, expected) in [
        ("b", "1", "column `b` of table `t` is `boolean`, and takes no `1`"),
        ("i", "'abc'", "column `i` of table `t` is `integer`, and takes no `'abc'`"),
        ("i", "99999999999", "`99999999999` is more than column `i` of table `t` holds, which is `integer`"),
        ("v", "'abcd'", "`'abcd'` is longer than column `v` of table `t`, which is `character varying(3)`"),
        ("n", "-1000", "`-1000` is more than column `n` of table `t` holds, which is `numeric(5,2)`"),
        ("n", "'1000.5'", "`'1000.5'` is more than column `n` of table `t` holds, which is `numeric(5,2)`"),
        ("w", "'yesterdy'", "column `w` of table `t` is `timestamp with time zone`, and takes no `'yesterdy'`"),
        ("e", "'y'", "`'y'` is none of the values of column `e` of table `t`"),
        ("j", "'{bad}'", "column `j` of table `t` is `json`, and takes no `'{bad}'`"),
        ("l", "'a,b'", "column `l` of table `t` is `text[]`, and takes no `'a,b'`"),
    ] {
        for statement in [
            format!("INSERT INTO t ({column}) VALUES ({value}), (DEFAULT)"),
            format!("UPDATE t SET {column} = {value} WHERE i = 1"),
        ] {
            assert_eq!(
                said(&format!("{table};\n{statement}"), Postgres),
                [format!("RowDoesNotFit: {expected}")],
                "{statement}"
            );
        }
    }
    for (column, value) in [
        ("b", "'of'"),
        ("i", "1.5"),
        ("i", "'1' '2'"),
        ("i", "'9'::text::int"),
        ("v", "'abc   '"),
        ("v", "'a''b'"),
        ("n", "999.99"),
        ("n", "'NaN'"),
        ("w", "'yesterday'"),
        ("e", "'x'"),
        ("e", "e'x'"),
        ("j", "'{}'"),
        ("l", "'{a,b}'"),
        ("l", "NULL"),
    ] {
        for statement in
            [format!("INSERT INTO t ({column}) VALUES ({value})"), format!("UPDATE t SET {column} = {value}")]
        {
            let statements = format!("{table};\n{statement}");
            assert!(said(&statements, Postgres).is_empty(), "{statement}: {:?}", said(&statements, Postgres));
        }
    }
    // What a rule does instead, takes anything.
    let ruled = format!(
        "{table};\nCREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING;\nINSERT INTO t (i) VALUES (99999999999)"
    );
    assert!(said(&ruled, Postgres).is_empty());
    let cast =
        format!("{table};\nCREATE CAST (int AS boolean) WITH INOUT AS ASSIGNMENT;\nINSERT INTO t (b) VALUES (1)");
    assert!(said(&cast, Postgres).is_empty());
    let strict = "CREATE TABLE t (id INTEGER PRIMARY KEY, i INT, x TEXT, b BLOB, a ANY) STRICT";
    for (column, value, is_taken) in [
        ("id", "'abc'", false),
        ("id", "'7'", true),
        ("id", "NULL", true),
        ("i", "'abc'", false),
        ("i", "1.5", false),
        ("i", "1.0", true),
        ("x", "x'00'", false),
        ("x", "5", true),
        ("b", "'x'", false),
        ("b", "x'00'", true),
        ("a", "'x'", true),
    ] {
        let statements = format!("{strict};\nINSERT INTO t ({column}) VALUES ({value})");
        assert_eq!(said(&statements, Sqlite).is_empty(), is_taken, "{statements}");
        let lax = statements.replace("STRICT", "").replace("INSERT", "INSERT OR IGNORE");
        assert!(said(&lax, Sqlite).is_empty(), "{lax}");
    }
    // A table may be empty, and SQLite looks at a value where there is a row.
    assert!(said(&format!("{strict};\nUPDATE t SET i = 'abc'"), Sqlite).is_empty());
}

#[test]
fn rows_that_may_fit() {
    let null = "CREATE TABLE t (a int NOT NULL, b int)";
    let statements: &[(Dialect, &str)] = &[
        (Postgres, "CREATE TABLE t (a int, b int);\nINSERT INTO t VALUES (1)"),
        (Postgres, "CREATE TABLE t (a serial, b int);\nINSERT INTO t (b) VALUES (1)"),
        (
            Postgres,
            "CREATE DOMAIN d AS int DEFAULT 1;\nCREATE TABLE t (a d NOT NULL, b int);\nINSERT INTO t (b) VALUES (1)",
        ),
        (
            Postgres,
            "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY);\nINSERT INTO t (a) OVERRIDING USER VALUE VALUES (NULL)",
        ),
        (Sqlite, "CREATE TABLE t (a int NOT NULL ON CONFLICT IGNORE, b int);\nINSERT INTO t (b) VALUES (1)"),
        (Sqlite, "CREATE TABLE t (a int, b int AS (a + 1));\nINSERT INTO t VALUES (1)"),
        (Sqlite, "CREATE TABLE t (a int, b int);\nINSERT INTO t (a, a) VALUES (1, 2)"),
        (Sqlite, "CREATE TABLE t (a int NOT NULL);\nUPDATE t SET a = NULL WHERE a = 1"),
        (Sqlite, "CREATE TABLE t (a int NOT NULL);\nUPDATE OR IGNORE t SET a = NULL"),
        (Mysql, "CREATE TABLE t (a int NOT NULL);\nINSERT INTO t VALUES (1), (NULL)"),
        (Mysql, "CREATE TABLE t (a int NOT NULL);\nINSERT INTO t VALUES (NULL), (1)"),
        (Mysql, "CREATE TABLE t (a int AUTO_INCREMENT PRIMARY KEY);\nINSERT INTO t VALUES (NULL)"),
        (Mysql, "CREATE TABLE t (a timestamp NOT NULL);\nINSERT INTO t VALUES (NULL)"),
        (Mysql, "CREATE TABLE t (a int, b int);\nINSERT INTO t (a, b) SELECT t.* FROM t"),
        (Mysql, "CREATE TABLE t (a int, b int);\nUPDATE t SET a = 1, a = 'x'"),
        (Postgres, "CREATE TABLE t (a int);\nINSERT INTO t (a) SELECT 99999999999 FROM t"),
        (Postgres, "CREATE TABLE t (a int[]);\nUPDATE t SET a[1] = 1, a[2] = 2"),
        (
            Postgres,
            "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b int);\nINSERT INTO t VALUES (DEFAULT, 2);\n\
             INSERT INTO t OVERRIDING SYSTEM VALUE VALUES (1, 2);\nUPDATE t SET a = DEFAULT",
        ),
    ];
    for (dialect, statements) in statements {
        assert!(said(statements, *dialect).is_empty(), "{statements}");
    }
    // The trigger may be a partition's, or a rule may do something else.
    for between in [
        "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
        "CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING",
    ] {
        let statements = format!("{null};\n{between};\nINSERT INTO t (b) VALUES (1)");
        assert!(!said(&statements, Postgres).iter().any(|said| said.starts_with("RowDoesNotFit")), "{statements}");
    }
    let parted = format!(
        "{null} PARTITION BY LIST (b);\nCREATE TABLE u PARTITION OF t DEFAULT;\n\
         CREATE TRIGGER r BEFORE INSERT ON u FOR EACH ROW EXECUTE FUNCTION f();\nINSERT INTO t (b) VALUES (1)"
    );
    assert!(!said(&parted, Postgres).iter().any(|said| said.starts_with("RowDoesNotFit")), "{parted}");
}

#[test]
fn a_conflict_means_a_key() {
    let table = "CREATE TABLE t (a int PRIMARY KEY, b int, c int, UNIQUE (b, c))";
    for dialect in [Postgres, Sqlite] {
        for (columns, expected) in [
            ("a", None),
            ("c, b", None),
            ("b", Some("UnknownConstraint: table `t` has no unique key of `b`, as `ON CONFLICT` needs it")),
            ("a, b", Some("UnknownConstraint: table `t` has no unique key of `a, b`, as `ON CONFLICT` needs it")),
            ("d", Some("UnknownColumn: table `t` has no column `d`")),
        ] {
            let statements = format!("{table};\nINSERT INTO t (a) VALUES (1) ON CONFLICT ({columns}) DO NOTHING");
            assert_eq!(said(&statements, dialect).first().map(String::as_str), expected, "{statements}");
        }
        for (index, expected) in [("(b)", 0), ("(c) WHERE b > 1", 1), ("(lower(b))", 1)] {
            let statements = format!(
                "{table};\nCREATE UNIQUE INDEX i ON t {index};\nINSERT INTO t SELECT 1 ON CONFLICT (b) DO NOTHING"
            );
            assert_eq!(said(&statements, dialect).len(), expected, "{statements}");
        }
    }
    let row_id = "CREATE TABLE t (a int);\nINSERT INTO t VALUES (1) ON CONFLICT (rowid) DO NOTHING";
    assert!(said(row_id, Sqlite).is_empty());
    let mysql = "CREATE TABLE t (a int);\nINSERT INTO t VALUES (1) ON CONFLICT DO NOTHING";
    assert_eq!(said(mysql, Mysql), ["NoSuchForm: on MySQL there is no `ON CONFLICT`"]);
}
