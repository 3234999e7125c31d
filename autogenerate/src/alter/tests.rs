//! What is written, for one difference at a time: from, to, and the statements. Both ways are proved; that back isn't shown.

use revchain_core::Dialect;
use revchain_schema::{Schema, apply};

use crate::{Renames, Script, prove, write};

fn schema(sql: &str, dialect: Dialect) -> Schema {
    let made = apply(&Schema::empty(dialect), sql);
    assert_eq!(made.problems, [], "{sql}");
    made.schema
}

/// The statements with their notes, and what was left out.
fn text(script: &Script) -> String {
    let mut text = String::new();
    for step in &script.steps {
        text.extend(step.note.iter().map(|note| format!("-- {note}\n")));
        text.push_str(&format!("{};\n", step.sql));
    }
    text.extend(script.omitted.iter().map(|one| format!("-- OMITTED {}: {}\n", one.difference, one.why)));
    text
}

fn written(name: &str, from: &Schema, to: &Schema) -> (Script, Schema) {
    let script = write(from, to, &Renames::default());
    let proof = prove(from, &script, to);
    assert_eq!(proof.problems, [], "{name}:\n{}", text(&script));
    let open: Vec<_> = script.omitted.iter().map(|omitted| omitted.difference.clone()).collect();
    assert_eq!(proof.differences, open, "{name}:\n{}", text(&script));
    (script, proof.schema)
}

/// A file of cases: a line with the name, what there is, what there should be, and the statements.
fn cases(dialect: Dialect, file: &str, source: &str) {
    let mut found = String::new();
    for case in source.split("--- ").skip(1) {
        let (name, rest) = case.split_once('\n').unwrap();
        let (from, rest) = rest.split_once("-- should be\n").unwrap();
        let to = rest.split_once("-- becomes so by\n").map_or(rest, |(to, _)| to);
        let (before, after) = (schema(from, dialect), schema(to, dialect));
        let (script, reached) = written(name, &before, &after);
        written(&format!("{name}, back"), &reached, &before);
        found.push_str(&format!(
            "--- {name}\n{}\n-- should be\n{}\n-- becomes so by\n{}\n",
            from.trim(),
            to.trim(),
            text(&script)
        ));
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let path = format!("{}/src/alter/tests/{file}", env!("CARGO_MANIFEST_DIR"));
        return std::fs::write(path, found.trim_end().to_owned() + "\n").unwrap();
    }
    assert_eq!(found.trim_end(), source.trim_end(), "UPDATE_EXPECT=1 rewrites it");
}

/// A trigger or rule can't be made again without the column: somebody has to decide.
#[test]
fn what_stays_in_the_way_is_said() {
    let made = "CREATE TABLE t (a int, b int); CREATE TABLE log (b int);
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
        CREATE TRIGGER g AFTER UPDATE OF b ON t FOR EACH ROW EXECUTE FUNCTION f();
        CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (new.b);";
    let from = schema(made, Dialect::Postgres);
    for (to, expected) in [
        (
            "(a int)",
            "What is in `t.b` goes with it. PostgreSQL refuses this as long as they do: trigger `g`, rule `r` name it.",
        ),
        ("(a int, b bigint)", "PostgreSQL refuses this as long as it does: rule `r` names it."),
    ] {
        // The trigger names the column, and nobody could make it without.
        let mut wanted = from.clone();
        let other = schema(&format!("CREATE TABLE t {to}"), Dialect::Postgres);
        for (name, table) in &other.tables {
            wanted.tables.insert(name.clone(), table.clone());
        }
        let to = wanted;
        let script = write(&from, &to, &Renames::default());
        let notes: Vec<&str> = script.steps.iter().filter_map(|step| step.note.as_deref()).collect();
        assert_eq!(notes.last(), Some(&expected), "{}", text(&script));
    }
}

#[test]
fn postgres() {
    cases(Dialect::Postgres, "postgres.sql", include_str!("tests/postgres.sql"));
}

#[test]
fn mysql() {
    cases(Dialect::Mysql, "mysql.sql", include_str!("tests/mysql.sql"));
}

#[test]
fn what_no_statement_says_is_left_out_with_a_reason() {
    for (from, to, left) in [
        ("CREATE DOMAIN d AS int", "CREATE DOMAIN d AS bigint", "PostgreSQL can't give a domain another type"),
        (
            "CREATE TYPE m AS ENUM ('a', 'b'); CREATE TABLE t (c m[]); CREATE DOMAIN d AS m",
            "CREATE TYPE m AS ENUM ('a'); CREATE TABLE t (c m[]); CREATE DOMAIN d AS m",
            "values go or move, and `d` is made of the type: it would have to be made anew, too",
        ),
        (
            "CREATE TABLE t (a int) PARTITION BY RANGE (a)",
            "CREATE TABLE t (a int)",
            "no statement that is written here says it",
        ),
    ] {
        let (from, to) = (schema(from, Dialect::Postgres), schema(to, Dialect::Postgres));
        let (script, _) = written("omitted", &from, &to);
        let why: Vec<&str> = script.omitted.iter().map(|omitted| omitted.why.as_str()).collect();
        assert_eq!(why, [left], "{}", text(&script));
    }
    // Whether it stays depends on the server, so that nobody could say what there is afterwards.
    let from = schema("CREATE TABLE t (a int, CHECK (a > 0))", Dialect::Mysql);
    let to = schema("CREATE TABLE t (a bigint, CHECK (a > 0))", Dialect::Mysql);
    let (script, _) = written("unnamed check", &from, &to);
    assert_eq!(script.omitted.len(), 1, "{}", text(&script));
}

#[test]
fn nothing_is_written_where_nothing_differs() {
    for dialect in [Dialect::Postgres, Dialect::Mysql] {
        let schema = schema(
            "CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE, CONSTRAINT f FOREIGN KEY (b) REFERENCES t (a))",
            dialect,
        );
        assert_eq!(write(&schema, &schema.clone(), &Renames::default()), Script::default());
    }
}
