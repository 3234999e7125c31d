//! docs/commands.md names every verb and every flag that `--help` names, and no other; docs/json.md shows what comes out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::{README, blocks};

const COMMANDS: &str = include_str!("../../docs/commands.md");
const JSON: &str = include_str!("../../docs/json.md");

/// What stands in a part of a page or of a help text: each flag with its value, each name of it.
type Flags = BTreeSet<String>;

#[test]
fn the_reference_names_what_help_names() {
    let mut documented: BTreeMap<String, Flags> = BTreeMap::new();
    for section in COMMANDS.split("\n## ").skip(1) {
        let title = section.lines().next().unwrap_or_default();
        if title == "Everywhere" || title.starts_with('`') {
            let rows = section.lines().filter_map(|line| line.strip_prefix("| `-")).map(|row| {
                let cell = row.split(" | ").next().unwrap_or_default();
                format!("-{}", cell.replace('`', ""))
            });
            documented.insert(title.replace('`', ""), rows.collect());
        }
    }
    let everywhere = documented.remove("Everywhere").expect("the section is there");

    let help = run(&["--help"]);
    assert_eq!(flags(&help), everywhere, "Everywhere");
    let verbs =
        part(&help, "Commands:").filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    let mut found = BTreeMap::new();
    for verb in verbs.filter_map(|line| line.split(' ').next()) {
        let help = run(&[verb, "--help"]);
        let arguments = part(&help, "Arguments:").filter_map(|line| line.trim().split("  ").next());
        let title = [verb].into_iter().chain(arguments).collect::<Vec<_>>().join(" ");
        found.insert(title, flags(&help).difference(&everywhere).cloned().collect::<Flags>());
    }
    assert_eq!(found, documented);
}

#[test]
fn the_json_is_what_comes_out() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let commands: Vec<String> = blocks(JSON, "sh");
    let examples = blocks(JSON, "json");
    assert_eq!(commands.len(), examples.len());
    let mut shown = BTreeSet::new();
    // The tool's own example is a test of the tool's.
    for (command, example) in commands.iter().zip(examples).filter(|(command, _)| command.starts_with("app ")) {
        let words: Vec<&str> = command.split_whitespace().skip(1).collect();
        let printed = run_in(folder.path(), &words);
        let expected: Value = serde_json::from_str(&example).expect("an example is JSON");
        let mut found: Value =
            serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{command}: {error}\n{printed}"));
        without_times(&mut found);
        assert_eq!(found, expected, "{command}");
        shown.insert(words[0].to_owned());
    }
    let verbs: BTreeSet<String> = COMMANDS
        .split("\n## `")
        .skip(1)
        .filter_map(|section| Some(section.split(['`', ' ']).next()?.to_owned()))
        .collect();
    assert_eq!(shown, verbs, "every verb has an example");
}

/// The commands of the application in README.md's table, typed one after the other.
#[test]
fn the_handbook_can_be_typed() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (mut alembics, mut typed) = (Vec::new(), 0);
    for row in README.lines().filter(|line| line.contains(" | `alembic ")) {
        let [_, alembic, here] = row.trim_matches(['|', ' ']).split(" | ").collect::<Vec<_>>()[..] else {
            panic!("three cells: {row}")
        };
        alembics.push(alembic.trim_matches('`').trim_start_matches("alembic ").to_owned());
        let here = here.trim_matches('`');
        if let Some(words) = here.strip_prefix("cargo run -- ") {
            run_in(folder.path(), &words.split(' ').collect::<Vec<_>>());
            typed += 1;
        } else {
            assert!(here.starts_with("cargo revchain "), "the tool's, whose tests type it: {here}");
        }
    }
    let handbook = [
        "revision --autogenerate -m \"Description of changes\"",
        "upgrade head",
        "history",
        "current",
        "downgrade -1",
        "downgrade <revision_id>",
        "revision --autogenerate -m \"Initial baseline\"",
    ];
    assert_eq!((alembics, typed), (handbook.map(str::to_owned).to_vec(), 5));
}

/// The time that a step took becomes that of the examples.
fn without_times(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(without_times),
        Value::Object(members) => {
            for (name, value) in members {
                match name.as_str() {
                    "milliseconds" if value.is_u64() => *value = 3.into(),
                    _ => without_times(value),
                }
            }
        }
        _ => {}
    }
}

fn flags(help: &str) -> Flags {
    let lines = part(help, "Options:").map(str::trim).filter(|line| line.starts_with('-'));
    lines.filter_map(|line| line.split("  ").next()).map(str::to_owned).collect()
}

/// The lines below a heading of a help text, up to the next empty one.
fn part<'a>(help: &'a str, heading: &str) -> impl Iterator<Item = &'a str> {
    let lines = help.lines().skip_while(move |line| *line != heading).skip(1);
    lines.take_while(|line| !line.is_empty())
}

fn run(words: &[&str]) -> String {
    run_in(Path::new(env!("CARGO_MANIFEST_DIR")), words)
}

fn run_in(folder: &Path, words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ibutsu-db"));
    let output = command.args(words).current_dir(folder).env_remove("DATABASE_URL").output().expect("the program runs");
    let printed = String::from_utf8(output.stdout.clone()).expect("what it prints is UTF-8");
    // An example of a failure is one.
    let expected = if printed.contains("\"error\": {") { &[1, 2][..] } else { &[0, 3] };
    assert!(output.status.code().is_some_and(|code| expected.contains(&code)), "{words:?}: {output:?}");
    printed
}
