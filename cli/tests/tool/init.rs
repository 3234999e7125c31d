//! `init`, and whether what it makes is a project.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use crate::project::{Project, run};

/// The lines that were printed below a heading, without their indentation.
fn lines_below(said: &str, heading: &str) -> String {
    let after = said.lines().skip_while(|line| !line.starts_with(heading)).skip(1);
    let block = after.take_while(|line| line.is_empty() || line.starts_with("    "));
    block.map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line))).collect()
}

#[test]
fn the_result_compiles_and_runs_as_it_stands() {
    let project = Project::empty();
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    project.write("Cargo.toml", "");
    let said = project.run(&["init", "--dialects", "sqlite"]).done();
    assert_eq!(project.read("build.rs"), "fn main() {\n    revchain_build::watch(\"migrations\");\n}\n");

    // What is printed, word for word, in the files that it names; the crates come from here.
    let mut manifest = format!(
        "[package]\nname = \"made_by_init\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n{}\n\
         [patch.crates-io]\n",
        lines_below(&said, "Cargo.toml:")
    );
    for (name, folder) in [
        ("revchain", "runtime"),
        ("revchain-build", "build"),
        ("revchain-cli", "cli"),
        ("revchain-core", "core"),
        ("revchain-macros", "macros"),
    ] {
        manifest.push_str(&format!("{name} = {{ path = '{}/{folder}' }}\n", workspace.display()));
    }
    project.write("Cargo.toml", &manifest);
    project.write("src/main.rs", &lines_below(&said, "src/main.rs"));
    // The workspace's own lock file: whatever it names is on this machine already, so no network is needed.
    fs::copy(workspace.join("Cargo.lock"), project.path("Cargo.lock")).unwrap();

    let cargo = |words: &[&str]| {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(["run", "--quiet", "--offline", "--"]).args(words).current_dir(project.root());
        command.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("outside"));
        // Half of the time would go into what nobody debugs.
        command
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_TERM_COLOR", "never")
            .env_remove("RUSTFLAGS")
            .env_remove("DATABASE_URL");
        run(&mut command).done()
    };
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
    assert_eq!(project.run(&["--config", "db", "verify"]).done(), "db: an empty chain\n");
}

#[test]
fn the_package_may_be_above() {
    let project = Project::empty();
    project.write("app/Cargo.toml", "");
    fs::create_dir(project.path("app/db")).unwrap();
    run(project.command(&["init", "new"]).current_dir(project.path("app/db"))).done();
    assert_eq!(project.read("app/build.rs"), "fn main() {\n    revchain_build::watch(\"db/new\");\n}\n");
    run(project.command(&["init", "app/other"]).current_dir(project.root())).done();
    assert!(project.path("app/other/revchain.toml").is_file());
}
