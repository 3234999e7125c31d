//! Statements as people write them, from the text on.

use revchain_core::Dialect;

use super::go_on;
use crate::read::read;
use crate::replay::Replay;

/// What is said of some statements of PostgreSQL's.
fn said(statements: &str) -> Vec<String> {
    let mut replay = Replay::new(Dialect::Postgres);
    let statements = statements.split(";\n").map(|statement| read(statement, Dialect::Postgres));
    go_on(&mut replay, statements.collect())
}

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
    ] {
        assert_eq!(said(statements), expected, "{statements}");
    }
}
