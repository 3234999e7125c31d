//! `check --database` and `revision --autogenerate --database`: the real program, on databases that somebody has changed by hand.
//! PostgreSQL and MySQL or MariaDB are those of `REVCHAIN_TEST_POSTGRES` and `REVCHAIN_TEST_MYSQL`.

// clippy.toml allows it in tests, but knows a test by its attribute: the functions that tests call have none.
#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code, reason = "the tests of the tool use all of it")]
#[path = "../tool/project.rs"]
mod project;

#[path = "../../../runtime/tests/common/mod.rs"]
mod common;

mod autogenerate;
mod check;
mod troubleshooting;

use common::TestDatabase;
use project::{Project, Said, run};
use revchain::Dialect;

const ALL: [Dialect; 3] = [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql];

/// The tables of the chain, on any dialect.
const SCHEMA: &str = "
    CREATE TABLE projects (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL UNIQUE);
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY, project_id INTEGER REFERENCES projects (id) ON DELETE CASCADE,
        note VARCHAR(20) DEFAULT 'x' NOT NULL, size DECIMAL(10, 2) DEFAULT 0, CHECK (size > -1)
    );
    CREATE INDEX ix_runs_project_id ON runs (project_id);
    CREATE INDEX ix_runs_note ON runs (note, size);";

/// A directory whose chain makes these tables, for all dialects, in a revision `first`; and whose models are the same.
fn project() -> Project {
    let project = Project::new(&[]);
    project.write(
        "migrations/revchain.toml",
        "dialects = ['postgres', 'mysql', 'sqlite']\n\n[models]\nschema = 'schema.sql'\n\n[check]\nRC4 = 'off'\n",
    );
    project.write("migrations/schema.sql", SCHEMA);
    project.run(&["revision", "--autogenerate", "-m", "First", "--rev-id", "first"]).done();
    project
}

/// The tool, on a database, whose address is nobody's business.
fn tool(project: &Project, database: &TestDatabase, words: &[&str]) -> Said {
    let mut said = run(project.command(words).env("DATABASE_URL", &database.url));
    for text in [&mut said.stdout, &mut said.stderr] {
        *text = text.replace(&revchain::redacted(&database.url), "<url>");
    }
    said
}

/// The same with the chain's tables in the database.
async fn upgraded(dialect: Dialect) -> Option<(Project, TestDatabase)> {
    let (project, database) = (project(), TestDatabase::make(dialect).await?);
    tool(&project, &database, &["upgrade"]).done();
    Some((project, database))
}

/// Runs what a person might.
async fn by_hand(database: &TestDatabase, sql: &str) {
    for statement in sql.split(";\n").filter(|sql| !sql.trim().is_empty()) {
        database.run(statement).await;
    }
}
