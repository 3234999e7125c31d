//! The command line itself: usage, manual, cargo.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use crate::project::{Project, run};

#[test]
fn wrong_words_are_usage_errors_and_change_nothing() {
    let project = Project::new(&["a1 -> base"]);
    for words in [
        &["upgarde"][..],
        &["verify", "--jsno"],
        &["edit"],
        &["completions", "tcsh"],
        &["completions"],
        &["init", "new", "--dialects", "oracle"],
        &["revision", "--rev-id"],
        &["rebase", "a1", "b2"],
    ] {
        let said = project.refused(words, 2);
        assert!(said.starts_with("error: "), "{words:?}: {said}");
    }
    assert!(project.refused(&["upgarde"], 2).contains("a similar subcommand exists: 'upgrade'"));
    // Alembic's words: what to type instead.
    for (words, tip) in [
        (&["merge", "heads"][..], "tip: a chain is a line: `revchain rebase <revision>`"),
        (&["revision", "--splice"], "tip: a chain is a line"),
        (&["init", "-t", "generic", "new"], "tip: there is one kind of project"),
        (&["-c", "alembic.ini", "current"], "tip: write `--config <FILE>`"),
        (&["-x", "a=b", "current"], "-x is for revisions in Rust"),
    ] {
        let said = project.refused(words, 2);
        assert!(said.contains(tip), "{words:?}: {said}");
    }
    assert!(project.run(&["--version"]).done().starts_with("revchain "));
    assert!(project.run(&["revision", "--help"]).done().contains("--rev-id"));
}

#[test]
fn cargo_is_answered_as_a_subcommand() {
    let project = Project::new(&["a1 -> base"]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-revchain"));
    let said = run(command.args(["revchain", "verify"]).current_dir(project.root()).env_remove("REVCHAIN_CONFIG"));
    assert!(said.done().contains("from a1 to a1"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-revchain"));
    let said = run(command.args(["revchain", "verify", "--help"]).current_dir(project.root()));
    assert!(said.done().contains("Usage: cargo revchain verify"));
}

#[test]
fn the_manual_has_a_page_for_each_verb() {
    let project = Project::empty();
    let page = project.run(&["man"]).done();
    assert!(page.contains(".TH revchain 1"), "{page}");
    project.run(&["man", "--dir", "pages"]).done();
    for page in ["revchain.1", "revchain-rebase.1", "revchain-upgrade.1"] {
        assert!(project.path("pages").join(page).is_file(), "{page}");
    }
    project.write("file", "");
    assert!(project.refused(&["man", "--dir", "file/pages"], 1).contains("cannot be written"));
}

/// What stands in a part of a help text below a heading.
fn part<'a>(help: &'a str, heading: &'a str) -> impl Iterator<Item = &'a str> {
    help.lines().skip_while(move |line| *line != heading).skip(1).take_while(|line| !line.is_empty())
}

fn flags(help: &str) -> BTreeSet<String> {
    let lines = part(help, "Options:").map(str::trim).filter(|line| line.starts_with('-'));
    lines.filter_map(|line| line.split("  ").next()).map(str::to_owned).collect()
}

#[test]
fn the_reference_names_what_help_names() {
    let project = Project::empty();
    let mut documented: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/tool.md")).unwrap();
    for section in page.split("\n## ").skip(1) {
        let title = section.lines().next().unwrap();
        if title == "Everywhere" || title.starts_with('`') {
            let rows = section.lines().filter_map(|line| line.strip_prefix("| `-"));
            let names = rows.map(|row| format!("-{}", row.split(" | ").next().unwrap().replace('`', "")));
            documented.insert(title.replace('`', ""), names.collect());
        }
    }
    let everywhere = documented.remove("Everywhere").unwrap();
    let help = project.run(&["--help"]).done();
    let shared = flags(&help);
    assert!(everywhere.is_subset(&shared), "{everywhere:?}");

    let verbs = part(&help, "Commands:").filter_map(|line| line.split_whitespace().next());
    let mut found = BTreeMap::new();
    for verb in verbs {
        // Those of the application are in a reference of their own.
        let help = project.run(&[verb, "--help"]).done();
        let arguments = part(&help, "Arguments:").filter_map(|line| line.trim().split("  ").next());
        let title = [verb].into_iter().chain(arguments).collect::<Vec<_>>().join(" ");
        let own = flags(&help).difference(&shared).cloned().collect::<BTreeSet<_>>();
        found.insert(title, own);
    }
    for (title, flags) in &documented {
        assert_eq!(found.get(title), Some(flags), "{title}");
    }
    let theirs = found.keys().filter(|title| !documented.contains_key(*title));
    let theirs: Vec<&str> = theirs.filter_map(|title| title.split(' ').next()).collect();
    let commands = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/commands.md")).unwrap();
    for verb in theirs {
        assert!(commands.contains(&format!("\n## `{verb}")), "no page has `{verb}`");
    }
}
