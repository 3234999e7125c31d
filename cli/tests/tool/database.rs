//! The verbs about databases, from a directory.

use crate::project::{Project, revision_text, run};

const URL: &str = "sqlite:app.db";

#[test]
fn a_database_is_moved_without_compiling_anything() {
    let project = Project::new(&["a1 -> base", "b2 -> a1"]);
    project.run(&["--url", URL, "upgrade", "head"]).done();
    assert_eq!(project.run(&["--url", URL, "current"]).done(), "b2 (head)\n");
    project.run(&["downgrade", "-1", "--url", URL]).done();
    assert_eq!(run(project.command(&["current"]).env("DATABASE_URL", URL)).done(), "a1\n");
    assert_eq!(run(project.command(&["current", "--check-heads"]).env("DATABASE_URL", URL)).code, 3);
    assert_eq!(project.run(&["history"]).done(), "a1 -> b2 (head), The b2\n<base> -> a1, The a1\n");
    let shown = project.run(&["show", "a1"]).done();
    assert!(shown.contains("Path: migrations/versions/a1_x.sql\n"), "{shown}");
    project.run(&["--url", URL, "stamp", "head"]).done();
    assert_eq!(project.run(&["--url", URL, "current"]).done(), "b2 (head)\n");
}

#[test]
fn a_faulty_chain_moves_nothing() {
    let project = Project::new(&["a1 -> base", "b2 -> zz"]);
    for words in [&["upgrade", "head"][..], &["history"], &["stamp", "a1"], &["current"]] {
        let said = project.refused(&[&["--url", URL], words].concat(), 1);
        assert!(said.contains("[RC104]"), "{words:?}: {said}");
    }
}

#[test]
fn a_revision_in_rust_is_for_the_application() {
    let project = Project::new(&["a1 -> base"]);
    project.write(
        "migrations/versions/b2_x.rs",
        "//! B\n//! revision: b2\n//! down_revision: a1\npub async fn upgrade() {}\npub async fn downgrade() {}\n",
    );
    let said = project.refused(&["--url", URL, "upgrade", "head"], 1);
    assert!(
        said.contains(
            "`b2` (migrations/versions/b2_x.rs) is a revision in Rust, which runs only in the application's binary"
        ),
        "{said}"
    );
    // Up to it, everything runs; it can be stamped over, and listed.
    project.run(&["--url", URL, "upgrade", "a1"]).done();
    assert!(project.run(&["--url", URL, "upgrade", "+1"]).refused(1).contains("nothing was run"));
    project.run(&["--url", URL, "stamp", "head"]).done();
    assert_eq!(project.run(&["--url", URL, "current"]).done(), "b2 (head)\n");
    let said = project.run(&["--url", URL, "downgrade", "base"]).refused(1);
    assert!(said.contains("`cargo run -- downgrade base`"), "{said}");
    assert_eq!(project.run(&["history"]).done().lines().count(), 2);
    assert!(project.run(&["--url", URL, "upgrade", "nowhere"]).refused(1).contains("nowhere"));
}

#[test]
fn settings_reach_the_runtime() {
    let project = Project::new(&["a1 -> base"]);
    project.write("migrations/revchain.toml", "dialects = ['sqlite']\nversion_table = 'mine'\n");
    project.run(&["--url", URL, "upgrade"]).done();
    project.write("migrations/revchain.toml", "dialects = ['sqlite']\n");
    assert_eq!(project.run(&["--url", URL, "current"]).done(), "");
    project.write("migrations/revchain.toml", "dialects = ['postgres']\n");
    project.write("migrations/versions/a1_x.sql", &revision_text("a1", "base"));
    let said = project.refused(&["--url", URL, "upgrade"], 1);
    assert!(said.contains("sqlite"), "{said}");
}

#[test]
fn limits_are_those_of_the_settings() {
    let project = Project::new(&["a1 -> base"]);
    let endless =
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) INSERT INTO a1 SELECT count(*) FROM c";
    let text = revision_text("b2", "a1").replace("CREATE TABLE b2 (n INTEGER)", endless);
    project.write("migrations/versions/b2_x.sql", &text);
    project.write(
        "migrations/revchain.toml",
        "dialects = ['sqlite']\nstatement_timeout = '100ms'\nlock_timeout = 'none'\n",
    );
    project.run(&["--url", URL, "upgrade", "a1"]).done();
    let said = project.run(&["--url", URL, "upgrade"]).refused(1);
    assert!(said.contains("it ran into the statement time-out"), "{said}");
    assert_eq!(project.run(&["--url", URL, "current"]).done(), "a1\n");
}

/// It stands in the list of processes and in the shell's history.
#[test]
fn a_password_on_the_command_line_earns_a_warning() {
    let project = Project::new(&["a1 -> base"]);
    for (url, words, is_warned) in [
        ("postgres://me:secret@127.0.0.1:1/x", &["current"][..], true),
        ("postgres://me:secret@127.0.0.1:1/x", &["upgrade", "--json"], true),
        ("mysql://127.0.0.1:1/x?password=secret", &["status"], true),
        ("postgres://me:secret@127.0.0.1:1/x", &["current", "-q"], false),
        ("postgres://me:@127.0.0.1:1/x", &["current"], false),
        ("postgres://me@127.0.0.1:1/x", &["current"], false),
    ] {
        let said = project.run(&[&["--url", url], words].concat());
        let warnings = said.stderr.matches("warning: `--url` has a password").count();
        assert_eq!(warnings, usize::from(is_warned), "{url} {words:?}: {said:#?}");
        assert_eq!(said.stderr.contains("environment variable DATABASE_URL"), is_warned, "{said:#?}");
        assert!(!said.stderr.contains("secret") && !said.stdout.contains("secret"), "{said:#?}");
    }
}

#[test]
fn a_database_must_be_named() {
    let project = Project::new(&["a1 -> base"]);
    let said = project.refused(&["upgrade", "head"], 1);
    assert!(said.contains("--url"), "{said}");
    let said = project.refused(&["--url", "oracle://x/y", "upgrade", "head"], 1);
    assert!(said.contains("oracle"), "{said}");
}
