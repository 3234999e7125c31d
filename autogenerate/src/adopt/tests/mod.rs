//! What there is, what is declared, and what differs.

mod vectors;

use std::sync::Arc;

use revchain_core::Dialect;
use revchain_core::config::{NamingConvention, ObjectFilter};
use revchain_model::{
    CheckModel, ColumnModel, ForeignKeyModel, GeneratedModel, IdentityModel, IndexModel, IndexPartModel, KeyModel,
    Kind, PerDialect, SqlType, TableModel, TypeModel,
};
use revchain_schema::{Name, ObjectName, Schema, apply, compare};

use super::{NothingDeclared, adopt};
use crate::declared::{Around, Declared, declare, declare_sql};

const PG: Dialect = Dialect::Postgres;
const MY: Dialect = Dialect::Mysql;
const LITE: Dialect = Dialect::Sqlite;

fn schema(sql: &str, dialect: Dialect) -> Schema {
    let applied = apply(&Schema::empty(dialect), sql);
    assert_eq!(applied.problems, [], "{sql}");
    applied.schema
}

fn differences(declared: &Declared, have: &Schema) -> Vec<String> {
    let adopted = adopt(declared, have, &ObjectFilter::default()).unwrap();
    assert_eq!(adopted.not_compared, []);
    compare(have, &adopted.schema).iter().map(ToString::to_string).collect()
}

/// What differs between two texts of SQL.
fn of_sql(have: &str, want: &str, dialect: Dialect) -> Vec<String> {
    let have = schema(have, dialect);
    let filter = ObjectFilter::default();
    let (declared, faults) = declare_sql(want, "schema.sql", Around { have: &have, filter: &filter });
    assert_eq!(faults, [], "{want}");
    differences(&declared, &have)
}

/// What differs between a text of SQL and structs.
fn of_models(have: &str, models: &[TableModel], dialect: Dialect) -> Vec<String> {
    let have = schema(have, dialect);
    let filter = ObjectFilter::default();
    let models: Vec<&TableModel> = models.iter().collect();
    let around = Around { have: &have, filter: &filter };
    let (declared, faults) = declare(&models, around, &NamingConvention::default());
    assert_eq!(faults, [], "{models:#?}");
    differences(&declared, &have)
}

/// Nobody compares it again.
#[test]
fn a_table_that_is_as_it_was_stays_shared() {
    let have = schema("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, n int)", PG);
    let want = "CREATE TABLE a (id INTEGER, PRIMARY KEY (id)); CREATE TABLE b (id int PRIMARY KEY, n bigint)";
    let filter = ObjectFilter::default();
    let (declared, _) = declare_sql(want, "schema.sql", Around { have: &have, filter: &filter });
    let adopted = adopt(&declared, &have, &filter).unwrap().schema;
    let is_shared = |name: &str| {
        let name = ObjectName::bare(Name::new(name, PG));
        Arc::ptr_eq(&have.tables[&name], &adopted.tables[&name])
    };
    assert!(is_shared("a") && !is_shared("b"));
}

fn leak<T>(all: Vec<T>) -> &'static [T] {
    Vec::leak(all)
}

/// Table `t` with these columns.
fn t(columns: Vec<ColumnModel>) -> TableModel {
    TableModel { columns: leak(columns), ..TableModel::new("t") }
}

/// A column that takes NULL.
fn x(sql_type: TypeModel) -> ColumnModel {
    ColumnModel { nullable: true, ..ColumnModel::new("x", sql_type) }
}

const TEXT: TypeModel = String::SQL_TYPE;
const INT: TypeModel = i32::SQL_TYPE;
const BIG: TypeModel = i64::SQL_TYPE;
const DECIMAL: TypeModel = TypeModel::on_each(Kind::Decimal, Some("NUMERIC"), Some("DECIMAL(20, 6)"), Some("NUMERIC"));

/// What a struct leaves open takes the chain's word, whatever that is.
#[test]
fn what_nobody_named_is_found_by_what_it_is() {
    let columns = || {
        vec![
            ColumnModel { identity: Some(IdentityModel::Any), ..ColumnModel::new("id", INT) },
            ColumnModel::new("a", INT),
            ColumnModel::new("name", TEXT),
        ]
    };
    let model = TableModel {
        primary_key: Some(KeyModel::new(&["id"])),
        uniques: leak(vec![KeyModel::new(&["name"])]),
        foreign_keys: leak(vec![ForeignKeyModel::new(&["a"], "t", &[])]),
        checks: leak(vec![CheckModel::new("a > 0")]),
        indexes: leak(vec![
            IndexModel::new(leak(vec![IndexPartModel::column("a")])),
            IndexModel::new(leak(vec![IndexPartModel::expression("lower(name)")])),
        ]),
        ..t(columns())
    };
    for (dialect, have) in [
        (
            PG,
            "CREATE TABLE t (id serial, a int NOT NULL, name varchar(20) NOT NULL, CONSTRAINT k PRIMARY KEY (id), CONSTRAINT u UNIQUE (name), CONSTRAINT f FOREIGN KEY (a) REFERENCES t, CONSTRAINT c CHECK ((t.a > 0))); CREATE INDEX one ON t (a); CREATE INDEX two ON t (lower(name::text))",
        ),
        (
            PG,
            "CREATE SEQUENCE s; CREATE TABLE t (id int DEFAULT nextval('s') PRIMARY KEY, a int NOT NULL REFERENCES t CHECK (a > 0), name text NOT NULL); CREATE UNIQUE INDEX u ON t (name); CREATE INDEX one ON t (a); CREATE INDEX two ON t (lower(name))",
        ),
        (
            PG,
            "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int NOT NULL REFERENCES t CHECK (a > 0), name citext NOT NULL UNIQUE); CREATE INDEX one ON t (a); CREATE INDEX two ON t (lower(name))",
        ),
        (
            MY,
            "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a int NOT NULL CHECK (a > 0), name varchar(20) NOT NULL UNIQUE, KEY mine (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES t (id) ON DELETE RESTRICT, KEY low ((lower(name)))) ENGINE=InnoDB CHARACTER SET latin1",
        ),
        (
            LITE,
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a BIGINT NOT NULL REFERENCES t CONSTRAINT c CHECK (a > 0), name VARCHAR(20) NOT NULL UNIQUE); CREATE INDEX one ON t (a); CREATE INDEX two ON t (lower(name))",
        ),
        (
            LITE,
            "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT NOT NULL CHECK (a > 0), name TEXT NOT NULL COLLATE NOCASE, FOREIGN KEY (a) REFERENCES t (id)); CREATE UNIQUE INDEX u ON t (name); CREATE INDEX one ON t (a); CREATE INDEX two ON t (lower(name))",
        ),
    ] {
        let have = if have.contains("citext") { format!("CREATE EXTENSION citext; {have}") } else { have.to_owned() };
        assert_eq!(of_models(&have, &[model], dialect), [""; 0], "{have}");
    }
    // What somebody named has that name.
    let named = TableModel {
        uniques: leak(vec![KeyModel { name: Some("uq"), columns: &["name"] }]),
        indexes: leak(vec![IndexModel {
            name: Some("ix"),
            ..IndexModel::new(leak(vec![IndexPartModel::column("a")]))
        }]),
        ..t(vec![ColumnModel::new("a", INT), ColumnModel::new("name", TEXT)])
    };
    let have = "CREATE TABLE t (a int NOT NULL, name varchar(20) NOT NULL UNIQUE); CREATE INDEX one ON t (a)";
    assert_eq!(
        of_models(have, &[named], PG),
        [
            "unique constraint `t_name_key` of `t` is missing",
            "unique constraint `uq` of `t` is left",
            "index `one` of `t` is missing",
            "index `ix` of `t` is left"
        ]
    );
    // What it is called means nothing on SQLite, where it may be an index as well.
    let have = "CREATE TABLE t (a int NOT NULL, name varchar(20) NOT NULL); CREATE INDEX ix ON t (a); CREATE UNIQUE INDEX u ON t (name)";
    assert_eq!(of_models(have, &[named], LITE), [""; 0]);
}

#[test]
fn what_nobody_can_declare_stays() {
    let have = "CREATE EXTENSION citext; CREATE SEQUENCE s; CREATE VIEW v AS SELECT a FROM t2;\
        CREATE TABLE t (a int NOT NULL, EXCLUDE USING gist (a WITH =)) PARTITION BY RANGE (a);\
        CREATE TABLE t2 (a int NOT NULL); ALTER TABLE t ENABLE ROW LEVEL SECURITY;\
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\
        CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();";
    let have = apply(&Schema::empty(PG), have).schema;
    let filter = ObjectFilter::default();
    let models = [
        t(vec![ColumnModel::new("a", INT)]),
        TableModel { columns: leak(vec![ColumnModel::new("a", INT)]), ..TableModel::new("t2") },
    ];
    let models: Vec<&TableModel> = models.iter().collect();
    let (declared, faults) = declare(&models, Around { have: &have, filter: &filter }, &NamingConvention::default());
    assert_eq!(faults, []);
    let adopted = adopt(&declared, &have, &filter).unwrap();
    assert_eq!(compare(&have, &adopted.schema), []);
    assert_eq!(adopted.schema, have);
}

#[test]
fn what_nobody_understood_is_not_compared() {
    let have = apply(
        &Schema::empty(PG),
        "CREATE TABLE t (a int); CREATE TABLE gone (a int) WHATEVER this is; ALTER TABLE t DO what ever",
    )
    .schema;
    let filter = ObjectFilter::default();
    let model = t(vec![ColumnModel::new("b", INT)]);
    let (declared, _) = declare(&[&model], Around { have: &have, filter: &filter }, &NamingConvention::default());
    let adopted = adopt(&declared, &have, &filter).unwrap();
    let said: Vec<String> = adopted.not_compared.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.iter().all(|said| said.starts_with("table `") && said.contains("nobody understood")), "{said:?}");
    assert_eq!(compare(&have, &adopted.schema), []);
}

#[test]
fn a_made_up_name_gives_way() {
    let have = "CREATE TABLE t (a int NOT NULL, b int NOT NULL, CONSTRAINT t_a_check CHECK (a > 5))";
    let model = TableModel {
        checks: leak(vec![
            CheckModel::new("a > 6"),
            CheckModel { name: Some("t_a_check"), ..CheckModel::new("a > 5") },
        ]),
        ..t(vec![ColumnModel::new("a", INT), ColumnModel::new("b", INT)])
    };
    let found = of_models(have, &[model], PG);
    assert_eq!(found, ["check `t_a_check1` of `t` is left"]);
    let have = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int NOT NULL, b int NOT NULL, CONSTRAINT t_ibfk_1 FOREIGN KEY (b) REFERENCES p (id))";
    let parent = TableModel {
        columns: leak(vec![ColumnModel::new("id", INT)]),
        primary_key: Some(KeyModel::new(&["id"])),
        ..TableModel::new("p")
    };
    let model = TableModel {
        foreign_keys: leak(vec![ForeignKeyModel::new(&["a"], "p", &[]), ForeignKeyModel::new(&["b"], "p", &["id"])]),
        ..t(vec![ColumnModel::new("a", INT), ColumnModel::new("b", INT)])
    };
    let found = of_models(have, &[parent, model], MY);
    assert_eq!(found, ["foreign key `t_ibfk_2` of `t` is left", "index `a` of `t` is left"]);
}

/// MySQL has no key on a text of any length: one that nobody gave a length has one there.
#[test]
fn a_text_in_a_key_has_a_length() {
    let model = TableModel { uniques: leak(vec![KeyModel::new(&["x"])]), ..t(vec![x(TEXT)]) };
    for (have, expected) in [
        ("CREATE TABLE t (x varchar(100) UNIQUE)", &[][..]),
        // MariaDB has.
        ("CREATE TABLE t (x text UNIQUE)", &[]),
        (
            "CREATE TABLE t (x text)",
            &["column `t.x`: the type is `varchar(255)`, and was `text`", "index `x` of `t` is left"],
        ),
        ("CREATE TABLE t (x varchar(100))", &["index `x` of `t` is left"]),
    ] {
        assert_eq!(of_models(have, &[model], MY), expected, "{have}");
    }
}

/// SQLAlchemy's `primary_key=True, unique=True`: some databases have both, and PostgreSQL makes one of them.
#[test]
fn unique_says_nothing_beside_the_primary_key() {
    let model = |name| TableModel {
        primary_key: Some(KeyModel::new(&["a", "b"])),
        uniques: leak(vec![KeyModel { name, columns: &["b", "a"] }]),
        ..t(vec![ColumnModel::new("a", INT), ColumnModel::new("b", INT)])
    };
    for dialect in Dialect::ALL {
        let of = |more: &str, name| {
            let have = format!("CREATE TABLE t (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a, b){more})");
            of_models(&have, &[model(name)], dialect)
        };
        assert_eq!(of("", None), [""; 0], "{dialect}");
        assert_eq!(of(", UNIQUE (a, b)", None), [""; 0], "{dialect}");
        // One that has a name is meant.
        assert_eq!(of("", Some("uq")).len(), 1, "{dialect}");
        if dialect != PG {
            assert_eq!(of(", CONSTRAINT uq UNIQUE (a, b)", Some("uq")), [""; 0], "{dialect}");
        } else {
            // In one statement the server makes one of the two.
            let apart = model(Some("uq"));
            let apart =
                TableModel { uniques: leak(vec![KeyModel { name: Some("uq"), columns: &["a", "b"] }]), ..apart };
            let have = "CREATE TABLE t (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a, b)); \
                        ALTER TABLE t ADD CONSTRAINT uq UNIQUE (a, b)";
            assert_eq!(of_models(have, &[apart], dialect), [""; 0]);
        }
        // And what nobody declares goes.
        let bare = TableModel { uniques: &[], ..model(None) };
        let more =
            "CREATE TABLE t (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a, b)); CREATE UNIQUE INDEX u ON t (a, b)";
        assert_eq!(of_models(more, &[bare], dialect).len(), 1, "{dialect}");
        // A new table has one of the two.
        let (nothing, filter) = (Schema::empty(dialect), ObjectFilter::default());
        let around = Around { have: &nothing, filter: &filter };
        let (declared, faults) = declare(&[&model(None)], around, &NamingConvention::default());
        assert_eq!(faults, [], "{dialect}");
        let made = adopt(&declared, &nothing, &filter).unwrap().schema;
        let table = made.tables.values().next().unwrap();
        assert!(table.uniques.is_empty() && table.indexes.is_empty(), "{dialect}: {table:?}");
    }
}

#[test]
fn a_generated_column_is_compared_by_what_it_says() {
    let column = |text| ColumnModel {
        generated: Some(GeneratedModel { expression: PerDialect::all(Some(text)), is_stored: true }),
        ..x(INT)
    };
    for (dialect, there, declared, differs) in [
        (PG, "(a+1)", "a + 1", false),
        (PG, "(a + 1)", "a + 2", true),
        (MY, "(`a` + 1)", "a + 1", false),
        (LITE, "(a + 1)", "a + 1", false),
    ] {
        let have = format!("CREATE TABLE t (a int NOT NULL, x int GENERATED ALWAYS AS {there} STORED)");
        let found = of_models(&have, &[t(vec![ColumnModel::new("a", INT), column(declared)])], dialect);
        assert_eq!(!found.is_empty(), differs, "{found:?}");
    }
}

/// MariaDB's own names for checks are not known, and what has no name can't be dropped.
#[test]
fn a_new_check_of_mysqls_has_a_name() {
    let model = |checks| TableModel { checks: leak(checks), ..t(vec![ColumnModel::new("a", INT)]) };
    let have = "CREATE TABLE t (a int NOT NULL, CHECK (a > 5))";
    assert_eq!(of_models(have, &[model(vec![CheckModel::new("a > 5")])], MY), Vec::<String>::new());
    let found = of_models(have, &[model(vec![CheckModel::new("a > 5"), CheckModel::new("a < 9")])], MY);
    assert_eq!(found, ["check `t_chk_1` of `t` is left"]);
}
