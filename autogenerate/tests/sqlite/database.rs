//! A database of SQLite's, and scripts run on it as the runner does.

use revchain_autogenerate::{Renames, Script, prove, write};
use revchain_core::Dialect;
use revchain_reflect::Scope;
use revchain_schema::model::{Name, ObjectName};
use revchain_schema::{Schema, apply, compare_stored};
use sqlx::{AssertSqlSafe, Column as _, Connection, Row, SqliteConnection, ValueRef, raw_sql};

/// A database in memory, with foreign keys on.
pub(crate) struct Database {
    connection: SqliteConnection,
}

impl Database {
    pub(crate) async fn of(sql: &str) -> Database {
        let connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let mut db = Database { connection };
        assert_eq!(db.rows("PRAGMA foreign_keys").await, "1");
        db.run(sql).await;
        db
    }

    pub(crate) async fn run(&mut self, sql: &str) {
        self.try_run(sql).await.unwrap_or_else(|error| panic!("{error}\n{sql}"));
    }

    pub(crate) async fn try_run(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut self.connection).await.map(drop)
    }

    /// Rows as text: blanks between columns, `|` between rows.
    pub(crate) async fn rows(&mut self, sql: &str) -> String {
        let rows = raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&mut self.connection).await;
        let rows = rows.unwrap_or_else(|error| panic!("{error}\n{sql}"));
        let shown = |row: &sqlx::sqlite::SqliteRow| {
            let columns = row.columns().iter().map(|column| {
                let at = column.ordinal();
                if row.try_get_raw(at).unwrap().is_null() {
                    return String::new();
                }
                row.try_get_unchecked::<String, _>(at).unwrap()
            });
            columns.collect::<Vec<_>>().join(" ")
        };
        rows.iter().map(shown).collect::<Vec<_>>().join("|")
    }

    /// Runs a script as the runner runs its section.
    pub(crate) async fn script(&mut self, script: &Script) -> Result<(), String> {
        if script.is_rebuild {
            self.run("PRAGMA foreign_keys = off").await;
        }
        self.run("BEGIN IMMEDIATE").await;
        for step in &script.steps {
            self.try_run(&step.sql).await.map_err(|error| format!("{error}\n{}", step.sql))?;
        }
        if script.is_rebuild {
            let violations = self.rows("PRAGMA foreign_key_check").await;
            if !violations.is_empty() {
                return Err(format!("foreign_key_check: {violations}"));
            }
        }
        self.try_run("COMMIT").await.map_err(|error| error.to_string())?;
        self.run("PRAGMA foreign_keys = on").await;
        Ok(())
    }

    /// What there is.
    pub(crate) async fn schema(&mut self) -> Schema {
        let version = ObjectName::bare(Name::new("alembic_version", Dialect::Sqlite));
        let scope = Scope::of_chain(version, Dialect::Sqlite);
        revchain_reflect::sqlite(&mut self.connection, &scope).await.unwrap()
    }

    /// What is not as it should be.
    pub(crate) async fn faults(&mut self, expected: &Schema) -> Vec<String> {
        let found = compare_stored(expected, &self.schema().await);
        let mut faults: Vec<String> = found.differences.iter().map(ToString::to_string).collect();
        faults.extend(found.unclear.iter().map(ToString::to_string));
        let integrity = self.rows("PRAGMA integrity_check").await;
        if integrity != "ok" {
            faults.push(integrity);
        }
        faults
    }
}

/// The schema that statements make.
pub(crate) fn schema(sql: &str) -> Schema {
    let applied = apply(&Schema::empty(Dialect::Sqlite), sql);
    assert!(applied.problems.is_empty(), "{:?}\n{sql}", applied.problems);
    applied.schema
}

/// What a script looks like.
pub(crate) fn text(script: &Script) -> String {
    let mut text = String::new();
    for step in &script.steps {
        for line in step.note.iter().flat_map(|note| note.lines()) {
            text.push_str(&format!("-- {line}\n"));
        }
        text.push_str(&format!("{};\n", step.sql));
    }
    text
}

/// Writes what leads from one schema to another, and runs it. Gives the schema that it leads to.
pub(crate) async fn there(db: &mut Database, from: &Schema, to: &Schema) -> Result<Schema, String> {
    let script = write(from, to, &Renames::default());
    let text = text(&script);
    if !script.omitted.is_empty() {
        return Err(format!("omitted: {:?}\n{text}", script.omitted));
    }
    let proof = prove(from, &script, to);
    if !proof.holds() {
        return Err(format!("not proved: {:?} {:?}\n{text}", proof.problems, proof.differences));
    }
    db.script(&script).await.map_err(|error| format!("{error}\n{text}"))?;
    match db.faults(to).await {
        faults if faults.is_empty() => Ok(proof.schema),
        faults => Err(format!("{faults:#?}\n{text}")),
    }
}

/// From one schema to another and back; what is asked has its answer at the start and at the end.
pub(crate) async fn there_and_back(db: &mut Database, one: &str, other: &str, kept: &[(&str, &str)]) {
    let (from, to) = (schema(one), schema(other));
    for (sql, rows) in kept {
        assert_eq!(db.rows(sql).await, *rows, "{sql}, at first");
    }
    let reached = there(db, &from, &to).await.unwrap_or_else(|error| panic!("there: {error}"));
    for (sql, rows) in kept {
        assert_eq!(db.rows(sql).await, *rows, "{sql}, there");
    }
    there(db, &reached, &from).await.unwrap_or_else(|error| panic!("back: {error}"));
    for (sql, rows) in kept {
        assert_eq!(db.rows(sql).await, *rows, "{sql}, back");
    }
}
