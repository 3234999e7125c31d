//! Chains that must pass: what differs because the author wants it.

use revchain::Dialect::{self, Mysql, Postgres, Sqlite};

use crate::common::{self, child, child::Child};
use crate::made::{Made, Revision, Sql, path};

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
