//! `revision --autogenerate` and `check`: from a file of DDL, and from the structs of an application that cargo builds.

use std::env;
use std::path::Path;

use serde_json::Value;

use crate::package::Package;
use crate::project::{Project, Said, run};

/// A directory whose models are a file.
fn project(dialects: &str, schema: &str) -> Project {
    let project = Project::new(&[]);
    project.write(
        "migrations/revchain.toml",
        &format!("dialects = [{dialects}]\n\n[models]\nschema = \"schema.sql\"\n\n[check]\nRC4 = \"off\"\n"),
    );
    project.write("migrations/schema.sql", schema);
    project
}

/// The file that a command printed the name of.
#[track_caller]
fn written(project: &Project, words: &[&str]) -> String {
    let file = project.run(words).done();
    project.read(file.trim())
}

/// The statements and markers of a revision.
fn sections(text: &str) -> String {
    text[text.find("\n-- @").unwrap() + 1..].to_owned()
}

const FIRST: &str = "
    CREATE TABLE projects (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL);
    CREATE TABLE runs (id INTEGER PRIMARY KEY, project_id INTEGER REFERENCES projects (id) ON DELETE CASCADE, note TEXT);
    CREATE INDEX ix_runs_project_id ON runs (project_id);";

const SECOND: &str = "
    CREATE TABLE projects (id INTEGER PRIMARY KEY, title VARCHAR(100) NOT NULL);
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY, project_id INTEGER REFERENCES projects (id) ON DELETE CASCADE, state VARCHAR(9) DEFAULT 'new',
        CHECK (state <> '')
    );
    CREATE INDEX ix_runs_project_id ON runs (project_id);";

#[test]
fn a_file_of_ddl_is_followed_there_and_back() {
    let project = project("\"sqlite\"", FIRST);
    let url = ["--url", "sqlite:app.db?mode=rwc"];
    let said = project.run(&["check"]);
    assert_eq!((said.code, said.stdout.as_str()), (3, "added table `projects`\nadded table `runs`\n"), "{said:?}");
    written(&project, &["revision", "--autogenerate", "-m", "First tables"]);
    project.run(&[&["upgrade"], &url[..]].concat()).done();
    let said = project.run(&["check"]);
    assert_eq!((said.code, said.stderr.as_str()), (0, "No new upgrade operations detected.\n"), "{said:?}");
    let before = project.files();
    assert_eq!(project.run(&["revision", "--autogenerate", "-m", "Nothing"]).done(), "");
    assert_eq!(project.files(), before, "a revision without anything in it");

    project.write("migrations/schema.sql", SECOND);
    let said = project.refused(&["revision", "--autogenerate", "-m", "Change"], 1);
    // `check` asks nobody, and something differs whatever the answer.
    let checked = project.run(&["check"]);
    assert_eq!(checked.code, 3, "{checked:#?}");
    assert!(
        checked.stderr.contains("the column `name`, renamed? `--rename projects.name=projects.title` says so\n"),
        "{checked:#?}"
    );
    assert!(said.contains("is column `projects.title` the column `name`, renamed?"), "{said}");
    assert!(said.contains("--rename projects.name=projects.title"), "{said}");
    let hints = ["--rename", "projects.name=projects.title", "--drop", "runs.note"];
    let text = written(&project, &[&["revision", "--autogenerate", "-m", "Change"], &hints[..]].concat());
    assert_eq!(
        sections(&text).split("-- @downgrade").next().unwrap(),
        "-- @upgrade
ALTER TABLE projects RENAME COLUMN name TO title;
ALTER TABLE runs ADD COLUMN state VARCHAR(9) DEFAULT 'new' CHECK (state <> '');
-- What is in `runs.note` goes with it.
ALTER TABLE runs DROP COLUMN note;

"
    );
    project.run(&[&["upgrade"], &url[..]].concat()).done();
    project.run(&["check"]).done();
    project.run(&[&["downgrade", "base"], &url[..]].concat()).done();
    project.run(&[&["upgrade"], &url[..]].concat()).done();
    project.run(&["verify"]).done();
}

#[test]
fn what_is_wrong_is_said_and_nothing_is_written() {
    let wrong =
        project("\"sqlite\"", "CREATE TABLE runs (id INTEGER PRIMARY KEY, a INTEGER REFERENCES nothing (id), a TEXT);");
    let said = wrong.refused(&["revision", "--autogenerate", "-m", "x"], 1);
    assert!(said.contains("migrations/schema.sql:1: "), "{said}");
    let empty = project("\"sqlite\"", "");
    empty.write("migrations/versions/a1_x.sql", &crate::project::revision_text("a1", "base"));
    let said = empty.refused(&["check"], 1);
    assert!(said.contains("no table is declared, and the chain has 1"), "{said}");
    let absent = project("\"sqlite\"", "");
    std::fs::remove_file(absent.path("migrations/schema.sql")).unwrap();
    assert!(absent.refused(&["check"], 1).contains("`migrations/schema.sql`, which `[models]` in revchain.toml names"));
    let nowhere = Project::new(&[]);
    assert!(nowhere.refused(&["check"], 1).contains("no package of cargo's is above `migrations`"));
    for (words, part) in [
        (&["revision", "-m", "x", "--rename", "a=b"][..], "--rename and --drop go with --autogenerate"),
        (&["revision", "--autogenerate", "--format", "rust", "-m", "x"], "--autogenerate writes SQL"),
        (&["revision", "--autogenerate", "--per-dialect", "-m", "x"], "cannot be used with"),
    ] {
        let said = nowhere.refused(words, 2);
        assert!(said.contains(part), "{words:?}: {said}");
    }
}

#[test]
fn programs_read_what_differs() {
    let project = project("\"postgres\", \"mysql\", \"sqlite\"", FIRST);
    let said = project.run(&["check", "--json"]);
    assert_eq!(said.code, 3, "{said:?}");
    let json: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(json["clean"], false);
    assert_eq!(json["changes"][0]["change"], "added table `projects`");
    assert_eq!(json["changes"][0]["dialects"], serde_json::json!(["postgres", "mysql", "sqlite"]));
    let said = project.run(&["revision", "--autogenerate", "-m", "x", "--json"]).done();
    let json: Value = serde_json::from_str(&said).unwrap();
    assert!(json["file"].as_str().unwrap().starts_with("migrations/versions/"), "{said}");
    let said = project.run(&["revision", "--autogenerate", "-m", "x", "--json"]).done();
    let json: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(json["file"], Value::Null);
}

/// What the tool says that has cargo build an application.
fn ask(project: &Project, words: &[&str]) -> Said {
    let mut command = project.command(words);
    // As the tests of packages have it.
    command.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("outside"));
    command.env("CARGO_NET_OFFLINE", "true").env("CARGO_PROFILE_DEV_DEBUG", "0").env_remove("RUSTFLAGS");
    command.env("CARGO", env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    run(&mut command)
}

/// The example in docs/json.md.
#[test]
fn the_json_is_the_documented_one() {
    let page = include_str!("../../../docs/json.md");
    let (_, after) = page.split_once("```sh\nrevchain check --json\n```").expect("the example is there");
    let example = after.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("it has an answer");
    let before = "CREATE TABLE projects (id INTEGER PRIMARY KEY, data TEXT);";
    let project = project("\"postgres\", \"mysql\", \"sqlite\"", before);
    written(&project, &["revision", "--autogenerate", "-m", "Projects"]);
    let table = "CREATE TABLE projects (id INTEGER PRIMARY KEY, data TEXT, title TEXT);";
    project.write("migrations/schema.sql", table);
    project
        .write("migrations/schema.postgres.sql", &format!("{table} CREATE INDEX ix_projects_data ON projects (data);"));
    let said = project.run(&["check", "--json"]);
    assert_eq!(said.code, 3, "{said:?}");
    let (found, shown): (Value, Value) =
        (serde_json::from_str(&said.stdout).unwrap(), serde_json::from_str(example).unwrap());
    assert_eq!(found, shown, "{said:?}");
}

/// README.md's table has Ibutsu's handbook, and what is typed here.
#[test]
fn the_handbooks_revision_can_be_typed() {
    let readme = include_str!("../../../README.md");
    let (_, row) = readme.split_once("| `cargo revchain revision ").expect("the row is there");
    let words = row.split('`').next().unwrap();
    let (words, message) = words.split_once(" \"").expect("it has a message");
    let words: Vec<&str> =
        ["revision"].into_iter().chain(words.split(' ')).chain([message.trim_end_matches('"')]).collect();
    let project = project("\"sqlite\"", FIRST);
    let text = written(&project, &words);
    assert!(text.starts_with("-- Description of changes\n"), "{text}");
    // Once it is written, nothing has changed.
    assert_eq!(project.run(&words).done(), "");
}

#[test]
fn an_application_is_asked_for_its_structs() {
    let project = Project::new(&[]);
    project.write(
        "src/main.rs",
        "use revchain::Table;\n\n\
         static MIGRATIONS: revchain::Migrations = revchain::Migrations::empty();\n\n\
         #[derive(Table)]\n#[table(name = \"users\")]\n#[allow(dead_code)]\n\
         struct User {\n    #[column(primary_key, identity)]\n    id: i64,\n    #[column(unique)]\n    name: String,\n    age: Option<i32>,\n}\n\n\
         fn main() -> std::process::ExitCode {\n    \
         revchain_cli::Cli::new(&MIGRATIONS).models(revchain::schema![User]).run()\n}\n",
    );
    let manifest =
        "[dependencies]\nrevchain = \"0.1\"\nrevchain-cli = { version = \"0.1\", features = [\"sqlite\"] }\n";
    let _package = Package::new(&project, "asked_for_structs", manifest);
    let ask = |words: &[&str]| ask(&project, words);
    let said = ask(&["check"]);
    assert_eq!((said.code, said.stdout.as_str()), (3, "added table `users`\n"), "{said:?}");
    ask(&["revision", "--autogenerate", "-m", "Users"]).done();
    ask(&["check"]).done();

    // One that doesn't know the verb says so.
    project.write("src/main.rs", "fn main() {\n    println!(\"listening\");\n}\n");
    let said = ask(&["check"]);
    assert!(said.stderr.contains("does not print its models when it is asked"), "{said:?}");
    assert!(said.stderr.contains("src/bin/migrate.rs"), "{said:?}");
}

/// The build stops where models and chain disagree, and the way out goes through a build.
#[test]
fn a_drifted_application_is_not_in_its_own_way() {
    let project = Project::new(&[]);
    let first = "-- Users\n--\n-- revision: a1\n-- down_revision: base\n\n-- @upgrade\n\
                 CREATE TABLE users (id INTEGER PRIMARY KEY);\n\n-- @downgrade\nDROP TABLE users;\n";
    project.write("migrations/versions/a1_users.sql", first);
    project.write("build.rs", "fn main() {\n    revchain_build::watch(\"migrations\");\n}\n");
    project.write(
        "src/main.rs",
        "use revchain::Table;\n\n\
         revchain::embed_migrations!(\"migrations\", models = [User]);\n\n\
         #[derive(Table)]\n#[table(name = \"users\")]\n#[allow(dead_code)]\n\
         struct User {\n    #[column(primary_key)]\n    id: i64,\n    age: Option<i32>,\n}\n\n\
         fn main() -> std::process::ExitCode {\n    \
         revchain_cli::Cli::new(&MIGRATIONS).models(MODELS).run()\n}\n",
    );
    let manifest = "[dependencies]\nrevchain = \"0.1\"\nrevchain-cli = { version = \"0.1\", features = [\"sqlite\"] }\n\n\
                    [build-dependencies]\nrevchain-build = \"0.1\"\n";
    let package = Package::new(&project, "drifted", manifest);
    let difference = "table `users`: column `age` is in the model, not in the chain";
    let said = package.build();
    assert!(said.code != 0 && said.stderr.contains(difference), "{said:?}");
    assert!(said.stderr.contains("model `User` (src/main.rs:8) and the chain disagree:"), "{said:?}");
    let said = ask(&project, &["check"]);
    assert_eq!((said.code, said.stdout.as_str()), (3, "added column `users.age`\n"), "{said:?}");
    let said = package.build();
    assert!(said.code != 0 && said.stderr.contains(difference), "what the tool builds is in nobody's way: {said:?}");
    ask(&project, &["revision", "--autogenerate", "-m", "Age"]).done();
    package.build().done();

    // What else is wrong with a chain is still wrong when the application is asked.
    project.write("migrations/versions/b2_x.sql", &crate::project::revision_text("b2", "nowhere"));
    let said = package.build();
    assert!(said.code != 0 && said.stderr.contains("RC104"), "{said:?}");
}
