//! The command line of revchain, for the application's own binary.
//!
//! ```no_run
//! # static MIGRATIONS: revchain::Migrations = revchain::Migrations::empty();
//! fn main() -> std::process::ExitCode {
//!     revchain_cli::Cli::new(&MIGRATIONS).url(|| Ok("sqlite:app.db".to_owned())).run()
//! }
//! ```
//!
//! gives `app upgrade head`, `app downgrade -1`, `app current`, `app history`, `app heads`, `app show`, `app stamp`: the
//! words that Alembic's users have in their fingers; and `app plan`, `app status`, `app ensure-version`. The database is
//! the one that `--url` names, else the one that the closure names, else `DATABASE_URL`, else `url` of the `revchain.toml`
//! that was compiled in. With `--name` it is another one: `[databases.<name>]` there, or [`Cli::named`].
//!
//! An application with a command line of its own mounts these verbs in it:
//!
//! ```
//! # static MIGRATIONS: revchain::Migrations = revchain::Migrations::empty();
//! let app = clap::Command::new("app").subcommand(revchain_cli::Cli::command().name("db"));
//! let matches = app.get_matches_from(["app", "db", "heads"]);
//! if let Some(("db", matches)) = matches.subcommand() {
//!     let code = revchain_cli::Cli::new(&MIGRATIONS).run_matches(matches);
//!     # assert_eq!(code, std::process::ExitCode::SUCCESS);
//! }
//! ```
//!
//! Speaks to people and decides nothing: whatever it can do, [`revchain::Migrations`] offers to a program.
//!
//! What was asked for goes to standard output; progress, notes and errors go to standard error. Exit codes: 0 done,
//! 1 error, 2 a command line that cannot be read, 3 "not at head" or "would change something".

mod alembic;
mod arguments;
mod choice;
mod failure;
mod json;
mod lines;
mod live;
mod models;
mod output;
mod preview;
mod progress;
mod terminal;
#[cfg(feature = "tool")]
#[doc(hidden)]
pub mod tool;
mod verbs;

use std::ffi::OsString;
use std::process::ExitCode;

/// The clap that [`Cli::command`] is one of.
pub use clap;
use clap::{ArgMatches, Command, CommandFactory, FromArgMatches, Parser};
use revchain::Migrations;
use revchain::model::TableModel;

use arguments::Arguments;
use failure::{Failure, refuse, wants_json};
use terminal::Color;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What says where an application's configuration has the database.
type Closure = Box<dyn Fn() -> Result<String, BoxError>>;

/// The command line over a chain, and over others beside it: [`named`](Cli::named).
pub struct Cli {
    migrations: &'static Migrations,
    url: Option<Closure>,
    /// None: nobody said.
    models: Option<&'static [&'static TableModel]>,
    /// Where its sources have the migrations directory.
    directory: Option<&'static str>,
    named: Vec<Named>,
}

/// What `--name` chooses.
#[derive(Debug)]
struct Named {
    name: &'static str,
    cli: Cli,
    /// What `revchain.toml` says about it, where it is not in the chain that is embedded.
    url: Option<&'static str>,
}

/// Runs the command line over a chain. The database comes from `--url`, `DATABASE_URL` or `revchain.toml`.
pub fn run(migrations: &'static Migrations) -> ExitCode {
    Cli::new(migrations).run()
}

impl Cli {
    /// A command line over a chain.
    pub const fn new(migrations: &'static Migrations) -> Cli {
        Cli { migrations, url: None, models: None, directory: None, named: Vec::new() }
    }

    /// Says where the application's configuration keeps the database's URL. Asked only when `--url` is absent, and not for
    /// a database that `--name` chooses.
    #[must_use]
    pub fn url(mut self, url: impl Fn() -> Result<String, BoxError> + 'static) -> Cli {
        self.url = Some(Box::new(url));
        self
    }

    /// Says which tables the application's structs describe: those that the chain should lead to.
    ///
    /// ```
    /// # static MIGRATIONS: revchain::Migrations = revchain::Migrations::empty();
    /// use revchain::{Table, schema};
    /// use revchain_cli::Cli;
    ///
    /// #[derive(Table)]
    /// #[table(name = "users")]
    /// struct User {
    ///     #[column(primary_key, identity)]
    ///     id: i64,
    /// }
    ///
    /// let cli = Cli::new(&MIGRATIONS).models(schema![User]);
    /// ```
    #[must_use]
    pub const fn models(mut self, models: &'static [&'static TableModel]) -> Cli {
        self.models = Some(models);
        self
    }

    /// Says where the sources have the migrations directory, for the two verbs that need the files, `revision` and `check`. They are
    /// there where revchain-cli has the feature `tool`, which is for development: it brings the verifier into the program.
    ///
    /// ```
    /// # static MIGRATIONS: revchain::Migrations = revchain::Migrations::empty();
    /// use revchain_cli::Cli;
    ///
    /// let cli = Cli::new(&MIGRATIONS).directory(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"));
    /// ```
    ///
    /// Where nothing is said, or nothing is there, the nearest `migrations` is meant, from the working directory upwards.
    #[must_use]
    pub const fn directory(mut self, directory: &'static str) -> Cli {
        self.directory = Some(directory);
        self
    }

    /// Adds another database, with a chain of its own, which `--name` chooses:
    ///
    /// ```
    /// # static MIGRATIONS: revchain::Migrations = revchain::Migrations::empty();
    /// # static ORDERS: revchain::Migrations = revchain::Migrations::empty();
    /// use revchain_cli::Cli;
    ///
    /// let orders = Cli::new(&ORDERS).url(|| Ok("sqlite:orders.db".to_owned()));
    /// let code = Cli::new(&MIGRATIONS).named("orders", orders).run_from(["app", "--name", "orders", "heads"]);
    /// # assert_eq!(code, std::process::ExitCode::SUCCESS);
    /// ```
    ///
    /// Where it is says `--url`, else its closure, else `[databases.orders]` in the first chain's `revchain.toml`, else
    /// `url` in its own. `DATABASE_URL` never does: a chain must not run on another one's database.
    #[must_use]
    pub fn named(mut self, name: &'static str, cli: Cli) -> Cli {
        self.named.push(Named { name, cli, url: None });
        self
    }

    /// Reads the process's arguments and does what they say.
    pub fn run(self) -> ExitCode {
        self.run_from(std::env::args_os())
    }

    /// Does what these arguments say. The first is the program's name.
    pub fn run_from(self, arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> ExitCode {
        let words: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
        Color::in_words(&words).into_iter().for_each(Color::choose);
        #[cfg(feature = "tool")]
        if let Some(code) = tool::in_application(&self, &words) {
            return code;
        }
        match Arguments::try_parse_from(&words).map_err(alembic::advised) {
            Ok(arguments) => self.block_on(arguments),
            Err(error) => refuse(&error, None, wants_json(&words)),
        }
    }

    /// The verbs as a command of clap's, to be mounted as a subcommand of an application's own, under a name of its
    /// choice.
    pub fn command() -> Command {
        Arguments::command()
    }

    /// Does what the matches of [`Cli::command`] say. Inside an asynchronous runtime, await
    /// [`run_matches_async`](Cli::run_matches_async) instead.
    pub fn run_matches(self, matches: &ArgMatches) -> ExitCode {
        match Arguments::from_arg_matches(matches) {
            Ok(arguments) => self.block_on(arguments),
            Err(error) => refuse(&error, None, false),
        }
    }

    /// Does what the matches of [`Cli::command`] say, in the runtime (tokio's) that is there.
    pub async fn run_matches_async(self, matches: &ArgMatches) -> ExitCode {
        match Arguments::from_arg_matches(matches) {
            Ok(arguments) => self.execute(arguments).await,
            Err(error) => refuse(&error, None, false),
        }
    }

    fn block_on(self, arguments: Arguments) -> ExitCode {
        let (command, json) = (arguments.verb.name(), arguments.json);
        // tokio would panic.
        let refused = if tokio::runtime::Handle::try_current().is_ok() {
            "this is an asynchronous runtime already\n  help: await `Cli::run_matches_async` there".into()
        } else {
            match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => return runtime.block_on(self.execute(arguments)),
                Err(error) => format!("the asynchronous runtime cannot start: {error}").into(),
            }
        };
        Failure::of(&refused, None).tell(Some(command), json)
    }

    async fn execute(&self, arguments: Arguments) -> ExitCode {
        let (command, json, name) = (arguments.verb.name(), arguments.json, arguments.name.clone());
        arguments.color.into_iter().for_each(Color::choose);
        match verbs::run(self, arguments).await {
            Ok(code) => code,
            Err(error) => match error.downcast_ref::<clap::Error>() {
                Some(usage) => refuse(usage, Some(command), json),
                None => {
                    let chosen = self.choose(name.as_deref()).ok();
                    Failure::of(&error, chosen.map(|choice| choice.migrations())).tell(Some(command), json)
                }
            },
        }
    }
}

impl std::fmt::Debug for Cli {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cli").field("migrations", &self.migrations).field("named", &self.named).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static EMPTY: Migrations = Migrations::empty();

    #[test]
    fn an_application_mounts_the_verbs() {
        let app = || Command::new("app").subcommand(Cli::command().name("db")).subcommand(Command::new("serve"));
        app().debug_assert();
        for (words, code) in [
            (&["app", "db", "heads"][..], ExitCode::SUCCESS),
            (&["app", "db", "--url", "nonsense", "status"], ExitCode::FAILURE),
            (&["app", "db", "status", "--url", "nonsense"], ExitCode::FAILURE),
            (&["app", "db", "upgrade", "a@b"], ExitCode::from(failure::USAGE)),
            (&["app", "db", "-x", "tenant=a", "heads"], ExitCode::from(failure::USAGE)),
        ] {
            let matches = app().try_get_matches_from(words).unwrap();
            let Some(("db", matches)) = matches.subcommand() else { panic!("{words:?}") };
            assert_eq!(Cli::new(&EMPTY).run_matches(matches), code, "{words:?}");
        }
    }

    /// A database of the same chain has its models; another chain's are its own.
    #[test]
    fn models_go_with_their_chain() {
        static OTHER: Migrations = Migrations::empty();
        const USERS: TableModel = TableModel::new("users");
        const ORDERS: TableModel = TableModel::new("orders");
        let cli = Cli::new(&EMPTY).models(&[&USERS]);
        let cli = cli.named("copy", Cli::new(&EMPTY)).named("orders", Cli::new(&OTHER).models(&[&ORDERS]));
        let cli = cli.named("bare", Cli::new(&OTHER));
        let models = |name| cli.choose(name).unwrap().models().map(|models| models[0].name);
        assert_eq!(
            [None, Some("copy"), Some("orders"), Some("bare")].map(models),
            [Some("users"), Some("users"), Some("orders"), None]
        );
        assert_eq!(Cli::new(&EMPTY).run_from(["app", "models"]), ExitCode::FAILURE, "nobody said which there are");
        assert_eq!(Cli::new(&EMPTY).models(&[]).run_from(["app", "models"]), ExitCode::SUCCESS);
    }

    #[tokio::test]
    async fn a_runtime_is_used_or_refused() {
        let matches = Cli::command().try_get_matches_from(["app", "heads"]).unwrap();
        assert_eq!(Cli::new(&EMPTY).run_matches(&matches), ExitCode::FAILURE);
        assert_eq!(Cli::new(&EMPTY).run_matches_async(&matches).await, ExitCode::SUCCESS);
    }
}
