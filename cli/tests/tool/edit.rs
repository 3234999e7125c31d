//! `edit`.

use std::fs;

use crate::project::{Project, run};

#[cfg(unix)]
#[test]
fn the_file_of_a_revision_is_opened() {
    let project = Project::new(&["a1 -> base", "b2 -> a1"]);
    let edit = |word: &str| run(project.command(&["edit", word]).env("EDITOR", "echo -n"));
    for (word, file) in [("a1", "a1_x.sql"), ("a", "a1_x.sql"), ("head", "b2_x.sql"), ("head-1", "a1_x.sql")] {
        assert!(edit(word).done().ends_with(&format!("migrations/versions/{file}")), "{word}");
    }
    assert!(edit("base").refused(1).contains("No revision files indicated by symbol 'base'"));
    assert!(edit("zz").refused(1).contains("zz"));

    let current = || {
        run(project
            .command(&["edit", "current", "--url", "sqlite:app.db"])
            .env("VISUAL", "echo")
            .env("EDITOR", "false"))
    };
    assert!(current().refused(1).contains("No current revisions"));
    project.run(&["--url", "sqlite:app.db", "upgrade", "+1"]).done();
    assert!(current().done().ends_with("migrations/versions/a1_x.sql\n"));
}

#[cfg(unix)]
#[test]
fn a_faulty_chain_can_be_edited_and_is_judged_afterwards() {
    let project = Project::new(&["a1 -> base", "b2 -> zz"]);
    let said = run(project.command(&["edit", "b2"]).env("EDITOR", "true"));
    assert!(said.refused(1).contains("[RC104]"));
    let said = run(project.command(&["edit", "b2"]).env("EDITOR", "sed -i.old -e s/zz/a1/"));
    // The backup that this editor leaves is one more file than the directory may hold.
    assert!(said.refused(1).contains("[RC004]"));
    fs::remove_file(project.path("migrations/versions/b2_x.sql.old")).unwrap();
    assert_eq!(project.chain(), ["a1", "b2"]);
}

#[test]
fn an_editor_must_be_there() {
    let project = Project::new(&["a1 -> base"]);
    assert!(project.refused(&["edit", "a1"], 1).contains("set VISUAL or EDITOR"));
    let said = run(project.command(&["edit", "a1"]).env("EDITOR", "no_such_editor_here")).refused(1);
    assert!(said.contains("the editor `no_such_editor_here` cannot run"), "{said}");
}
