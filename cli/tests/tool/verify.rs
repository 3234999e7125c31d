//! `verify` and `explain`.

use serde_json::Value;

use crate::project::{Project, revision_text};

#[test]
fn a_sound_directory_is_a_line() {
    assert_eq!(Project::new(&[]).run(&["verify"]).done(), "migrations: an empty chain\n");
    let project = Project::new(&["a1 -> base", "b2 -> a1"]);
    assert_eq!(project.run(&["verify"]).done(), "migrations: 2 revisions from a1 to b2, sound on sqlite\n");
}

#[test]
fn every_finding_is_shown_as_the_compiler_shows_it() {
    let project = Project::new(&["a1 -> base", "b2 -> a2"]);
    project
        .write("migrations/versions/c3_x.sql", &revision_text("c3", "b2").replace("DROP TABLE", "COMMIT; DROP TABLE"));
    let said = project.refused(&["verify"], 1);
    for part in [
        "error: [RC104] `b2` follows `a2`, which does not exist\n --> migrations/versions/b2_x.sql:4:19\n",
        "= help: did you mean `a1` (migrations/versions/a1_x.sql)?\n\nerror: [RC202]",
        "\n\nerror: `migrations` has 2 errors\n",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn json_has_a_place_for_each_finding() {
    let project = Project::new(&["a1 -> base"]);
    project
        .write("migrations/versions/b2_x.sql", &revision_text("b2", "a1").replace("DROP TABLE", "COMMIT; DROP TABLE"));
    project.write("migrations/versions/notes.txt", "");
    let said = project.run(&["verify", "--json"]);
    assert_eq!((said.code, said.stderr.as_str()), (1, ""));
    let said: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!((&said["version"], &said["command"]), (&1.into(), &"verify".into()));
    let findings = said["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 2, "{said:#}");
    let member = |at: usize, name: &str| findings[at][name].clone();
    assert_eq!(member(0, "code"), "RC004");
    assert_eq!(member(0, "file"), "migrations/versions/notes.txt");
    for name in ["line", "column", "revision", "direction"] {
        assert_eq!(member(0, name), Value::Null, "{name}");
    }
    for (name, expect) in [
        ("code", Value::from("RC202")),
        ("name", "transaction-control".into()),
        ("severity", "error".into()),
        ("revision", "b2".into()),
        ("direction", "downgrade".into()),
        ("file", "migrations/versions/b2_x.sql".into()),
        ("line", 10.into()),
        ("column", 1.into()),
    ] {
        assert_eq!(member(1, name), expect, "{name}");
    }
    assert!(member(1, "message").is_string() && member(1, "help").is_string());

    let sound = Project::new(&[]).run(&["verify", "--json"]).done();
    assert_eq!(serde_json::from_str::<Value>(&sound).unwrap()["findings"], serde_json::json!([]));
}

#[test]
fn github_gets_a_command_for_each_finding() {
    let project = Project::new(&["a1 -> base", "b2 -> b2"]);
    let said = project.run(&["verify", "--github"]);
    assert_eq!(said.code, 1);
    assert_eq!(
        said.stdout,
        "::error file=migrations/versions/b2_x.sql,line=4,col=19,title=RC107 self-loop::revision `b2` follows itself%0A\
         write the id of the revision before it, or `base` if it is the first\n"
    );
}

/// A property's comma or colon would end it; a message's line end would end the command.
#[test]
fn what_github_would_take_for_its_own_is_escaped() {
    let project = Project::new(&["a1 -> base"]);
    project.write("migrations/versions/50%: a,b.txt", "");
    let said = project.run(&["verify", "--github"]);
    assert_eq!(
        said.stdout,
        "::error file=migrations/versions/50%25%3A a%2Cb.txt,title=RC004 unexpected-file::`50%25: a,b.txt` is neither a \
         `.sql` nor a `.rs` file, so it would never run%0Arename it to `<revision>_<slug>.sql`, or move it out of the \
         versions directory\n"
    );
    let project = Project::new(&["a1 -> base"]);
    project.write("migrations/revchain.lock", "");
    let said = project.run(&["verify", "--github"]).done();
    assert!(
        said.starts_with("::warning file=migrations/versions/a1_x.sql,line=3,col=14,title=RC344 lock-behind::"),
        "{said}"
    );
}

#[test]
fn code_scanning_gets_a_log() {
    let project = Project::new(&["a1 -> base", "b2 -> a1", "c3 -> a1"]);
    let text = revision_text("b2", "a1").replace("DROP TABLE", "/* é */ COMMIT; DROP TABLE");
    project.write("migrations/versions/b2_x.sql", &text);
    project.write("migrations/versions/my notes.txt", "");
    let said = project.run(&["verify", "--sarif"]);
    assert_eq!((said.code, said.stderr.as_str()), (1, ""));
    let log: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!((&run["tool"]["driver"]["name"], &run["columnKind"]), (&"revchain".into(), &"unicodeCodePoints".into()));
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["RC004", "RC103", "RC202"]);
    assert_eq!(rules[1]["name"], "fork");
    assert!(rules[1]["help"]["markdown"].as_str().unwrap().starts_with("# RC103 fork\n"));

    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 3, "{log:#}");
    for result in results {
        let at = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!((&result["ruleId"], &result["level"]), (&rules[at]["id"], &"error".into()));
    }
    let place = |at: usize| &results[at]["locations"][0]["physicalLocation"];
    assert_eq!(place(0)["artifactLocation"]["uri"], "migrations/versions/my%20notes.txt");
    assert_eq!(place(0)["region"], Value::Null, "no place in it");
    assert_eq!(place(1)["artifactLocation"]["uri"], "migrations/versions/b2_x.sql");
    let region = serde_json::json!({ "startLine": 10, "startColumn": 9, "endLine": 10, "endColumn": 15 });
    assert_eq!(place(1)["region"], region, "characters, not bytes");
    assert_eq!(results[1]["properties"], serde_json::json!({ "revision": "b2", "direction": "downgrade" }));
    let text = results[2]["message"]["text"].as_str().unwrap();
    assert!(
        text.starts_with("2 revisions follow `a1`: `b2` and `c3`\n") && text.contains("revchain rebase c3"),
        "{text}"
    );
    let related = &results[2]["relatedLocations"][0];
    assert_eq!(related["physicalLocation"]["artifactLocation"]["uri"], "migrations/versions/b2_x.sql");
    assert_eq!(related["message"]["text"], "`b2` starts here");

    let sound = Project::new(&["a1 -> base"]);
    let log: Value = serde_json::from_str(&sound.run(&["verify", "--sarif"]).done()).unwrap();
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    sound.write("migrations/revchain.lock", "");
    let log: Value = serde_json::from_str(&sound.run(&["verify", "--sarif"]).done()).unwrap();
    assert_eq!(log["runs"][0]["results"][0]["level"], "warning");
    assert!(sound.refused(&["verify", "--sarif", "--github"], 2).contains("cannot be used with"));
}

/// What is about a revision says so, where the place is not in its file as well.
#[test]
fn findings_name_their_revision_and_direction() {
    let project = Project::new(&["a1 -> base", "b2 -> a1"]);
    project.run(&["release"]).done();
    std::fs::remove_file(project.path("migrations/versions/b2_x.sql")).unwrap();
    let text = revision_text("a1", "base").replace("-- @downgrade\nDROP TABLE a1;\n", "");
    project.write("migrations/versions/a1_x.sql", &text);
    let said: Value = serde_json::from_str(&project.run(&["verify", "--json"]).stdout).unwrap();
    let told: Vec<[Value; 4]> = said["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| ["code", "revision", "direction", "file"].map(|name| finding[name].clone()))
        .collect();
    assert_eq!(
        told,
        [
            ["RC342".into(), "b2".into(), Value::Null, "migrations/revchain.lock".into()],
            ["RC023".into(), "a1".into(), "downgrade".into(), "migrations/versions/a1_x.sql".into()],
        ]
    );
}

#[test]
fn levels_are_the_configurations() {
    let project = Project::new(&["a1 -> base"]);
    project.write(
        "migrations/versions/b2_x.sql",
        &revision_text("b2", "a1").replace("DROP TABLE b2", "COMMIT; DROP TABLE b2"),
    );
    project.write("migrations/revchain.toml", "dialects = ['sqlite']\n[check]\nRC202 = 'warning'\n");
    let said = project.run(&["verify"]);
    assert!(said.stderr.starts_with("warning: [RC202]"), "{said:#?}");
    assert!(said.done().contains("2 revisions from a1 to b2"));
    project.write("migrations/revchain.toml", "dialects = ['sqlite']\n[check]\ntransaction-control = 'off'\n");
    assert_eq!(project.run(&["verify"]).stderr, "");
}

#[test]
fn a_code_is_explained_by_number_or_name() {
    let project = Project::empty();
    for word in ["RC103", "rc103", "103", "[RC103]", "fork"] {
        assert!(project.run(&["explain", word]).done().starts_with("# RC103 fork\n"), "{word}");
    }
    let list = project.run(&["explain"]).done();
    assert!(list.starts_with("RC001  missing-directory"), "{list}");
    assert!(list.contains("\nRC341  released-edited"), "{list}");
    assert_eq!(project.refused(&["explain", "frok"], 1), "error: there is no code `frok`; did you mean `fork`?\n");
    let said = project.refused(&["explain", "nonsense"], 1);
    assert_eq!(said, "error: there is no code `nonsense`; `revchain explain` lists them all\n");
}

#[test]
fn the_directory_is_the_named_one_or_the_nearest() {
    let project = Project::new(&["a1 -> base"]);
    std::fs::create_dir_all(project.path("src/deep")).unwrap();
    let in_place = |place: &str| crate::project::run(project.command(&["verify"]).current_dir(project.path(place)));
    assert_eq!(in_place("src/deep").done(), "../../migrations: 1 revision from a1 to a1, sound on sqlite\n");
    assert_eq!(in_place("migrations").done(), ".: 1 revision from a1 to a1, sound on sqlite\n");
    assert!(in_place("migrations/versions").done().starts_with("..: 1 revision"));

    let other = Project::new(&["b2 -> base"]);
    let config = other.path("migrations/revchain.toml");
    let config = config.to_str().unwrap();
    assert!(project.run(&["verify", "--config", config]).done().contains("from b2 to b2"));
    let by_variable = crate::project::run(project.command(&["verify"]).env("REVCHAIN_CONFIG", config));
    assert!(by_variable.done().contains("from b2 to b2"));
    let both =
        project.command(&["--config", "migrations/revchain.toml", "verify"]).env("REVCHAIN_CONFIG", config).output();
    assert!(String::from_utf8(both.unwrap().stdout).unwrap().contains("from a1 to a1"));

    assert!(project.refused(&["--config", "none/revchain.toml", "verify"], 1).contains("which does not exist"));
    project.write("Cargo.toml", "");
    assert!(project.refused(&["--config", "Cargo.toml", "verify"], 1).contains("which is no `revchain.toml`"));
    let nowhere = Project::empty().refused(&["verify"], 1);
    assert!(nowhere.contains("make one with `revchain init`"), "{nowhere}");
}

/// A statement that nobody can read and somebody vouches for, and a table that stands above it.
#[test]
fn what_is_not_judged_is_a_note() {
    let project = Project::new(&["a1 -> base"]);
    let text = revision_text("b2", "a1");
    let (head, _) = text.split_once("-- @upgrade").unwrap();
    let sections = "-- @upgrade\n-- @allow RC317: a fork has it\nALTER TABLE a1 FROBNICATE;\n-- @downgrade; irreversible: a test\n";
    project.write("migrations/versions/b2_x.sql", &format!("{head}{sections}"));
    let said = project.run(&["verify"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert_eq!(said.stdout, "migrations: 2 revisions from a1 to b2, sound on sqlite\n");
    assert_eq!(
        said.stderr,
        "note: on sqlite 1 table of 1 is not judged\n  \
         migrations/versions/b2_x.sql:8: `FROBNICATE` can't be read on sqlite; from here on not judged: `a1`\n  \
         `-- @replay <SQL>` above a statement says what it does\n"
    );
    let said: Value = serde_json::from_str(&project.run(&["verify", "--json"]).done()).unwrap();
    let unjudged = &said["unjudged"][0];
    assert_eq!((&unjudged["dialect"], &unjudged["statements"]), (&"sqlite".into(), &Value::Array(Vec::new())));
    assert_eq!((&unjudged["tables"][0]["table"], &unjudged["tables"][0]["since"]["line"]), (&"a1".into(), &8.into()));
    let said = project.run(&["verify", "--github"]).done();
    assert!(said.starts_with("::notice file=migrations/versions/b2_x.sql,line=8,title=not judged::"), "{said}");
    let said: Value = serde_json::from_str(&project.run(&["verify", "--sarif"]).done()).unwrap();
    let notes = &said["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert_eq!((&notes[0]["level"], notes.as_array().map(Vec::len)), (&"note".into(), Some(1)), "{notes:#}");
}
