//! `check`: whether the models are what the chain leads to, or a live database what it says of the revision where that stands.
//! Writes nothing.

use std::process::ExitCode;

use clap::ArgMatches;
use serde_json::json;

use super::autogenerate::{changes, compared, json as members, shown};
use super::chosen::Chosen;
use super::command::{Check, Hints};
use super::directory::Directory;
use super::drift::Drift;
use super::replayed;
use crate::BoxError;
use crate::json::object;
use crate::lines::counted;
use crate::output::{print, show};
use crate::terminal::{HELP, WARNING, say};
use crate::verbs::NOT_THERE;

pub(super) fn verb(
    chosen: &Chosen,
    matches: &ArgMatches,
    words: &Check,
    as_json: bool,
    quiet: bool,
) -> Result<ExitCode, BoxError> {
    match words.database {
        true => database(chosen, matches, words.sql, as_json),
        false => models(&chosen.directory, &words.hints, as_json, quiet),
    }
}

/// Compares the models with the chain. Nobody is asked about names: whatever the answer, something differs.
fn models(directory: &Directory, hints: &Hints, as_json: bool, quiet: bool) -> Result<ExitCode, BoxError> {
    let (sources, chain) = directory.verified()?;
    let compared = compared(directory, &sources, &chain, hints, None, false)?;
    if as_json {
        print(&object("check", members(&compared)))?;
    } else {
        for one in &compared.not_compared {
            say(&format!("not compared: {one}\n"));
        }
        let changes = changes(&compared);
        let lines: String = changes.iter().map(|change| format!("{}\n", shown(change, &compared))).collect();
        print(&lines)?;
        for question in &compared.open {
            say(&format!("{question}\n"));
        }
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

/// The same of a live database.
fn database(chosen: &Chosen, matches: &ArgMatches, as_sql: bool, as_json: bool) -> Result<ExitCode, BoxError> {
    let drift = Drift::there(chosen, matches)?;
    match (as_sql, as_json) {
        (true, _) => {
            let sql = if drift.is_clean() { String::new() } else { drift.way_back()? };
            match as_json {
                true => print(&object("check", json!({ "sql": sql })))?,
                false => print(&sql)?,
            }
        }
        (false, true) => print(&object("check", drift.json()))?,
        (false, false) => show(&drift.text())?,
    }
    if !as_json {
        say(&drift.not_compared());
        replayed::warn(drift.unknown());
        for caution in drift.cautions() {
            say(&format!("{WARNING}warning:{WARNING:#} {caution}\n"));
        }
        if !matches.get_flag("quiet") {
            say(&format!("{}\n", drift.summary()));
            for remedy in drift.remedies().iter().filter(|_| !as_sql) {
                say(&format!("  {HELP}help:{HELP:#} {remedy}\n"));
            }
        }
    }
    Ok(if drift.is_clean() { ExitCode::SUCCESS } else { ExitCode::from(NOT_THERE) })
}
