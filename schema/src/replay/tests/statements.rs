//! Statements as people write them, from the text on.

use revchain_core::Dialect;

use super::said;

#[test]
fn postgres() {
    for (statements, expected) in [
        ("CREATE TABLE a (x hstore, y citext);\nALTER TABLE a ADD z geometry(Point, 4326)", vec![]),
        (
            "CREATE TABLE a (id int PRIMARY KEY);\nALTER TABLE a ALTER id DROP NOT NULL",
            vec!["StillNeeded: column `id` is in the primary key, and can't be NULL"],
        ),
        ("CREATE TABLE a (id int PRIMARY KEY);\nALTER TABLE a DROP CONSTRAINT a_pkey, ALTER id DROP NOT NULL", vec![]),
        (
            "CREATE TABLE a (x int, y int);\nCREATE VIEW v AS SELECT x, y FROM a;\n\
             CREATE OR REPLACE VIEW v AS SELECT x FROM a",
            vec!["Other: `CREATE OR REPLACE` can't take column `y` out of view `v`"],
        ),
        (
            "CREATE TABLE a (x int, y int);\nCREATE VIEW v AS SELECT x FROM a;\n\
             CREATE OR REPLACE VIEW v AS SELECT y, x FROM a",
            vec!["Other: `CREATE OR REPLACE` can't make column `x` of view `v` a column `y`"],
        ),
        (
            "CREATE TABLE a (x int, y int);\nCREATE VIEW v AS SELECT x FROM a;\n\
             CREATE OR REPLACE VIEW v AS SELECT y + 1 AS x, y FROM a;\n\
             CREATE OR REPLACE VIEW v AS SELECT * FROM a;\nDROP VIEW v;\nCREATE OR REPLACE VIEW v AS SELECT y FROM a",
            vec![],
        ),
        (
            "CREATE TABLE a (x int);\nUPDATE a SET y = 1 WHERE x > 0;\nINSERT INTO a (z) VALUES (1)",
            vec!["UnknownColumn: table `a` has no column `y`"],
        ),
        (
            "CREATE TABLE a (x int);\nUPDATE ONLY a AS b SET x = (SELECT 1, 2), (y, x) = (1, 2)",
            vec!["UnknownColumn: table `a` has no column `y`"],
        ),
        (
            "CREATE TABLE a (x int);\nINSERT INTO a (x) SELECT y FROM b JOIN c ON true;\nDELETE FROM d",
            vec![
                "UnknownTable: table `b` does not exist",
                "UnknownTable: table `c` does not exist",
                "UnknownTable: table `d` does not exist",
            ],
        ),
        ("CREATE VIEW v AS SELECT x FROM a", vec!["UnknownTable: table `a` does not exist"]),
        // No server attaches a table to itself; and nobody falls into it.
        (
            "CREATE TABLE a (x int) PARTITION BY LIST (x);\nALTER TABLE a ATTACH PARTITION a FOR VALUES IN (1);\nDROP TABLE a",
            vec![],
        ),
        (
            "CREATE TABLE a (x int) PARTITION BY LIST (x);\nCREATE TABLE b PARTITION OF a FOR VALUES IN (1) PARTITION BY LIST (x);\n\
             ALTER TABLE b ATTACH PARTITION a FOR VALUES IN (1);\nDROP TABLE b;\nCREATE TABLE b (y int)",
            vec![],
        ),
        (
            "CREATE TABLE a (x int);\nDROP TABLE a;\nCREATE VIEW v AS SELECT 1 WHERE EXISTS (SELECT 1 FROM a)",
            vec!["UnknownTable: table `a` does not exist"],
        ),
        (
            "CREATE TABLE a (x timestamp, \"Y\" int, c int[], d t);\n\
             CREATE VIEW v AS SELECT extract(year FROM x), x IS DISTINCT FROM y FROM a, LATERAL unnest(x), generate_series(1, 2);\n\
             CREATE VIEW w AS WITH q AS (SELECT 1) SELECT * FROM q;\n\
             CREATE RECURSIVE VIEW r (n) AS SELECT 1 UNION ALL SELECT n + 1 FROM r;\n\
             CREATE VIEW u AS SELECT * FROM pg_class JOIN information_schema.tables ON true;\n\
             CREATE TEMP TABLE s AS SELECT 1;\nINSERT INTO a (\"Y\") SELECT * FROM s;\nUPDATE v SET z = 1;\n\
             UPDATE a SET c[1] = 2, d.e = 3;\nUPDATE a * SET x = substring(x FROM 1);\nINSERT INTO a (SELECT * FROM a)",
            vec!["UnknownType: type `t` does not exist"],
        ),
        (
            "CREATE TYPE t AS (x int);\nCREATE TABLE a OF t;\nINSERT INTO a (x) VALUES (1);\nCREATE TABLE b AS SELECT 1 AS x;\n\
             INSERT INTO b (x) VALUES (1);\nCREATE TABLE c (LIKE a, y int);\nINSERT INTO c (x) VALUES (1)",
            vec![],
        ),
        ("DO $$ BEGIN PERFORM f(); END $$;\nUPDATE a SET x = 1;\nCREATE VIEW v AS SELECT 1 FROM b", vec![]),
    ] {
        assert_eq!(said(statements, Dialect::Postgres), expected, "{statements}");
    }
}

#[test]
fn what_a_function_does_is_read_in_its_body() {
    const FUNCTIONS: &str = "CREATE TABLE a (x int);\n\
        CREATE FUNCTION rows() RETURNS void AS $$ BEGIN UPDATE a SET x = 1; END $$ LANGUAGE plpgsql;\n\
        CREATE FUNCTION makes(n text) RETURNS void AS $$ BEGIN EXECUTE format('CREATE TABLE %I ()', n); END $$ LANGUAGE plpgsql;\n\
        CREATE FUNCTION drops() RETURNS void AS $$ BEGIN ALTER TABLE a DROP COLUMN x; END $$ LANGUAGE plpgsql;\n\
        CREATE FUNCTION calls() RETURNS void AS $$ BEGIN PERFORM drops(); END $$ LANGUAGE plpgsql;\n";
    let of_a = "UnknownColumn: table `a` has no column `y`";
    let of_b = "UnknownTable: table `b` does not exist";
    for (call, expected) in [
        ("SELECT rows()", vec![of_a, of_b]),
        ("CALL public.rows()", vec![of_a, of_b]),
        ("SELECT makes('b')", vec![of_a]),
        ("SELECT drops()", vec![of_b]),
        ("SELECT calls()", vec![]),
        ("SELECT nobody_knows()", vec!["Other: there is no function `nobody_knows` on PostgreSQL"]),
    ] {
        let statements = format!("{FUNCTIONS}{call};\nALTER TABLE a DROP COLUMN y;\nDROP TABLE b");
        assert_eq!(said(&statements, Dialect::Postgres), expected, "{call}");
    }
}
