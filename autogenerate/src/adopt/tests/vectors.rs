//! Alembic's vectors for what autogenerate finds (its tests/autogen*.py and tests/test_autogen*.py). Where we differ on purpose,
//! the row says `ours`.

use super::*;

/// F-1 to F-6: types. A type that is written is just that; one that comes from a field's type leaves the rest open.
#[test]
fn types() {
    for (id, dialect, there, declared, differs) in [
        ("F-1", PG, "VARCHAR(30)", TypeModel::exact("VARCHAR(30)"), false),
        ("F-1", PG, "VARCHAR(30)", TypeModel::exact("VARCHAR(40)"), true),
        ("F-1", PG, "VARCHAR(30)", TEXT, false),
        ("F-1", PG, "VARCHAR(30)", INT, true),
        ("F-2", PG, "DECIMAL(10,5)", TypeModel::exact("DECIMAL(10,6)"), true),
        ("F-2", PG, "DECIMAL(10,5)", DECIMAL, false),
        ("F-2", PG, "DECIMAL(10,5)", TypeModel::exact("NUMERIC(10,5)"), false),
        ("F-2", PG, "DECIMAL(10,5)", TypeModel::exact("NUMERIC(12,5)"), true),
        ("F-2", PG, "DECIMAL(10,5)", TypeModel::exact("TIMESTAMP"), true),
        // Alembic compares the scale only where both say one; here a type that is written is just that.
        ("F-2, F-3: ours", PG, "DECIMAL(10,5)", TypeModel::exact("DECIMAL(10)"), true),
        ("F-3", PG, "NUMERIC", DECIMAL, false),
        ("F-4", PG, "BIGINT", INT, true),
        ("F-4", PG, "BIGINT", BIG, false),
        ("F-4", PG, "BIGINT", i16::SQL_TYPE, true),
        ("F-4", PG, "INTEGER", i16::SQL_TYPE, true),
        ("F-4", PG, "TEXT", TypeModel::exact("VARCHAR(255)"), true),
        ("F-4", PG, "INTEGER", TEXT, true),
        ("F-5", PG, "CHAR", TypeModel::exact("VARCHAR(1)"), true),
        ("F-5", PG, "VARCHAR(6)", TypeModel::exact("VARCHAR(12)"), true),
        ("F-5", PG, "NUMERIC(8,0)", TypeModel::exact("NUMERIC(8,2)"), true),
        ("F-5", PG, "TIMESTAMP", TypeModel::new(Kind::TimestampTz, "TIMESTAMPTZ"), true),
        ("F-6", MY, "INTEGER(10) unsigned", u32::SQL_TYPE, false),
        ("VARCHAR against TEXT", MY, "VARCHAR(255)", TEXT, false),
        ("VARCHAR against TEXT", LITE, "VARCHAR(255)", TEXT, false),
        ("a number of SQLite's", LITE, "BIGINT", u32::SQL_TYPE, false),
        ("a number of SQLite's", LITE, "TEXT", u32::SQL_TYPE, true),
    ] {
        let found = of_models(&format!("CREATE TABLE t (x {there})"), &[t(vec![x(declared)])], dialect);
        assert_eq!(!found.is_empty(), differs, "{id}: {there} and {declared:?}: {found:?}");
        assert!(found.iter().all(|found| found.starts_with("column `t.x`: the type is")), "{found:?}");
    }
    for (there, declared, differs) in [
        ("utf8mb4_bin", None, false),
        ("utf8mb4_bin", Some("utf8mb4_general_ci"), true),
        ("utf8mb4_bin", Some("UTF8MB4_BIN"), false),
    ] {
        let column = ColumnModel { collation: PerDialect::all(declared), ..x(TEXT) };
        let found = of_models(&format!("CREATE TABLE t (x text COLLATE {there})"), &[t(vec![column])], MY);
        assert_eq!(!found.is_empty(), differs, "F-6: {found:?}");
    }
}

/// F-7 to F-11: server defaults. (F-12, a function of the user's, is no setting here.)
#[test]
fn defaults() {
    for (id, dialect, sql_type, there, declared, differs) in [
        ("F-7", PG, "double precision", "5", "5.0", false),
        ("F-7", PG, "numeric", "5", "'5.0'", false),
        ("F-7", PG, "timestamp", "timezone('utc', CURRENT_TIMESTAMP)", "TIMEZONE('utc', CURRENT_TIMESTAMP)", false),
        (
            "F-7",
            PG,
            "timestamp",
            "timezone('utc'::text, CURRENT_TIMESTAMP)",
            "TIMEZONE('utc', CURRENT_TIMESTAMP)",
            false,
        ),
        ("F-7", PG, "integer[]", "(ARRAY[]::integer[])", "ARRAY[]::integer[]", false),
        ("F-7", PG, "text", "''", "''", false),
        ("F-7", PG, "interval", "'14 days'::interval", "interval '14 days'", false),
        ("F-7", PG, "interval", "'14 days'::interval", "'14 days'", false),
        ("F-8", PG, "text", "'some default'", "'some new default'", true),
        ("F-8", PG, "text", "'//slash'", "'s//l//ash'", true),
        ("F-8", PG, "integer", "15", "20", true),
        ("F-9", PG, "text", "'has '' quote'", "'has '' quote'", false),
        ("F-9", PG, "text", "substring('name',1,3)", "substring('name', 1, 3)", false),
        ("F-9", PG, "timestamp", "(now())", "now()", false),
        ("F-9", PG, "timestamp", "now()", "CURRENT_TIMESTAMP", false),
        ("F-10", MY, "timestamp", "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP()", false),
        ("F-10", MY, "boolean", "1", "0", true),
        ("F-10", MY, "boolean", "true", "1", false),
        ("F-11", LITE, "text", "(datetime('now','localtime'))", "datetime('now', 'localtime')", false),
        ("F-11", LITE, "integer", "5", "7", true),
        ("F-11", LITE, "text", "'im a default'", "'me too'", true),
        ("none", PG, "text", "NULL", "NULL", false),
    ] {
        let have = format!("CREATE TABLE t (x {sql_type} DEFAULT {there})");
        let column =
            ColumnModel { default: PerDialect::all(Some(declared)), ..x(TypeModel::exact(leak_text(sql_type))) };
        for found in [
            of_models(&have, &[t(vec![column])], dialect),
            of_sql(&have, &format!("CREATE TABLE t (x {sql_type} DEFAULT ({declared}))"), dialect),
        ] {
            assert_eq!(!found.is_empty(), differs, "{id}: {there} and {declared}: {found:?}");
            assert!(found.iter().all(|found| found.starts_with("column `t.x`: the default is")), "{found:?}");
        }
    }
    let stamp = TypeModel::new(Kind::Timestamp, "TIMESTAMP");
    let now = ColumnModel {
        default: PerDialect::all(Some("CURRENT_TIMESTAMP")),
        on_update: Some("CURRENT_TIMESTAMP"),
        ..x(stamp)
    };
    for (there, differs) in [
        ("timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP", 0),
        ("datetime(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)", 0),
        ("timestamp NULL", 2),
    ] {
        let found = of_models(&format!("CREATE TABLE t (x {there})"), &[t(vec![now])], MY);
        assert_eq!(found.len(), differs, "F-10: {there}: {found:?}");
    }
    // MySQL takes it only with the digits of the column.
    let have = schema("CREATE TABLE t (x datetime(3))", MY);
    let (declared, _) = declare(
        &[&t(vec![now])],
        Around { have: &have, filter: &ObjectFilter::default() },
        &NamingConvention::default(),
    );
    let want = adopt(&declared, &have, &ObjectFilter::default()).unwrap().schema;
    let column = &want.tables.values().next().unwrap().columns[0];
    assert_eq!(column.default.as_ref().unwrap().0.as_str(), "current_timestamp(3)");
    let truth = ColumnModel { default: PerDialect::all(Some("false")), ..x(bool::SQL_TYPE) };
    assert_eq!(of_models("CREATE TABLE t (x BOOLEAN DEFAULT 0)", &[t(vec![truth])], LITE), [""; 0]);
    // A number's default is none of a boolean's on PostgreSQL, and is written anew with the type.
    let have = schema("CREATE TABLE t (x integer DEFAULT 0)", PG);
    let around = Around { have: &have, filter: &ObjectFilter::default() };
    let (declared, _) = declare(&[&t(vec![truth])], around, &NamingConvention::default());
    let want = adopt(&declared, &have, &ObjectFilter::default()).unwrap().schema;
    assert_eq!(want.tables.values().next().unwrap().columns[0].default.as_ref().unwrap().0.as_str(), "false");
}

fn leak_text(text: &str) -> &'static str {
    String::leak(text.to_owned())
}

/// F-13 to F-18, F-20 to F-23: keys, indexes and checks, as SQL says them.
#[test]
fn keys_in_sql() {
    let before =
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, a int, b int, jb jsonb, x text";
    for (id, dialect, there, declared, expected) in [
        // The rename of a column is asked about: see `renamed`.
        ("F-13", PG, ", x1 int)", ", y1 int)", &["column `t.x1` is missing", "column `t.y1` is left"][..]),
        (
            "F-14",
            PG,
            ", CONSTRAINT u UNIQUE (a, b))",
            ", CONSTRAINT u UNIQUE (a))",
            &["unique constraint `u` of `t`: the columns is `(a)`, and was `(a, b)`"],
        ),
        ("F-14", PG, ", CONSTRAINT u UNIQUE (a, b))", ", CONSTRAINT u UNIQUE (b, a))", &[]),
        (
            "F-14",
            PG,
            ", CONSTRAINT u UNIQUE (a))",
            ", CONSTRAINT v UNIQUE (a))",
            &["unique constraint `u` of `t` is missing", "unique constraint `v` of `t` is left"],
        ),
        (
            "F-15",
            PG,
            "); CREATE INDEX i ON t (a, b)",
            "); CREATE UNIQUE INDEX i ON t (a, b)",
            &["index `i` of `t`: uniqueness is unique, and was not unique"],
        ),
        (
            "F-15",
            PG,
            "); CREATE INDEX i ON t (a, b)",
            "); CREATE INDEX i ON t (b, a)",
            &["index `i` of `t`: what it is on is (b, a), and was (a, b)"],
        ),
        (
            "F-15",
            PG,
            "); CREATE UNIQUE INDEX u ON t (a)",
            ", CONSTRAINT u UNIQUE (a))",
            &["unique constraint `u` of `t` is left", "index `u` of `t` is missing"],
        ),
        ("F-15: one thing there", MY, "); CREATE UNIQUE INDEX u ON t (a)", ", CONSTRAINT u UNIQUE (a))", &[]),
        ("F-16", PG, "); CREATE INDEX i ON t (a ASC NULLS LAST)", "); CREATE INDEX i ON t (a)", &[]),
        ("F-16", PG, "); CREATE INDEX i ON t (a DESC)", "); CREATE INDEX i ON t (a DESC NULLS FIRST)", &[]),
        (
            "F-16",
            PG,
            "); CREATE INDEX i ON t (a DESC)",
            "); CREATE INDEX i ON t (a)",
            &["index `i` of `t`: what it is on is (a), and was (a DESC)"],
        ),
        (
            "F-16",
            PG,
            "); CREATE INDEX i ON t (a NULLS FIRST)",
            "); CREATE INDEX i ON t (a)",
            &["index `i` of `t`: what it is on is (a), and was (a NULLS FIRST)"],
        ),
        ("F-17", PG, "); CREATE INDEX i ON t ((jb->'x'))", "); CREATE INDEX i ON t ((jb -> 'x'))", &[]),
        (
            "F-17",
            PG,
            "); CREATE INDEX i ON t ((cast(jb->'x' as integer)))",
            "); CREATE INDEX i ON t (((jb -> 'x')::integer))",
            &[],
        ),
        (
            "F-17",
            PG,
            "); CREATE INDEX i ON t ((cast(jb->'x' as integer)))",
            "); CREATE INDEX i ON t (((jb -> 'y')::integer))",
            &["index `i` of `t`: what it is on is (jb - > 'y'), and was (cast jb - > 'x' as integer)"],
        ),
        (
            "F-18",
            PG,
            "); CREATE INDEX i ON t (lower(x))",
            "); CREATE INDEX i ON t (upper(x))",
            &["index `i` of `t`: what it is on is (upper x), and was (lower x)"],
        ),
        (
            "F-18",
            PG,
            "); CREATE INDEX i ON t ((a+3))",
            "); CREATE INDEX i ON t ((a*3))",
            &["index `i` of `t`: what it is on is (a * 3), and was (a + 3)"],
        ),
        (
            "F-18",
            PG,
            "); CREATE INDEX i ON t (lower(x), a)",
            "); CREATE INDEX i ON t (a, lower(x))",
            &["index `i` of `t`: what it is on is (a, lower x), and was (lower x, a)"],
        ),
        ("F-19", PG, ")", ", CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))", &["foreign key `f` of `t` is left"]),
        (
            "F-19",
            PG,
            ", CONSTRAINT f FOREIGN KEY (a) REFERENCES p)",
            ", CONSTRAINT g FOREIGN KEY (a) REFERENCES p (id))",
            &[],
        ),
        (
            "F-19",
            PG,
            ", CONSTRAINT f FOREIGN KEY (a) REFERENCES p)",
            ", CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE)",
            &["foreign key `f` of `t`: `ON DELETE` is CASCADE, and was NO ACTION"],
        ),
        (
            "F-19",
            PG,
            ", CONSTRAINT f FOREIGN KEY (a) REFERENCES p ON DELETE cascade)",
            ", CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE)",
            &[],
        ),
        (
            "F-19",
            PG,
            ", CONSTRAINT f FOREIGN KEY (a) REFERENCES p ON DELETE NO ACTION)",
            ", CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
            &[],
        ),
        (
            "F-20",
            MY,
            ", CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE RESTRICT)",
            ", CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
            &[],
        ),
        (
            "F-20",
            MY,
            ", KEY mine (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
            ", CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
            &[],
        ),
        (
            "F-21",
            PG,
            ", CONSTRAINT f FOREIGN KEY (a) REFERENCES p)",
            ", CONSTRAINT f FOREIGN KEY (a) REFERENCES p DEFERRABLE INITIALLY DEFERRED)",
            &["foreign key `f` of `t`: `DEFERRABLE` is initially deferred, and was not deferrable"],
        ),
        ("F-22", PG, ")", ", CONSTRAINT c CHECK (a > 0))", &["check `c` of `t` is left"]),
        (
            "F-22: ours",
            PG,
            ", CONSTRAINT c CHECK (a > 0))",
            ", CONSTRAINT c CHECK (a > 1))",
            &["check `c` of `t`: the expression is `a > 1`, and was `a > 0`"],
        ),
        ("F-22: ours", PG, ")", ", CHECK (a > 0))", &["check `t_a_check` of `t` is left"]),
        (
            "F-23: ours",
            LITE,
            ", c int GENERATED ALWAYS AS (a + 1) STORED)",
            ", c int GENERATED ALWAYS AS (a + 2) STORED)",
            &["column `t.c`: the expression is `a + 2`, and was `a + 1`"],
        ),
    ] {
        let json = if dialect == MY { "json" } else { "jsonb" };
        let before = before.replace("jsonb", json);
        let found = of_sql(&format!("{before}{there}"), &format!("{before}{declared}"), dialect);
        let plain = |all: &[String]| all.iter().map(|one| one.replace('`', "")).collect::<Vec<_>>();
        let expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
        assert_eq!(plain(&found), plain(&expected), "{id}: {there} and {declared}");
    }
    let (two, one) =
        ("CREATE TABLE t (a int, b int, PRIMARY KEY (a, b))", "CREATE TABLE t (a int, b int, PRIMARY KEY (a))");
    assert!(!of_sql(two, one, LITE).is_empty(), "F-23: ours");
}

/// F-24 to F-26, F-28, F-29: whole tables.
#[test]
fn tables() {
    let both = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p (id), u int UNIQUE);\
                CREATE INDEX i ON c (p); CREATE TABLE k (id int)";
    for dialect in Dialect::ALL {
        let found = of_sql("CREATE TABLE k (id int)", both, dialect);
        assert_eq!(found, ["table `c` is left", "table `p` is left"], "F-24");
        let found = of_sql(both, "CREATE TABLE k (id int)", dialect);
        assert_eq!(found, ["table `c` is missing", "table `p` is missing"], "F-24, F-25");
        assert_eq!(of_sql(both, both, dialect), [""; 0], "F-29");
    }
    // F-26: the tables of migrations are no part of a schema (`Scope::of_chain` of reflection).
    let empty = schema("", PG);
    let around = Around { have: &empty, filter: &ObjectFilter::default() };
    let (nothing, _) = declare_sql("", "schema.sql", around);
    assert!(adopt(&nothing, &empty, &ObjectFilter::default()).is_ok());
    let have = schema(both, PG);
    assert_eq!(adopt(&nothing, &have, &ObjectFilter::default()).unwrap_err(), NothingDeclared { tables: 3 });
    let mood = "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (m mood)";
    assert_eq!(of_sql(mood, mood, PG), [""; 0]);
    let found = of_sql(mood, &mood.replace("'b'", "'b', 'c'"), PG);
    assert_eq!(found.len(), 1, "F-28: ours: {found:?}");
    let enumeration = "CREATE TABLE t (m enum('a', 'b'))";
    assert_eq!(of_sql(enumeration, &enumeration.replace("'b'", "'b', 'c'"), MY).len(), 1, "F-28");
}

/// F-27: Alembic's own example.
#[test]
fn alembics_example() {
    let have = "CREATE TABLE \"user\" (id INTEGER PRIMARY KEY, name VARCHAR(50), a1 TEXT, pw VARCHAR(50));\
        CREATE INDEX pw_idx ON \"user\" (pw);\
        CREATE TABLE address (id INTEGER PRIMARY KEY, email_address VARCHAR(100) NOT NULL);\
        CREATE TABLE \"order\" (order_id INTEGER PRIMARY KEY, amount NUMERIC(8, 2) NOT NULL DEFAULT 0, CHECK (amount >= 0));\
        CREATE TABLE extra (x CHAR, uid INTEGER REFERENCES \"user\" (id))";
    let key = |columns| Some(KeyModel::new(columns));
    let id = |name| ColumnModel { identity: None, ..ColumnModel::new(name, INT) };
    let varchar = |length: &'static str| TypeModel::exact(length);
    let models = [
        TableModel {
            columns: leak(vec![
                id("id"),
                ColumnModel::new("name", varchar("VARCHAR(50)")),
                ColumnModel { nullable: true, default: PerDialect::all(Some("'x'")), ..ColumnModel::new("a1", TEXT) },
            ]),
            primary_key: key(&["id"]),
            ..TableModel::new("user")
        },
        TableModel {
            columns: leak(vec![
                id("id"),
                ColumnModel::new("email_address", varchar("VARCHAR(100)")),
                ColumnModel { nullable: true, ..ColumnModel::new("street", varchar("VARCHAR(50)")) },
            ]),
            primary_key: key(&["id"]),
            uniques: leak(vec![KeyModel { name: Some("uq_email"), columns: &["email_address"] }]),
            ..TableModel::new("address")
        },
        TableModel {
            columns: leak(vec![
                id("order_id"),
                ColumnModel {
                    default: PerDialect::all(Some("0")),
                    ..ColumnModel::new("amount", varchar("NUMERIC(10, 2)"))
                },
                ColumnModel { nullable: true, ..ColumnModel::new("user_id", INT) },
            ]),
            primary_key: key(&["order_id"]),
            foreign_keys: leak(vec![ForeignKeyModel::new(&["user_id"], "user", &["id"])]),
            checks: leak(vec![CheckModel::new("amount >= 0")]),
            ..TableModel::new("order")
        },
        TableModel {
            columns: leak(vec![
                id("id"),
                ColumnModel { nullable: true, ..ColumnModel::new("description", varchar("VARCHAR(100)")) },
                ColumnModel { nullable: true, ..ColumnModel::new("order_id", INT) },
            ]),
            primary_key: key(&["id"]),
            foreign_keys: leak(vec![ForeignKeyModel::new(&["order_id"], "order", &["order_id"])]),
            checks: leak(vec![CheckModel::new("length(description) > 5")]),
            ..TableModel::new("item")
        },
    ];
    let found = of_models(have, &models, PG);
    assert_eq!(
        found,
        [
            "column `address.street` is left",
            "unique constraint `uq_email` of `address` is left",
            "table `extra` is missing",
            "table `item` is left",
            "column `order.amount`: the type is `numeric(10,2)`, and was `numeric(8,2)`",
            "column `order.user_id` is left",
            "foreign key `order_user_id_fkey` of `order` is left",
            "column `user.name` is NOT NULL, and was NULL",
            "column `user.a1`: the default is `'x'`, and was none",
            "column `user.pw` is missing",
            "index `pw_idx` of `user` is missing",
        ]
    );
}
