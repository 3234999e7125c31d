use revchain_core::Dialect::{Mysql, Postgres, Sqlite};

use super::{helped, said};

const TABLE: &str = "CREATE TABLE orders (id int PRIMARY KEY, customer int);";

#[test]
fn an_index_blocks_writes() {
    let said_of = |upgrade| said(Postgres, TABLE, upgrade);
    let message = ["RC401: nobody can write to `orders` while this index is built"];
    assert_eq!(said_of("CREATE INDEX ix ON orders (customer);"), message);
    assert_eq!(said_of("CREATE UNIQUE INDEX IF NOT EXISTS ix ON public.orders (customer);"), message);
    for silent in [
        "CREATE TABLE t (id int); CREATE INDEX ix ON t (id);",
        "CREATE INDEX ix ON ONLY orders (customer);",
        "CREATE TEMPORARY TABLE orders (id int); CREATE INDEX ix ON orders (id);",
        "-- @allow RC401: nobody writes at night\nCREATE INDEX ix ON orders (customer);",
    ] {
        assert!(said_of(silent).is_empty(), "{silent}");
    }
    for dialect in [Mysql, Sqlite] {
        assert!(said(dialect, TABLE, "CREATE INDEX ix ON orders (customer);").is_empty(), "{dialect}");
    }
}

#[test]
fn the_remedy_is_the_statement_itself() {
    let [help] = &helped(Postgres, TABLE, "CREATE UNIQUE INDEX ix ON orders (customer);")[..] else { panic!("one") };
    assert!(
        help.ends_with("-- @upgrade; no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY ix ON orders (customer);"),
        "{help}"
    );
}
