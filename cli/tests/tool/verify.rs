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

#[test]
fn a_code_is_explained_by_number_or_name() {
    let project = Project::empty();
    for word in ["RC103", "rc103", "103", "[RC103]", "fork"] {
        assert!(project.run(&["explain", word]).done().starts_with("# RC103 fork\n"), "{word}");
    }
    let list = project.run(&["explain"]).done();
    assert!(list.starts_with("RC001  missing-directory"), "{list}");
    assert!(list.contains("\nRC208  client-command"), "{list}");
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
