//! Bad input: each said of the struct or field, with what to do; and all of it at once.

use proptest::prelude::*;
use revchain_core::Dialect;
use revchain_core::config::{NamingConvention, ObjectFilter};
use revchain_model::{
    CheckModel, ColumnModel, Declared as At, ForeignKeyModel, GeneratedModel, IdentityModel, IndexModel,
    IndexPartModel, KeyModel, PerDialect, SqlType, TableModel, TypeModel,
};
use revchain_schema::{Schema, apply, compare};

use super::{Around, Fault, declare, declare_sql};

const INT: TypeModel = i32::SQL_TYPE;

fn at(name: &'static str, line: u32) -> At {
    At { name, file: "src/models.rs", line }
}

/// A field, at a line that tells it.
fn field(name: &'static str, sql_type: TypeModel, line: u32) -> ColumnModel {
    ColumnModel { declared: at(name, line), ..ColumnModel::new(name, sql_type) }
}

fn user() -> TableModel {
    TableModel {
        declared: at("User", 10),
        columns: Vec::leak(vec![field("id", INT, 11), field("email", String::SQL_TYPE, 12)]),
        primary_key: Some(KeyModel::new(&["id"])),
        ..TableModel::new("users")
    }
}

fn faults(models: &[TableModel], dialect: Dialect) -> Vec<String> {
    let have = apply(&Schema::empty(dialect), "CREATE TABLE there (id int PRIMARY KEY)").schema;
    let filter = ObjectFilter::default();
    let models: Vec<&TableModel> = models.iter().collect();
    let (_, faults) = declare(&models, Around { have: &have, filter: &filter }, &NamingConvention::default());
    faults.iter().map(Fault::to_string).collect()
}

fn one(models: &[TableModel], dialect: Dialect) -> String {
    let all = faults(models, dialect);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.concat()
}

/// A `Run` with one more field.
fn with(column: ColumnModel) -> [TableModel; 2] {
    let columns = Vec::leak(vec![field("id", INT, 21), ColumnModel { declared: at(column.name, 22), ..column }]);
    [
        user(),
        TableModel {
            declared: at("Run", 20),
            columns,
            primary_key: Some(KeyModel::new(&["id"])),
            ..TableModel::new("runs")
        },
    ]
}

#[test]
fn what_can_t_be_is_said_of_the_field() {
    let (pg, my, lite) = (Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite);
    let x = |sql_type| field("x", sql_type, 22);
    let all = |text| PerDialect::all(Some(text));
    for (dialect, column, expected) in [
        (
            lite,
            x(u64::LIST),
            "src/models.rs:22: `Run::x`: SQLite has no type for column `x` of table `runs` (say one: `type(sqlite = \"…\")`)",
        ),
        (
            pg,
            x(TypeModel::exact("VARCHAR(")),
            "src/models.rs:22: `Run::x`: the type `VARCHAR(` does not read on PostgreSQL: a parenthesis in it is never closed",
        ),
        (
            pg,
            x(TypeModel::exact("TEXT NOT NULL")),
            "src/models.rs:22: `Run::x`: the type `TEXT NOT NULL` does not read on PostgreSQL: more than a type stands in it",
        ),
        (pg, x(TypeModel::exact("moood")), "src/models.rs:22: `Run::x`: type `moood` does not exist"),
        (
            my,
            ColumnModel { default: all("'x"), ..x(INT) },
            "src/models.rs:22: `Run::x`: the default `'x` does not read on MySQL: a quote or comment in it is never closed",
        ),
        (
            pg,
            ColumnModel { default: all("0 NOT NULL"), ..x(INT) },
            "src/models.rs:22: `Run::x`: the default `0 NOT NULL` does not read on PostgreSQL: more than a default stands in it",
        ),
        (
            pg,
            ColumnModel { default: all("1"), identity: Some(IdentityModel::Any), ..x(INT) },
            "src/models.rs:22: `Run::x`: column `x` has a default, and counts by itself (it can have one of the two)",
        ),
        (
            lite,
            ColumnModel { identity: Some(IdentityModel::Any), ..x(INT) },
            "src/models.rs:22: `Run::x`: column `x` can't count on SQLite (only an `INTEGER` that is the primary key does)",
        ),
        (
            pg,
            ColumnModel { generated: Some(GeneratedModel { expression: all("id +)"), is_stored: true }), ..x(INT) },
            "src/models.rs:22: `Run::x`: the generated expression `id +)` does not read on PostgreSQL: a parenthesis in it was never opened",
        ),
        (
            pg,
            field("id", INT, 22),
            "src/models.rs:22: `Run::id`: column `id` of table `runs` is declared twice (`id` is it, too)",
        ),
    ] {
        assert_eq!(one(&with(column), dialect), expected);
    }
    let run = |change: &dyn Fn(&mut TableModel)| {
        let mut models = with(x(INT));
        change(&mut models[1]);
        models
    };
    let key = |key: ForeignKeyModel| run(&move |model| model.foreign_keys = Vec::leak(vec![key]));
    let index = |index: IndexModel| run(&move |model| model.indexes = Vec::leak(vec![index]));
    let on_x: &[IndexPartModel] = Vec::leak(vec![IndexPartModel::column("x")]);
    let long = String::leak("i".repeat(70));
    for (dialect, models, expected) in [
        (
            pg,
            run(&|model| model.name = "users"),
            "src/models.rs:20: `Run`: table `users` is declared twice (`User` declares it, too (src/models.rs:10))",
        ),
        (
            pg,
            key(ForeignKeyModel::new(&["x"], "user", &["id"])),
            "src/models.rs:22: `Run::x`: the foreign key refers to table `user`, which no model declares (did you mean `users`?)",
        ),
        (
            pg,
            key(ForeignKeyModel::new(&["x"], "there", &["id"])),
            "src/models.rs:22: `Run::x`: the foreign key refers to table `there`, which no model declares (the chain has it: add its struct to `schema![…]`, or leave the table out with `[objects] exclude`)",
        ),
        (
            lite,
            key(ForeignKeyModel::new(&["x"], "users", &["idd"])),
            "src/models.rs:22: `Run::x`: the foreign key refers to column `idd`, which table `users` has not (did you mean `id`?)",
        ),
        (
            lite,
            key(ForeignKeyModel::new(&["x", "id"], "users", &[])),
            "src/models.rs:20: `Run`: the foreign key has 2 columns, and refers to 1 (table `users` is meant)",
        ),
        (
            pg,
            key(ForeignKeyModel { on_delete: Some("CASCADES"), ..ForeignKeyModel::new(&["x"], "users", &[]) }),
            "src/models.rs:22: `Run::x`: `CASCADES` is nothing that ON DELETE does (did you mean `CASCADE`?)",
        ),
        (
            pg,
            key(ForeignKeyModel { name: Some(long), ..ForeignKeyModel::new(&["x"], "users", &[]) }),
            "src/models.rs:22: `Run::x`: the name of constraint `iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii` has 70 bytes (PostgreSQL cuts it after 63: `iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii`)",
        ),
        (
            pg,
            index(IndexModel { name: Some(long), ..IndexModel::new(on_x) }),
            "src/models.rs:22: `Run::x`: the name of index `iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii` has 70 bytes (PostgreSQL cuts it after 63: `iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii`)",
        ),
        (
            my,
            index(IndexModel { predicate: Some("x > 0"), ..IndexModel::new(on_x) }),
            "src/models.rs:22: `Run::x`: MySQL has no index on some rows only (say where it is: `only(postgres, sqlite)`)",
        ),
        (
            pg,
            index(IndexModel::new(Vec::leak(vec![IndexPartModel::expression("lower(x")]))),
            "src/models.rs:20: `Run`: the index expression `lower(x` does not read on PostgreSQL: a parenthesis in it is never closed",
        ),
        (
            pg,
            index(IndexModel::new(Vec::leak(vec![IndexPartModel::column("xx")]))),
            "src/models.rs:20: `Run`: an index names column `xx`, which table `runs` has not (did you mean `x`?)",
        ),
        (
            pg,
            run(&|model| model.checks = Vec::leak(vec![CheckModel::new("x > ')")])),
            "src/models.rs:20: `Run`: the check `x > ')` does not read on PostgreSQL: a quote or comment in it is never closed",
        ),
        (
            pg,
            run(&|model| model.uniques = Vec::leak(vec![KeyModel::new(&["y"])])),
            "src/models.rs:20: `Run`: a unique constraint names column `y`, which table `runs` has not (did you mean `x`?)",
        ),
        (pg, run(&|model| model.columns = &[]), "src/models.rs:20: `Run`: table `runs` has no columns"),
    ] {
        let found = faults(&models, dialect);
        assert!(found.contains(&expected.to_owned()), "{expected}\n{found:#?}");
    }
    // Of a foreign key to something that is not unique, the replay knows.
    let found = one(&key(ForeignKeyModel::new(&["x"], "users", &["email"])), pg);
    assert!(found.starts_with("src/models.rs:22: `Run::x`: "), "{found}");
}

/// A type that no list has: unsigned numbers are no type of PostgreSQL's either.
trait List {
    const LIST: TypeModel;
}

impl List for u64 {
    const LIST: TypeModel = TypeModel::on_each(revchain_model::Kind::Exact, Some("BIGINT[]"), None, None);
}

#[test]
fn everything_is_said_at_once() {
    let mut models = with(field("x", TypeModel::exact("VARCHAR("), 22));
    models[1].name = "users";
    models[1].checks = Vec::leak(vec![CheckModel::new("(")]);
    models[1].foreign_keys = Vec::leak(vec![ForeignKeyModel::new(&["y"], "nobody", &["id"])]);
    let mut other = with(field("y", TypeModel::exact("moood"), 22))[1];
    (other.name, other.declared) = ("others", at("Other", 30));
    let found = faults(&[models[0], models[1], other], Dialect::Postgres);
    assert_eq!(found.len(), 6, "{found:#?}");
}

#[test]
fn sound_models_have_no_faults() {
    let mut models = with(field("x", INT, 22));
    models[1].foreign_keys = Vec::leak(vec![ForeignKeyModel {
        on_delete: Some("no  action"),
        deferrable: Some(true),
        ..ForeignKeyModel::new(&["x"], "users", &[])
    }]);
    models[1].indexes = Vec::leak(vec![
        IndexModel::new(Vec::leak(vec![IndexPartModel::column("x")])),
        IndexModel::new(Vec::leak(vec![IndexPartModel::column("x"), IndexPartModel::column("id")])),
    ]);
    for dialect in Dialect::ALL {
        assert_eq!(faults(&models, dialect), [""; 0]);
    }
}

#[test]
fn an_enum_is_the_structs_or_the_chains() {
    let have = apply(&Schema::empty(Dialect::Postgres), "CREATE TYPE mood AS ENUM ('sad')").schema;
    let filter = ObjectFilter::default();
    let around = Around { have: &have, filter: &filter };
    let with_values = TypeModel::enumeration("mood", "ENUM('sad', 'ok')", &["sad", "ok"]);
    for (sql_type, values) in [(TypeModel::exact("mood"), 1), (with_values, 2)] {
        let models = with(field("x", sql_type, 22));
        let models: Vec<&TableModel> = models.iter().collect();
        let (declared, faults) = declare(&models, around, &NamingConvention::default());
        assert_eq!(faults, []);
        let types: Vec<_> = declared.schema.types.values().map(|of| (**of).clone()).collect();
        let [revchain_schema::model::UserType::Enum(of)] = types.as_slice() else { panic!("{types:?}") };
        assert_eq!(of.values.len(), values);
    }
}

#[test]
fn a_file_says_where() {
    let have = Schema::empty(Dialect::Postgres);
    let filter = ObjectFilter::default();
    let around = Around { have: &have, filter: &filter };
    let sql = "-- All of it.\nCREATE TABLE a (id int);\n\nCREATE TABLE a (id int);\nCREATE INDEX i ON b (id);\nCREATE VIEW v AS SELECT 1;";
    let (declared, faults) = declare_sql(sql, "schema.sql", around);
    let shown: Vec<String> =
        faults.iter().map(|fault| format!("{}:{}: {}", fault.file, fault.line, fault.message)).collect();
    assert_eq!(shown, ["schema.sql:4: table `a` already exists", "schema.sql:5: table `b` does not exist"]);
    assert_eq!(declared.left_alone, ["view `v`"]);
}

#[test]
fn what_a_file_declares_has_no_order() {
    let teams = "CREATE TABLE teams (id INTEGER PRIMARY KEY, lead INTEGER, FOREIGN KEY (lead) REFERENCES users (id));";
    let users = "CREATE TABLE users (id INTEGER PRIMARY KEY);";
    for dialect in [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite] {
        let (have, filter) = (Schema::empty(dialect), ObjectFilter::default());
        let of = |sql: &str| declare_sql(sql, "schema.sql", Around { have: &have, filter: &filter });
        let (one, faults) = of(&format!("{users}\n{teams}"));
        assert_eq!(faults, [], "{dialect}");
        let (other, faults) = of(&format!("{teams}\n{users}"));
        assert_eq!(faults, [], "{dialect}");
        assert_eq!(compare(&one.schema, &other.schema), [], "{dialect}");
        assert!(other.schema.tables.values().all(|table| table.is_known()), "{dialect}: {other:?}");
        let open = teams.replace("users (id)", "users");
        if dialect == Dialect::Postgres {
            let (open, faults) = of(&format!("{open}\n{users}"));
            assert_eq!((compare(&one.schema, &open.schema), faults), (vec![], vec![]));
        }
        let cycle = users.replace("KEY", "KEY, team INTEGER, FOREIGN KEY (team) REFERENCES teams (id)");
        assert_eq!(of(&format!("{teams}\n{cycle}")).1, [], "{dialect}");
        // On SQLite LIKE is the name of a column.
        let others = ["CREATE INDEX i ON users (id);", "CREATE TABLE x (LIKE users);"];
        for other in others.into_iter().take(if dialect == Dialect::Sqlite { 1 } else { 2 }) {
            let (_, faults) = of(&format!("{other}\n{teams}\n{users}"));
            assert_eq!(faults.len(), 1, "{dialect}: {other} is lost: {faults:?}");
        }
        // SQLite asks for the table when there are rows.
        let nowhere = of(teams).1;
        assert_eq!(nowhere.len(), usize::from(dialect != Dialect::Sqlite), "{dialect}: {nowhere:?}");
        let unfit = of(&format!("{teams}\n{}", users.replace("id INTEGER PRIMARY KEY", "id INTEGER, n INTEGER"))).1;
        assert_eq!(unfit.len(), usize::from(dialect != Dialect::Sqlite), "{dialect}: {unfit:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever an attribute holds, it stays in its place, or is a fault.
    #[test]
    fn no_attribute_reaches_beyond_its_place(
        words in proptest::collection::vec(proptest::sample::select(vec![
            "(", ")", ",", "'", "\"", "`", "--", "/*", "*/", "#", ";", "\n", "$$", "\\", "[", "]", ":", "x", "1", "int", "NOT", "NULL",
            "DEFAULT", "PRIMARY", "KEY", "UNIQUE", "REFERENCES", "users", "CHECK", "COLLATE", "CONSTRAINT", "STORED", "AS", "ON",
            "UPDATE", "COMMENT", "WHERE", "/*!", "E'", "DELIMITER", "BEGIN", "END",
        ]), 1..7),
        place in 0..5usize,
        dialect in prop_oneof![Just(Dialect::Postgres), Just(Dialect::Mysql), Just(Dialect::Sqlite)],
    ) {
        let text: &'static str = String::leak(words.join(" "));
        let all = PerDialect::all(Some(text));
        let x = field("x", if place == 0 { TypeModel::exact(text) } else { INT }, 22);
        let x = ColumnModel { default: if place == 1 { all } else { PerDialect::all(None) }, nullable: true, ..x };
        let generated = GeneratedModel { expression: all, is_stored: true };
        let x = ColumnModel { generated: Some(generated).filter(|_| place == 2), ..x };
        let mut models = with(x);
        if place == 3 {
            models[1].checks = Vec::leak(vec![CheckModel { name: None, expression: all }]);
        } else if place == 4 {
            models[1].indexes = Vec::leak(vec![IndexModel::new(Vec::leak(vec![IndexPartModel::expression(text)]))]);
        }
        let (have, filter) = (Schema::empty(dialect), ObjectFilter::default());
        let models: Vec<&TableModel> = models.iter().collect();
        let (declared, faults) = declare(&models, Around { have: &have, filter: &filter }, &NamingConvention::default());
        if faults.is_empty() {
            prop_assert_eq!(declared.schema.tables.len(), 2);
            let table = declared.schema.tables.iter().find(|(name, _)| name.name.as_str() == "runs").unwrap().1;
            prop_assert!(table.is_known(), "{}: {:?}", text, table);
            let found = (table.columns.len(), table.checks.len(), table.indexes.len());
            prop_assert_eq!(found, (2, usize::from(place == 3), usize::from(place == 4)), "{}", text);
            prop_assert!(table.foreign_keys.is_empty() && table.uniques.is_empty(), "{}", text);
            prop_assert!(table.columns[1].nullable, "{}", text);
        }
        let _ = declare_sql(text, "schema.sql", Around { have: &have, filter: &filter });
    }
}
