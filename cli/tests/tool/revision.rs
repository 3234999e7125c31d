//! `revision`. Names are in the tables of Alembic's vectors, and beside the code that makes them.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::project::{Project, revision_text};

/// Writes a revision and gives its path.
#[track_caller]
fn written(project: &Project, words: &[&str]) -> String {
    let stdout = project.run(&[&["revision"], words].concat()).done();
    stdout.strip_suffix('\n').unwrap().to_owned()
}

#[test]
fn revisions_grow_on_top_of_each_other() {
    let project = Project::new(&[]);
    let first = written(&project, &["-m", "First  tables, please!"]);
    let id = &first["migrations/versions/".len()..][..12];
    assert!(id.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase()), "{id}");
    assert_eq!(first, format!("migrations/versions/{id}_first_tables_please.sql"));
    let text = project.read(&first);
    let header = format!("-- First tables, please!\n--\n-- revision: {id}\n-- down_revision: base\n-- created: 20");
    assert!(text.starts_with(&header), "{text}");
    assert!(text.ends_with("Z\n\n-- @upgrade\n\n-- @downgrade\n"), "{text}");

    let second = written(&project, &["--rev-id", "second", "--format", "rust", "-m", "ünïcode & 100%"]);
    assert_eq!(second, "migrations/versions/second_ünïcode_100.rs");
    assert!(
        project
            .read(&second)
            .starts_with(&format!("//! ünïcode & 100%\n//!\n//! revision: second\n//! down_revision: {id}\n"))
    );
    assert_eq!(written(&project, &["--rev-id", "third"]), "migrations/versions/third_.sql");
    assert_eq!(project.chain(), [id, "second", "third"]);
    let lock = project.read("migrations/revchain.lock");
    assert!(lock.ends_with(&format!("version control.\n\n[order]\n{id}\nsecond\nthird\n\n[released]\n")), "{lock}");
}

#[test]
fn each_dialect_has_a_section_of_its_own_when_asked() {
    let project = Project::new(&[]);
    project.write("migrations/revchain.toml", "dialects = ['sqlite', 'postgres']\n");
    let text = project.read(&written(&project, &["--rev-id", "a1", "--per-dialect"]));
    assert!(
        text.ends_with(
            "-- @upgrade postgres\n\n-- @upgrade sqlite\n\n-- @downgrade postgres\n\n-- @downgrade sqlite\n"
        ),
        "{text}"
    );
    project.run(&["verify"]).done();
}

/// Beside Alembic's (vector B-12).
#[test]
fn an_id_that_cannot_be_one_is_refused() {
    let project = Project::new(&["a1 -> base", "User -> a1"]);
    for (id, expect) in [
        ("../a", "Character(s) '., /' not allowed in revision identifier"),
        ("a\nb", "Character(s) '\\n' not allowed in revision identifier"),
        ("-x", "Character(s) '-' not allowed in revision identifier"),
        ("é", "Character(s) 'é' not allowed in revision identifier"),
        ("", "1 to 32 characters"),
        ("a12345678901234567890123456789012", "1 to 32 characters, and"),
        ("head", "is a word that targets use"),
        ("BASE", "is a word that targets use"),
        ("a1", "there is a revision `a1` already"),
        ("user", "there is a revision `User`, and MySQL"),
    ] {
        let said = project.refused(&["revision", "--rev-id", id], 2);
        assert!(said.starts_with("error: --rev-id: ") && said.contains(expect), "{id}: {said}");
    }
}

#[test]
fn a_message_that_would_be_read_as_something_else_is_refused() {
    let project = Project::new(&[]);
    for message in ["revision: x", "created: yesterday", "@upgrade"] {
        let said = project.refused(&["revision", "-m", message], 1);
        assert!(said.contains("othing was written") || said.contains("no revision was written"), "{message}: {said}");
    }
    let said = project.refused(&["revision", "--format", "python"], 2);
    assert!(said.contains("possible values: sql, rust"), "{said}");
    written(&project, &["-m", "-- Note: it's \"fine\"; DROP TABLE x"]);
    project.run(&["verify"]).done();
}

#[test]
fn nothing_is_put_on_a_faulty_chain() {
    let project = Project::new(&["a1 -> base", "b2 -> a1", "c3 -> a1"]);
    let said = project.refused(&["revision", "-m", "x"], 1);
    assert!(
        said.contains("[RC103]") && said.ends_with("`migrations` has 1 error; no revision was written\n"),
        "{said}"
    );

    let project = Project::new(&["a1 -> base"]);
    project.write("migrations/revchain.lock", "<<<<<<< HEAD\na1 -\n=======\nb2 -\n>>>>>>> other\n");
    let said = project.refused(&["revision", "-m", "x"], 1);
    assert!(said.contains("holds a merge that was not finished") && said.contains("run `revchain lock`"), "{said}");

    let project = Project::empty();
    let said = project.refused(&["--config", ".", "revision"], 1);
    assert!(said.contains("[RC001]"), "{said}");
}

#[test]
fn settings_decide_names_and_times() {
    let project = Project::new(&[]);
    project.write(
        "migrations/revchain.toml",
        "dialects = ['sqlite']\n[revision]\nfile_template = '%(rev)s_%(slug)s_x'\ntruncate_slug_length = 10\n\
         timezone = '+05:30'\n",
    );
    let path = written(&project, &["--rev-id", "a1", "-m", "one two three four"]);
    assert_eq!(path, "migrations/versions/a1_one_two__x.sql");
    assert!(project.read(&path).contains("+05:30\n"));

    project.write("migrations/revchain.toml", "[revision]\nfile_template = '%(year)d_%(rev)s'\n");
    let said = project.refused(&["revision"], 1);
    assert!(said.contains("[RC032] `file_template` does not begin with `%(rev)s_`"), "{said}");
}

#[test]
fn a_template_of_ones_own_is_filled() {
    let project = Project::new(&[]);
    project.write("migrations/revchain.toml", "dialects = ['sqlite']\n[revision]\ntemplate = 'mine.template'\n");
    let template = "-- ${message}\n-- revision: ${revision}\n-- down_revision: ${down_revision}\n-- @upgrade\n\
                    SELECT '$${x}';\n-- @downgrade\n";
    let said = project.refused(&["revision"], 1);
    assert!(said.contains("the template `migrations/mine.template` cannot be read"), "{said}");
    project.write("migrations/mine.template", template);
    let said = project.run(&["revision", "--per-dialect"]).refused(2);
    assert!(said.contains("which sections a new file has says `template`"), "{said}");
    let said = project.run(&["revision", "--per-dialect", "--format", "rust"]).refused(2);
    assert!(said.contains("a revision in Rust asks `op.dialect()`"), "{said}");
    let path = written(&project, &["--rev-id", "a1", "-m", "m"]);
    assert_eq!(
        project.read(&path),
        "-- m\n-- revision: a1\n-- down_revision: base\n-- @upgrade\nSELECT '${x}';\n-- @downgrade\n"
    );
    for (wrong, expect) in [
        (template.replace("${revision}", "zz"), "the header says `zz`"),
        (template.replace("${message}", "${massage}"), "did you mean `${message}`?"),
        (template.replace("-- @downgrade\n", ""), "[RC023]"),
        (template.replace("${message}", "Always this"), "would be read as `Always this`"),
    ] {
        project.write("migrations/mine.template", &wrong);
        let said = project.refused(&["revision", "--rev-id", "b2", "-m", "m"], 1);
        assert!(said.contains(expect), "{expect}: {said}");
    }
}

#[cfg(unix)]
fn script(project: &Project, name: &str, text: &str) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    project.write(name, &format!("#!/bin/sh\n{text}\n"));
    fs::set_permissions(project.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    project.path(name).display().to_string()
}

#[cfg(unix)]
#[test]
fn hooks_get_the_new_file() {
    let project = Project::new(&[]);
    let append = script(&project, "append", "echo heard; printf -- \"-- $2 $(basename $PWD)\\n\" >> \"$1\"");
    let configure = |rest: &str| {
        project.write("migrations/revchain.toml", &format!("dialects = ['sqlite']\n[[revision.hooks]]\n{rest}\n"));
    };
    configure(&format!(
        "command = ['{append}', 'one']\ncwd = 'versions'\n[[revision.hooks]]\ncommand = ['cat', 'REVISION_SCRIPT_FILENAME']\nformat = 'rust'"
    ));
    let said = project.run(&["revision", "--rev-id", "a1"]);
    assert_eq!(said.stderr, "heard\n", "the hook for Rust is for Rust, and hooks do not speak to standard output");
    let path = said.done();
    assert!(project.read(path.trim()).ends_with("-- @downgrade\n-- one versions\n"));
    assert!(project.run(&["revision", "--rev-id", "b2", "--format", "rust"]).stderr.contains("pub async fn upgrade"));

    // What is missing is missed before anything is written.
    for (wrong, expect) in [
        ("command = ['no_such_program_here']", "the hook `no_such_program_here` cannot run"),
        ("command = ['./neither']", "the hook `./neither` cannot run"),
        ("command = ['cat']\ncwd = 'nowhere'", "which is no directory"),
    ] {
        configure(wrong);
        let said = project.refused(&["revision"], 1);
        assert!(said.contains(expect), "{said}");
    }

    // A hook that fails is not passed over, and what stands is said.
    configure("command = ['false']");
    let said = project.run(&["revision", "--rev-id", "c3"]).refused(1);
    assert!(said.contains("the hook `false` failed (exit status: 1)"), "{said}");
    assert!(said.contains("`migrations/versions/c3_.sql` is written"), "{said}");
    assert_eq!(project.chain(), ["a1", "b2", "c3"]);

    configure("command = ['rm']");
    let said = project.run(&["revision", "--rev-id", "e5"]).refused(1);
    assert!(said.contains("the hooks took revision `e5` away"), "{said}");

    project.run(&["lock"]).done();
    configure(&format!("command = ['{}']", script(&project, "spoil", "echo 'x' > \"$1\"")));
    let said = project.run(&["revision", "--rev-id", "d4"]).refused(1);
    assert!(said.contains("[RC010]") && said.contains("that is what the hooks made of"), "{said}");
}

/// What the lock file is for.
#[test]
fn two_branches_that_each_add_a_revision_meet_as_a_conflict() {
    if Command::new("git").arg("--version").output().is_err() {
        eprintln!("skipped: there is no git");
        return;
    }
    let project = Project::new(&["a1 -> base"]);
    written(&project, &["--rev-id", "b2"]);
    let base = project.read("migrations/revchain.lock");
    project.write("base.lock", &base);
    for branch in ["c3", "d4"] {
        written(&project, &["--rev-id", branch]);
        project.write(&format!("{branch}.lock"), &project.read("migrations/revchain.lock"));
        project.write("migrations/revchain.lock", &base);
        fs::remove_file(project.path(&format!("migrations/versions/{branch}_.sql"))).unwrap();
    }
    let merge = Command::new("git")
        .args(["merge-file", "--stdout", "c3.lock", "base.lock", "d4.lock"])
        .current_dir(project.root())
        .output()
        .unwrap();
    assert_eq!(merge.status.code(), Some(1), "one conflict");

    // And `rebase` mends it, marks and all.
    project.write("migrations/revchain.lock", &String::from_utf8(merge.stdout).unwrap());
    for branch in ["c3", "d4"] {
        project.write(&format!("migrations/versions/{branch}_.sql"), &revision_text(branch, "b2"));
    }
    project.run(&["rebase", "d4"]).done();
    assert_eq!(project.chain(), ["a1", "b2", "c3", "d4"]);
    assert!(project.read("migrations/revchain.lock").ends_with("[order]\na1\nb2\nc3\nd4\n\n[released]\n"));
}

/// The lock file in the root of this repository is what the tool would write, and agrees with its chain.
#[test]
fn the_reference_application_keeps_a_lock_file() {
    let project = Project::empty();
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    for file in ["revchain.toml", "revchain.lock"] {
        project.write(&format!("migrations/{file}"), &fs::read_to_string(migrations.join(file)).unwrap());
    }
    for entry in fs::read_dir(migrations.join("versions")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        project.write(&format!("migrations/versions/{name}"), &fs::read_to_string(&path).unwrap());
    }
    let kept = project.read("migrations/revchain.lock");
    written(&project, &["--rev-id", "one_more"]);
    let lock = project.read("migrations/revchain.lock");
    assert_eq!(lock, kept.replace("\n\n[released]", "\none_more\n\n[released]"));
    assert!(lock.contains(&format!("[order]\n{}\n", project.chain().join("\n"))), "{lock}");
}
