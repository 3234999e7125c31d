use revchain_core::Dialect::{Mysql, Postgres, Sqlite};

use super::{helped, of, said, said_in, said_of_taste};

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

#[test]
fn what_is_there_already_is_not_built() {
    let base = "CREATE TABLE orders (id int PRIMARY KEY, customer int); CREATE UNIQUE INDEX ix ON orders (customer);";
    for (dialect, upgrade) in [
        (Postgres, "CREATE INDEX IF NOT EXISTS ix ON orders (id, customer);"),
        (Postgres, "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ix ON orders (customer);"),
        (Mysql, "CREATE UNIQUE INDEX IF NOT EXISTS ix ON orders (id);"),
        (Sqlite, "CREATE UNIQUE INDEX IF NOT EXISTS ix ON orders (id);"),
    ] {
        let options = if upgrade.contains("CONCURRENTLY") { "; no-transaction" } else { "" };
        assert!(said_in(dialect, options, base, upgrade).is_empty(), "{dialect} {upgrade}");
    }
}

#[test]
fn a_drop_of_an_index_locks_its_table() {
    let base = "CREATE TABLE orders (id int PRIMARY KEY, customer int); CREATE INDEX ix ON orders (customer);
        CREATE INDEX iy ON orders (id, customer); CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE INDEX ip ON p (id);";
    let message = "RC402: nobody can read or write `orders` while this index is dropped";
    assert_eq!(said(Postgres, base, "DROP INDEX ix;"), [message]);
    assert_eq!(
        said(Postgres, base, "DROP INDEX IF EXISTS public.ix, iy, nothing;"),
        [message],
        "one mistake, one message"
    );
    for silent in [
        "DROP INDEX IF EXISTS nothing;",
        "DROP INDEX ip;",
        "CREATE TABLE t (id int); CREATE INDEX it ON t (id); DROP INDEX it;",
        "DROP TABLE orders;",
    ] {
        assert!(of(&["RC402"], said(Postgres, base, silent)).is_empty(), "{silent}");
    }
    assert!(said_in(Postgres, "; no-transaction", base, "DROP INDEX CONCURRENTLY ix;").is_empty());
    let plain = "CREATE TABLE orders (id int PRIMARY KEY, customer int); CREATE INDEX ix ON orders (customer);";
    assert!(said(Mysql, plain, "DROP INDEX ix ON orders;").is_empty());
    assert!(said(Sqlite, plain, "DROP INDEX ix;").is_empty());

    let helps = helped(Postgres, base, "DROP INDEX IF EXISTS public.ix, iy;");
    let each = "DROP INDEX CONCURRENTLY IF EXISTS public.ix;\nDROP INDEX CONCURRENTLY IF EXISTS iy;";
    assert!(helps[0].ends_with(&format!("-- @upgrade; no-transaction\n{each}")), "{helps:?}");
}

#[test]
fn what_is_built_anew_is_not_used() {
    let base = "CREATE TABLE orders (id int PRIMARY KEY, customer int); CREATE INDEX ix ON orders (customer);
        CREATE MATERIALIZED VIEW totals AS SELECT customer FROM orders; CREATE UNIQUE INDEX it ON totals (customer);
        CREATE MATERIALIZED VIEW heap AS SELECT customer FROM orders; CREATE INDEX ih ON heap (customer);";
    let of_index = "RC403: nobody can write to `orders`, and few can read it, while this index is built anew";
    let of_table = "RC403: nobody can write to `orders`, and few can read it, while its indexes are built anew";
    let of_all = "RC403: nobody can write to a table, and few can read it, while its indexes are built anew";
    assert_eq!(said(Postgres, base, "reindex (verbose) index ix;"), [of_index]);
    assert_eq!(said(Postgres, base, "REINDEX TABLE orders;"), [of_table]);
    assert_eq!(said_in(Postgres, "; no-transaction", base, "REINDEX SCHEMA public;"), [of_all]);
    assert_eq!(
        said(Postgres, base, "REFRESH MATERIALIZED VIEW totals;"),
        ["RC403: nobody can read `totals` while it is filled anew"]
    );
    for (options, silent) in [
        ("; no-transaction", "REINDEX INDEX CONCURRENTLY ix;"),
        ("; no-transaction", "REINDEX (CONCURRENTLY) TABLE orders;"),
        ("; no-transaction", "REINDEX SYSTEM postgres;"),
        ("", "CREATE TABLE t (id int PRIMARY KEY); REINDEX TABLE t;"),
        ("", "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;"),
        ("", "REFRESH MATERIALIZED VIEW totals WITH NO DATA;"),
        ("", "REFRESH MATERIALIZED VIEW heap;"),
        (
            "",
            "CREATE MATERIALIZED VIEW v AS SELECT 1 AS a; CREATE UNIQUE INDEX iv ON v (a); REFRESH MATERIALIZED VIEW v;",
        ),
        ("", "-- reindex\nSELECT 1; REINDEX"),
    ] {
        assert!(said_in(Postgres, options, base, silent).is_empty(), "{silent}");
    }
    let helps = helped(Postgres, base, "REINDEX (verbose) INDEX ix; REFRESH MATERIALIZED VIEW totals;");
    assert!(helps[0].ends_with("-- @upgrade; no-transaction\nREINDEX (verbose) INDEX CONCURRENTLY ix;"), "{helps:?}");
    assert!(helps[1].ends_with("\nREFRESH MATERIALIZED VIEW CONCURRENTLY totals;"), "{helps:?}");
}

#[test]
fn a_wide_index_is_said_where_somebody_asks() {
    let message = "RC489: this index has 4 columns, and is written with every change of each of them";
    let base = "CREATE TABLE t (a int, b int, c int, d int);";
    assert_eq!(of(&["RC489"], said_of_taste(Postgres, base, "CREATE INDEX ix ON t (a, b, c, d);")), [message]);
    assert_eq!(of(&["RC489"], said_of_taste(Mysql, base, "ALTER TABLE t ADD INDEX ix (a, b, c, d);")), [message]);
    assert!(said(Mysql, base, "ALTER TABLE t ADD INDEX ix (a, b, c, d);").is_empty());
    for silent in ["CREATE INDEX ix ON t (a, b, c) INCLUDE (d);", "CREATE INDEX ix ON t USING gin (a, b, c, d);"] {
        assert!(of(&["RC489"], said_of_taste(Postgres, base, silent)).is_empty(), "{silent}");
    }
    assert!(of(&["RC489"], said_of_taste(Sqlite, base, "CREATE UNIQUE INDEX ix ON t (a, b, c, d);")).is_empty());
}
