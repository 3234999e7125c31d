//! What is written, word for word; it leads there and back, and the build's checks find nothing wrong with it.

use std::fmt::Write as _;
use std::path::Path;

use revchain_core::Sources;
use revchain_schema::{Schema, apply, verify};

use super::SQLITE;
use crate::{Renames, Script, prove, write};

/// Each case: its name, the schema before, behind a line of dashes the one after, behind another what is written both ways.
const CASES: [(&str, &str); 9] = [
    ("tables", include_str!("tests/tables.sql")),
    ("in_place", include_str!("tests/in_place.sql")),
    ("rebuild", include_str!("tests/rebuild.sql")),
    ("values", include_str!("tests/values.sql")),
    ("numbers", include_str!("tests/numbers.sql")),
    ("references", include_str!("tests/references.sql")),
    ("around", include_str!("tests/around.sql")),
    ("constraints", include_str!("tests/constraints.sql")),
    ("words", include_str!("tests/words.sql")),
];

const RULE: &str = "----------------\n";

fn schema(sql: &str) -> Schema {
    let applied = apply(&Schema::empty(SQLITE), sql);
    assert!(applied.problems.is_empty(), "{:?}\n{sql}", applied.problems);
    applied.schema
}

fn text(script: &Script) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "-- {}", if script.is_rebuild { "rebuild" } else { "as it is" });
    for step in &script.steps {
        for line in step.note.iter().flat_map(|note| note.lines()) {
            let _ = writeln!(text, "-- {line}");
        }
        let _ = writeln!(text, "{};", step.sql);
    }
    for omitted in &script.omitted {
        let _ = writeln!(text, "-- left out: {}: {}", omitted.difference, omitted.why);
    }
    text
}

/// What is written from one to the other, proved.
fn written(from: &Schema, to: &Schema) -> (Script, Schema) {
    let script = write(from, to, &Renames::default());
    let proof = prove(from, &script, to);
    assert!(proof.holds(), "{:?} {:?}\n{}", proof.problems, proof.differences, text(&script));
    (script, proof.schema)
}

/// What the checks of a build say of it, as a second revision.
fn findings(before: &str, there: &Script, back: &Script) -> Vec<String> {
    let mut sources = Sources::default();
    sources.add("revchain.toml", "revchain.toml", b"dialects = [\"sqlite\"]\n".to_vec());
    let section = |direction: &str, script: &Script| {
        let option = if script.is_rebuild { "; rebuild" } else { "" };
        let body = text(script);
        format!("-- @{direction} sqlite{option}\n{}\n", body.lines().skip(1).collect::<Vec<_>>().join("\n"))
    };
    let first = format!(
        "-- One\n-- revision: a1\n-- down_revision: base\n\n-- @upgrade\n{before}\n-- @downgrade; irreversible: a test\n"
    );
    let second = format!(
        "-- Two\n-- revision: b2\n-- down_revision: a1\n\n{}{}",
        section("upgrade", there),
        section("downgrade", back)
    );
    sources.add("versions/a1_one.sql", "versions/a1_one.sql", first.into_bytes());
    sources.add("versions/b2_two.sql", "versions/b2_two.sql", second.into_bytes());
    let (_, found) = verify(&sources);
    found.iter().map(|one| format!("{} {}", one.code, one.message)).collect()
}

#[test]
fn what_is_written() {
    for (name, case) in CASES {
        let mut parts = case.split(RULE);
        let (Some(before), Some(after)) = (parts.next(), parts.next()) else { panic!("{name}") };
        let (from, to) = (schema(before), schema(after));
        let (there, reached) = written(&from, &to);
        let (back, _) = written(&reached, &from);
        let mut found = format!("{before}{RULE}{after}{RULE}{}{RULE}{}{RULE}", text(&there), text(&back));
        for line in findings(before, &there, &back) {
            let _ = writeln!(found, "-- {line}");
        }
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/rebuild/tests/{name}.sql"));
            std::fs::write(path, &found).unwrap();
        } else {
            assert_eq!(found, case, "{name}: UPDATE_EXPECT=1 rewrites it");
        }
    }
}

#[test]
fn what_would_lose_something_is_left_out() {
    for (before, after, expected) in [
        (
            "CREATE TABLE t (a int, b int UNIQUE ON CONFLICT REPLACE);",
            "CREATE TABLE t (a text, b int UNIQUE, c int UNIQUE);",
            "column `t.a`: the type is `text`, and was `int`: SQLite needs the table rebuilt, and what it says `ON CONFLICT`, \
             or of the order or collation of a key, would be lost",
        ),
        (
            "CREATE TABLE t (a int, PRIMARY KEY (a COLLATE NOCASE));",
            "CREATE TABLE t (a text, PRIMARY KEY (a));",
            "column `t.a`: the type is `text`, and was `int`: SQLite needs the table rebuilt, and what it says `ON CONFLICT`, \
             or of the order or collation of a key, would be lost",
        ),
        (
            "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b int NOT NULL ON CONFLICT IGNORE DEFAULT 1;",
            "CREATE TABLE t (a text, b int NOT NULL DEFAULT 1);",
            "column `t.a`: the type is `text`, and was `int`: SQLite needs the table rebuilt, and what it says `ON CONFLICT`, \
             or of the order or collation of a key, would be lost",
        ),
        (
            "CREATE TABLE t (a int);",
            "CREATE TABLE t (a int); CREATE VIRTUAL TABLE words USING fts5(body);",
            "table `words` is left: not all of it is understood: `USING fts5(body)`",
        ),
    ] {
        let script = write(&schema(before), &schema(after), &Renames::default());
        let shown = script.omitted.first().map(|one| format!("{}: {}", one.difference, one.why));
        assert_eq!((shown.as_deref(), script.steps.len(), script.is_rebuild), (Some(expected), 0, false), "{before}");
    }
}

#[test]
fn a_table_that_anybody_may_have_changed_is_not_rebuilt() {
    let mut from = schema("CREATE TABLE t (a int);");
    from.unsure = std::sync::Arc::new(from.tables.keys().cloned().collect());
    let (text, column) = (schema("CREATE TABLE t (a text);"), schema("CREATE TABLE t (a int, b int);"));
    let script = write(&from, &text, &Renames::default());
    assert_eq!((script.omitted.len(), script.steps.len()), (1, 0), "{script:?}");
    let script = write(&from, &column, &Renames::default());
    assert_eq!((script.omitted.len(), script.steps.len()), (0, 1), "a column can be added: {script:?}");
}
