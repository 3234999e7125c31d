use revchain_core::Dialect::{Mysql, Postgres, Sqlite};

use super::{helped, said, said_in};

const TABLES: &str = "CREATE TABLE orders (id int PRIMARY KEY, note text);
    CREATE TABLE entries (id int PRIMARY KEY, order_id int REFERENCES orders (id));
    CREATE TABLE parts (line int REFERENCES entries (id), amount int);
    CREATE TABLE other (id int);";

#[test]
fn truncate_empties_more_than_it_says() {
    let message = ["RC457: `entries` and another table will be emptied as well, and the statement doesn't say so"];
    assert_eq!(said(Postgres, TABLES, "TRUNCATE TABLE ONLY orders RESTART IDENTITY CASCADE;"), message);
    assert_eq!(
        said(Postgres, TABLES, "truncate orders, entries cascade;"),
        ["RC457: `parts` will be emptied as well, and the statement doesn't say so"]
    );
    let [help] = &helped(Postgres, TABLES, "TRUNCATE orders CASCADE;")[..] else { panic!("one") };
    assert!(help.ends_with("\nTRUNCATE orders, entries, parts;"), "{help}");
    for silent in [
        "TRUNCATE orders, entries, parts;",
        "TRUNCATE orders, entries, parts CASCADE;",
        "TRUNCATE other CASCADE;",
        "CREATE TABLE new (id int REFERENCES other); TRUNCATE other;",
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int REFERENCES a); TRUNCATE a CASCADE;",
    ] {
        assert!(
            said(Postgres, &TABLES.replace("other (id int)", "other (id int PRIMARY KEY)"), silent).is_empty(),
            "{silent}"
        );
    }
}

#[test]
fn a_backfill_holds_the_lock() {
    let add = "ALTER TABLE orders ADD COLUMN size int;";
    let found = |statement: &str| said(Postgres, TABLES, &format!("{add}\n{statement}"));
    let message = ["RC458: nobody can read `orders` while its rows are updated"];
    for guilty in [
        "UPDATE orders SET size = 0;",
        "UPDATE ONLY orders AS o SET size = length(note) WHERE size IS NULL;",
        "UPDATE orders o SET size = l.id FROM entries l WHERE l.order_id = o.id;",
        "update orders set size = (SELECT count(*) FROM entries WHERE order_id = 1) returning id, 1;",
    ] {
        assert_eq!(found(guilty), message, "{guilty}");
    }
    assert_eq!(found("DELETE FROM orders;"), ["RC458: nobody can read `orders` while its rows are deleted"]);
    for silent in [
        "UPDATE orders SET size = 1 WHERE id = 5;",
        "UPDATE orders SET size = 1 WHERE note IN ('a', 'b');",
        "UPDATE other SET id = 0;",
        "INSERT INTO orders (id) SELECT id FROM other;",
        "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b int; UPDATE t SET b = a;",
        "-- @allow RC458: a hundred rows\nUPDATE orders SET size = 0;",
    ] {
        assert!(found(silent).is_empty(), "{silent}");
    }
    // A lesser lock, or none any more.
    assert!(said(Postgres, TABLES, "UPDATE orders SET note = '';").is_empty());
    assert!(
        said(Postgres, TABLES, "ALTER TABLE orders SET (fillfactor = 70); UPDATE orders SET note = '';").is_empty()
    );
    let counted = "ALTER TABLE orders ALTER COLUMN note SET STATISTICS 500; UPDATE orders SET note = '';";
    assert!(said(Postgres, TABLES, counted).is_empty());
    let both = &format!("{add}\nUPDATE orders SET size = 0;");
    assert!(said_in(Postgres, "; no-transaction", TABLES, both).is_empty());
    assert!(said(Mysql, TABLES, both).is_empty());
    assert!(said(Sqlite, TABLES, both).is_empty());
}

#[test]
fn rounds_are_the_statement_itself() {
    let both = "ALTER TABLE orders ADD COLUMN size int; UPDATE orders SET size = length(note);";
    let [help] = &helped(Postgres, TABLES, both)[..] else { panic!("one") };
    assert!(
        help.ends_with(
            "-- @upgrade; repeat: 5000\n\
             UPDATE orders SET size = length(note) WHERE id IN (SELECT id FROM orders WHERE size IS NULL LIMIT 5000);"
        ),
        "{help}"
    );
    // Not NULL before: nobody can tell which rows are done.
    let both = "ALTER TABLE orders ADD COLUMN size int DEFAULT 0; UPDATE orders SET size = length(note);";
    let [help] = &helped(Postgres, TABLES, both)[..] else { panic!("one") };
    assert!(!help.contains("IS NULL"), "{help}");
}

#[test]
fn a_table_is_written_anew() {
    let message = ["RC459: nobody can read `orders` while all of it is written anew"];
    for guilty in ["VACUUM FULL orders;", "VACUUM (ANALYZE, FULL) orders (note);", "CLUSTER orders USING orders_pkey;"]
    {
        assert_eq!(said_in(Postgres, "; no-transaction", TABLES, guilty), message, "{guilty}");
    }
    let all = ["RC459: nobody can read a table while this writes it anew, one after the other"];
    assert_eq!(said_in(Postgres, "; no-transaction", TABLES, "VACUUM FULL;"), all);
    for guilty in ["SET UNLOGGED", "SET TABLESPACE fast", "SET ACCESS METHOD heap2"] {
        assert_eq!(said(Postgres, TABLES, &format!("ALTER TABLE orders {guilty};")), message, "{guilty}");
    }
    for silent in ["VACUUM orders;", "VACUUM (FULL false) orders;", "VACUUM FREEZE ANALYZE orders, other;", "CLUSTER;"]
    {
        assert!(said_in(Postgres, "; no-transaction", TABLES, silent).is_empty(), "{silent}");
    }
    for silent in ["SET LOGGED", "SET (fillfactor = 70)", "OWNER TO somebody"] {
        assert!(said(Postgres, TABLES, &format!("ALTER TABLE orders {silent};")).is_empty(), "{silent}");
    }
    assert!(said(Postgres, TABLES, "CREATE TABLE t (a int); ALTER TABLE t SET UNLOGGED;").is_empty());
    assert!(said(Mysql, TABLES, "OPTIMIZE TABLE orders;").is_empty());
}

#[test]
fn a_domain_looks_at_every_row() {
    const DOMAIN: &str =
        "CREATE DOMAIN mail AS text; CREATE TABLE users (id int, mail mail); CREATE DOMAIN rare AS int;";
    let message = ["RC460: nobody can write to `users` while its rows are checked"];
    let check = "ALTER DOMAIN mail ADD CONSTRAINT at CHECK (value LIKE '%@%')";
    assert_eq!(said(Postgres, DOMAIN, &format!("{check};")), message);
    assert_eq!(said(Postgres, DOMAIN, "ALTER DOMAIN mail SET NOT NULL;"), message);
    for silent in [
        "ALTER DOMAIN rare SET NOT NULL;",
        "ALTER DOMAIN mail DROP NOT NULL;",
        "ALTER DOMAIN mail SET DEFAULT 'a';",
        "CREATE TABLE t (a rare); ALTER DOMAIN rare SET NOT NULL;",
    ] {
        assert!(said(Postgres, DOMAIN, silent).is_empty(), "{silent}");
    }
    let [help] = &helped(Postgres, DOMAIN, &format!("{check};"))[..] else { panic!("one") };
    assert_eq!(help.lines().last(), Some(&*format!("{check} NOT VALID;")));
    assert!(said(Postgres, DOMAIN, &format!("{check} NOT VALID;")).is_empty());
}
