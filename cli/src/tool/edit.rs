//! `edit`: opens a revision's file in the user's editor, and checks what came of it.

use std::env;
use std::process::{Command, ExitCode};

use revchain::Access;
use revchain_core::load;

use super::chosen::Chosen;
use super::embed::embed;
use super::reading::Reading;
use crate::verbs::{located, opened};
use crate::{BoxError, Cli};

pub(super) fn run(chosen: &Chosen, matches: &clap::ArgMatches, word: &str) -> Result<ExitCode, BoxError> {
    let editor = editor()?;
    let directory = &chosen.directory;
    let sources = directory.sources();
    // A faulty chain is what one edits: then ids are all that there is.
    let relative = match directory.verified() {
        Ok((sources, chain)) => {
            let migrations = embed(&sources, &chain, "");
            let file = find(&chosen.cli(migrations), matches, word)?;
            file.trim_start_matches('/').to_owned()
        }
        Err(_) => sources.file(Reading::of(&sources).find(word)?.file).relative.clone(),
    };
    debug_assert!(relative.starts_with(load::VERSIONS), "{relative}");
    let path = directory.path.join(&relative);
    let (program, words) = editor.split_first().ok_or("there is no editor")?;
    let status = Command::new(program).args(words).arg(&path).status();
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => return Err(format!("the editor `{program}` failed ({status})").into()),
        Err(error) => return Err(format!("the editor `{program}` cannot run: {error}").into()),
    }
    directory.verified()?;
    Ok(ExitCode::SUCCESS)
}

/// The file of the revision that is meant.
fn find(cli: &Cli, matches: &clap::ArgMatches, word: &str) -> Result<String, BoxError> {
    let choice = cli.choose(matches.get_one::<String>("name").map(String::as_str))?;
    let migrations = choice.migrations();
    let revision = match word {
        "current" => {
            let url = matches.get_one::<String>("url").map(String::as_str);
            let url = choice.url(url)?;
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let current = runtime.block_on(async {
                let mut database = opened(&url, Access::Read).await?;
                migrations.current(&mut database).await.map_err(|error| located(error, &database))
            })?;
            current.revision().ok_or("No current revisions: the database is at base")?
        }
        word => migrations.find(word)?.ok_or_else(|| {
            format!("No revision files indicated by symbol '{word}': that is the base, before the first revision")
        })?,
    };
    Ok(revision.file().to_owned())
}

/// The editor and its own arguments, as `VISUAL="code --wait"` gives them.
fn editor() -> Result<Vec<String>, BoxError> {
    let set = ["VISUAL", "EDITOR"].iter().find_map(|name| env::var(name).ok().filter(|value| !value.trim().is_empty()));
    match set {
        Some(value) => Ok(value.split_whitespace().map(str::to_owned).collect()),
        None => Err("no editor is named: set VISUAL or EDITOR, for instance `EDITOR=vi revchain edit head`".into()),
    }
}
