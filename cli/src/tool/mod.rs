//! The tool for developers: works from a migrations directory, without compiling it. Verbs about files are here, one file
//! each; verbs about databases are the application's own, over a chain that is read at run time instead of compile time.
//!
//! Holds no rule about chains: `revchain-core` does.

mod application;
mod application_only;
mod autogenerate;
mod baseline;
mod changes;
mod check;
mod chosen;
mod command;
mod completions;
mod diagram;
mod diff;
mod directory;
mod drift;
mod edit;
mod embed;
mod explain;
mod hook;
mod in_application;
mod init;
mod lock;
mod man;
mod models;
mod moment;
mod peers;
mod reading;
mod rebase;
mod reflected;
mod release;
mod replace;
mod replayed;
mod revision;
mod sarif;
mod schema;
mod schema_json;
mod skeleton;
mod slug;
mod stamped;
mod unjudged;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::FromArgMatches as _;
use clap::error::ErrorKind;

use crate::BoxError;
use crate::alembic::advised;
use crate::failure::{Failure, refuse, wants_json};
use crate::terminal::Color;

use chosen::Chosen;
use command::{Options, Verb};
use directory::{Directory, Faulty};
pub(crate) use in_application::in_application;

/// Does what the arguments say. The first is the program's name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut words: Vec<OsString> = arguments.into_iter().collect();
    if let Some(program) = words.first_mut() {
        // Whatever it was called by, messages name it as people write it.
        *program = "revchain".into();
    }
    start(command::command(), words)
}

/// The same for a program that cargo starts: its first argument is the word after `cargo`.
pub fn run_for_cargo(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut words: Vec<OsString> = arguments.into_iter().collect();
    if words.get(1).is_some_and(|word| word == "revchain") {
        words.remove(1);
    }
    start(command::command().bin_name("cargo revchain").display_name("cargo-revchain"), words)
}

fn start(command: clap::Command, words: Vec<OsString>) -> ExitCode {
    Color::in_words(&words).into_iter().for_each(Color::choose);
    let json = wants_json(&words);
    let matches = match command.try_get_matches_from(words).map_err(advised) {
        Ok(matches) => matches,
        Err(usage) => return refuse(&usage, None, json),
    };
    dispatch(&matches).unwrap_or_else(|error| failed(&error, &matches))
}

/// Says how a command failed.
fn failed(error: &BoxError, matches: &clap::ArgMatches) -> ExitCode {
    let (name, json) = (matches.subcommand_name(), matches.get_flag("json"));
    if let Some(usage) = error.downcast_ref::<clap::Error>() {
        return refuse(usage, name, json);
    }
    match error.downcast_ref::<Faulty>() {
        Some(faulty) => faulty.failure().tell(name, json),
        None => Failure::of(error, None).tell(name, json),
    }
}

fn dispatch(matches: &clap::ArgMatches) -> Result<ExitCode, BoxError> {
    let options = Options::from_arg_matches(matches)?;
    let config = options.config.as_deref();
    let verb = matches.subcommand_name().unwrap_or_default();
    // The application's options are everywhere.
    let name = matches.get_one::<String>("name").map(String::as_str);
    let json = matches.get_flag("json");
    let choose = || Chosen::of(Directory::find(config)?, name);
    let find = || choose().map(|chosen| chosen.directory);
    if !<Verb as clap::Subcommand>::has_subcommand(verb) {
        let chosen = choose()?;
        let (sources, chain) = chosen.directory.verified()?;
        let migrations = embed::embed(&sources, &chain, &chosen.directory.shown);
        let cli = chosen.cli(migrations);
        application_only::refuse(&cli, &chain, matches)?;
        let code = cli.run_matches(matches);
        if verb == "stamp" && code == ExitCode::SUCCESS {
            stamped::look(&chosen, matches, (&sources, &chain));
        }
        return Ok(code);
    }
    match Verb::from_arg_matches(matches)? {
        Verb::Init(_) | Verb::Edit(_) | Verb::Diagram(_) | Verb::Completions { .. } | Verb::Man { .. } if json => {
            Err(usage(format!("`{verb}` prints nothing that could be JSON; leave --json out")))
        }
        Verb::Init(_) | Verb::Explain { .. } | Verb::Completions { .. } | Verb::Man { .. } if name.is_some() => {
            Err(usage(format!("`{verb}` looks at no directory and no database; leave --name out")))
        }
        Verb::Init(words) => init::run(&words),
        Verb::Baseline(words) => baseline::run(&choose()?, matches, &words, json),
        Verb::Revision(words) => revision::run(&choose()?, matches, &words, json, matches.get_flag("quiet")),
        Verb::Check(words) => check::verb(&choose()?, matches, &words, json, matches.get_flag("quiet")),
        Verb::Edit(words) => edit::run(&choose()?, matches, &words.revision),
        Verb::Rebase(words) => rebase::run(&find()?, &words, json),
        Verb::Verify(words) if json && (words.github || words.sarif) => {
            Err(usage("--json, --sarif and --github: write one of the three"))
        }
        Verb::Verify(words) => verify::run(&find()?, &words, json),
        Verb::Schema(words) => schema::run(&choose()?, matches, &words, json),
        Verb::Diff(words) => diff::run(&choose()?, matches, &words, json),
        Verb::Diagram(words) => diagram::run(&choose()?, matches, &words),
        Verb::Release(words) => release::run(&find()?, &words, json),
        Verb::Lock => lock::run(&find()?, json),
        Verb::Explain { code } => explain::run(code.as_deref(), json),
        Verb::Completions { shell } => completions::run(shell),
        Verb::Man { directory } => man::run(directory.as_deref()),
    }
}

/// A command line that cannot be meant: exit code 2.
fn usage(message: impl std::fmt::Display) -> BoxError {
    command::command().error(ErrorKind::ValueValidation, message).into()
}
