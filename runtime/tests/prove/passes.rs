//! Chains that must pass: what differs because the author wants it.

use revchain::__private::StepFuture;
use revchain::Dialect::{self, Mysql, Postgres, Sqlite};
use revchain::Op;

use crate::common::{self, child, child::Child};
use crate::made::{Made, Revision, Rust, Sql, path, variable};

const ALL: [Dialect; 3] = [Sqlite, Postgres, Mysql];
const USERS: Revision = Sql("CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20));", "DROP TABLE users;");
const RUNS: Revision = Sql(
    "CREATE TABLE runs (user_id INTEGER REFERENCES users (id), FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE);",
    "DROP TABLE runs;",
);

fn proves(dialect: Dialect, name: &str, revisions: &[Revision]) {
    if let Some(made) = Made::of(dialect, revisions) {
        made.proves(path(name));
    }
}

#[test]
fn what_the_author_allows_to_stay() {
    let up = "CREATE TABLE IF NOT EXISTS kept (id INTEGER);";
    for dialect in ALL {
        proves(dialect, "allowed", &[USERS, Sql(up, "-- @allow RC320: kept\nSELECT 1;")]);
    }
}

#[test]
fn rows_that_the_author_removes_or_changes() {
    for dialect in ALL {
        // What refers to them goes with them.
        proves(dialect, "deletes", &[USERS, RUNS, Sql("DELETE FROM users;", "")]);
        proves(dialect, "updates", &[USERS, Sql("UPDATE users SET name = 'x';", "")]);
        let drops = Sql("ALTER TABLE users DROP COLUMN name;", "ALTER TABLE users ADD COLUMN name VARCHAR(20);");
        proves(dialect, "drops", &[USERS, drops]);
    }
}

#[test]
fn a_table_that_is_made_anew_with_its_rows() {
    let wide = "CREATE TABLE other (id INTEGER PRIMARY KEY, name VARCHAR(30)); INSERT INTO other (id, name) SELECT id, name FROM users; \
                DROP TABLE users; ALTER TABLE other RENAME TO users;";
    for dialect in ALL {
        let marker = if dialect == Sqlite { "; rebuild\n" } else { "" };
        let key = if dialect == Postgres { "ALTER INDEX other_pkey RENAME TO users_pkey;" } else { "" };
        let of = |sql: &str| -> &'static str { format!("{marker}{sql}{key}").leak() };
        proves(dialect, "anew", &[USERS, Sql(of(wide), of(&wide.replace("30", "20")))]);
    }
}

#[test]
fn a_table_that_gets_another_name() {
    let renames = Sql("ALTER TABLE users RENAME TO people;", "ALTER TABLE people RENAME TO users;");
    for dialect in ALL {
        proves(dialect, "renames", &[USERS, renames.clone()]);
    }
}

#[test]
fn no_way_back() {
    for dialect in ALL {
        proves(dialect, "irreversible", &[USERS, Sql("DROP TABLE users;", "; irreversible: the rows are gone")]);
    }
}

#[test]
fn numbers() {
    if Child::here().is_none() {
        return;
    }
    // No name is a number, but one that is NULL.
    let casts = Sql(
        "ALTER TABLE users ALTER COLUMN name TYPE integer USING name::integer;",
        "ALTER TABLE users ALTER COLUMN name TYPE varchar(20);",
    );
    proves(Postgres, "casts", &[USERS, casts]);
    // No row has what the new column wants.
    let strict = Sql("ALTER TABLE users ADD COLUMN age integer NOT NULL;", "ALTER TABLE users DROP COLUMN age;");
    proves(Postgres, "strict", &[USERS, strict]);
}

#[test]
fn an_upgrade_that_does_not_run_on_rows_that_were_made_up() {
    if common::server(Postgres, "REVCHAIN_TEST_POSTGRES").is_none() {
        return;
    }
    let ended = child::ended("passes::numbers", &[]);
    assert!(ended.is_success, "{}", ended.output);
    for (test, said) in [("prove::casts_0", "proved with other rows, "), ("prove::strict_1", "proved without rows, ")] {
        let line = format!("`{test}`: {said}for the upgrade does not run on those that were made up first: ");
        assert!(ended.output.contains(&line), "`{line}` is not in:\n{}", ended.output);
    }
}

#[test]
fn nobody_can_read() {
    fn nothing<'a>(_: &'a mut Op<'_>) -> StepFuture<'a> {
        Box::pin(async { Ok(()) })
    }
    if Child::here().is_none() {
        return;
    }
    for dialect in ALL {
        let calls = match dialect {
            Postgres => "DO $$ BEGIN DELETE FROM users; END $$;",
            _ => "SELECT upper('x');",
        };
        let name = dialect.name();
        proves(dialect, format!("function_{name}").leak(), &[USERS, Rust(nothing, nothing)]);
        proves(dialect, format!("calls_{name}").leak(), &[USERS, Sql(format!("SELECT 1;\n{calls}").leak(), "")]);
        // Where there are no rows there is nothing to judge.
        proves(dialect, format!("empty_{name}").leak(), &[Sql("SELECT upper('x');", "")]);
    }
}

#[test]
fn where_rows_are_not_judged_it_is_said() {
    let ended = child::ended("passes::nobody_can_read", &[]);
    assert!(ended.is_success, "{}", ended.output);
    let lines: Vec<&str> = ended.output.lines().filter(|line| line.contains("is not judged")).collect();
    let said = "whether rows are kept is not judged, for nobody can read what becomes of them in migrations/versions/a00000000001_step";
    let mut expected = 0;
    for dialect in
        ALL.into_iter().filter(|dialect| *dialect == Sqlite || common::server(*dialect, variable(*dialect)).is_some())
    {
        expected += 2;
        let calls = if dialect == Postgres { "DO $$ BEGIN DELETE FROM users; END $$" } else { "SELECT upper('x')" };
        let places = [
            (
                "function",
                ".rs:6 (`fn upgrade`), migrations/versions/a00000000001_step.rs:7 (`fn downgrade`)".to_owned(),
            ),
            ("calls", format!(".sql:8 (`{calls}`)")),
        ];
        for (name, place) in places {
            let is_it = |line: &&str| {
                line.contains(&format!("prove::{name}_{}", dialect.name())) && line.ends_with(&format!("{said}{place}"))
            };
            assert!(lines.iter().any(is_it), "{name} {place} is not in:\n{}", lines.join("\n"));
        }
    }
    assert_eq!(lines.len(), expected, "{lines:#?}");
}
