//! A project outside this workspace, built by the real cargo: does it see every change, and what does it say?

// clippy.toml allows it in tests, but knows a test by its attribute: the functions that tests call have none.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};
use std::{env, fs};

use tempfile::TempDir;

#[path = "outside/drift.rs"]
mod drift;

/// A package in a directory of its own that depends on this workspace by path, as a stranger's would by version.
struct Project {
    directory: TempDir,
    name: &'static str,
}

/// What cargo said.
struct Said {
    success: bool,
    stdout: String,
    stderr: String,
}

const WATCHES: &str = "fn main() {\n    revchain_build::watch(\"migrations\");\n}\n";
const LIBRARY: &str = "revchain::embed_migrations!(\"migrations\");\n";

impl Project {
    /// Every project has a name of its own: packages of one name would share their place in the target directory.
    fn new(name: &'static str, build_script: Option<&str>) -> Project {
        let project = Project { directory: tempfile::tempdir().unwrap(), name };
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        project.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
                 [dependencies]\nrevchain = {{ path = '{0}/runtime' }}\n\n\
                 [build-dependencies]\nrevchain-build = {{ path = '{0}/build' }}\n",
                workspace.display()
            ),
        );
        // The workspace's own lock file: whatever it names is on this machine already, so no network is needed.
        fs::copy(workspace.join("Cargo.lock"), project.path("Cargo.lock")).unwrap();
        if let Some(text) = build_script {
            project.write("build.rs", text);
        }
        project.write("src/lib.rs", LIBRARY);
        project.write(
            "src/main.rs",
            &format!(
                "fn main() {{\n    for revision in {name}::MIGRATIONS.revisions() {{\n        \
                 println!(\"{{}} {{}} {{}}\", revision.id(), revision.message(), revision.file());\n    }}\n}}\n"
            ),
        );
        project.write("migrations/revchain.toml", "dialects = [\"sqlite\"]\n");
        project.revision("a1", "base", "first");
        project
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.directory.path().join(relative)
    }

    fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn revision(&self, id: &str, down: &str, message: &str) {
        self.write(&format!("migrations/versions/{id}_x.sql"), &revision(id, down, message));
    }

    /// Runs cargo offline, in a target directory that all projects share, so that dependencies are built once.
    fn cargo(&self, arguments: &[&str]) -> Said {
        let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(arguments)
            .arg("--offline")
            .current_dir(self.directory.path())
            .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("outside"))
            .env("CARGO_TERM_COLOR", "never")
            .env_remove("RUSTFLAGS")
            .output()
            .unwrap();
        Said {
            success: output.status.success(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The file in which the build hands over what a directory's chain leads to.
    fn handed_over_head(&self, directory: &str) -> Option<PathBuf> {
        let package = self.directory.path().canonicalize().unwrap();
        let name = revchain_core::checksum::head_variable(package.to_str().unwrap(), directory).to_lowercase();
        let builds = fs::read_dir(Path::new(env!("CARGO_TARGET_TMPDIR")).join("outside/debug/build")).unwrap();
        let mut places = builds.map(|build| build.unwrap().path().join("out").join(format!("{name}.txt")));
        places.find(|place| place.exists())
    }

    /// What the built program knows: a line for each revision.
    fn run(&self) -> String {
        let said = self.cargo(&["run", "--quiet"]);
        assert!(said.success, "{}: {}", self.name, said.stderr);
        said.stdout
    }

    /// What a build that must fail says.
    fn fails(&self) -> String {
        let said = self.cargo(&["build"]);
        assert!(!said.success, "{}: the build should have failed\n{}", self.name, said.stderr);
        said.stderr
    }
}

fn revision(id: &str, down: &str, message: &str) -> String {
    format!("-- {message}\n-- revision: {id}\n-- down_revision: {down}\n-- @upgrade\nSELECT 1;\n-- @downgrade\n")
}

fn ids(lines: &str) -> Vec<&str> {
    lines.lines().filter_map(|line| line.split(' ').next()).collect()
}

#[test]
fn every_change_of_the_directory_is_seen() {
    let project = Project::new("outside_changes", Some(WATCHES));
    assert_eq!(ids(&project.run()), ["a1"]);
    let again = project.cargo(&["build", "-v"]);
    assert!(
        again.stderr.contains("Fresh outside_changes"),
        "nothing changed, and it was built again: {}",
        again.stderr
    );

    project.revision("b2", "a1", "added");
    assert_eq!(ids(&project.run()), ["a1", "b2"], "added");

    // As `mv`, tar and rsync bring files: with a date from before the last build.
    project.revision("c3", "b2", "added with an old date");
    let file = fs::File::options().write(true).open(project.path("migrations/versions/c3_x.sql")).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)).unwrap();
    drop(file);
    assert_eq!(ids(&project.run()), ["a1", "b2", "c3"], "added with an old date");

    project.revision("b2", "a1", "edited");
    assert!(project.run().contains("b2 edited "), "edited");

    fs::rename(project.path("migrations/versions/b2_x.sql"), project.path("migrations/versions/b2_y.sql")).unwrap();
    assert!(project.run().contains("migrations/versions/b2_y.sql"), "renamed");

    fs::remove_file(project.path("migrations/versions/c3_x.sql")).unwrap();
    assert_eq!(ids(&project.run()), ["a1", "b2"], "deleted");

    fs::remove_dir_all(project.path("migrations")).unwrap();
    let said = project.fails();
    assert!(said.contains("[RC001] there is no directory `migrations`"), "{said}");
    project.write("migrations/revchain.toml", "dialects = [\"sqlite\"]\n");
    project.revision("z9", "base", "begun anew");
    assert_eq!(ids(&project.run()), ["z9"], "put back");
}

#[test]
fn a_chain_that_changes_behind_the_build_script_is_stale() {
    let script = "fn main() {\n    revchain_build::watch(\"migrations\");\n    \
                  let _ = std::fs::rename(\"late.sql\", \"migrations/versions/b2_late.sql\");\n}\n";
    let project = Project::new("outside_stale", Some(script));
    assert_eq!(ids(&project.run()), ["a1"]);
    project.write("late.sql", &revision("b2", "a1", "late"));
    project.revision("a1", "base", "touched, so that the script runs");
    let said = project.fails();
    assert!(said.contains("stale: the migrations directory changed"), "{said}");
    assert_eq!(ids(&project.run()), ["a1", "b2"], "the next build sees it");
}

/// What the script's replay found is of the files that it saw: an editor may expand the macro again after an edit, before the script
/// runs again.
#[test]
fn what_was_found_before_an_edit_is_not_shown() {
    let script = "fn main() {\n    revchain_build::watch(\"migrations\");\n    \
                  let _ = std::fs::rename(\"mended.sql\", \"migrations/versions/a1_x.sql\");\n}\n";
    let project = Project::new("outside_edited", Some(script));
    let broken = revision("a1", "base", "first").replace("SELECT 1", "DROP TABLE nothing");
    project.write("migrations/versions/a1_x.sql", &broken);
    assert!(project.fails().contains("[RC301]"));
    project.write("migrations/versions/a1_x.sql", &format!("{broken}-- touched\n"));
    project.write("mended.sql", &revision("a1", "base", "mended"));
    let said = project.fails();
    assert!(said.contains("stale: the migrations directory changed") && !said.contains("[RC301]"), "{said}");
    assert_eq!(ids(&project.run()), ["a1"], "the next build sees it");
}

/// A change of the lock alone is judged, and isn't a stale chain.
#[test]
fn the_lock_is_watched_too() {
    let project = Project::new("outside_locked", Some(WATCHES));
    project.run();
    let lock = |order: &str, checksum: u128| {
        let text = format!("[order]\n{order}\n\n[released]\na1 {checksum:032x}\n");
        project.write("migrations/revchain.lock", &text);
    };
    lock("a1", 1);
    let said = project.fails();
    assert!(said.contains("[RC341] `a1` was edited after its release"), "{said}");
    assert!(!said.contains("stale"), "{said}");

    let sources = revchain_core::load::load(&project.path("migrations"), "migrations");
    let alone = sources.with(sources.find("revchain.lock").unwrap(), None);
    let chain = revchain_core::chain::verify(&alone).0.unwrap();
    lock("a1", revchain_core::checksum::of_revision(&alone, &chain.revisions()[0]));
    assert_eq!(ids(&project.run()), ["a1"]);

    project.revision("b2", "a1", "second");
    let said = project.cargo(&["build"]);
    assert!(said.success, "{}", said.stderr);
    for line in ["[RC344] `revchain.lock` does not list `b2`", "  = help: run `revchain lock`, which writes it down"] {
        assert!(said.stderr.contains(&format!("warning: outside_locked@0.0.0: {line}\n")), "{}", said.stderr);
    }
}

/// A chain with many warnings doesn't bury what else the build says.
#[test]
fn many_warnings_are_counted() {
    let project = Project::new("outside_warned", Some(WATCHES));
    project.write("migrations/revchain.toml", "dialects = [\"postgres\"]\n");
    let of = |revision: String, sql: &str| {
        revision.replace("SELECT 1;\n", sql).replace("-- @downgrade", "-- @downgrade; irreversible: a test")
    };
    project.write("migrations/versions/a1_x.sql", &of(revision("a1", "base", "first"), "CREATE TABLE t (id int);\n"));
    let indexes: String = (0..11).map(|index| format!("CREATE INDEX ix_{index} ON t (id);\n")).collect();
    project.write("migrations/versions/b2_x.sql", &of(revision("b2", "a1", "second"), &indexes));
    let said = project.cargo(&["build"]);
    assert!(said.success, "{}", said.stderr);
    assert_eq!(said.stderr.matches("[RC401]").count(), 8, "{}", said.stderr);
    assert!(said.stderr.contains("and 3 more warnings: `revchain verify` shows them all"), "{}", said.stderr);
}

#[test]
fn without_a_build_script_it_says_what_is_missed() {
    let project = Project::new("outside_unwatched", None);
    let said = project.cargo(&["build"]);
    assert!(said.success, "{}", said.stderr);
    assert!(said.stderr.contains("no build script watches `migrations`"), "{}", said.stderr);
    project.revision("a1", "base", "edited");
    assert!(project.run().contains("a1 edited"), "a known file is tracked by the compiler itself");
}

/// What the chain leads to is made for the macro that asks: at first by it, and then by the script.
#[test]
fn models_are_compared_from_the_first_build_on() {
    let script = "fn main() {\n    revchain_build::watch(\"migrations\");\n    revchain_build::watch(\"other\");\n}\n";
    let project = Project::new("outside_drifted", Some(script));
    project.write("other/versions/o1_x.sql", &revision("o1", "base", "another chain, without models"));
    let library = "#[derive(revchain::Table)]\n#[table(name = \"users\")]\npub struct User {\n    #[column(primary_key)]\n    \
                   pub id: i32,\n}\n\nrevchain::embed_migrations!(\"migrations\", models = [User]);\n\
                   revchain::embed_migrations!(pub static OTHER = \"other\");\n";
    project.write("src/lib.rs", library);
    let chain = |columns: &str| {
        let text = revision("a1", "base", "first") + "DROP TABLE users;\n";
        let create = format!("CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY{columns});");
        project.write("migrations/versions/a1_x.sql", &text.replace("SELECT 1;", &create));
    };
    let fails = |when: &str| {
        let said = project.fails();
        assert!(said.contains("column `name` is in the chain, not in the model"), "{when}: {said}");
    };

    chain(", name TEXT");
    fails("the first build");
    chain("");
    assert_eq!(ids(&project.run()), ["a1"]);
    assert!(project.handed_over_head("other").is_none(), "nobody asked for it");

    let head = project.handed_over_head("migrations").unwrap();
    let before = fs::read(&head).unwrap();
    project.write("src/lib.rs", "no macro {");
    chain(", name TEXT");
    project.fails();
    assert!(before != fs::read(&head).unwrap(), "the script made none");
    project.write("src/lib.rs", library);
    fails("handed over");
    fs::write(&head, before).unwrap();
    project.write("src/lib.rs", &format!("{library}// touched\n"));
    fails("of other sources");
    fs::remove_file(&head).unwrap();
    project.write("src/lib.rs", &format!("{library}// touched again\n"));
    fails("lost");
    assert!(head.exists());
}

/// In an expression as in an item, and what nobody compares is not made.
#[test]
fn models_are_compared_where_the_configuration_says() {
    let project = Project::new("outside_levels", Some(WATCHES));
    project.write(
        "src/lib.rs",
        "#[derive(revchain::Table)]\n#[table(name = \"users\")]\npub struct User {\n    #[column(primary_key)]\n    \
         pub id: i32,\n}\n\npub fn chain() -> &'static revchain::Migrations {\n    \
         revchain::migrations!(\"migrations\", models = [User])\n}\n",
    );
    let configured = |drift: &str| {
        let text = format!("dialects = [\"sqlite\"]\n\n[models]\ndrift = \"{drift}\"\n");
        project.write("migrations/revchain.toml", &text);
    };
    let check = |profile: &str| project.cargo(&["check", "--lib", "--profile", profile]);
    let says = |said: &Said| said.stderr.contains("table `users` is in the model, not in the chain");

    configured("off");
    assert!(check("dev").success && check("test").success);
    assert!(project.handed_over_head("migrations").is_none());
    configured("warning");
    let said = check("dev");
    assert!(said.success && said.stderr.contains("model `User` and the chain disagree"), "{}", said.stderr);
    configured("tests");
    let (said, tested) = (check("dev"), check("test"));
    assert!(said.success, "{}", said.stderr);
    assert!(says(&tested), "{}", tested.stderr);
    configured("error");
    assert!(says(&check("dev")));
}

#[test]
fn tests_examples_and_nested_cargo_runs_work() {
    let inner = Project::new("outside_inner", Some(WATCHES));
    let outer = Project::new("outside_outer", Some(WATCHES));
    outer.revision("b2", "a1", "second");
    outer.write("examples/list.rs", "fn main() { println!(\"{}\", outside_outer::MIGRATIONS.len()); }\n");
    // The variables that the outer package's build script set are there when the inner one is built, and mean nothing to it.
    outer.write(
        "tests/nested.rs",
        &format!(
            "revchain::embed_migrations!(static OWN = \"migrations\");\n\n#[test]\nfn nested() {{\n    \
             assert_eq!(OWN.len(), outside_outer::MIGRATIONS.len());\n    \
             assert!(std::env::vars().any(|(name, _)| name.starts_with(\"REVCHAIN_DIGEST_\")), \"cargo passes it on\");\n    \
             let built = std::process::Command::new(env!(\"CARGO\")).args([\"build\", \"--offline\"])\n        \
             .current_dir({:?}).status().unwrap();\n    assert!(built.success());\n}}\n",
            inner.directory.path()
        ),
    );
    assert_eq!(outer.cargo(&["run", "--quiet", "--example", "list"]).stdout, "2\n");
    let said = outer.cargo(&["test"]);
    assert!(said.success && said.stdout.contains("nested ... ok"), "{}\n{}", said.stdout, said.stderr);
}

#[test]
fn faults_are_shown_where_they_are() {
    let project = Project::new("outside_faults", Some(WATCHES));
    project.revision("b2", "a9", "gap");
    project.write("migrations/versions/c3_x.sql", "-- no header at all\n");
    let said = project.fails();
    for part in [
        "error: [RC104] `b2` follows `a9`, which does not exist",
        "--> migrations/versions/b2_x.sql:3:19",
        "= help: did you mean `a1` (migrations/versions/a1_x.sql)?",
        "[RC010]",
        "--> src/lib.rs:1:29",
    ] {
        assert!(said.contains(part), "{part}\nis missing in\n{said}");
    }
    fs::remove_file(project.path("migrations/versions/c3_x.sql")).unwrap();
    fs::remove_file(project.path("migrations/versions/b2_x.sql")).unwrap();
    project.write(
        "migrations/versions/b2_code.rs",
        "//! Code\n//! revision: b2\n//! down_revision: a1\n\nuse revchain::{Op, Result};\n\n\
         pub async fn upgrade(op: &mut Op<'_>) -> Result {\n    op.execute(1).await?;\n    Ok(())\n}\n\n\
         pub async fn downgrade(_: &mut Op<'_>) -> Result {\n    Ok(())\n}\n",
    );
    let said = project.fails();
    assert!(said.contains("migrations/versions/b2_code.rs:8:16"), "the compiler's own error, in the file: {said}");
    let text = fs::read_to_string(project.path("migrations/versions/b2_code.rs")).unwrap();
    project.write("migrations/versions/b2_code.rs", &text.replace("execute(1)", "execute(\"SELECT 1\")"));
    assert_eq!(ids(&project.run()), ["a1", "b2"]);
}

#[test]
fn a_build_script_can_report_by_itself() {
    let project = Project::new("outside_verify", Some("fn main() {\n    revchain_build::verify(\"migrations\");\n}\n"));
    project.write("src/lib.rs", "");
    project.write("src/main.rs", "fn main() {}\n");
    project.run();
    project.revision("b2", "b2", "loop");
    let said = project.fails();
    assert!(said.contains("[RC107] revision `b2` follows itself"), "{said}");
    assert!(said.contains("migrations/versions/b2_x.sql:3:19"), "{said}");
}
