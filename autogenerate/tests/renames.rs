//! Renames of all kinds at once, on databases with rows: names that pass from one to the next, and round in a circle. What was in a
//! column is in the one that it became, there and back.
//!
//! PostgreSQL and MariaDB or MySQL where `REVCHAIN_TEST_POSTGRES` and `REVCHAIN_TEST_MYSQL` name a server.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say so when they fail")]

#[path = "../../reflect/tests/common/mod.rs"]
mod common;

use std::fmt::Write as _;

use common::TestDatabase;
use revchain_autogenerate::{Renames, Script, prove, renamed, write};
use revchain_core::Dialect;
use revchain_reflect::Scope;
use revchain_schema::model::{Name, ObjectName};
use revchain_schema::{Schema, apply, compare_stored};

/// What three tables become, and the three columns of each.
const WAYS: [(&str, &str); 6] = [
    ("t0 t1 t2", "b a c"),
    ("t0 t1 t2", "b c a"),
    ("t1 t0 t2", "a b c"),
    ("t1 t2 t3", "c b a"),
    ("t1 t2 t0", "b a z"),
    ("t9 t0 t1", "a c b"),
];

const TABLES: [&str; 3] = ["t0", "t1", "t2"];
const COLUMNS: [&str; 3] = ["a", "b", "c"];

fn made(dialect: Dialect, has_checks: bool) -> (String, String) {
    let id = match dialect {
        Dialect::Postgres => "serial PRIMARY KEY",
        Dialect::Mysql => "int AUTO_INCREMENT PRIMARY KEY",
        Dialect::Sqlite => "INTEGER PRIMARY KEY AUTOINCREMENT",
    };
    let (mut ddl, mut rows) = (String::new(), String::new());
    let condition = if has_checks { "a <> c" } else { "1 = 1" };
    for (at, table) in TABLES.into_iter().enumerate() {
        // Each refers to the one before, the first to itself.
        let other = TABLES[at.saturating_sub(1)];
        writeln!(
            ddl,
            "CREATE TABLE {table} (id {id}, a varchar(20) NOT NULL, b varchar(20), c varchar(20) DEFAULT 'x', p int, q int,
                CONSTRAINT uq_{table} UNIQUE (a, b), CONSTRAINT ck_{table} CHECK ({condition}),
                CONSTRAINT fk_{table} FOREIGN KEY (p) REFERENCES {other} (id), FOREIGN KEY (q) REFERENCES {other} (id));
             CREATE INDEX ix_{table} ON {table} (c, a);"
        )
        .unwrap();
        // MySQL 9 finds no row that refers to itself by a number that is not given.
        writeln!(rows, "INSERT INTO {table} (id, a, b, c, p) VALUES (1, '{table}.a', '{table}.b', '{table}.c', 1);")
            .unwrap();
    }
    (ddl, rows)
}

fn renames(dialect: Dialect, (tables, columns): (&str, &str)) -> Renames {
    let table = |name: &str| ObjectName::bare(Name::new(name, dialect));
    let mut renames = Renames::default();
    for (old, new) in TABLES.into_iter().zip(tables.split(' ')) {
        if old != new {
            renames.tables.insert(table(old), table(new));
        }
        for (from, to) in COLUMNS.into_iter().zip(columns.split(' ')).filter(|(from, to)| from != to) {
            renames.columns.insert((table(new), Name::new(from, dialect)), Name::new(to, dialect));
        }
    }
    renames
}

async fn run(db: &mut TestDatabase, script: &Script, to: &Schema) {
    assert_eq!(script.omitted, []);
    for step in &script.steps {
        db.execute(&step.sql).await.unwrap_or_else(|error| panic!("{}: {error}\n{script:#?}", step.sql));
    }
    let found = compare_stored(to, &db.reflect(&Scope::default()).await);
    assert_eq!(found.differences, [], "{script:#?}");
}

/// Whether a row says what it should: else there is nothing to insert.
async fn holds(db: &mut TestDatabase, table: &str, columns: &[&str], was: &str) {
    db.run("CREATE TABLE probe (n int NOT NULL)").await;
    for (column, old) in columns.iter().zip(COLUMNS) {
        let one = format!("CASE WHEN count(*) = 1 AND min({column}) = '{was}.{old}' THEN 1 END");
        let sql = format!("INSERT INTO probe SELECT {one} FROM {table}");
        db.execute(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    db.run("DROP TABLE probe").await;
}

fn on(dialect: Dialect) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        for way in WAYS {
            let Some(mut db) = TestDatabase::make(dialect).await else { return };
            // MySQL renames no column that a check names.
            let has_checks = dialect != Dialect::Mysql || db.try_run("SELECT json_detailed('{}')").await;
            let (ddl, rows) = made(dialect, has_checks);
            let applied = apply(&Schema::empty(dialect), &ddl);
            assert_eq!(applied.problems, []);
            let from = applied.schema.clone();
            db.run(&format!("{ddl}{rows}")).await;
            let renames = renames(dialect, way);
            let to = renamed(&from, &renames);
            let script = write(&from, &to, &renames);
            assert!(prove(&from, &script, &to).holds(), "{way:?}: {script:#?}");
            run(&mut db, &script, &to).await;
            let columns: Vec<&str> = way.1.split(' ').collect();
            for (old, new) in TABLES.into_iter().zip(way.0.split(' ')) {
                holds(&mut db, new, &columns, old).await;
            }
            let back = write(&to, &from, &renames.reversed());
            assert!(prove(&to, &back, &from).holds(), "{way:?}: {back:#?}");
            run(&mut db, &back, &from).await;
            for table in TABLES {
                holds(&mut db, table, &COLUMNS, table).await;
            }
            db.finish().await;
        }
    });
}

#[test]
fn postgres() {
    on(Dialect::Postgres);
}

#[test]
fn mysql() {
    on(Dialect::Mysql);
}

#[test]
fn sqlite() {
    on(Dialect::Sqlite);
}
