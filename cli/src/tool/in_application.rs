//! `revision` and `check` in the application's own binary, where its sources are: with its models, which nobody has to build and
//! ask, and its own database. Everything else stays the tool's.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches as _, value_parser};

use super::chosen::Chosen;
use super::command::{Check, Revision};
use super::directory::{Directory, Program};
use super::{check, failed, revision};
use crate::alembic::advised;
use crate::failure::{Failure, refuse, wants_json};
use crate::{BoxError, Cli};

/// Does what the words say where they are about files. Nothing where they are not, or can't be read: then the application's
/// other verbs have the word.
pub(crate) fn in_application(cli: &Cli, words: &[OsString]) -> Option<ExitCode> {
    let matches = match command(cli).try_get_matches_from(words) {
        Ok(matches) => matches,
        // Help, too.
        Err(error) => return Some(refuse(&advised(error), None, wants_json(words))),
    };
    let (verb @ ("revision" | "check"), words) = matches.subcommand()? else { return None };
    if tokio::runtime::Handle::try_current().is_ok() {
        let refused: BoxError = "this is an asynchronous runtime already\n  help: call `Cli::run` outside of it".into();
        return Some(Failure::of(&refused, None).tell(Some(verb), words.get_flag("json")));
    }
    Some(run(cli, verb, words).unwrap_or_else(|error| failed(&error, &matches)))
}

/// The application's words, and these two. They are not shown where nobody said where the files are.
fn command(cli: &Cli) -> Command {
    let hidden = cli.directory.is_none();
    let config = Arg::new("config").long("config").value_name("FILE").value_parser(value_parser!(PathBuf));
    let config = config.help("The revchain.toml of the migrations directory [default: the one of the sources]");
    let revision = Revision::augment_args(Command::new("revision"))
        .about("Write a new revision on top of the newest")
        .arg(config.clone())
        .hide(hidden);
    let check = Check::augment_args(Command::new("check"))
        .about("Say whether the models, or with --database the database, are what the chain leads to")
        .arg(config)
        .hide(hidden);
    Cli::command().subcommand(revision).subcommand(check)
}

fn run(cli: &Cli, verb: &str, words: &ArgMatches) -> Result<ExitCode, BoxError> {
    let text = |id: &str| words.get_one::<String>(id).map(String::as_str);
    let (name, json, quiet) = (text("name"), words.get_flag("json"), words.get_flag("quiet"));
    let choice = cli.choose(name)?;
    let own = cli.named.iter().find(|named| Some(named.name) == name).map_or(cli, |named| &named.cli);
    let mut directory = directory(own, words.get_one::<PathBuf>("config").map(PathBuf::as_path))?;
    directory.program = Program::Application(choice.models());
    let url = match words.get_flag("database") {
        true => Some(choice.url(text("url"))?),
        false => None,
    };
    let chosen = Chosen::by_application(directory, url);
    match verb {
        "revision" => revision::run(&chosen, words, &Revision::from_arg_matches(words)?, json, quiet),
        _ => check::verb(&chosen, words, &Check::from_arg_matches(words)?, json, quiet),
    }
}

/// `--config`, else the directory of the sources, else the nearest one upwards.
fn directory(cli: &Cli, config: Option<&Path>) -> Result<Directory, BoxError> {
    // As people would write it, where they are above it.
    let here = std::env::current_dir().unwrap_or_default();
    let short =
        |path: &'static Path| path.strip_prefix(&here).ok().filter(|path| !path.as_os_str().is_empty()).unwrap_or(path);
    let of_sources = cli.directory.map(|path| short(Path::new(path)));
    let given = config.or_else(|| of_sources.filter(|path| path.is_dir()));
    Directory::find(given).map_err(|error| match of_sources {
        Some(path) if config.is_none() => format!(
            "the migrations directory of this program's sources is not here: `{}`\n  help: run it where the sources are, or \
             name a copy of the directory with --config",
            path.display()
        )
        .into(),
        _ => error,
    })
}

#[cfg(test)]
mod tests {
    use revchain::Migrations;
    use revchain::model::{ColumnModel, Kind, TableModel, TypeModel};

    use super::*;
    use crate::verbs::NOT_THERE;

    static EMPTY: Migrations = Migrations::empty();
    const COLUMN: ColumnModel = ColumnModel::new("name", TypeModel::new(Kind::Text, "String"));
    const USERS: TableModel = TableModel { columns: &[COLUMN], ..TableModel::new("users") };

    /// An application with its sources in a directory of their own.
    fn application(directory: &Path) -> Cli {
        let shown: &'static str = directory.join("migrations").display().to_string().leak();
        let database = format!("sqlite:{}", directory.join("app.db").display());
        Cli::new(&EMPTY).models(&[&USERS]).directory(shown).url(move || Ok(database.clone()))
    }

    fn versions(directory: &Path) -> usize {
        std::fs::read_dir(directory.join("migrations/versions")).unwrap().count()
    }

    #[test]
    fn an_application_writes_its_own_revisions() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        std::fs::create_dir_all(path.join("migrations/versions")).unwrap();
        std::fs::write(path.join("migrations/revchain.toml"), "dialects = ['sqlite']\n").unwrap();
        let run = |words: &[&str]| application(path).run_from([&["app"], words].concat());
        assert_eq!(run(&["check"]), ExitCode::from(NOT_THERE), "the models are not in the chain");
        assert_eq!(run(&["revision", "--autogenerate", "-m", "Users"]), ExitCode::SUCCESS);
        assert_eq!(versions(path), 1);
        assert_eq!(run(&["check"]), ExitCode::SUCCESS);
        assert_eq!(run(&["revision", "--autogenerate", "-m", "Users"]), ExitCode::SUCCESS);
        assert_eq!(versions(path), 1, "nothing has changed");
        // It is its own database that is asked, and it is not there.
        assert_eq!(run(&["check", "--database"]), ExitCode::FAILURE);
        assert_eq!(run(&["check", "--databases"]), ExitCode::from(crate::failure::USAGE));
        assert_eq!(run(&["heads"]), ExitCode::SUCCESS, "the other verbs are what they were");
        let elsewhere = Cli::new(&EMPTY).models(&[&USERS]).directory("/nowhere/migrations");
        let config = path.join("migrations").display().to_string();
        assert_eq!(elsewhere.run_from(["app", "check", "--config", &config]), ExitCode::SUCCESS);
        assert_eq!(Cli::new(&EMPTY).run_from(["app", "check", "--config", &config]), ExitCode::FAILURE, "no models");
    }

    #[test]
    fn the_words_fit_together() {
        for cli in [Cli::new(&EMPTY), Cli::new(&EMPTY).directory("migrations")] {
            let mut command = command(&cli);
            command.clone().debug_assert();
            let shown = command.render_help().to_string();
            assert_eq!(shown.contains("revision  "), cli.directory.is_some(), "{shown}");
        }
    }
}
