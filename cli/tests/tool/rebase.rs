//! `rebase`.

use crate::project::{Project, revision_text};

#[test]
fn two_heads_are_mended_by_one_command() {
    let project = Project::new(&["a1 -> base", "b2 -> a1", "c3 -> b2", "x8 -> a1", "y9 -> x8"]);
    let said = project.run(&["rebase", "x8"]);
    assert_eq!(said.stderr, "");
    assert_eq!(
        said.done(),
        "--- migrations/versions/x8_x.sql\n+++ migrations/versions/x8_x.sql\n@@ -4 +4 @@\n\
         --- down_revision: a1\n+-- down_revision: c3\n"
    );
    assert_eq!(project.chain(), ["a1", "b2", "c3", "x8", "y9"]);
    assert!(!project.path("migrations/revchain.lock").exists(), "only `revision` begins one");
}

#[test]
fn nothing_but_the_value_of_the_line_changes() {
    let project = Project::new(&["a1 -> base", "b2 -> a1"]);
    let text =
        |down: &str| format!("\u{feff}{}", revision_text("c3", down).replace('\n', "\r\n").replace(": a1", ":   a1"));
    project.write("migrations/versions/c3_x.sql", &text("a1"));
    project.run(&["rebase", "c3"]).done();
    assert_eq!(project.read("migrations/versions/c3_x.sql"), text("a1").replace(":   a1", ":   b2"));

    project.write(
        "migrations/versions/d4_x.rs",
        "//! D\n//! revision: d4\n//! down_revision: a1\npub async fn upgrade() {}\npub async fn downgrade() {}\n",
    );
    project.run(&["rebase", "d"]).done();
    assert_eq!(project.chain(), ["a1", "b2", "c3", "d4"]);
}

#[test]
fn second_bases_and_gaps_are_mended_too() {
    let project = Project::new(&["a1 -> base", "b2 -> base"]);
    project.run(&["rebase", "b2"]).done();
    assert_eq!(project.chain(), ["a1", "b2"]);

    let project = Project::new(&["a1 -> base", "b2 -> a1", "c3 -> lost"]);
    project.run(&["rebase", "c3"]).done();
    assert_eq!(project.chain(), ["a1", "b2", "c3"]);
}

#[test]
fn of_three_heads_each_is_put_where_it_is_said_to_belong() {
    let project = Project::new(&["a1 -> base", "b2 -> a1", "c3 -> a1", "d4 -> a1"]);
    let said = project.refused(&["rebase", "c3"], 1);
    assert!(said.contains("there are 2 other heads, `b2` and `d4`; say with --onto"), "{said}");
    let said = project.run(&["rebase", "c3", "--onto", "b2"]);
    assert!(
        said.stderr.contains("The chain is not whole yet, `migrations` has 1 error: `revchain verify` shows"),
        "{said:#?}"
    );
    said.done();
    project.run(&["rebase", "d4"]).done();
    assert_eq!(project.chain(), ["a1", "b2", "c3", "d4"]);
}

/// What can't be read is not taken for what is not there.
#[test]
fn a_file_that_cannot_be_read_keeps_the_lock_as_it_is() {
    let project = Project::new(&["a1 -> base", "b2 -> a1", "c3 -> a1"]);
    let lock = "a1 -\n<<<<<<< x\nb2 -\n=======\nc3 -\n>>>>>>> y\n";
    project.write("migrations/revchain.lock", lock);
    project.write("migrations/versions/notes.txt", "");
    let said = project.run(&["rebase", "c3"]);
    assert!(said.stderr.contains("not whole yet"), "{said:#?}");
    said.done();
    assert_eq!(project.read("migrations/revchain.lock"), lock);
}

#[test]
fn what_would_make_the_chain_faulty_is_refused() {
    let project = Project::new(&["a1 -> base", "b2 -> a1", "c3 -> b2"]);
    for (words, expect) in [
        (&["rebase", "a1", "--onto", "c3"][..], "they would be a circle"),
        (&["rebase", "b2", "--onto", "b2"], "`b2` cannot follow itself"),
        (&["rebase", "head"], "`head` is a word of targets: here an id is needed"),
        (&["rebase", "c3", "--onto", "a1+1"], "`a1+1` is a word of targets"),
        (&["rebase", "c3", "--onto", "a1"], "[RC103]"),
        (&["rebase", "c3"], "there is nothing to mend"),
        (&["rebase", "zz"], "no revision is called `zz`"),
        (&["rebase", "c3", "--onto", "b3"], "no revision is called `b3`; did you mean `b2`?"),
    ] {
        let said = project.refused(words, 1);
        assert!(said.contains(expect), "{words:?}: {said}");
    }
    let before = project.files();
    assert!(project.run(&["rebase", "c3", "--onto", "b2"]).stderr.contains("follows `b2` already"));
    let said = project.run(&["rebase", "c3", "--onto", "b2", "--json"]).done();
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&said["from"], &said["down_revision"]), (&"b2".into(), &"b2".into()), "nothing changed");
    assert_eq!(project.files(), before);
    project.refused(&["rebase"], 2);
}

#[test]
fn who_names_the_tip_of_a_branch_is_told_its_root() {
    let project = Project::new(&["a1 -> base", "b2 -> a1", "x8 -> a1", "y9 -> x8"]);
    let said = project.refused(&["rebase", "y9"], 1);
    assert!(said.contains("write `revchain rebase x8`"), "{said}");
}

#[test]
fn a_released_revision_stays() {
    let project = Project::new(&["a1 -> base", "b2 -> a1", "c3 -> a1"]);
    let rest = project.read("migrations/versions/c3_x.sql");
    std::fs::remove_file(project.path("migrations/versions/c3_x.sql")).unwrap();
    project.run(&["release"]).done();
    let released = project.read("migrations/revchain.lock");
    project.write("migrations/versions/c3_x.sql", &rest);
    assert!(project.refused(&["rebase", "b2"], 1).contains("`b2` has been released"));
    project.run(&["rebase", "c3"]).done();
    assert_eq!(project.read("migrations/revchain.lock"), released.replace("b2\n\n", "b2\nc3\n\n"));
}
