use revchain_core::Dialect::{Postgres, Sqlite};

use super::{said, said_in};

const OLD: &str = "CREATE TABLE orders (id integer PRIMARY KEY, customer int, note text);";
const MESSAGE: [&str; 1] = ["RC425: this fails where a row of `orders` has NULL for `customer`: `new` takes none"];

/// A rebuild that copies the rows so.
fn rebuild(insert: &str) -> String {
    format!(
        "CREATE TABLE new (id integer PRIMARY KEY, customer int NOT NULL, note text);
         {insert};
         DROP TABLE orders;
         ALTER TABLE new RENAME TO orders;"
    )
}

#[test]
fn a_column_that_may_be_null_goes_into_one_that_may_not() {
    for insert in [
        "INSERT INTO new SELECT * FROM orders",
        "INSERT INTO new SELECT id, customer, note FROM orders",
        "INSERT INTO new (note, customer) SELECT o.note, o.\"customer\" FROM orders AS o ORDER BY customer_id",
        "INSERT OR ABORT INTO main.new (customer) SELECT customer AS c FROM orders WHERE id > 0",
    ] {
        assert_eq!(said_in(Sqlite, "; rebuild", OLD, &rebuild(insert)), MESSAGE, "{insert}");
    }
    for silent in [
        "INSERT INTO new SELECT id, COALESCE(customer, 0), note FROM orders",
        "INSERT INTO new SELECT id, customer + 0, note FROM orders",
        "INSERT INTO new SELECT id, customer, note FROM orders WHERE customer IS NOT NULL",
        "INSERT INTO new SELECT orders.id, customer, note FROM orders JOIN orders x ON x.id = orders.id",
        "INSERT OR IGNORE INTO new SELECT * FROM orders",
        "INSERT INTO new (id, customer) VALUES (1, 2)",
        "INSERT INTO new SELECT id, 1, customer FROM orders",
        "UPDATE orders SET customer = 0 WHERE customer IS NULL; INSERT INTO new SELECT * FROM orders",
        "DELETE FROM orders WHERE customer IS NULL; INSERT INTO new SELECT * FROM orders",
    ] {
        assert!(said_in(Sqlite, "; rebuild", OLD, &rebuild(silent)).is_empty(), "{silent}");
    }
    assert!(
        said(Postgres, OLD, &rebuild("INSERT INTO new SELECT * FROM orders")).iter().all(|it| !it.contains("RC425"))
    );
}

#[test]
fn what_was_not_null_before_needs_nothing() {
    let required = "CREATE TABLE orders (id integer PRIMARY KEY, customer int NOT NULL, note text);";
    assert!(said_in(Sqlite, "; rebuild", required, &rebuild("INSERT INTO new SELECT * FROM orders")).is_empty());
    let filled = format!("{OLD} UPDATE orders SET customer = 0;");
    assert!(said_in(Sqlite, "; rebuild", &filled, &rebuild("INSERT INTO new SELECT * FROM orders")).is_empty());
}

#[test]
fn the_old_table_may_step_aside_first() {
    let upgrade = "ALTER TABLE orders RENAME TO old;
        CREATE TABLE orders (id integer PRIMARY KEY, customer int NOT NULL);
        INSERT INTO orders SELECT id, customer FROM old;
        DROP TABLE old;";
    let message = ["RC425: this fails where a row of `old` has NULL for `customer`: `orders` takes none"];
    let of_the_rebuild =
        |said: Vec<String>| said.into_iter().filter(|said| said.starts_with("RC425")).collect::<Vec<_>>();
    assert_eq!(of_the_rebuild(said_in(Sqlite, "; rebuild", OLD, upgrade)), message);
    let filled = format!("UPDATE orders SET customer = 0 WHERE customer IS NULL; {upgrade}");
    assert!(of_the_rebuild(said_in(Sqlite, "; rebuild", OLD, &filled)).is_empty());
}

#[test]
fn a_default_may_stand_in() {
    let upgrade =
        "CREATE TABLE new (id integer PRIMARY KEY, customer int NOT NULL ON CONFLICT REPLACE DEFAULT 0, note text);
        INSERT INTO new SELECT * FROM orders; DROP TABLE orders; ALTER TABLE new RENAME TO orders;";
    assert!(said_in(Sqlite, "; rebuild", OLD, upgrade).is_empty());
}
