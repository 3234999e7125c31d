use revchain_core::Dialect::{Mysql, Postgres, Sqlite};

use super::{helped, said};

const TABLE: &str =
    "CREATE TABLE customers (id int PRIMARY KEY); CREATE TABLE orders (id int PRIMARY KEY, customer int);";

#[test]
fn references_in_a_column_make_no_key() {
    let message = |column: &str| {
        [format!(
            "RC431: `{column}` gets no foreign key to `customers` from MySQL before 9, which reads no REFERENCES in a column"
        )]
    };
    for upgrade in [
        "CREATE TABLE t (id int, c int REFERENCES customers (id));",
        "CREATE TABLE t (id int, c varchar(10) REFERENCES customers (id) ON DELETE CASCADE, KEY x (c));",
        "CREATE TABLE t (`key` int, c int NOT NULL DEFAULT (1) REFERENCES customers(id));",
        "ALTER TABLE orders ADD COLUMN c int REFERENCES customers (id);",
    ] {
        let said = said(Mysql, TABLE, &upgrade.replace("varchar(10)", "int"));
        assert_eq!(said, message("c"), "{upgrade}");
    }
    for silent in [
        "CREATE TABLE t (id int, c int, FOREIGN KEY (c) REFERENCES customers (id));",
        "CREATE TABLE t (id int, c int, CONSTRAINT fk FOREIGN KEY fk (c) REFERENCES customers (id));",
        "CREATE TABLE t (id int, c int, foreign key(c) references customers(id));",
        "CREATE TABLE t (id int, c int) ENGINE=MyISAM;",
    ] {
        assert!(said(Mysql, TABLE, silent).is_empty(), "{silent}");
    }
    let inline = "CREATE TABLE t (id int, c int REFERENCES customers (id));";
    assert!(said(Postgres, TABLE, inline).is_empty());
    assert!(said(Sqlite, TABLE, inline).is_empty());
    let upgrade = "CREATE TABLE t (id int, c int REFERENCES `customers` (id) ON DELETE CASCADE);";
    let [help] = &helped(Mysql, TABLE, upgrade)[..] else { panic!("one") };
    assert!(help.ends_with("\nFOREIGN KEY (c) REFERENCES `customers` (id) ON DELETE CASCADE"), "{help}");
}

#[test]
fn only_a_copy_will_do() {
    for (base, upgrade, why) in [
        ("", "ALTER TABLE orders DROP PRIMARY KEY;", "its rows lie in the order of the primary key"),
        ("", "ALTER TABLE orders ENGINE=MyISAM;", "another engine takes it over"),
        ("", "ALTER TABLE orders PARTITION BY HASH (id) PARTITIONS 2;", "its rows are put into other partitions"),
        (
            "CREATE TABLE p (id int) PARTITION BY HASH (id) PARTITIONS 2;",
            "ALTER TABLE p REMOVE PARTITIONING;",
            "its rows are put into other partitions",
        ),
        (
            "CREATE TABLE p (c text) CHARSET=latin1;",
            "ALTER TABLE p CONVERT TO CHARACTER SET utf8mb4;",
            "its text is written in another character set",
        ),
        ("", "ALTER TABLE orders COMMENT = 'x', ALGORITHM=COPY;", "ALGORITHM asks for it"),
        ("", "ALTER TABLE orders ADD COLUMN c int, ALGORITHM = COPY, LOCK = SHARED;", "ALGORITHM asks for it"),
        ("", "CREATE INDEX i ON orders (customer) ALGORITHM=copy;", "ALGORITHM asks for it"),
    ] {
        let table = if base.is_empty() { "orders" } else { "p" };
        let said = said(Mysql, &format!("{TABLE} {base}"), upgrade);
        assert_eq!(said, [format!("RC432: nobody can write to `{table}` while it is copied: {why}")], "{upgrade}");
    }
    for (base, silent) in [
        ("", "ALTER TABLE orders DROP PRIMARY KEY, ADD PRIMARY KEY (customer, id);"),
        ("", "ALTER TABLE orders ENGINE=InnoDB;"),
        ("", "ALTER TABLE orders ROW_FORMAT=DYNAMIC, ALGORITHM=INPLACE;"),
        ("", "ALTER TABLE orders DEFAULT CHARACTER SET utf8mb4;"),
        ("", "ALTER TABLE orders CONVERT TO CHARACTER SET utf8mb4;"),
        ("CREATE TABLE p (c text) CHARSET=utf8mb3;", "ALTER TABLE p CONVERT TO CHARACTER SET utf8mb4;"),
        ("CREATE TABLE p (c int) CHARSET=latin1;", "ALTER TABLE p CONVERT TO CHARACTER SET utf8mb4;"),
        ("", "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t DROP PRIMARY KEY;"),
        ("", "CREATE INDEX algorithm ON orders (customer) ALGORITHM=INPLACE LOCK=NONE;"),
    ] {
        assert!(said(Mysql, &format!("{TABLE} {base}"), silent).is_empty(), "{silent}");
    }
}

#[test]
fn one_copy_is_said_once() {
    let upgrade = "ALTER TABLE orders MODIFY customer bigint, ALGORITHM=COPY, LOCK=EXCLUSIVE;";
    assert!(matches!(&said(Mysql, TABLE, upgrade)[..], [one] if one.starts_with("RC427")));
}

#[test]
fn a_lock_that_is_asked_for() {
    let said = |upgrade| said(Mysql, TABLE, upgrade);
    assert_eq!(
        said("ALTER TABLE orders ADD INDEX i (customer), LOCK=SHARED;"),
        ["RC433: nobody can write to `orders` meanwhile: LOCK asks for it"]
    );
    assert_eq!(
        said("CREATE INDEX i ON orders (customer) LOCK EXCLUSIVE;"),
        ["RC433: nobody can read or write `orders` meanwhile: LOCK asks for it"]
    );
    assert!(said("ALTER TABLE orders ADD INDEX i (customer), LOCK=NONE;").is_empty());
    assert!(said("ALTER TABLE orders ADD INDEX i (customer), LOCK=DEFAULT;").is_empty());
    assert!(said("CREATE TABLE t (id int); ALTER TABLE t ADD INDEX i (id), LOCK=SHARED;").is_empty());
    let [help] = &helped(Mysql, TABLE, "ALTER TABLE orders ADD INDEX i (customer), LOCK = SHARED;")[..] else {
        panic!()
    };
    assert!(help.ends_with("\nALTER TABLE orders ADD INDEX i (customer), LOCK=NONE;"), "{help}");
}
