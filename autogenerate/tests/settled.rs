//! For any structs: what they declare is found again in the chain that makes it, however that says it; and once what differs
//! is written, nothing differs.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say so when they fail")]

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use revchain_autogenerate::{Around, Declared, adopt, declare};
use revchain_core::Dialect;
use revchain_core::config::{Config, NamingConvention, ObjectFilter};
use revchain_model::drift::quick::agrees;
use revchain_model::drift::{self, Head, Message};
use revchain_model::{
    CheckModel, ColumnModel, ForeignKeyModel, GeneratedModel, IdentityModel, IndexModel, IndexPartModel, KeyModel,
    Kind, PerDialect, SqlType, TableModel, TypeModel,
};
use revchain_schema::model::{Family, Name, ObjectName};
use revchain_schema::write::{Piece, script};
use revchain_schema::{Changed, DataType, Difference, Digest, Object, Schema, Table, apply, compare, head, quick};

/// Choices, made of bytes: fewer bytes are simpler structs.
struct Dice<'a>(std::slice::Iter<'a, u8>);

impl Dice<'_> {
    /// One of so many; the first when there are no bytes left.
    fn of(&mut self, many: usize) -> usize {
        self.0.next().map_or(0, |byte| usize::from(*byte) % many)
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.of(many) == many - 1
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.of(all.len())]
    }
}

const TIMESTAMP: TypeModel = TypeModel::on_each(Kind::Timestamp, Some("TIMESTAMP"), Some("DATETIME"), Some("DATETIME"));
const UUID: TypeModel = TypeModel::on_each(Kind::Uuid, Some("UUID"), Some("BINARY(16)"), Some("BLOB"));
const DECIMAL: TypeModel = TypeModel::on_each(Kind::Decimal, Some("NUMERIC"), Some("DECIMAL(20, 6)"), Some("NUMERIC"));

/// Types, and a default of each.
const TYPES: [(TypeModel, &str); 13] = [
    (i32::SQL_TYPE, "0"),
    (String::SQL_TYPE, "'it''s'"),
    (i64::SQL_TYPE, "-1"),
    (bool::SQL_TYPE, "false"),
    (f64::SQL_TYPE, "1.50"),
    (i16::SQL_TYPE, "(1 + 2)"),
    (TIMESTAMP, "CURRENT_TIMESTAMP"),
    (UUID, "NULL"),
    (TypeModel::JSON, "NULL"),
    (DECIMAL, "0.00"),
    (TypeModel::exact("VARCHAR(40)"), "'x'"),
    (TypeModel::enumeration("mood", "ENUM('sad', 'ok')", &["sad", "ok"]), "'ok'"),
    (TypeModel::exact("DATE"), "'2020-01-01'"),
];

const TABLES: [&str; 3] = ["runs", "Order", "user"];
const COLUMNS: [&str; 7] = ["a", "b", "Name", "group", "e", "f", "created at"];
const GIVEN: [&str; 6] = ["given_1", "given_2", "given_3", "given_4", "given_5", "given_6"];

/// Structs of up to three tables.
fn models(bytes: &[u8]) -> Vec<TableModel> {
    let mut dice = Dice(bytes.iter());
    let many = 1 + dice.of(3);
    let mut given = 0;
    (0..many).map(|number| table(number, many, &mut given, &mut dice)).collect()
}

fn leak<T>(all: Vec<T>) -> &'static [T] {
    Vec::leak(all)
}

fn table(number: usize, many: usize, given: &mut usize, dice: &mut Dice<'_>) -> TableModel {
    let mut name = |kind: &str, dice: &mut Dice<'_>| {
        *given += 1;
        let given = GIVEN.get(*given).filter(|_| dice.one_in(4));
        given.map(|name| &*String::leak(format!("{name}_{kind}")))
    };
    let identity = [None, Some(IdentityModel::Any), Some(IdentityModel::Always), Some(IdentityModel::Autoincrement)];
    let id = ColumnModel { identity: dice.pick(&identity), ..ColumnModel::new("id", i32::SQL_TYPE) };
    // What counts by itself stands in no expression of MariaDB's.
    let mut columns = vec![id, ColumnModel::new("n", i32::SQL_TYPE)];
    for column in COLUMNS.iter().take(dice.of(COLUMNS.len() + 1)) {
        let (sql_type, default) = dice.pick(&TYPES);
        let text = matches!(sql_type.kind, Kind::Text);
        columns.push(ColumnModel {
            nullable: dice.one_in(2),
            default: PerDialect::all(Some(default).filter(|_| dice.one_in(3))),
            comment: Some("it's \\ one").filter(|_| dice.one_in(4)),
            collation: PerDialect::each(None, Some("utf8mb4_bin"), Some("NOCASE")),
            ..ColumnModel::new(column, sql_type)
        });
        if let Some(last) = columns.last_mut().filter(|_| !text) {
            last.collation = PerDialect::all(None);
        }
    }
    if dice.one_in(3) {
        let expression = PerDialect::all(Some("n + 1"));
        columns.push(ColumnModel {
            nullable: true,
            generated: Some(GeneratedModel { expression, is_stored: true }),
            ..ColumnModel::new("sum", i32::SQL_TYPE)
        });
    }
    let names: Vec<&'static str> = columns.iter().map(|column| column.name).collect();
    let few = |dice: &mut Dice<'_>| {
        let mut few = vec![dice.pick(&names)];
        let other = dice.pick(&names);
        few.extend(Some(other).filter(|other| !few.contains(other)).filter(|_| dice.one_in(3)));
        leak(few)
    };
    let uniques = (0..dice.of(3)).map(|_| KeyModel { name: name("uq", dice), columns: few(dice) }).collect();
    let foreign_keys = (0..dice.of(3)).map(|_| ForeignKeyModel {
        name: name("fk", dice),
        on_delete: dice.pick(&[None, Some("CASCADE"), Some("no action"), Some("RESTRICT")]),
        deferrable: dice.pick(&[None, None, Some(true), Some(false)]),
        ..ForeignKeyModel::new(leak(vec!["id"]), TABLES[dice.of(many)], if dice.one_in(2) { &["id"] } else { &[] })
    });
    let foreign_keys = foreign_keys.collect();
    let checks = (0..dice.of(3)).map(|_| CheckModel {
        name: name("ck", dice),
        ..CheckModel::new(dice.pick(&["n > 0", "n IN (1, 2)", "n + 1 < 9"]))
    });
    let checks = checks.collect();
    let indexes = (0..dice.of(4)).map(|_| {
        let mut parts: Vec<IndexPartModel> = few(dice).iter().map(|name| IndexPartModel::column(name)).collect();
        parts[0].is_descending = dice.one_in(4);
        let has_expression = dice.one_in(4);
        if has_expression {
            parts.push(IndexPartModel::expression("abs(n)"));
        }
        let predicate = Some("n > 5").filter(|_| dice.one_in(4));
        IndexModel {
            name: name("ix", dice),
            is_unique: dice.one_in(3),
            predicate,
            dialects: PerDialect::each(true, predicate.is_none() && !has_expression, true),
            ..IndexModel::new(leak(parts))
        }
    });
    let indexes = indexes.collect();
    TableModel {
        schema: None,
        columns: leak(columns),
        primary_key: Some(KeyModel { name: name("pk", dice), columns: &["id"] }),
        uniques: leak(uniques),
        foreign_keys: leak(foreign_keys),
        checks: leak(checks),
        indexes: leak(indexes),
        comment: Some("a \"table\"").filter(|_| dice.one_in(3)),
        ..TableModel::new(TABLES[number])
    }
}

fn declared(models: &[TableModel], have: &Schema) -> Declared {
    let filter = ObjectFilter::default();
    let models: Vec<&TableModel> = models.iter().collect();
    let (declared, faults) = declare(&models, Around { have, filter: &filter }, &NamingConvention::default());
    assert_eq!(faults, []);
    declared
}

fn wanted(models: &[TableModel], have: &Schema) -> Schema {
    let adopted = adopt(&declared(models, have), have, &ObjectFilter::default()).unwrap();
    assert_eq!(adopted.not_compared, []);
    adopted.schema
}

/// What a schema is after it was written, and run.
fn written(schema: &Schema) -> Schema {
    let statements: Vec<String> = script(schema)
        .into_iter()
        .map(|piece| match piece {
            Piece::Statement(statement) => statement,
            piece => panic!("{piece:?}"),
        })
        .collect();
    let applied = apply(&Schema::empty(schema.dialect), &statements.join(";\n"));
    assert_eq!(applied.problems, [], "{}", statements.join(";\n"));
    applied.schema
}

/// The same in other words: what nobody named is called something else, and holds the same in another type.
fn in_other_words(schema: &Schema) -> Schema {
    let (mut schema, dialect) = (schema.clone(), schema.dialect);
    let mut number = 0;
    let names: Vec<ObjectName> = schema.tables.keys().cloned().collect();
    for name in names {
        let mut table = Table::clone(&schema.tables[&name]);
        let mut rename = |name: &mut Option<Name>| {
            number += 1;
            if name.as_ref().is_some_and(|name| !name.as_str().starts_with("given")) {
                *name = Some(Name::new(&format!("other_{number}"), dialect));
            }
        };
        table.primary_key.iter_mut().for_each(|key| rename(&mut key.name));
        table.uniques.iter_mut().for_each(|key| rename(&mut key.name));
        table.foreign_keys.iter_mut().for_each(|key| rename(&mut key.name));
        table.checks.iter_mut().for_each(|check| rename(&mut check.name));
        table.indexes.iter_mut().for_each(|index| rename(&mut index.name));
        for column in &mut table.columns {
            let Some(of) = &mut column.data_type else { continue };
            if of.name == "text" && dialect != Dialect::Sqlite {
                *of = DataType { arguments: vec!["255".to_owned()], ..DataType::named("varchar") };
                if dialect == Dialect::Postgres {
                    of.name = "character varying".to_owned();
                }
            } else if of.family(dialect) == Family::Decimal {
                of.arguments = vec!["10".to_owned(), "2".to_owned()];
            }
        }
        schema.tables.insert(name, Arc::new(table));
    }
    schema
}

fn dialects() -> impl Strategy<Value = Dialect> {
    prop_oneof![Just(Dialect::Postgres), Just(Dialect::Mysql), Just(Dialect::Sqlite)]
}

/// What the compiler would say of structs and what chains lead to, of which there is one for each dialect: line by line.
fn drift(models: &[TableModel], have: &[Schema]) -> Vec<String> {
    let head = for_compiler(have);
    let of = |model: &TableModel| {
        let mut message = Message::<16384>::new();
        drift::compare(model, head, &mut message);
        let lines: Vec<String> = message.as_str().lines().skip(1).map(str::to_owned).collect();
        // What numbers say first is true.
        assert!(lines.is_empty() || !agrees(model, &digest(model), head), "{lines:#?}");
        lines
    };
    models.iter().flat_map(of).collect()
}

fn for_compiler(have: &[Schema]) -> Head {
    let bytes = head(have, &Config::default());
    let quick = quick(&bytes);
    Head::new(bytes.leak(), quick.leak())
}

/// What the derive would write of a struct.
fn digest(model: &TableModel) -> Vec<u64> {
    let mut digest = Digest::new(model.name);
    let columns = |columns: &'static [&'static str]| columns.iter().copied();
    model.primary_key.iter().for_each(|key| digest.primary_key(columns(key.columns)));
    model.uniques.iter().for_each(|key| digest.unique(columns(key.columns)));
    for index in model.indexes {
        match index.dialects != PerDialect::all(true) || index.parts.iter().any(|part| part.is_expression) {
            true => digest.other_keys(),
            false => digest.index(index.parts.iter().map(|part| part.text), index.is_unique),
        }
    }
    for key in model.foreign_keys {
        match key.deferrable {
            Some(_) => digest.other_foreign_keys(),
            None => {
                let does = [key.on_delete, key.on_update];
                digest.foreign_key(columns(key.columns), key.table, columns(key.references), does);
            }
        }
    }
    for column in model.columns {
        let PerDialect { postgres, mysql, sqlite } = column.default;
        let has_default = [postgres, mysql, sqlite].map(|default| default.is_some());
        let of = column.sql_type;
        let is_one = of.sql == PerDialect::all(of.sql.sqlite);
        let written = of.sql.sqlite.filter(|_| of.kind == Kind::Exact && of.values.is_empty() && is_one);
        digest.column(column.name, has_default, column.identity.is_some() || column.generated.is_some(), written);
    }
    digest.words()
}

/// Whether what is said of a table, or of a column, stands among the differences.
fn is_there(line: &str, differences: &[Difference]) -> bool {
    let mut quoted = line.split('`').skip(1).step_by(2);
    let table = quoted.next().unwrap();
    let column = if line.contains("`: column `") { quoted.next() } else { None };
    differences.iter().map(ToString::to_string).any(|difference| {
        let is_of = |name: &str| difference.to_lowercase().contains(&name.to_lowercase());
        is_of(table) && column.is_none_or(is_of)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_declared_is_found_again(bytes in proptest::collection::vec(any::<u8>(), 0..160), dialect in dialects()) {
        let models = models(&bytes);
        let made = declared(&models, &Schema::empty(dialect)).schema;
        for have in [written(&made), in_other_words(&made)] {
            let found: Vec<String> = compare(&have, &wanted(&models, &have)).iter().map(ToString::to_string).collect();
            prop_assert_eq!(found, Vec::<String>::new());
            prop_assert_eq!(drift(&models, std::slice::from_ref(&have)), Vec::<String>::new());
            for model in &models {
                prop_assert!(agrees(model, &digest(model), for_compiler(std::slice::from_ref(&have))), "{model:#?}");
            }
        }
    }

    /// The compiler knows less than autogenerate, and never says more.
    #[test]
    fn what_the_compiler_says_is_true(
        before in proptest::collection::vec(any::<u8>(), 0..160),
        after in proptest::collection::vec(any::<u8>(), 0..160),
    ) {
        let (before, after) = (models(&before), models(&after));
        let mut all = Vec::new();
        for dialect in Dialect::ALL {
            let have = in_other_words(&declared(&before, &Schema::empty(dialect)).schema);
            let differences = compare(&have, &wanted(&after, &have));
            let said = drift(&after, std::slice::from_ref(&have));
            for line in &said {
                prop_assert!(is_there(line, &differences), "{dialect}: {line}\nof {differences:#?}");
            }
            // And of columns that come and go it says all there is.
            for difference in &differences {
                let is_said = |object: &Object| match object {
                    Object::Column(table, column) => said.iter().any(|line| {
                        line.contains(&format!("`{}`", table.name)) && line.contains(&format!("`{column}`"))
                    }),
                    _ => true,
                };
                let is_whole = matches!(difference.object, Object::Column(..)) && !matches!(difference.change, Changed::Differs { .. });
                prop_assert!(!is_whole || is_said(&difference.object), "{dialect}: {difference} is not said: {said:#?}");
            }
            all.push(have);
        }
        // Of all dialects at once it says the same, each line once.
        let together = drift(&after, &all);
        for (have, name) in all.iter().zip(["PostgreSQL", "MySQL", "SQLite"]) {
            let (alone, is_here) = (drift(&after, std::slice::from_ref(have)), |line: &str| line.contains(name) || !line.contains(" on "));
            let bare = |line: &String| line.split(" on ").next().unwrap().to_owned();
            let of_it: BTreeSet<String> = together.iter().filter(|line| is_here(line)).map(bare).collect();
            prop_assert_eq!(of_it, alone.into_iter().collect::<BTreeSet<String>>(), "{}", name);
        }
    }

    /// Where one thing is another, the numbers that are asked first see it: `drift` holds them to what is compared then.
    #[test]
    fn no_change_is_overlooked(
        bytes in proptest::collection::vec(any::<u8>(), 1..160),
        (at, other) in (any::<prop::sample::Index>(), any::<u8>()),
    ) {
        let mut changed = bytes.clone();
        changed[at.index(bytes.len())] = other;
        let all = Dialect::ALL.map(|dialect| in_other_words(&declared(&models(&bytes), &Schema::empty(dialect)).schema));
        drift(&models(&changed), &all);
        for have in &all {
            drift(&models(&changed), std::slice::from_ref(have));
        }
    }

    #[test]
    fn after_a_change_nothing_differs(
        before in proptest::collection::vec(any::<u8>(), 0..160),
        after in proptest::collection::vec(any::<u8>(), 0..160),
        dialect in dialects(),
    ) {
        let (before, after) = (models(&before), models(&after));
        let have = in_other_words(&declared(&before, &Schema::empty(dialect)).schema);
        let want = wanted(&after, &have);
        let found: Vec<String> = compare(&want, &wanted(&after, &want)).iter().map(ToString::to_string).collect();
        prop_assert_eq!(found, Vec::<String>::new());
        // And it can be made.
        let made = written(&want);
        let found: Vec<String> = compare(&want, &made).iter().map(ToString::to_string).collect();
        prop_assert_eq!(found, Vec::<String>::new());
    }
}

const POSTGRES: &str = "smallint; int2; int; int4; integer; bigint; boolean; bool; real; float4; float; float(20); double precision; \
    float8; numeric; numeric(10); numeric(10,2); DECIMAL(10, 0); text; varchar; varchar(30); VARCHAR ( 40 ); character varying(30); char; \
    char(1); char(3); \"char\"; bpchar; bytea; date; time; time(3); timetz; timestamp; timestamp(3); timestamp (3) without time zone; \
    timestamptz; timestamp with time zone; interval; uuid; json; jsonb; inet; money; xml; int[]; integer []; _int4; text[]; citext; \
    pg_catalog.int4; bit(3)";
const MYSQL: &str = "tinyint; tinyint(1); tinyint(4); bool; smallint; mediumint; int; integer; int(11); int unsigned; INTEGER UNSIGNED; \
    bigint; bigint(20); serial; decimal; decimal(10); decimal(10,0); numeric(12, 3); float; float(30); double; double precision; real; char; \
    char(1); char(36); varchar(30); varchar(30) character set latin1; nvarchar(30); tinytext; text; text(70000); mediumtext; longtext; \
    binary; binary(16); varbinary(20); blob; longblob; date; time; time(3); datetime; datetime(0); datetime(6); timestamp; json; enum('a','b'); \
    ENUM( 'a', 'b' ); enum('A','b'); set('a'); year; bit; bit(8); int zerofill";
const SQLITE: &str = "int; integer; INTEGER; bigint; text; TEXT; varchar(30); VARCHAR( 30 ); varchar(40); clob; blob; real; double; \
    double precision; numeric; decimal(10,2); decimal(10,  2); boolean; date; datetime; timestamp; time; json; uuid; char(36); unsigned big int";

/// For any two types: where the compiler says that they differ, they do.
#[test]
fn no_type_differs_for_the_compiler_alone() {
    let usual = [
        bool::SQL_TYPE,
        i16::SQL_TYPE,
        i32::SQL_TYPE,
        i64::SQL_TYPE,
        f32::SQL_TYPE,
        f64::SQL_TYPE,
        String::SQL_TYPE,
        Vec::<u8>::SQL_TYPE,
        TIMESTAMP,
        UUID,
        TypeModel::JSON,
        DECIMAL,
        u32::SQL_TYPE,
        i8::SQL_TYPE,
        Vec::<i32>::SQL_TYPE,
    ];
    let mut told = 0;
    for (dialect, list) in [(Dialect::Postgres, POSTGRES), (Dialect::Mysql, MYSQL), (Dialect::Sqlite, SQLITE)] {
        let texts: Vec<String> = list.split(';').map(|text| text.trim().to_owned()).collect();
        let written = texts.iter().map(|text| TypeModel::exact(String::leak(text.clone())));
        let types: Vec<TypeModel> = written.chain(usual).collect();
        for there in &texts {
            let made =
                apply(&Schema::empty(dialect), &format!("CREATE TABLE t (id INTEGER PRIMARY KEY, c {there} NOT NULL)"));
            assert_eq!(made.problems, [], "{dialect} {there}");
            for &sql_type in &types {
                let columns = leak(vec![ColumnModel::new("id", i32::SQL_TYPE), ColumnModel::new("c", sql_type)]);
                let model = TableModel { columns, primary_key: Some(KeyModel::new(&["id"])), ..TableModel::new("t") };
                let said = drift(&[model], std::slice::from_ref(&made.schema));
                if said.is_empty() {
                    continue;
                }
                let models = [&model];
                let filter = ObjectFilter::default();
                let around = Around { have: &made.schema, filter: &filter };
                let (declared, faults) = declare(&models, around, &NamingConvention::default());
                if faults.is_empty() {
                    let want = adopt(&declared, &made.schema, &filter).unwrap().schema;
                    assert_ne!(compare(&made.schema, &want), [], "{dialect} {sql_type:?}: {said:?}");
                    told += 1;
                }
            }
        }
    }
    assert!(told > 3000, "{told}");
}

/// Each of these tables is another than the first, in one thing that numbers tell apart.
#[test]
fn numbers_tell_tables_apart() {
    let first = || {
        vec![
            ColumnModel::new("id", i32::SQL_TYPE),
            ColumnModel::new("other", i32::SQL_TYPE),
            ColumnModel::new("code", TypeModel::exact("VARCHAR(40)")),
        ]
    };
    let columns = |at: usize, column: ColumnModel| {
        let mut columns = first();
        columns[at] = column;
        leak(columns)
    };
    let key = |column: &'static str, table| ForeignKeyModel::new(leak(vec![column]), table, &["id"]);
    let index = |column| IndexModel::new(leak(vec![IndexPartModel::column(column)]));
    let of = |columns| TableModel {
        columns,
        primary_key: Some(KeyModel::new(&["id"])),
        uniques: &[KeyModel { name: None, columns: &["code", "other"] }],
        foreign_keys: leak(vec![key("other", "t")]),
        indexes: leak(vec![index("code")]),
        ..TableModel::new("t")
    };
    let same = of(leak(first()));
    let others = [
        of(columns(1, ColumnModel::new("other", i64::SQL_TYPE))),
        of(columns(1, ColumnModel::new("other", i32::SQL_TYPE).with_nullable(true))),
        of(columns(1, ColumnModel::new("other", i32::SQL_TYPE).with_default(PerDialect::all(Some("1"))))),
        of(columns(2, ColumnModel::new("code", TypeModel::exact("VARCHAR(41)")))),
        of(leak(vec![first()[0], first()[1], first()[2], first()[1]])),
        TableModel { primary_key: Some(KeyModel::new(&["id", "code"])), ..same },
        TableModel { uniques: &[KeyModel { name: None, columns: &["id", "other"] }], ..same },
        TableModel { indexes: leak(vec![index("other")]), ..same },
        TableModel { indexes: leak(vec![IndexModel { is_unique: true, ..index("code") }]), ..same },
        TableModel { foreign_keys: leak(vec![key("code", "t")]), ..same },
        TableModel { foreign_keys: leak(vec![key("other", "s")]), ..same },
        TableModel {
            foreign_keys: leak(vec![ForeignKeyModel { on_delete: Some("CASCADE"), ..key("other", "t") }]),
            ..same
        },
    ];
    let have = Dialect::ALL.map(|dialect| declared(&[same], &Schema::empty(dialect)).schema);
    let head = for_compiler(&have);
    assert!(agrees(&same, &digest(&same), head));
    let renamed = ["ether", "amount", "kind", "rank", "another", "coda"]
        .map(|name| of(columns(2, ColumnModel::new(name, TypeModel::exact("VARCHAR(40)")))));
    for other in others.into_iter().chain(renamed) {
        assert!(!agrees(&other, &digest(&other), head), "{other:#?}");
    }
}
