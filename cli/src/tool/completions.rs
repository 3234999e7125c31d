//! `completions`: what a shell needs to complete the tool's words.

use std::process::ExitCode;

use clap_complete::aot;

use super::command::{Shell, command};
use super::print;
use crate::BoxError;

pub(super) fn run(shell: Shell) -> Result<ExitCode, BoxError> {
    let generator = match shell {
        Shell::Bash => aot::Shell::Bash,
        Shell::Zsh => aot::Shell::Zsh,
        Shell::Fish => aot::Shell::Fish,
    };
    // Not straight to standard output: the generator panics when the reader has gone away.
    let mut script = Vec::new();
    aot::generate(generator, &mut command(), "revchain", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}
