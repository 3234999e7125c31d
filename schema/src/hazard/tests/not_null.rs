use revchain_core::Dialect::{Mysql, Postgres};

use super::{helped, of, said, said_of_taste};

const TABLE: &str = "CREATE TABLE orders (id int PRIMARY KEY, customer int);";
const SET: &str = "ALTER TABLE orders ALTER COLUMN customer SET NOT NULL;";

#[test]
fn every_row_is_looked_at() {
    let message = ["RC424: nobody can read or write `orders` while every row is looked at for a NULL in `customer`"];
    assert_eq!(said(Postgres, TABLE, SET), message);
    let filled = format!("UPDATE orders SET customer = 0; {SET}");
    assert_eq!(said(Postgres, TABLE, &filled), message, "the look is what takes long");
    for check in ["customer IS NOT NULL OR id > 0", "id IS NOT NULL", "customer > 0"] {
        let base = format!("CREATE TABLE orders (id int, customer int, CHECK ({check}));");
        assert_eq!(said(Postgres, &base, SET), message, "{check} proves nothing");
    }
    for silent in [
        "CREATE TABLE orders (id int, customer int NOT NULL);",
        "CREATE TABLE orders (id int, customer int, CHECK (customer IS NOT NULL));",
        "CREATE TABLE orders (id int, customer int, CONSTRAINT c CHECK (((customer IS NOT NULL) AND (id > 0))));",
        "CREATE TABLE orders (id int, customer int); ALTER TABLE orders ADD CONSTRAINT c CHECK (customer IS NOT NULL) NOT VALID;
         ALTER TABLE orders VALIDATE CONSTRAINT c;",
    ] {
        assert!(said(Postgres, silent, SET).is_empty(), "{silent}");
    }
    let unproved = "CREATE TABLE orders (id int, customer int);
                    ALTER TABLE orders ADD CONSTRAINT c CHECK (customer IS NOT NULL) NOT VALID;";
    assert_eq!(said(Postgres, unproved, SET), message);
    let deferred = "ALTER TABLE orders ADD CONSTRAINT c NOT NULL customer NOT VALID;";
    assert!(said(Postgres, TABLE, deferred).is_empty(), "PostgreSQL 18's");
}

#[test]
fn the_remedy_is_silent() {
    let [help] = &helped(Postgres, TABLE, SET)[..] else { panic!("one") };
    let [_, first, second] = &help.split("-- @upgrade\n").collect::<Vec<_>>()[..] else { panic!("{help}") };
    assert!(second.contains("ALTER TABLE orders ALTER COLUMN customer SET NOT NULL;"), "{help}");
    let base = format!("{TABLE} {first}");
    assert!(said(Postgres, &base, second).iter().all(|said| !said.starts_with("RC424")), "{help}");
}

#[test]
fn a_null_ends_what_mysql_does() {
    const MODIFY: &str = "ALTER TABLE orders MODIFY customer int NOT NULL;";
    let message =
        ["RC424: this fails where a row of `orders` has NULL for `customer`; outside strict mode it becomes 0 or ''"];
    assert_eq!(said(Mysql, TABLE, MODIFY), message);
    assert_eq!(of(&["RC42"], said(Mysql, TABLE, "ALTER TABLE orders CHANGE customer buyer int NOT NULL;")), message);
    let filled = "UPDATE orders SET customer = 0 WHERE customer IS NULL;";
    assert!(said(Mysql, TABLE, &format!("{filled} {MODIFY}")).is_empty());
    assert!(said(Mysql, &format!("{TABLE} {filled}"), MODIFY).is_empty(), "in an earlier revision");
    assert!(said(Mysql, "CREATE TABLE orders (id int, customer int NOT NULL);", MODIFY).is_empty());
}

#[test]
fn who_reads_may_find_a_null() {
    let of_taste = |dialect, base: &str, upgrade: &str| of(&["RC488"], said_of_taste(dialect, base, upgrade));
    let required = "CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL);";
    let message = ["RC488: who reads `orders` may find NULL in `customer` from now on"];
    assert_eq!(of_taste(Postgres, required, "ALTER TABLE orders ALTER customer DROP NOT NULL;"), message);
    assert_eq!(of_taste(Mysql, required, "ALTER TABLE orders MODIFY customer int;"), message);
    assert!(of_taste(Postgres, TABLE, "ALTER TABLE orders ALTER customer DROP NOT NULL;").is_empty());
    assert!(of_taste(Mysql, required, "ALTER TABLE orders MODIFY id int;").is_empty(), "a key takes none");
}

#[test]
fn nothing_is_claimed_of_what_nobody_understood() {
    let base = format!("{TABLE} DO $$ BEGIN PERFORM app.migrate(); END $$;");
    assert!(said(Postgres, &base, SET).is_empty());
    assert!(said(Postgres, &base, "ALTER TABLE orders ALTER COLUMN customer TYPE bigint;").is_empty());
    assert!(said(Postgres, &base, "ALTER TABLE orders ADD COLUMN IF NOT EXISTS c int NOT NULL;").is_empty());
}
