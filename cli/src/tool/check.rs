//! `check`: whether the models are what the chain leads to. Writes nothing.

use std::process::ExitCode;

use super::autogenerate::{changes, compared, json, shown};
use super::command::Hints;
use super::directory::Directory;
use crate::BoxError;
use crate::json::object;
use crate::lines::counted;
use crate::output::print;
use crate::terminal::say;
use crate::verbs::NOT_THERE;

pub(super) fn run(directory: &Directory, hints: &Hints, as_json: bool, quiet: bool) -> Result<ExitCode, BoxError> {
    let (sources, chain) = directory.verified()?;
    let compared = compared(directory, &sources, &chain, hints)?;
    if as_json {
        print(&object("check", json(&compared)))?;
    } else {
        for one in &compared.not_compared {
            say(&format!("not compared: {one}\n"));
        }
        let changes = changes(&compared);
        let lines: String = changes.iter().map(|change| format!("{}\n", shown(change, &compared))).collect();
        print(&lines)?;
        if !quiet {
            say(&match changes.len() {
                // Alembic's sentence.
                0 => "No new upgrade operations detected.\n".to_owned(),
                count => format!(
                    "{} between the chain and the models; `revchain revision --autogenerate -m …` writes the revision\n",
                    counted(count as u64, "change")
                ),
            });
        }
    }
    Ok(if compared.is_clean() { ExitCode::SUCCESS } else { ExitCode::from(NOT_THERE) })
}
