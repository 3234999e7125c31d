//! `completions`: what a shell needs to complete the tool's words. Verbs, flags and fixed values are clap's; revision ids,
//! and the tool as a subcommand of cargo's, are a few lines of each shell's own, in `completions/`.

use std::process::ExitCode;

use clap::Command;
use clap::builder::PossibleValuesParser;
use clap_complete::aot;
use revchain_core::{Code, Dialect};

use super::command::{Shell, command};
use super::directory::Directory;
use super::reading::{Reading, id};
use crate::BoxError;
use crate::output::print;

/// The words that clap's script knows by these names take a revision.
const REVISIONS: [&str; 4] = ["target", "revision", "from", "to"];

pub(super) fn run(shell: Shell) -> Result<ExitCode, BoxError> {
    print(&match shell {
        Shell::Bash => generated(aot::Shell::Bash) + include_str!("completions/revchain.bash"),
        Shell::Zsh => zsh(&generated(aot::Shell::Zsh)),
        Shell::Fish => generated(aot::Shell::Fish) + include_str!("completions/revchain.fish"),
        Shell::Revisions => revisions(),
    })?;
    Ok(ExitCode::SUCCESS)
}

fn generated(shell: aot::Shell) -> String {
    // Not straight to standard output: the generator panics when the reader has gone away.
    let mut script = Vec::new();
    aot::generate(shell, &mut with_values(command()), "revchain", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The command line with values that clap can't know, for it takes these words by functions of ours.
fn with_values(command: Command) -> Command {
    let dialects = || PossibleValuesParser::new(Dialect::ALL.map(Dialect::name));
    command.mut_subcommands(|verb| {
        verb.mut_args(|argument| match argument.get_id().as_str() {
            "dialect" | "dialects" => argument.value_parser(dialects()),
            "code" => argument.value_parser(PossibleValuesParser::new(Code::ALL.iter().map(|code| code.number()))),
            // Bash is not told that one is hidden.
            "shell" => argument.value_parser(PossibleValuesParser::new(["bash", "zsh", "fish"])),
            _ => argument,
        })
    })
}

/// The lines of zsh's script that are about revisions ask for them, and what answers stands before the script's end, where
/// it calls itself when zsh loads it from a file.
fn zsh(generated: &str) -> String {
    let mut script = String::new();
    for line in generated.lines() {
        let revision = REVISIONS.iter().any(|name| {
            line.strip_prefix("':")
                .map(|rest| rest.trim_start_matches(':'))
                .and_then(|rest| rest.strip_prefix(name))
                .is_some_and(|rest| rest.starts_with(" -- "))
        });
        if line.starts_with("if [ \"$funcstack[1]\"") {
            script.push_str(include_str!("completions/revchain.zsh"));
        }
        match line.strip_suffix(":_default' \\").filter(|_| revision || line.starts_with("'--onto=")) {
            Some(start) => script.push_str(&format!("{start}:_revchain_revisions' \\\n")),
            None => script.push_str(&format!("{line}\n")),
        }
    }
    script
}

/// The ids and messages of the directory, sound or not: it is not the time to complain.
fn revisions() -> String {
    let Ok(directory) = Directory::find(None) else { return String::new() };
    let reading = Reading::of(&directory.sources());
    let revisions = reading.revisions.iter().filter(|revision| !id(revision).is_empty());
    revisions.map(|revision| format!("{}\t{}\n", id(revision), revision.message)).collect()
}
