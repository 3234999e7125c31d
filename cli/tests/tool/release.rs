//! `release` and `lock`.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::project::{Project, revision_text};

const LOCK: &str = "migrations/revchain.lock";
const B2: &str = "migrations/versions/b2_x.sql";

/// `a1` and `b2`, released.
fn released() -> Project {
    let project = Project::new(&["a1 -> base", "b2 -> a1"]);
    project.run(&["release"]).done();
    project
}

#[test]
fn a_release_freezes_what_is_there_and_what_comes_later() {
    let project = Project::new(&["a1 -> base", "b2 -> a1"]);
    let said = project.run(&["release", "--check"]);
    assert_eq!((said.code, said.stdout.as_str()), (1, "unreleased a1  The a1\nunreleased b2  The b2\n"));
    assert!(!project.path(LOCK).exists(), "--check changes nothing");

    let said = project.run(&["release"]);
    assert_eq!(said.stderr, "`migrations/revchain.lock` has 2 revisions frozen.\n");
    assert_eq!(said.done(), "released a1  The a1\nreleased b2  The b2\n");
    assert_eq!(project.run(&["release", "--check"]).done(), "");
    let lock = project.read(LOCK);
    assert!(lock.contains("[order]\na1\nb2\n\n[released]\na1 "), "{lock}");

    project.run(&["revision", "--rev-id", "c3", "-m", "Third"]).done();
    let said: Value = serde_json::from_str(&project.run(&["release", "--json"]).done()).unwrap();
    assert_eq!((&said["command"], &said["done"]), (&"release".into(), &"released".into()));
    assert_eq!(said["revisions"].as_array().unwrap().len(), 1);
    assert_eq!(said["revisions"][0]["revision"], "c3");
    assert_eq!(said["revisions"][0]["file"], "migrations/versions/c3_third.sql");
    assert_eq!(said["revisions"][0]["checksum"].as_str().unwrap().len(), 32);
    let again = project.run(&["release"]);
    assert_eq!(again.stderr, "`migrations/revchain.lock` has 3 revisions, and nothing new.\n");
    assert_eq!(again.done(), "");
    assert!(project.read(LOCK).starts_with(&lock[..lock.find("b2").unwrap()]));
}

#[test]
fn an_edit_is_refused_until_it_is_meant() {
    let project = released();
    let lock = project.read(LOCK);
    project.write(B2, &revision_text("b2", "a1").replace('\n', "\r\n").replace("CREATE", "/* x */ CREATE"));
    project.run(&["verify"]).done();

    project.write(B2, &revision_text("b2", "a1").replace("INTEGER", "TEXT"));
    for words in [&["release"][..], &["release", "--check"], &["revision"], &["lock"], &["upgrade", "--sql"]] {
        let said = project.refused(words, 1);
        assert!(said.contains("error: [RC341] `b2` was edited after its release"), "{words:?}: {said}");
        assert!(said.contains("`revchain release --amend b2`"), "{words:?}: {said}");
    }
    assert!(project.refused(&["release", "--amend", "a1"], 1).contains("nothing to amend"));
    assert!(project.refused(&["release", "--amend", "b2", "--check"], 2).contains("cannot be used with"));

    // Another edit is not taken along.
    let first = project.read("migrations/versions/a1_x.sql");
    project.write("migrations/versions/a1_x.sql", &first.replace("INTEGER", "TEXT"));
    let said = project.refused(&["release", "--amend", "b2"], 1);
    assert!(said.contains("[RC341] `a1`") && !said.contains("[RC341] `b2`"), "{said}");
    project.write("migrations/versions/a1_x.sql", &first);

    assert_eq!(project.run(&["release", "--amend", "b"]).done(), "amended b2  The b2\n");
    project.run(&["verify"]).done();
    let amended = project.read(LOCK);
    assert_eq!(amended.lines().zip(lock.lines()).filter(|(new, old)| new != old).count(), 1, "{amended}");

    project.write("migrations/versions/c3_x.sql", &revision_text("c3", "b2"));
    assert!(project.refused(&["release", "--amend", "c3"], 1).contains("`c3` has not been released"));
}

#[test]
fn the_order_is_brought_up_to_date() {
    let project = released();
    project.write("migrations/versions/c3_x.sql", &revision_text("c3", "b2"));
    let said = project.run(&["verify"]);
    assert!(said.stderr.starts_with("warning: [RC344] `revchain.lock` does not list `c3`\n"), "{said:#?}");
    said.done();
    let lock = project.read(LOCK);
    assert_eq!(project.run(&["lock"]).done(), "migrations/revchain.lock: 3 revisions\n");
    assert_eq!(project.read(LOCK), lock.replace("b2\n\n", "b2\nc3\n\n"));
    assert_eq!(project.run(&["verify"]).stderr, "");

    fs::remove_file(project.path("migrations/versions/c3_x.sql")).unwrap();
    assert!(project.refused(&["verify"], 1).contains("error: [RC345] `revchain.lock` lists `c3`, which has no file"));
    let said: Value = serde_json::from_str(&project.run(&["lock", "--json"]).done()).unwrap();
    assert_eq!(said["revisions"], serde_json::json!(["a1", "b2"]));
    assert_eq!(project.read(LOCK), lock);

    // A line that says nothing may have been a released revision.
    let torn = lock.replace("\na1 ", "\na1 x");
    project.write(LOCK, &torn);
    for words in [&["lock"][..], &["release"], &["revision"], &["release", "--amend", "b2"]] {
        let said = project.refused(words, 1);
        assert!(said.contains("[RC340] `a1` has no checksum here"), "{words:?}: {said}");
    }

    let project = Project::new(&["a1 -> base"]);
    project.run(&["lock"]).done();
    assert!(project.read(LOCK).ends_with("\n[order]\na1\n\n[released]\n"), "begins one");
}

#[test]
fn a_lock_from_before_there_were_blocks_is_rewritten() {
    let project = Project::new(&["a1 -> base", "b2 -> a1"]);
    project.write(LOCK, "# The revisions in chain order\na1 -\nb2 -\n");
    assert_eq!(project.run(&["verify"]).stderr, "");
    project.run(&["revision", "--rev-id", "c3"]).done();
    assert!(project.read(LOCK).ends_with("[order]\na1\nb2\nc3\n\n[released]\n"));
}

/// Even where the level of what is told about it is raised.
#[test]
fn the_verbs_that_write_the_order_are_not_stopped_by_it() {
    let project = released();
    project.write("migrations/revchain.toml", "dialects = [\"sqlite\"]\n[check]\nlock-behind = \"error\"\n");
    project.run(&["revision", "--rev-id", "c3"]).done();
    project.write("migrations/versions/d4_x.sql", &revision_text("d4", "b2"));
    project.run(&["rebase", "d4"]).done();
    assert_eq!(project.run(&["verify"]).stderr, "");
    project.write("migrations/versions/e5_x.sql", &revision_text("e5", "d4"));
    assert!(project.refused(&["verify"], 1).contains("error: [RC344]"));
    project.run(&["lock"]).done();
    project.run(&["verify"]).done();
}

/// Order and checksums stand in blocks of their own for this.
#[test]
fn a_release_and_a_new_revision_meet_without_a_conflict() {
    if Command::new("git").arg("--version").output().is_err() {
        eprintln!("skipped: there is no git");
        return;
    }
    for first in [&[][..], &["release"]] {
        let project = Project::new(&["a1 -> base", "b2 -> a1"]);
        project.run(&["lock"]).done();
        if !first.is_empty() {
            project.run(first).done();
            project.run(&["revision", "--rev-id", "c3"]).done();
        }
        let base = project.read(LOCK);
        project.write("base", &base);
        project.run(&["release"]).done();
        project.write("ours", &project.read(LOCK));
        project.write(LOCK, &base);
        project.run(&["revision", "--rev-id", "d4"]).done();
        project.write("theirs", &project.read(LOCK));
        let merge = Command::new("git")
            .args(["merge-file", "--stdout", "ours", "base", "theirs"])
            .current_dir(project.root())
            .output()
            .unwrap();
        assert_eq!(merge.status.code(), Some(0), "{}", String::from_utf8_lossy(&merge.stdout));
        project.write(LOCK, &String::from_utf8(merge.stdout).unwrap());
        assert_eq!(project.run(&["verify"]).stderr, "");
        assert_eq!(project.run(&["release", "--check"]).stdout, "unreleased d4\n");
    }
}
