//! What a command that fails prints with `--json`: one object; the text on standard error as without it.

use serde_json::{Value, json};

use crate::project::{Project, Said, revision_text};

const URL: &str = "sqlite:app.db";

/// The object, of a command that failed.
#[track_caller]
fn error(said: &Said, command: Value, code: i32) -> Value {
    assert_eq!(said.code, code, "{said:#?}");
    let object: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!((&object["version"], &object["command"]), (&json!(1), &command), "{said:#?}");
    let error = object["error"].clone();
    assert_eq!(error["exit_code"], code, "{error:#}");
    for name in [
        "applied",
        "database",
        "file",
        "help",
        "kept",
        "kind",
        "line",
        "message",
        "revision",
        "statement",
        "timed_out",
        "blockers",
    ] {
        assert!(error.get(name).is_some(), "no {name}: {error:#}");
    }
    // People are told the same.
    let message = error["message"].as_str().unwrap();
    assert!(said.stderr.contains(message), "{said:#?}");
    error
}

#[test]
fn a_statement_that_is_refused_is_told_whole() {
    let project = Project::new(&["a1 -> base", "b2 -> a1", "c3 -> b2"]);
    let text = revision_text("b2", "a1").replace("CREATE TABLE b2 (n INTEGER)", "INSERT INTO nowhere\n  VALUES (1)");
    // So that `a1` is committed before.
    let text = text.replace("-- @upgrade", "-- @upgrade; no-transaction");
    project.write("migrations/versions/b2_x.sql", &text);
    let said = project.run(&["--url", URL, "upgrade", "--json"]);
    let found = error(&said, "upgrade".into(), 1);
    let help = "nothing of `b2` was kept; mend the cause and run the upgrade again";
    let expected = json!({
        "kind": "statement",
        "message": "revision `b2` failed to upgrade at migrations/versions/b2_x.sql:7: no such table: nowhere",
        "help": help,
        "exit_code": 1,
        "revision": "b2",
        "file": "migrations/versions/b2_x.sql",
        "line": 7,
        "statement": "INSERT INTO nowhere\n  VALUES (1)",
        "kept": "nothing",
        "applied": ["a1"],
        "database": URL,
        "timed_out": null,
        "blockers": null,
    });
    assert_eq!(found, expected);
    assert!(said.stderr.contains("\n  before it: `a1` was committed\n"), "{said:#?}");

    // Without a statement the file is that of the revision.
    project.write(
        "migrations/versions/b2_x.sql",
        &revision_text("b2", "a1").replace("-- @downgrade\nDROP TABLE b2;", "-- @downgrade; irreversible: it is gone"),
    );
    project.run(&["--url", URL, "upgrade"]).done();
    let said = project.run(&["--url", URL, "downgrade", "base", "--json"]);
    let found = error(&said, "downgrade".into(), 1);
    assert_eq!((&found["kind"], &found["revision"]), (&json!("irreversible"), &json!("b2")));
    assert_eq!((&found["file"], &found["line"]), (&json!("migrations/versions/b2_x.sql"), &Value::Null));
}

#[test]
fn every_command_fails_in_json() {
    let project = Project::new(&["a1 -> base"]);
    for (words, command, kind, code) in [
        (&["upgrade", "nowhere"][..], json!("upgrade"), "unknown-target", 1),
        (&["upgrade", "+x"], json!("upgrade"), "bad-target", 2),
        (&["history", "-r", "a:b:c"], json!("history"), "bad-range", 2),
        (&["downgrade", "-1"], json!("downgrade"), "relative-count", 1),
        (&["plan", "+7"], json!("plan"), "relative-count", 1),
        (&["stamp", "nowhere"], json!("stamp"), "unknown-target", 1),
        (&["show", "nowhere"], json!("show"), "unknown-target", 1),
        (&["--url", "oracle://me:secret@h/d", "status"], json!("status"), "bad-url", 1),
        (&["--url", "sqlite:no/such/app.db", "ensure-version"], json!("ensure-version"), "missing-directory", 1),
        (&["upgrade", "postgres://me:secret@h/d"], json!("upgrade"), "bad-target", 2),
        (&["explain", "nonsense"], json!("explain"), "other", 1),
        (&["rebase", "nowhere"], json!("rebase"), "other", 1),
        (&["revision", "--rev-id", "a1"], json!("revision"), "usage", 2),
        (&["verify", "--github"], json!("verify"), "usage", 2),
        (&["verify", "--sarif"], json!("verify"), "usage", 2),
        (&["release", "--amend", "nowhere"], json!("release"), "other", 1),
        (&["man"], json!("man"), "usage", 2),
        (&["upgarde"], Value::Null, "usage", 2),
        (&[], Value::Null, "usage", 2),
    ] {
        let url = if words.contains(&"--url") { &[][..] } else { &["--url", URL] };
        let said = project.run(&[url, &["--json"], words].concat());
        let found = error(&said, command, code);
        assert_eq!(found["kind"], kind, "{words:?}");
        assert!(!said.stdout.contains("secret") && !said.stderr.contains("secret"), "{said:#?}");
    }
    assert!(!project.path("app.db").exists());
    // Help was asked for.
    assert!(project.run(&["--json", "--help"]).done().contains("Usage:"));
}

#[test]
fn a_faulty_directory_is_told_as_verify_tells_it() {
    let project = Project::new(&["a1 -> base", "b2 -> zz"]);
    let verified: Value = serde_json::from_str(&project.run(&["verify", "--json"]).stdout).unwrap();
    for words in [&["upgrade"][..], &["revision", "-m", "x"]] {
        let said = project.run(&[words, &["--json", "--url", URL]].concat());
        let found = error(&said, words[0].into(), 1);
        assert_eq!(found["kind"], "findings");
        assert!(found["message"].as_str().unwrap().starts_with("`migrations` has 1 error"), "{found:#}");
        assert_eq!(found["findings"], verified["findings"]);
        assert!(said.stderr.contains("error: [RC104]"), "{said:#?}");
    }
}
