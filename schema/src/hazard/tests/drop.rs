use revchain_core::Dialect::{self, Mysql, Postgres, Sqlite};

use super::{helped, of, said, said_in};

const TABLE: &str = "CREATE TABLE orders (id int PRIMARY KEY, note text, total int);";
const ALL: [Dialect; 3] = [Postgres, Mysql, Sqlite];

#[test]
fn a_column_goes() {
    let message = ["RC454: what still reads `orders.note` fails once it is dropped"];
    for dialect in ALL {
        assert_eq!(said(dialect, TABLE, "ALTER TABLE orders DROP COLUMN note;"), message, "{dialect}");
        for silent in [
            "ALTER TABLE orders ADD COLUMN a int; ALTER TABLE orders DROP COLUMN a;",
            "CREATE TABLE t (a int, b int); ALTER TABLE t DROP COLUMN a;",
            "ALTER TABLE orders DROP COLUMN note; ALTER TABLE orders ADD COLUMN note int;",
            "-- @allow RC454: the last release no longer uses it\nALTER TABLE orders DROP COLUMN note;",
        ] {
            assert!(said(dialect, TABLE, silent).is_empty(), "{dialect}: {silent}");
        }
        let [help] = &helped(dialect, TABLE, "ALTER TABLE orders DROP COLUMN note;")[..] else { panic!("one") };
        let answered = format!("{}\nALTER TABLE orders DROP COLUMN note;", help.lines().last().unwrap());
        assert!(said(dialect, TABLE, &answered).is_empty(), "{answered}");
    }
    // Whether it was there, nobody knows.
    assert!(said(Postgres, TABLE, "ALTER TABLE orders DROP COLUMN IF EXISTS other;").is_empty());
}

#[test]
fn a_table_goes() {
    let message = ["RC455: what still reads `orders` fails once it is dropped"];
    for dialect in ALL {
        assert_eq!(said(dialect, TABLE, "DROP TABLE orders;"), message, "{dialect}");
        for silent in [
            "CREATE TABLE t (a int); DROP TABLE t;",
            "CREATE TEMPORARY TABLE orders (a int); DROP TABLE orders;",
            "DROP TABLE orders; CREATE VIEW orders AS SELECT 1 AS id;",
            "DROP TABLE IF EXISTS others;",
        ] {
            assert!(said(dialect, TABLE, silent).is_empty(), "{dialect}: {silent}");
        }
    }
    let partitions = "CREATE TABLE p (id int) PARTITION BY RANGE (id);
                      CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2);";
    assert!(said(Postgres, partitions, "DROP TABLE p1;").is_empty());
}

#[test]
fn a_rebuild_drops_nothing_but_columns() {
    let rebuild = |columns: &str, names: &str| {
        let upgrade = format!(
            "CREATE TABLE orders_new ({columns}); INSERT INTO orders_new ({names}) SELECT {names} FROM orders;
             DROP TABLE orders; ALTER TABLE orders_new RENAME TO orders;"
        );
        said_in(Sqlite, "; rebuild", TABLE, &upgrade)
    };
    let kept = rebuild("id int PRIMARY KEY, note text NOT NULL, total int", "id, note, total");
    assert!(of(&["RC45"], kept).is_empty());
    assert_eq!(
        rebuild("id int PRIMARY KEY, total int", "id, total"),
        ["RC454: what still reads `orders.note` fails: the table is made anew without it"]
    );
    assert_eq!(
        rebuild("id int PRIMARY KEY", "id"),
        ["RC454: what still reads `orders.note` or another column fails: the table is made anew without it"]
    );
    // What has another name by then is told where it gets that.
    let renamed =
        "ALTER TABLE orders RENAME COLUMN total TO sum; CREATE TABLE orders_new (id int PRIMARY KEY, sum int);
                   INSERT INTO orders_new (id, sum) SELECT id, sum FROM orders; DROP TABLE orders;
                   ALTER TABLE orders_new RENAME TO orders;";
    assert_eq!(
        said_in(Sqlite, "; rebuild", TABLE, renamed),
        [
            "RC450: what still reads `orders.total` fails once it is called `sum`",
            "RC454: what still reads `orders.note` fails: the table is made anew without it"
        ]
    );
    // The other way round.
    let upgrade = "ALTER TABLE orders RENAME TO old; CREATE TABLE orders (id int PRIMARY KEY, note text, total int);
                   INSERT INTO orders SELECT * FROM old; DROP TABLE old;";
    assert!(said(Sqlite, TABLE, upgrade).is_empty());
}

#[test]
fn a_schema_goes() {
    const FULL: &str = "CREATE SCHEMA audit; CREATE TABLE audit.log (id int); CREATE TABLE audit.more (id int);";
    let message = ["RC456: `audit` is dropped with what is in it: `audit.log` and 1 more"];
    assert_eq!(said(Postgres, FULL, "DROP SCHEMA audit CASCADE;"), message);
    assert_eq!(said(Mysql, FULL, "DROP DATABASE audit;"), message);
    for silent in [
        "CREATE SCHEMA a; CREATE TABLE a.t (id int); DROP SCHEMA a CASCADE;",
        "DROP TABLE audit.log, audit.more; DROP SCHEMA audit CASCADE;",
        "DROP SCHEMA IF EXISTS other CASCADE;",
    ] {
        let said = said(Postgres, FULL, silent);
        assert!(!said.iter().any(|said| said.starts_with("RC456")), "{silent}: {said:?}");
    }
}
