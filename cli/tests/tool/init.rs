//! `init`, and whether what it makes is a project.

use std::fs;

use crate::package::Package;
use crate::project::{Project, run};

/// The lines that were printed below a heading, without their indentation.
pub(crate) fn lines_below(said: &str, heading: &str) -> String {
    let after = said.lines().skip_while(|line| !line.starts_with(heading)).skip(1);
    let block = after.take_while(|line| line.is_empty() || line.starts_with("    "));
    block.map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line))).collect()
}

#[test]
fn the_result_compiles_and_runs_as_it_stands() {
    let project = Project::empty();
    project.write("Cargo.toml", "");
    let said = project.run(&["init", "--dialects", "sqlite"]).done();
    assert_eq!(project.read("build.rs"), "fn main() {\n    revchain_build::watch(\"migrations\");\n}\n");

    // What is printed, word for word, in the files that it names.
    let package = Package::new(&project, "made_by_init", &lines_below(&said, "Cargo.toml:"));
    project.write("src/main.rs", &lines_below(&said, "src/main.rs"));
    let cargo = |words: &[&str]| package.run(words).done();
    assert_eq!(cargo(&["history"]), "");
    let revision = project.run(&["revision", "-m", "First tables", "--rev-id", "a1"]).done();
    assert_eq!(revision, "migrations/versions/a1_first_tables.sql\n");
    let rust = project.run(&["revision", "-m", "In Rust", "--rev-id", "b2", "--format", "rust"]).done();
    assert_eq!(rust, "migrations/versions/b2_in_rust.rs\n");
    assert_eq!(cargo(&["history"]), "a1 -> b2 (head), In Rust\n<base> -> a1, First tables\n");
    cargo(&["--url", "sqlite:app.db", "upgrade", "head"]);
    assert_eq!(project.run(&["--url", "sqlite:app.db", "current"]).done(), "b2 (head)\n");
}

#[test]
fn what_is_there_already_stays() {
    let project = Project::empty();
    project.write("Cargo.toml", "");
    project.write("build.rs", "fn main() {}\n");
    project.write("taken/file", "");
    let said = project.refused(&["init", "taken"], 1);
    assert_eq!(said, "error: Directory taken already exists and is not empty; name another one\n");
    assert!(project.refused(&["init", "build.rs"], 1).contains("cannot be a migrations directory"));
    fs::create_dir(project.path("db")).unwrap();
    let said = project.run(&["init", "db", "--dialects", "mariadb"]);
    assert!(said.refused(2).contains("did you mean `mysql`?"));
    let said = project.run(&["init", "db", "--dialects", "mysql,sqlite"]).done();
    assert!(said.contains("build.rs, in its `main`:\n\n    revchain_build::watch(\"db\");\n"), "{said}");
    assert_eq!(project.read("build.rs"), "fn main() {}\n");
    assert!(project.read("db/revchain.toml").contains("dialects = [\"mysql\", \"sqlite\"]\n"));
    assert!(project.path("db/versions/.gitkeep").is_file());
    // What is commented out is right as it stands.
    let config = project.read("db/revchain.toml");
    project
        .write("db/revchain.toml", &config.replace("# url = ", "url = ").replace("# version_table", "version_table"));
    assert_eq!(project.run(&["--config", "db", "verify"]).done(), "db: an empty chain\n");
    let said = run(project.command(&["--config", "db", "upgrade"]).env_remove("DB_PASSWORD")).refused(1);
    assert!(said.contains("`url` in revchain.toml needs the environment variable DB_PASSWORD"), "{said}");
    assert_eq!(project.run(&["--config", "db", "verify"]).done(), "db: an empty chain\n");
}

#[test]
fn the_package_may_be_above() {
    let project = Project::empty();
    project.write("app/Cargo.toml", "");
    fs::create_dir(project.path("app/db")).unwrap();
    run(project.command(&["init", "new"]).current_dir(project.path("app/db"))).done();
    assert_eq!(project.read("app/build.rs"), "fn main() {\n    revchain_build::watch(\"db/new\");\n}\n");
    assert!(
        run(project.command(&["init", "app/other"]).current_dir(project.root()))
            .done()
            .contains("revchain_build::watch(\"other\");")
    );
    let said = project.run(&["init", "nobodys"]).done();
    let script = "build.rs:\n\n    fn main() {\n        revchain_build::watch(\"nobodys\");\n    }\n\n";
    assert!(said.contains(script), "{said}");
    assert!(!project.path("build.rs").exists());
    assert!(project.path("app/other/revchain.toml").is_file());
}
