//! docs/troubleshooting.md: what it says comes out does, on every database, and what it says is no change is none.

use revchain::Table;

use crate::command_line::{program, text, timeless};
use crate::database::{Database, Dialect};
use crate::evidence::REVISIONS;
use crate::models::{differences, of_chain};

const PAGE: &str = include_str!("../../docs/troubleshooting.md");

every_database!(a_database_that_is_behind, a_revision_that_nobody_knows, changes_that_do_not_exist);

async fn a_database_that_is_behind(database: Database) {
    database.upgrade(REVISIONS[2]).await;
    play(&database, "\"Target database is not up to date\"");
    assert_eq!(database.version().await, [REVISIONS[5]]);
}

async fn a_revision_that_nobody_knows(database: Database) {
    database.upgrade(REVISIONS[2]).await;
    database.execute("UPDATE alembic_version SET version_num = 'xyz'").await;
    play(&database, "\"Can't locate revision identified by 'xyz'\"");
    assert_eq!(database.version().await, [REVISIONS[5]]);
}

/// What the page says is the same in other words.
#[derive(Table)]
#[table(name = "imports")]
#[allow(dead_code, reason = "only its description is of use")]
struct Import {
    #[column(primary_key, unique)]
    id: i64,
    #[column(index)]
    filename: Option<String>,
    #[column(default = "'csv'")]
    format: String,
    #[column(default = "0")]
    size: i32,
    #[column(default = "true")]
    is_new: bool,
    #[column(type(postgres = "TIMESTAMP", mysql = "DATETIME", sqlite = "DATETIME"), default = "CURRENT_TIMESTAMP")]
    created: String,
}

async fn changes_that_do_not_exist(database: Database) {
    let in_other_words = match database.dialect() {
        Dialect::Postgres => {
            "CREATE TABLE imports (
                 id bigint CONSTRAINT the_key PRIMARY KEY,
                 filename character varying(80),
                 format varchar(9) DEFAULT 'csv'::character varying NOT NULL,
                 size integer DEFAULT '0' NOT NULL,
                 is_new boolean DEFAULT 't' NOT NULL,
                 created timestamp DEFAULT now() NOT NULL
             );
             CREATE INDEX by_filename ON imports (filename);"
        }
        Dialect::Mysql => {
            "CREATE TABLE imports (
                 id bigint PRIMARY KEY,
                 filename varchar(80),
                 format varchar(9) DEFAULT 'csv' NOT NULL,
                 size int DEFAULT '0' NOT NULL,
                 is_new tinyint(1) DEFAULT 1 NOT NULL,
                 created datetime DEFAULT now() NOT NULL,
                 UNIQUE KEY again (id),
                 KEY by_filename (filename)
             );"
        }
        _ => {
            "CREATE TABLE imports (
                 id BIGINT NOT NULL,
                 filename VARCHAR(80),
                 format VARCHAR(9) DEFAULT ('csv') NOT NULL,
                 size INT DEFAULT '0' NOT NULL,
                 is_new BOOLEAN DEFAULT 1 NOT NULL,
                 created DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL,
                 PRIMARY KEY (id),
                 UNIQUE (id)
             );
             CREATE INDEX by_filename ON imports (filename);"
        }
    };
    database.execute(in_other_words).await;
    assert_eq!(differences(&[&Import::TABLE], &of_chain(&database).await), [""; 0]);
    // One that is a change is found.
    database.execute("ALTER TABLE imports DROP COLUMN format").await;
    assert_eq!(differences(&[&Import::TABLE], &of_chain(&database).await), ["column `imports.format` is left"]);
}

/// Types what the examples below a heading have behind `$ app`, and compares what the program says, where they show it. They
/// show it of a SQLite file.
#[track_caller]
fn play(database: &Database, heading: &str) {
    let (_, section) = PAGE.split_once(&format!("\n## {heading}\n")).expect("the heading is there");
    let section = section.split("\n## ").next().unwrap_or_default();
    let blocks = section.split("```console\n").skip(1).filter_map(|block| block.split("```").next());
    let mut played = 0;
    // What `revchain` says is tried where its tests are.
    for example in blocks.flat_map(|block| block.split("$ ")).filter_map(|example| example.strip_prefix("app ")) {
        let (typed, shown) = example.split_once('\n').unwrap_or((example, ""));
        let words = typed.split(' ');
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut command = program(folder.path());
        let output = command.env("DATABASE_URL", database.url()).args(words).output().expect("the program runs");
        let said = as_on_sqlite(database, &(text(&output.stdout) + &text(&output.stderr)));
        let said: String = said.lines().map(|line| timeless(line) + "\n").collect();
        let is_failure = shown.contains("error: ");
        assert_eq!(output.status.code() == Some(1), is_failure, "{typed}\n{said}");
        assert!(shown.is_empty() || said == shown, "$ {typed}\n--- what happens:\n{said}\n--- the page:\n{shown}");
        played += 1;
    }
    assert!(played > 2, "{heading}: {played} examples");
}

/// What would be said of a SQLite file.
fn as_on_sqlite(database: &Database, said: &str) -> String {
    let (url, schema) = (revchain::redacted(&database.url()), database.url());
    let schema = match database.dialect() {
        Dialect::Postgres => "public",
        Dialect::Mysql => schema.rsplit('/').next().and_then(|end| end.split('?').next()).unwrap_or_default(),
        _ => "main",
    };
    said.replace(&url, "sqlite:ibutsu.db")
        .replace(&format!(" ({})", database.dialect().name()), " (sqlite)")
        .replace(&format!("`{schema}.alembic_version`"), "`main.alembic_version`")
}
