use revchain_core::Dialect::{self, Mysql, Postgres, Sqlite};

use super::{helped, said};

const TABLE: &str = "CREATE TABLE orders (id int PRIMARY KEY, customer int);";
const ALL: [Dialect; 3] = [Postgres, Mysql, Sqlite];

#[test]
fn a_column_gets_another_name() {
    let message = ["RC450: what still reads `orders.customer` fails once it is called `client`"];
    for dialect in ALL {
        assert_eq!(said(dialect, TABLE, "ALTER TABLE orders RENAME COLUMN customer TO client;"), message, "{dialect}");
        for silent in [
            "CREATE TABLE t (a int); ALTER TABLE t RENAME COLUMN a TO b;",
            "ALTER TABLE orders ADD COLUMN a int; ALTER TABLE orders RENAME COLUMN a TO b;",
            "ALTER TABLE orders RENAME COLUMN customer TO client; ALTER TABLE orders ADD COLUMN customer int;",
            "-- @allow column-renamed: nobody runs\nALTER TABLE orders RENAME COLUMN customer TO client;",
            "ALTER TABLE orders RENAME TO o; ALTER TABLE o RENAME COLUMN customer TO client;
             CREATE VIEW orders AS SELECT id, client AS customer FROM o;",
        ] {
            assert!(said(dialect, TABLE, silent).is_empty(), "{dialect}: {silent}");
        }
    }
    assert_eq!(said(Mysql, TABLE, "ALTER TABLE orders CHANGE customer client int;"), message);
    assert!(said(Mysql, TABLE, "ALTER TABLE orders CHANGE customer Customer int;").is_empty());
    // The block may give it back.
    assert!(said(Postgres, TABLE, "ALTER TABLE orders RENAME COLUMN customer TO client; CALL rest();").is_empty());
}

#[test]
fn a_column_is_swapped_for_another() {
    let swap = "ALTER TABLE orders ADD COLUMN b bigint; UPDATE orders SET b = customer WHERE id = 1;
                ALTER TABLE orders DROP COLUMN customer; ALTER TABLE orders RENAME COLUMN b TO customer;";
    assert!(said(Postgres, TABLE, swap).is_empty());
}

#[test]
fn the_old_name_comes_back() {
    let rename = "ALTER TABLE orders RENAME COLUMN customer TO client;";
    let [help] = &helped(Mysql, TABLE, rename)[..] else { panic!("one") };
    let remedy = help.lines().last().unwrap();
    assert_eq!(remedy, "ALTER TABLE orders ADD COLUMN customer int GENERATED ALWAYS AS (client) VIRTUAL;");
    assert!(said(Mysql, TABLE, &format!("{rename}\n{remedy}")).is_empty());
    let [help] = &helped(Postgres, TABLE, rename)[..] else { panic!("one") };
    assert!(help.ends_with("\nALTER TABLE orders ADD COLUMN client integer;"), "{help}");
    for dialect in ALL {
        let rename = "ALTER TABLE orders RENAME TO \"Sales\";".replace('"', if dialect == Mysql { "`" } else { "\"" });
        let [help] = &helped(dialect, TABLE, &rename)[..] else { panic!("one") };
        let remedy = help.lines().last().unwrap();
        assert!(remedy.starts_with("CREATE VIEW orders AS SELECT * FROM "), "{remedy}");
        assert!(said(dialect, TABLE, &format!("{rename}\n{remedy}")).is_empty(), "{dialect}: {remedy}");
    }
}

#[test]
fn a_table_gets_another_name() {
    let message = ["RC451: what still reads `orders` fails once it is called `sales`"];
    for dialect in ALL {
        assert_eq!(said(dialect, TABLE, "ALTER TABLE orders RENAME TO sales;"), message, "{dialect}");
        for silent in [
            "CREATE TABLE t (a int); ALTER TABLE t RENAME TO u;",
            "CREATE TABLE n (id int PRIMARY KEY, customer int); ALTER TABLE orders RENAME TO o; ALTER TABLE n RENAME TO orders;",
            "ALTER TABLE orders RENAME TO o; ALTER TABLE o RENAME TO orders;",
        ] {
            assert!(said(dialect, TABLE, silent).is_empty(), "{dialect}: {silent}");
        }
    }
    assert_eq!(said(Mysql, TABLE, "RENAME TABLE orders TO sales;"), message);
    let moved = "CREATE SCHEMA s; ALTER TABLE orders SET SCHEMA s;";
    assert_eq!(said(Postgres, TABLE, moved), ["RC451: what still reads `orders` fails once it is called `s.orders`"]);
    assert!(said(Postgres, TABLE, "CREATE SEQUENCE q; ALTER TABLE q RENAME TO r;").is_empty());
}

#[test]
fn a_value_gets_another_name() {
    const TYPE: &str = "CREATE TYPE status AS ENUM ('open', 'paid');";
    assert_eq!(
        said(Postgres, TYPE, "ALTER TYPE status RENAME VALUE 'open' TO 'started';"),
        ["RC452: what still says `'open'` of `status` fails once it is called `'started'`"]
    );
    let new = "CREATE TYPE mood AS ENUM ('sad'); ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';";
    assert!(said(Postgres, TYPE, new).is_empty());
}

#[test]
fn a_schema_gets_another_name() {
    const FULL: &str = "CREATE SCHEMA audit; CREATE TABLE audit.log (id int);";
    let rename = "ALTER SCHEMA audit RENAME TO past;";
    assert_eq!(
        said(Postgres, FULL, rename),
        ["RC453: what still looks for `audit.log` in `audit` fails once that is called `past`"]
    );
    assert!(said(Postgres, "CREATE SCHEMA audit;", rename).is_empty());
    assert!(said(Postgres, FULL, "CREATE SCHEMA a; CREATE TABLE a.t (id int); ALTER SCHEMA a RENAME TO b;").is_empty());
    let and_back =
        "ALTER SCHEMA audit RENAME TO past; CREATE SCHEMA audit; CREATE VIEW audit.log AS SELECT * FROM past.log;";
    assert!(said(Postgres, FULL, and_back).is_empty());
}
