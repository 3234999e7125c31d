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
    ] {
        assert_eq!(said(statements, dialect), [format!("RowDoesNotFit: {expected}")], "{statements}");
    }
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
