//! What people compare, combine and assign: which of it PostgreSQL surely has no operator or cast for, and which queries say too much.

use revchain_core::Dialect::{self, Mysql, Postgres, Sqlite};

use super::said;

fn found(statement: &str, dialect: Dialect) -> Vec<String> {
    let tables = match dialect {
        Postgres => {
            "CREATE TYPE mood AS ENUM ('sad', 'ok');\n\
             CREATE TABLE t (b boolean, i int, l bigint, n numeric(5,2), x text, v varchar(9), d date, w timestamptz, y interval, \
             u uuid, j json, k jsonb, m mood, a text[])"
        }
        _ => "CREATE TABLE t (b boolean, i int, l bigint, x text, v varchar(9))",
    };
    said(&format!("{tables};\n{statement}"), dialect)
}

#[test]
fn operators_that_are_not_there() {
    for (condition, expected) in [
        ("b = 1", "there is no operator `=` between `b`, which is `boolean`, and the number `1`"),
        ("i = 1 AND 0 <> b", "there is no operator `<>` between the number `0` and `b`, which is `boolean`,"),
        ("x > 0", "there is no operator `>` between `x`, which is `text`, and the number `0`"),
        (
            "v BETWEEN 1 AND 2",
            "there is no operator `BETWEEN` between `v`, which is `character varying(9)`, and the number `1`",
        ),
        ("i = x", "there is no operator `=` between `i`, which is `integer`, and `x`, which is `text`,"),
        ("t.m = t.x", "there is no operator `=` between `m`, which is `mood`, and `x`, which is `text`,"),
        ("d = 5", "there is no operator `=` between `d`, which is `date`, and the number `5`"),
        ("j = '{}'", "there is no operator `=` between `j`, which is `json`, and the text `'{}'`"),
        ("i LIKE '5%'", "there is no operator `LIKE` between `i`, which is `integer`, and the text `'5%'`"),
        (
            "w + 1 > now()",
            "there is no operator `+` between `w`, which is `timestamp with time zone`, and the number `1`",
        ),
        ("x ->> 'a' = 'b'", "there is no operator `->>` between `x`, which is `text`, and the text `'a'`"),
        ("a = 1", "there is no operator `=` between `a`, which is `text[]`, and the number `1`"),
        ("l = 'abc'", "`'abc'` is no `bigint`, as column `l` is"),
        ("'happy' = m", "`'happy'` is no `mood`, as column `m` is"),
        ("w < '2026-13-01'", "`'2026-13-01'` is no `timestamp with time zone`, as column `w` is"),
        ("a = 'x'", "`'x'` is no `text[]`, as column `a` is"),
        ("i + 'x' > 1", "`'x'` is no `integer`, as column `i` is"),
        ("x", "`x`, which is `text`, is no condition"),
        ("b AND NOT i", "`i`, which is `integer`, is no condition"),
        ("1", "the number `1` is no condition"),
        ("b OR 'maybe'", "`'maybe'` is neither true nor false"),
    ] {
        for statement in [
            format!("DELETE FROM t WHERE {condition}"),
            format!("CREATE VIEW v AS SELECT 1 AS one FROM t WHERE ({condition})"),
        ] {
            assert_eq!(found(&statement, Postgres), [format!("OperandsDiffer: {expected}")], "{statement}");
        }
        let check = format!("ALTER TABLE t ADD CHECK ({condition})");
        assert_eq!(found(&check, Postgres).len(), 1, "{check}");
    }
}

#[test]
fn operators_that_are_there() {
    for condition in [
        "b AND NOT b OR (b) IS TRUE",
        "b = true AND b = 't' AND b = (i = 1)",
        "i = 1.5 AND l = i AND n > l AND i = '5' AND i = 99999999999",
        "i = -1 AND -i = 1 AND i + 1 = l - 2 AND n * 2 > i / 3",
        "x = v AND x || 1 = v AND i || x = '1' AND x LIKE 'a%' AND x ~ v",
        "d = w AND d + 1 > d AND d - d > 1 AND w - y < w AND w - w > y AND 2 * y > y / 2",
        "d > '1/13/2026' AND w < 'yesterday' AND w > '2024-02-29' AND w + '1 day' > now()",
        "k = '{}' AND k -> 'a' = '1' AND j ->> 'a' = 'x' AND k - 'a' = k",
        "m = 'ok' AND m < 'sad' AND u = '00000000-0000-0000-0000-000000000000'",
        "a = '{a}' AND a || 'x' = a AND a[1] = 'x' AND 'x' = ANY (a)",
        "i BETWEEN 1 AND 2 AND b",
        "i IS NOT NULL = b AND x IS DISTINCT FROM v",
        "i::text = '5x' AND b::int = 1 AND (i = 1) = b AND NOT i = 1",
        "(i, x) = (SELECT 1, 'a') AND i IN (SELECT i FROM t) AND EXISTS (SELECT i, x FROM t)",
        "NULL",
        "b = NULL",
        "'t'",
    ] {
        for statement in [
            format!("DELETE FROM t WHERE {condition}"),
            format!("UPDATE t SET i = 1 WHERE {condition}"),
            format!("CREATE VIEW v AS SELECT 1 AS one FROM t WHERE {condition}"),
        ] {
            assert!(found(&statement, Postgres).is_empty(), "{statement}: {:?}", found(&statement, Postgres));
        }
    }
    for between in [
        "CREATE CAST (boolean AS int) WITH INOUT AS IMPLICIT",
        "CREATE OPERATOR = (LEFTARG = boolean, RIGHTARG = int, FUNCTION = f)",
        "CREATE EXTENSION citext",
        "DO $$ BEGIN EXECUTE 'x'; END $$",
    ] {
        assert!(found(&format!("{between};\nDELETE FROM t WHERE b = 1"), Postgres).is_empty(), "{between}");
    }
    assert_eq!(found("CREATE EXTENSION pgcrypto;\nDELETE FROM t WHERE b = 1", Postgres).len(), 1);
    for dialect in [Mysql, Sqlite] {
        for condition in ["b = 1", "x > 0", "l = 'abc'", "x", "i LIKE '5%'", "x + 1"] {
            assert!(found(&format!("DELETE FROM t WHERE {condition}"), dialect).is_empty(), "{condition}");
        }
    }
}

#[test]
fn values_that_do_not_become_a_columns() {
    let differs = "column `i` is `integer`, and `x`, which is `text`, doesn't become that by itself";
    for (statement, expected) in [
        ("UPDATE t SET i = x", Some(differs)),
        ("INSERT INTO t (l, i) SELECT i, x FROM t", Some(differs)),
        ("INSERT INTO t (i) VALUES (1) ON CONFLICT DO NOTHING", None),
        ("UPDATE t SET x = i, i = n, d = w, k = j, v = x", None),
        ("INSERT INTO t (x, i) SELECT i, l FROM t UNION SELECT 5, 6", None),
        (
            "ALTER TABLE t ADD q int GENERATED ALWAYS AS (x) STORED",
            Some("column `x` is `text`, and doesn't become `integer` by itself"),
        ),
        ("ALTER TABLE t ADD q int GENERATED ALWAYS AS (l) STORED", None),
        (
            "ALTER TABLE t ALTER v TYPE int USING x",
            Some("column `x` is `text`, and doesn't become `integer` by itself"),
        ),
        ("ALTER TABLE t ALTER v TYPE int USING i", None),
        (
            "CREATE INDEX ON t (x) WHERE b = 1",
            Some("there is no operator `=` between `b`, which is `boolean`, and the number `1`"),
        ),
        ("CREATE INDEX ON t (x) WHERE v", Some("`v`, which is `character varying(9)`, is no condition")),
        ("CREATE INDEX ON t ((i + 1)) WHERE b", None),
    ] {
        let expected: Vec<String> = expected.iter().map(|said| format!("OperandsDiffer: {said}")).collect();
        assert_eq!(found(statement, Postgres), expected, "{statement}");
    }
}

#[test]
fn a_query_that_stands_for_one_value() {
    for dialect in [Postgres, Mysql, Sqlite] {
        for statement in [
            "DELETE FROM t WHERE i = (SELECT i, x FROM t)",
            "DELETE FROM t WHERE i NOT IN (SELECT i, x FROM t)",
            "UPDATE t SET x = (SELECT x, v FROM t LIMIT 1)",
        ] {
            let expected = "OperandsDiffer: one value is asked for, and the query selects 2 columns";
            assert_eq!(found(statement, dialect), [expected], "{dialect}: {statement}");
        }
        for statement in [
            "DELETE FROM t WHERE i = (SELECT i FROM t)",
            "DELETE FROM t WHERE (i, x) IN (SELECT i, x FROM t)",
            "DELETE FROM t WHERE i = (SELECT u.* FROM t AS u)",
            "DELETE FROM t WHERE EXISTS (SELECT i, x FROM t)",
        ] {
            assert!(found(statement, dialect).is_empty(), "{dialect}: {statement}");
        }
    }
}
