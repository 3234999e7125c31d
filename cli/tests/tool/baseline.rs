//! `baseline`: a database that was there before the chain. And what `stamp` says where the two differ.

use std::env;
use std::path::Path;

use serde_json::Value;

use crate::common::TestDatabase;
use crate::package::Package;
use crate::project::{Project, run};

use revchain::Dialect;

const SQLITE: &str = include_str!("taken/sqlite.sql");

/// An empty chain.
fn project(dialects: &str) -> Project {
    let project = Project::new(&[]);
    project.write("migrations/revchain.toml", &format!("dialects = [{dialects}]\n"));
    project
}

const ALL: &str = "\"postgres\", \"mysql\", \"sqlite\"";

async fn sqlite(sql: &str) -> TestDatabase {
    let database = TestDatabase::make(Dialect::Sqlite).await.unwrap();
    database.run(sql).await;
    database
}

/// What was written makes the same database elsewhere, and drops it again.
#[track_caller]
fn leads_there_and_back(project: &Project, url: &str) {
    project.run(&["verify"]).done();
    for _ in 0..2 {
        project.run(&["upgrade", "head", "--url", url]).done();
        let said = project.run(&["stamp", "head", "--url", url]);
        assert!(said.code == 0 && !said.stderr.contains("warning"), "{said:#?}");
        project.run(&["downgrade", "base", "--url", url]).done();
    }
    let said = project.run(&["stamp", "base", "--url", url]);
    assert!(said.code == 0 && !said.stderr.contains("warning"), "something is left: {said:#?}");
}

#[tokio::test]
async fn a_database_becomes_the_beginning_of_a_chain() {
    let (database, fresh) = (sqlite(SQLITE).await, sqlite("SELECT 1").await);
    let project = project(ALL);
    let words = ["baseline", "--url", &database.url, "-m", "Initial baseline", "--stamp"];
    let said = project.run(&words);
    let (stdout, stderr) = (said.stdout.clone(), said.stderr.clone());
    let file = said.done();
    assert!(file.starts_with("migrations/versions/") && file.ends_with("_initial_baseline.sql\n"), "{file}");
    for part in [
        "Taken over: 4 tables of sqlite:",
        "left out: table `_sqlx_migrations`, in which sqlx notes what it has run",
        "gap on mysql: index `ix_people_born` of `people`: it is of all rows",
        "gap on postgres: view `leaders`: left out: write it by hand",
        "Stamped base -> ",
    ] {
        assert!(stderr.contains(part), "{part}: {stderr}");
    }
    assert!(!stderr.contains("gap on sqlite"), "{stderr}");
    let text = project.read(stdout.trim());
    assert!(
        text.contains("\n-- gap: trigger `lead` of `people`: left out: write it by hand\nCREATE TABLE people ("),
        "{text}"
    );
    assert!(text.contains("CREATE TRIGGER lead AFTER INSERT ON people\n"), "{text}");
    assert!(project.run(&["current", "--url", &database.url]).done().ends_with(" (head)\n"));
    leads_there_and_back(&project, &fresh.url);
    on_the_others(Dialect::Sqlite, &project).await;

    let said = project.refused(&words, 1);
    assert!(said.contains("the chain has 1 revision already") && said.contains("revchain stamp <REVISION>"), "{said}");
    database.finish().await;
    fresh.finish().await;
}

#[tokio::test]
async fn what_can_not_be_taken_over_is_refused() {
    let database = sqlite("CREATE TABLE a (n INTEGER)").await;
    let url = ["--url", &database.url];
    let other = project("\"postgres\"");
    let said = other.refused(&[&["baseline"], &url[..]].concat(), 1);
    assert!(said.contains("the chain is not made for sqlite"), "{said}");

    let project = project("\"sqlite\"");
    project.write("src/models.rs", "// Mine.\n");
    let said = project.refused(&[&["baseline", "--models", "src/models.rs"], &url[..]].concat(), 1);
    assert!(said.contains("`src/models.rs` is there already"), "{said}");
    let empty = sqlite("CREATE TABLE _sqlx_migrations (n INTEGER)").await;
    let said = project.refused(&["baseline", "--url", &empty.url], 1);
    assert!(said.contains("has no table that could be taken over"), "{said}");

    let said = project.refused(&["baseline", "--url", "sqlite:nowhere.db"], 1);
    assert!(said.contains("error: there is no file `nowhere.db`; nothing was written"), "{said}");

    // What is written would be another table: then nobody stamps it.
    let odd = sqlite("CREATE TABLE a (n INTEGER PRIMARY KEY ON CONFLICT REPLACE)").await;
    let said = project.refused(&["baseline", "--stamp", "--url", &odd.url], 1);
    assert!(said.contains("what would be written does not make just this database"), "{said}");
    assert!(said.contains("not compared: table `a`: its statement says more"), "{said}");

    // A history of its own.
    database.run("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)").await;
    database.run("INSERT INTO alembic_version VALUES ('abc')").await;
    let said = project.refused(&[&["baseline"], &url[..]].concat(), 1);
    assert!(
        said.contains("Can't locate revision identified by 'abc'") && said.contains("goes on from its row"),
        "{said}"
    );
    for database in [database, empty, odd] {
        database.finish().await;
    }
}

/// What one database has and another refuses is left out there, with the reason; and the build takes what was written.
#[tokio::test]
async fn what_is_written_builds() {
    let long = "a_table_whose_name_is_longer_than_postgres_would_keep_it_for_anybody";
    let database = sqlite(&format!(
        "CREATE TABLE {long} (n INTEGER PRIMARY KEY, at DATE DEFAULT 'soon');
         CREATE TABLE a (n INTEGER, m TEXT REFERENCES b (n), FOREIGN KEY (n) REFERENCES {long} (n) ON DELETE SET DEFAULT);
         CREATE TABLE b (n INTEGER)"
    ))
    .await;
    let project = project(ALL);
    let said = project.run(&["baseline", "--url", &database.url, "-m", "Initial baseline"]);
    for part in [
        "gap on postgres: table `a_table_whose_name_is_longer_than_postgres_would_keep_it_for_anybody`: it is called `a_table_whose",
        "gap on mysql: foreign key `(n)` of `a`: `ON DELETE SET DEFAULT` is left out",
        "gap on postgres: foreign key `(m)` of `a`: left out: what it refers to in `b` is no key there",
    ] {
        assert!(said.stderr.contains(part), "{part}: {said:#?}");
    }
    let text = project.read(said.done().trim());
    let allow = "-- @allow RC322: the database is so, and the gaps are known\n";
    assert!(text.contains(allow), "{text}");
    for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql] {
        let Some(fresh) = TestDatabase::make(dialect).await else { continue };
        leads_there_and_back(&project, &fresh.url);
        fresh.finish().await;
    }
    database.finish().await;
}

/// A database of PostgreSQL's has more than one schema: what nobody asked for is said.
#[tokio::test]
async fn other_schemas_are_named() {
    let Some(database) = TestDatabase::make(Dialect::Postgres).await else { return };
    database.run("CREATE SCHEMA shop; CREATE TABLE shop.orders (id integer PRIMARY KEY)").await;
    let project = project("\"postgres\"");
    let said = project.refused(&["baseline", "--url", &database.url], 1);
    assert!(said.contains("help: there is something in schema `shop`: `--schema shop`"), "{said}");
    database
        .run("CREATE TABLE a (n integer); CREATE SCHEMA views; CREATE VIEW views.all_of_a AS SELECT n FROM a")
        .await;
    let said = project.run(&["baseline", "--schema", "shop", "--stamp", "--url", &database.url]);
    assert!(said.stderr.contains("not looked at: schema `views`: `--schema <NAME>` takes one over too\n"), "{said:#?}");
    assert!(project.read(said.done().trim()).contains("CREATE TABLE shop.orders"), "it is written");
    project.run(&["check", "--database", "--url", &database.url]).done();
    database.finish().await;
}

/// What no schema value holds of a table is said in statements of their own.
#[tokio::test]
async fn what_is_finer_than_a_schema_is_written() {
    let Some(database) = TestDatabase::make(Dialect::Postgres).await else { return };
    database.run(POSTGRES).await;
    let project = project("\"postgres\"");
    let text = project.read(project.run(&["baseline", "--url", &database.url]).done().trim());
    for statement in [
        "ALTER TABLE posts SET (fillfactor = 70);",
        "ALTER TABLE posts ALTER COLUMN title SET STATISTICS 500;",
        "ALTER TABLE posts DISABLE TRIGGER late;",
        "ALTER SEQUENCE posts_id_seq RENAME TO posts_number_seq;",
        "CREATE STATISTICS public.posts_at (dependencies) ON slug, at FROM posts;",
        "COMMENT ON CONSTRAINT language_once ON language IS 'twice';",
        "CREATE TABLE parts_first PARTITION OF \"Parts_2020\" FOR VALUES IN ('2020-01-01');",
        ") INHERITS (language);",
    ] {
        assert!(text.contains(&format!("{statement}\n")), "{statement}\n{text}");
    }
    database.finish().await;
}

/// README.md's table has the handbook's first command, and what is typed here.
#[tokio::test]
async fn the_handbooks_baseline_can_be_typed() {
    let readme = include_str!("../../../README.md");
    let (_, row) = readme.split_once("`cargo revchain baseline ").expect("the row is there");
    let (words, message) = row.split('`').next().and_then(|row| row.split_once(" \"")).expect("it has a message");
    let database = sqlite("CREATE TABLE runs (id INTEGER PRIMARY KEY)").await;
    let words = words.split(' ').map(|word| if word.contains("://") { database.url.as_str() } else { word });
    let words: Vec<&str> = ["baseline"].into_iter().chain(words).chain([message.trim_end_matches('"')]).collect();
    assert!(words.contains(&database.url.as_str()), "{words:?}");
    let project = project("\"sqlite\"");
    let said = project.run(&words);
    assert!(said.stderr.starts_with("Taken over: 1 table of sqlite:"), "{said:#?}");
    assert!(said.done().ends_with("_initial_baseline.sql\n"));
    database.finish().await;
}

#[tokio::test]
async fn programs_read_what_was_taken_over() {
    let database = sqlite(SQLITE).await;
    let project = project("\"sqlite\", \"mysql\"");
    let said = project.run(&["baseline", "--url", &database.url, "--rev-id", "a1", "--models", "--json"]).done();
    let json: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(json["revision"], "a1");
    assert_eq!(json["file"], "migrations/versions/a1_baseline.sql");
    assert_eq!(json["models"], "src/models.rs");
    assert_eq!(json["left_out"], serde_json::json!(["_sqlx_migrations"]));
    assert_eq!((&json["differences"], &json["stamped"]), (&serde_json::json!([]), &Value::Bool(false)));
    assert_eq!(json["gaps"][0]["dialect"], "mysql");
    database.finish().await;
}

#[tokio::test]
async fn stamp_warns_where_the_database_is_another() {
    let project = Project::new(&["a1 -> base", "b2 -> a1"]);
    let database = sqlite("CREATE TABLE a1 (n INTEGER)").await;
    let stamp = |revision: &str| project.run(&["stamp", revision, "--url", &database.url]);
    let said = stamp("a1");
    assert!(said.code == 0 && !said.stderr.contains("warning"), "{said:#?}");
    let said = stamp("head");
    assert_eq!(said.code, 0);
    assert!(said.stderr.contains("Stamped a1 -> b2. Nothing was run.\n"), "{said:#?}");
    assert!(
        said.stderr.contains(
            "warning: the database is not what the chain leads to at b2: 1 difference\n  table `b2` is missing\n"
        ),
        "{said:#?}"
    );
    for table in 0..7 {
        database.run(&format!("CREATE TABLE more_{table} (n INTEGER)")).await;
    }
    let said = stamp("base");
    assert!(said.stderr.contains("at base: 8 differences\n  table `a1` is left\n"), "{said:#?}");
    assert!(said.stderr.contains("\n  and 3 more\n"), "{said:#?}");
    // What is not looked at, and what is another tool's, is no difference.
    let quiet = project.run(&["stamp", "head", "--quiet", "--url", &database.url]);
    assert!(quiet.code == 0 && quiet.stderr.is_empty(), "{quiet:#?}");
    project.write("migrations/revchain.toml", "dialects = [\"sqlite\"]\n\n[objects]\nexclude = [\"more_*\"]\n");
    database.run("CREATE TABLE b2 (n INTEGER)").await;
    database.run("CREATE TABLE schema_migrations (version TEXT)").await;
    let said = stamp("head");
    assert!(said.code == 0 && !said.stderr.contains("warning"), "{said:#?}");
    database.finish().await;
}

/// `cargo run` of what was written, in a package of its own: the structs compile, and say what the chain does.
#[track_caller]
fn compiles(project: &Project, name: &str) {
    project.write(
        "src/main.rs",
        "mod models;\n\nstatic MIGRATIONS: revchain::Migrations = revchain::Migrations::empty();\n\n\
         fn main() -> std::process::ExitCode {\n    revchain_cli::Cli::new(&MIGRATIONS).models(models::MODELS).run()\n}\n",
    );
    let _package = Package::new(project, name, &manifest());
    let mut command = project.command(&["check"]);
    command.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("outside"));
    command.env("CARGO_NET_OFFLINE", "true").env("CARGO_PROFILE_DEV_DEBUG", "0").env_remove("RUSTFLAGS");
    command.env("CARGO", env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let said = run(&mut command);
    assert_eq!((said.code, said.stdout.as_str()), (0, ""), "{said:#?}");
}

/// What a package that reads rows depends on.
fn manifest() -> String {
    let features = "features = [\"chrono\", \"json\", \"rust_decimal\", \"uuid\", \"sqlite\"";
    format!(
        "[dependencies]\nrevchain = {{ version = \"0.1\", {features}] }}\n\
         revchain-cli = {{ version = \"0.1\", features = [\"sqlite\"] }}\n\
         sqlx = {{ version = \"0.9\", {features}, \"postgres\", \"macros\"] }}\n"
    )
}

#[tokio::test]
async fn structs_compile_and_say_what_the_chain_does() {
    let database = sqlite(SQLITE).await;
    let project = project(ALL);
    project.write("Cargo.toml", &manifest());
    let said = project.run(&["baseline", "--url", &database.url, "-m", "Initial baseline", "--models"]);
    assert!(said.stderr.contains("The structs need revchain's features \"chrono\", \"json\""), "{said:#?}");
    assert!(!said.stderr.contains("gap in "), "{said:#?}");
    let text = project.read("src/models.rs");
    assert!(text.contains("#[derive(Debug, Clone, PartialEq, revchain::Table, sqlx::FromRow)]"), "{text}");
    assert!(text.contains("revchain::table! {\n    #[table(name = \"people_teams\""), "{text}");
    compiles(&project, "taken_over");
    database.finish().await;
}

const POSTGRES: &str = include_str!("taken/postgres.sql");
const MYSQL: &str = include_str!("taken/mysql.sql");

/// The schema of the reference application.
fn reference(dialect: Dialect) -> String {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let config = workspace.join("migrations/revchain.toml");
    let words = ["schema", "--config", config.to_str().unwrap(), "--dialect", dialect.name()];
    Project::empty().run(&words).done()
}

/// What was translated makes what its replay says, on databases of those dialects.
async fn on_the_others(dialect: Dialect, project: &Project) {
    for other in [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql] {
        if other == dialect {
            continue;
        }
        let Some(fresh) = TestDatabase::make(other).await else { continue };
        leads_there_and_back(project, &fresh.url);
        fresh.finish().await;
    }
}

/// A database of each is taken over, proved to be what was written, and made again from it.
async fn is_taken_over(dialect: Dialect, sql: &str, gaps: &[&str]) -> Option<Project> {
    let database = TestDatabase::make(dialect).await?;
    let fresh = TestDatabase::make(dialect).await?;
    database.run(sql).await;
    let project = project(ALL);
    project.write("Cargo.toml", &manifest());
    let said = project.run(&["baseline", "--url", &database.url, "-m", "Initial baseline", "--stamp", "--models"]);
    assert_eq!(said.code, 0, "{said:#?}");
    assert!(!said.stderr.contains(&format!("gap on {}", dialect.name())), "{said:#?}");
    let found: Vec<&str> = said.stderr.lines().filter(|line| line.starts_with("gap in ")).collect();
    assert_eq!(found, gaps, "{said:#?}");
    leads_there_and_back(&project, &fresh.url);
    database.finish().await;
    fresh.finish().await;
    on_the_others(dialect, &project).await;
    Some(project)
}

#[tokio::test]
async fn the_reference_application_on_each_database() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql] {
        is_taken_over(dialect, &reference(dialect), &[]).await;
    }
}

#[tokio::test]
async fn everything_that_postgres_has() {
    let gaps = [
        "gap in src/models.rs: column `Parts.span`: `Floats` has no Rust type here: the field is a `String`",
        "gap in src/models.rs: column `teams.during`: `tstzrange` has no Rust type here: the field is a `String`",
    ];
    if let Some(project) = is_taken_over(Dialect::Postgres, POSTGRES, &gaps).await {
        compiles(&project, "taken_over_postgres");
    }
}

#[tokio::test]
async fn everything_that_mysql_has() {
    let gaps = ["gap in src/models.rs: column `users.y`: `year` has no Rust type here: the field is a `String`"];
    if let Some(project) = is_taken_over(Dialect::Mysql, MYSQL, &gaps).await {
        compiles(&project, "taken_over_mysql");
    }
}
