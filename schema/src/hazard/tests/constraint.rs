use revchain_core::Dialect::{Mysql, Postgres, Sqlite};

use super::{helped, of, said, said_in};

const BASE: &str = "CREATE TABLE customers (id int PRIMARY KEY, email varchar(99));
    CREATE TABLE orders (id int NOT NULL, customer int, amount int, at int);";
const PARTED: &str = "CREATE TABLE customers (id int PRIMARY KEY);
    CREATE TABLE p (id int NOT NULL, customer int) PARTITION BY RANGE (id);
    CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);";

#[test]
fn a_foreign_key_checks_every_row() {
    let message =
        "RC405: nobody can write to `orders` or `customers` while all rows are checked against this foreign key";
    let own = "RC405: nobody can write to `orders` while all rows are checked against this foreign key";
    for (upgrade, expected) in [
        ("ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (customer) REFERENCES customers;", vec![message]),
        ("ALTER TABLE orders ADD COLUMN c int DEFAULT 1 REFERENCES customers;", vec![message]),
        ("CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES t;", vec![own]),
        // Nothing is in it that could be checked.
        ("ALTER TABLE orders ADD COLUMN c int REFERENCES customers;", vec![]),
        ("ALTER TABLE orders ADD COLUMN IF NOT EXISTS amount int DEFAULT 1 REFERENCES customers;", vec![]),
        ("ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (customer) REFERENCES customers NOT VALID;", vec![]),
        ("CREATE TABLE t (c int); ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES customers;", vec![]),
        ("CREATE TABLE t (c int REFERENCES customers);", vec![]),
    ] {
        assert_eq!(of(&["RC405"], said(Postgres, BASE, upgrade)), expected, "{upgrade}");
    }
    assert!(said(Postgres, PARTED, "ALTER TABLE p ADD FOREIGN KEY (customer) REFERENCES customers;").is_empty());

    let helps = helped(
        Postgres,
        BASE,
        "ALTER TABLE ONLY orders\n    ADD FOREIGN KEY (customer) REFERENCES customers ON DELETE CASCADE DEFERRABLE;",
    );
    assert!(helps[0].contains("\nALTER TABLE ONLY orders\n    ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer) REFERENCES customers ON DELETE CASCADE DEFERRABLE NOT VALID;\n"), "{helps:?}");
    assert!(
        helps[0].ends_with("\nALTER TABLE ONLY orders\n    VALIDATE CONSTRAINT orders_customer_fkey;"),
        "{helps:?}"
    );
    let helps = helped(
        Postgres,
        BASE,
        "ALTER TABLE orders ADD COLUMN x int, ADD CONSTRAINT \"Fk\" FOREIGN KEY (customer) REFERENCES customers;",
    );
    assert!(
        helps[0].contains(
            "\nALTER TABLE orders ADD CONSTRAINT \"Fk\" FOREIGN KEY (customer) REFERENCES customers NOT VALID;\n"
        ),
        "{helps:?}"
    );
    assert!(helps[0].ends_with("\nALTER TABLE orders VALIDATE CONSTRAINT \"Fk\";"), "{helps:?}");
}

#[test]
fn a_foreign_key_copies_the_table_on_mysql() {
    let message = "RC405: nobody can write to `orders` while it is copied, to check all rows against this foreign key";
    let add = "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (customer) REFERENCES customers (id)";
    assert_eq!(said(Mysql, BASE, &format!("{add};")), [message]);
    assert_eq!(said(Mysql, BASE, &format!("{add}, ADD FOREIGN KEY (amount) REFERENCES customers (id);")), [message]);
    assert!(said(Mysql, BASE, &format!("SET foreign_key_checks = 0; {add}; SET foreign_key_checks = 1;")).is_empty());
    assert!(
        said(Mysql, BASE, "CREATE TABLE t (c int); ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES customers (id);")
            .is_empty()
    );
    let [help] = &helped(Mysql, BASE, &format!("{add};"))[..] else { panic!("one") };
    assert!(help.contains("\nSELECT here.* FROM orders here WHERE here.customer IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers there WHERE there.id = here.customer);\n"), "{help}");
    assert!(
        help.ends_with(&format!(
            "\nSET foreign_key_checks = 0;\n{add}, ALGORITHM=INPLACE, LOCK=NONE;\nSET foreign_key_checks = 1;"
        )),
        "{help}"
    );
}

#[test]
fn a_check_looks_at_every_row() {
    let message = "RC406: nobody can read or write `orders` while all rows are checked";
    for (upgrade, expected) in [
        ("ALTER TABLE orders ADD CHECK (amount > 0);", vec![message]),
        // Even of a column that is NULL in each of them.
        ("ALTER TABLE orders ADD COLUMN c int CHECK (c > 0);", vec![message]),
        ("ALTER TABLE orders ADD CONSTRAINT k CHECK (amount > 0) NOT VALID;", vec![]),
        ("CREATE TABLE t (c int); ALTER TABLE t ADD CHECK (c > 0);", vec![]),
        ("ALTER TABLE IF EXISTS nothing ADD CHECK (c > 0);", vec![]),
    ] {
        assert_eq!(said(Postgres, BASE, upgrade), expected, "{upgrade}");
    }
    assert_eq!(said(Postgres, PARTED, "ALTER TABLE p ADD CHECK (id > 0);").len(), 1);
    let helps = helped(Postgres, BASE, "ALTER TABLE orders ADD CHECK (amount > 0);");
    assert!(
        helps[0].contains("\nALTER TABLE orders ADD CONSTRAINT orders_amount_check CHECK (amount > 0) NOT VALID;\n"),
        "{helps:?}"
    );
    assert!(helps[0].ends_with("\nALTER TABLE orders VALIDATE CONSTRAINT orders_amount_check;"), "{helps:?}");
    let helps = helped(Postgres, BASE, "ALTER TABLE orders ADD COLUMN c int CONSTRAINT k CHECK (c > 0);");
    assert!(helps[0].contains("\nALTER TABLE orders ADD CONSTRAINT k CHECK (c>0) NOT VALID;\n"), "{helps:?}");

    let copied = "RC406: nobody can write to `orders` while it is copied, to check all rows against this check";
    assert_eq!(said(Mysql, BASE, "ALTER TABLE orders ADD CONSTRAINT k CHECK (amount > 0);"), [copied]);
    assert!(said(Mysql, BASE, "ALTER TABLE orders ADD CONSTRAINT k CHECK (amount > 0) NOT ENFORCED;").is_empty());
    assert!(said(Mysql, BASE, "ALTER TABLE orders ADD COLUMN c int CHECK (c > 0);").is_empty());
    assert!(said(Sqlite, BASE, "ALTER TABLE orders ADD COLUMN c int CHECK (c > 0);").is_empty());
}

#[test]
fn validating_under_a_lock_is_as_bad() {
    let base = &format!(
        "{BASE} ALTER TABLE orders ADD CONSTRAINT k CHECK (amount > 0) NOT VALID,
            ADD CONSTRAINT fk FOREIGN KEY (customer) REFERENCES customers NOT VALID, ADD CONSTRAINT done CHECK (at > 0);"
    );
    let message = "RC407: nobody can write to `orders` while all rows are checked: this transaction has locked it";
    let other = "RC407: nobody can write to `customers` while all rows are checked: this transaction has locked it";
    let validate = "ALTER TABLE orders VALIDATE CONSTRAINT k;";
    for (before, expected) in [
        ("ALTER TABLE orders ADD CONSTRAINT l CHECK (at > 0) NOT VALID;", vec![message]),
        ("ALTER TABLE orders ADD COLUMN c int;", vec![message]),
        (
            "CREATE TRIGGER t AFTER INSERT ON orders EXECUTE FUNCTION suppress_redundant_updates_trigger();",
            vec![message],
        ),
        ("", vec![]),
        ("ALTER TABLE customers ADD COLUMN c int;", vec![]),
        ("ALTER TABLE orders SET (fillfactor = 70);", vec![]),
        ("ALTER TABLE orders ALTER amount SET STATISTICS 100;", vec![]),
        ("ALTER TABLE orders VALIDATE CONSTRAINT fk;", vec![]),
    ] {
        let upgrade = format!("{before} {validate}");
        assert_eq!(of(&["RC407"], said(Postgres, base, &upgrade)), expected, "{before}");
        assert!(of(&["RC407"], said_in(Postgres, "; no-transaction", base, &upgrade)).is_empty(), "{before}");
    }
    let both = "ALTER TABLE orders ADD CONSTRAINT l CHECK (at > 0) NOT VALID, VALIDATE CONSTRAINT k;";
    assert_eq!(said(Postgres, base, both), [message]);
    assert_eq!(said_in(Postgres, "; no-transaction", base, both), [message]);
    let referred = "ALTER TABLE customers ADD COLUMN c int; ALTER TABLE orders VALIDATE CONSTRAINT fk;";
    assert_eq!(said(Postgres, base, referred), [other]);
    // A new foreign key locks the table that it refers to.
    let base = &format!("{base} ALTER TABLE customers ADD CONSTRAINT e CHECK (id > 0) NOT VALID;");
    let joined = "ALTER TABLE orders ADD CONSTRAINT l FOREIGN KEY (amount) REFERENCES customers NOT VALID;
        ALTER TABLE customers VALIDATE CONSTRAINT e;";
    assert_eq!(said(Postgres, base, joined), [other]);
    for silent in [
        "ALTER TABLE orders ADD COLUMN c int; ALTER TABLE orders VALIDATE CONSTRAINT done;",
        "CREATE TABLE t (c int); ALTER TABLE t ADD CONSTRAINT l CHECK (c > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT l;",
    ] {
        assert!(said(Postgres, base, silent).is_empty(), "{silent}");
    }
    let helps = helped(Postgres, base, both);
    assert!(helps[0].ends_with("\nALTER TABLE orders VALIDATE CONSTRAINT k;"), "{helps:?}");
}

#[test]
fn keys_build_their_index() {
    let unique = "RC408: nobody can read or write `orders` while the index of this unique constraint is built";
    let primary = "RC409: nobody can read or write `orders` while the index of this primary key is built";
    for (upgrade, expected) in [
        ("ALTER TABLE orders ADD UNIQUE (customer);", vec![unique]),
        ("ALTER TABLE orders ADD COLUMN c int UNIQUE;", vec![unique]),
        ("ALTER TABLE orders ADD PRIMARY KEY (id);", vec![primary]),
        ("CREATE TABLE t (c int); ALTER TABLE t ADD UNIQUE (c), ADD PRIMARY KEY (c);", vec![]),
    ] {
        assert_eq!(said(Postgres, BASE, upgrade), expected, "{upgrade}");
    }
    let base = &format!("{BASE} CREATE UNIQUE INDEX ux ON orders (id);");
    assert!(said(Postgres, base, "ALTER TABLE orders ADD CONSTRAINT uq UNIQUE USING INDEX ux;").is_empty());
    assert!(said(Postgres, base, "ALTER TABLE orders ADD PRIMARY KEY USING INDEX ux;").is_empty());
    assert!(said(Postgres, PARTED, "ALTER TABLE p ADD PRIMARY KEY (id);").is_empty());

    let helps = helped(
        Postgres,
        BASE,
        "ALTER TABLE public.orders ADD CONSTRAINT uq UNIQUE NULLS NOT DISTINCT (customer, id) INCLUDE (at) DEFERRABLE INITIALLY DEFERRED;",
    );
    assert_eq!(
        helps,
        ["look for duplicates, which make it fail:\n\
          SELECT customer, id, count(*) FROM public.orders GROUP BY customer, id HAVING count(*) > 1;\n\
          then build its index concurrently, in a revision of its own whose section is outside a transaction:\n\
          -- @upgrade; no-transaction\n\
          CREATE UNIQUE INDEX CONCURRENTLY uq ON public.orders (customer, id) INCLUDE (at) NULLS NOT DISTINCT;\n\
          and make it the constraint in the next one:\n\
          ALTER TABLE public.orders ADD CONSTRAINT uq UNIQUE USING INDEX uq DEFERRABLE INITIALLY DEFERRED;"]
    );
    let helps = helped(Postgres, BASE, "ALTER TABLE orders ADD PRIMARY KEY (customer);");
    assert!(helps[0].starts_with("make customer NOT NULL first"), "{helps:?}");
    assert!(
        helps[0].ends_with("\nALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_pkey;"),
        "{helps:?}"
    );
    // What it replaces has the name until then.
    let base = &format!("{BASE} ALTER TABLE orders ADD PRIMARY KEY (id);");
    let swap = "ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (id, customer);";
    let helps = helped(Postgres, base, swap);
    assert!(
        helps[0].contains("\nCREATE UNIQUE INDEX CONCURRENTLY orders_pkey_new ON orders (id, customer);\n"),
        "{helps:?}"
    );
    assert!(
        helps[0].ends_with(
            "\nALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_pkey_new;"
        ),
        "{helps:?}"
    );
    // Written anew in any case.
    assert!(
        of(&["RC408"], said(Postgres, BASE, "ALTER TABLE orders ADD COLUMN c uuid UNIQUE DEFAULT gen_random_uuid();"))
            .is_empty()
    );
    let helps = helped(Postgres, BASE, "ALTER TABLE orders ADD COLUMN c int UNIQUE;");
    assert!(helps[0].contains("\nCREATE UNIQUE INDEX CONCURRENTLY orders_c_key ON orders (c);\n"), "{helps:?}");
}

#[test]
fn an_exclusion_checks_every_row() {
    let message = "RC410: nobody can read or write `orders` while all rows are checked for this exclusion";
    assert_eq!(said(Postgres, BASE, "ALTER TABLE orders ADD EXCLUDE USING gist (at WITH =);"), [message]);
    assert!(said(Postgres, BASE, "CREATE TABLE t (a int); ALTER TABLE t ADD EXCLUDE (a WITH =);").is_empty());
}

#[test]
fn a_partition_is_detached() {
    let message = "RC404: nobody can read or write any partition of `p` while this one is detached";
    assert_eq!(said(Postgres, PARTED, "ALTER TABLE p DETACH PARTITION p1;"), [message]);
    let helps = helped(Postgres, PARTED, "ALTER TABLE p DETACH PARTITION p1;");
    assert!(helps[0].ends_with("\nALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;"), "{helps:?}");
    for (options, silent) in [
        ("; no-transaction", "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;"),
        ("", "CREATE TABLE q (id int); CREATE TABLE q1 () INHERITS (q); ALTER TABLE q1 NO INHERIT q;"),
        ("", "ALTER TABLE p1 NO INHERIT p;"),
    ] {
        assert!(said_in(Postgres, options, PARTED, silent).is_empty(), "{silent}");
    }
}

#[test]
fn a_foreign_key_that_stays_gone() {
    let base =
        &format!("{BASE} ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (customer) REFERENCES customers (id);");
    let message = "RC412: from here on `customer` of `orders` may refer to no row of `customers`";
    let drop = "ALTER TABLE orders DROP CONSTRAINT fk;";
    for dialect in [Postgres, Mysql] {
        for (after, expected) in [
            ("", vec![message]),
            (
                "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (customer) REFERENCES customers (id) ON DELETE CASCADE;",
                vec![],
            ),
            ("ALTER TABLE orders DROP COLUMN customer;", vec![]),
            ("DROP TABLE orders;", vec![]),
            ("DROP TABLE customers;", vec![]),
        ] {
            let at_once = said(dialect, base, &format!("{drop} {after}"));
            assert_eq!(of(&["RC412"], at_once), expected, "{dialect} {after}");
        }
        assert!(said(dialect, base, &format!("-- @allow RC412: it is another service's now\n{drop}")).is_empty());
    }
    assert_eq!(said(Mysql, base, "ALTER TABLE orders DROP FOREIGN KEY fk;"), [message]);
    let checks = "ALTER TABLE orders ADD CONSTRAINT k CHECK (at > 0) NOT VALID;";
    assert!(said(Postgres, &format!("{base} {checks}"), "ALTER TABLE orders DROP CONSTRAINT k;").is_empty());
}
