//! Which database is meant, and whose chain is run on it: `--name`, and then the first of `--url`, the application's
//! closure, `DATABASE_URL` and `revchain.toml` that says so. The one place that reads the environment.

use std::env::VarError;

use clap::builder::PossibleValuesParser;
use clap::error::ErrorKind;
use clap::{Arg, Command};
use revchain::model::TableModel;
use revchain::{Dialect, Migrations};

use crate::{BoxError, Cli, Closure};

/// The variable that names the default database.
const VARIABLE: &str = "DATABASE_URL";

/// Reads an environment variable.
pub(crate) type Environment<'a> = &'a dyn Fn(&str) -> Result<String, VarError>;

/// A chain, and what says which database it is run on.
pub(crate) struct Choice<'a> {
    migrations: &'static Migrations,
    models: Option<&'static [&'static TableModel]>,
    /// `--name`. Without it the database is the default one.
    name: Option<&'a str>,
    closure: Option<&'a Closure>,
    /// What `revchain.toml` says, and its key.
    configured: Option<(String, &'static str)>,
}

/// A URL, as far as it is known without the environment.
enum Source<'a> {
    Whole(String),
    /// That of a key of `revchain.toml`, in which variables stand.
    Template(&'a str, &'static str),
}

impl Cli {
    /// What `--name` chooses, the default without it.
    ///
    /// # Errors
    ///
    /// A usage error for a name that there is not.
    pub(crate) fn choose<'a>(&'a self, name: Option<&'a str>) -> Result<Choice<'a>, BoxError> {
        let Some(name) = name else {
            let configured = self.migrations.configured_url(None).map(|url| ("url".to_owned(), url));
            let closure = self.url.as_ref();
            return Ok(Choice { migrations: self.migrations, models: self.models, name: None, closure, configured });
        };
        let key = || format!("databases.{name}.url");
        if let Some(named) = self.named.iter().find(|named| named.name == name) {
            let migrations = named.cli.migrations;
            let mut elsewhere = self.migrations.configured_elsewhere();
            let here = named.url.or_else(|| self.migrations.configured_url(Some(name)));
            let here = here.or_else(|| elsewhere.find(|(known, _)| *known == name)?.1).map(|url| (key(), url));
            // The default database of the default chain is not another one.
            let own = || migrations.configured_url(None).filter(|_| !std::ptr::eq(migrations, self.migrations));
            let configured = here.or_else(|| Some(("url".to_owned(), own()?)));
            let (closure, is_same) = (named.cli.url.as_ref(), std::ptr::eq(migrations, self.migrations));
            let models = named.cli.models.or(self.models.filter(|_| is_same));
            return Ok(Choice { migrations, models, name: Some(name), closure, configured });
        }
        if let Some(url) = self.migrations.configured_url(Some(name)) {
            let configured = Some((key(), url));
            let (migrations, models) = (self.migrations, self.models);
            return Ok(Choice { migrations, models, name: Some(name), closure: None, configured });
        }
        Err(self.unknown(name))
    }

    fn unknown(&self, name: &str) -> BoxError {
        if self.migrations.configured_elsewhere().any(|(known, _)| known == name) {
            return usage(format!(
                "--name: `{name}` has a chain of its own, which this program does not have: the application adds it with \
                 `Cli::named`, and the tool `revchain` reads its directory"
            ));
        }
        let mut known: Vec<&'static str> = self.migrations.configured_names().collect();
        known.extend(self.named.iter().map(|named| named.name));
        known.sort_unstable();
        known.dedup();
        unknown_name(name, known)
    }
}

/// Says that there is no such database, and what there is. The words are clap's, which knows what is like what.
pub(crate) fn unknown_name(name: &str, known: Vec<&'static str>) -> BoxError {
    if known.is_empty() {
        return usage(format!(
            "--name: no database has a name, so none is called `{}`; write `[databases.<name>]` into revchain.toml",
            name.escape_debug()
        ));
    }
    let argument = Arg::new("name").long("name").value_name("NAME").value_parser(PossibleValuesParser::new(known));
    let asked = Command::new("revchain").no_binary_name(true).arg(argument);
    match asked.try_get_matches_from([format!("--name={name}")]) {
        Err(error) => error.into(),
        Ok(_) => usage(format!("--name: no database is called `{name}`")),
    }
}

/// A command line that cannot be meant: exit code 2.
fn usage(message: String) -> BoxError {
    Cli::command().error(ErrorKind::ValueValidation, message).into()
}

impl Choice<'_> {
    /// The chain.
    pub(crate) const fn migrations(&self) -> &'static Migrations {
        self.migrations
    }

    /// The tables that its program's structs describe, where somebody said which.
    pub(crate) const fn models(&self) -> Option<&'static [&'static TableModel]> {
        self.models
    }

    /// The database's URL.
    pub(crate) fn url(&self, given: Option<&str>) -> Result<String, BoxError> {
        self.url_in(given, &|name| std::env::var(name))
    }

    fn url_in(&self, given: Option<&str>, environment: Environment<'_>) -> Result<String, BoxError> {
        match self.source(given, environment)? {
            Source::Whole(url) => Ok(url),
            Source::Template(key, text) => expand(key, text, environment),
        }
    }

    /// The dialect that the database's URL names. A variable is not asked for where the scheme is written out.
    pub(crate) fn dialect(&self, given: Option<&str>) -> Result<Dialect, BoxError> {
        self.dialect_in(given, &|name| std::env::var(name))
    }

    fn dialect_in(&self, given: Option<&str>, environment: Environment<'_>) -> Result<Dialect, BoxError> {
        let url = match self.source(given, environment)? {
            Source::Whole(url) => url,
            Source::Template(_, text) if text.split(':').next().is_some_and(|scheme| !scheme.contains("${")) => {
                text.to_owned()
            }
            Source::Template(key, text) => expand(key, text, environment)?,
        };
        Ok(Dialect::of_url(&url)?)
    }

    /// The first that says which database it is.
    fn source(&self, given: Option<&str>, environment: Environment<'_>) -> Result<Source<'_>, BoxError> {
        if let Some(url) = given {
            return Ok(Source::Whole(url.to_owned()));
        }
        if let Some(closure) = self.closure {
            return closure().map(Source::Whole);
        }
        // With a name it would take one database for another.
        if self.name.is_none()
            && let Some(url) = environment(VARIABLE).ok().filter(|url| !url.is_empty())
        {
            return Ok(Source::Whole(url));
        }
        match (&self.configured, self.name) {
            (Some((key, text)), _) => Ok(Source::Template(key, text)),
            (None, None) => {
                Err(format!("no database is named; write `--url <url>`, or set {VARIABLE}, or `url` in revchain.toml")
                    .into())
            }
            (None, Some(name)) => Err(format!(
                "nothing says where the database `{name}` is; write `--url <url>`, or `url` below `[databases.{name}]` in \
                 revchain.toml\n  help: {VARIABLE} is the default database's, and not read with --name"
            )
            .into()),
        }
    }
}

/// Fills in the environment variables of a URL: `${NAME}`; `$${` is a `${` of one's own. What is wrong with its form was
/// said when the chain was verified.
fn expand(key: &str, text: &str, environment: Environment<'_>) -> Result<String, BoxError> {
    let mut url = String::with_capacity(text.len());
    let mut rest = text;
    let mut last = None;
    while let Some((before, after)) = rest.split_once("${") {
        if let Some(before) = before.strip_suffix('$') {
            url.push_str(before);
            url.push_str("${");
            rest = after;
            continue;
        }
        url.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let problem = match environment(name) {
            Ok(value) => {
                url.push_str(&value);
                rest = after;
                last = Some(name);
                continue;
            }
            Err(VarError::NotPresent) => "is not set",
            Err(VarError::NotUnicode(_)) => "is not UTF-8",
        };
        return Err(format!(
            "`{key}` in revchain.toml needs the environment variable {name}, which {problem}\n  \
             help: set it, or write `--url <url>`"
        )
        .into());
    }
    url.push_str(rest);
    match last {
        Some(name) if url.is_empty() => Err(format!(
            "`{key}` in revchain.toml is the environment variable {name}, which is empty\n  \
             help: set it, or write `--url <url>`"
        )
        .into()),
        _ => Ok(url),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use revchain::__private::{Packed, Settings, Transaction};

    use super::*;

    const PLAIN: Settings = Settings::new([true; 3], "alembic_version", None, Transaction::Default);
    static EMPTY: Migrations = Migrations::empty();
    static CONFIGURED: Migrations = Migrations::new(
        PLAIN.databases(
            Some("sqlite:${DIR}/file"),
            &[("staging", "sqlite:staging")],
            &[("orders", Some("sqlite:orders")), ("bare", None)],
        ),
        Packed::EMPTY,
    );
    static OWN: Migrations = Migrations::new(PLAIN.databases(Some("sqlite:own"), &[], &[]), Packed::EMPTY);

    /// Variables, as `NAME=value` with blanks between them.
    fn environment(variables: &str) -> impl Fn(&str) -> Result<String, VarError> + '_ {
        move |name| {
            let mut pairs = variables.split(' ').filter_map(|pair| pair.split_once('='));
            pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned()).ok_or(VarError::NotPresent)
        }
    }

    fn closure(url: &'static str) -> impl Fn(&'static Migrations) -> Cli {
        move |migrations| Cli::new(migrations).url(move || Ok(url.to_owned()))
    }

    #[test]
    fn the_first_that_names_a_database_is_taken() {
        let broken = || Cli::new(&CONFIGURED).url(|| Err("no configuration".into()));
        let orders = |chain, cli: &dyn Fn(&'static Migrations) -> Cli| Cli::new(chain).named("orders", cli(&OWN));
        let all = "DATABASE_URL=sqlite:environment DIR=/d";
        let nothing = "no database is named; write `--url <url>`, or set DATABASE_URL, or `url` in revchain.toml";
        for (cli, name, given, variables, expect) in [
            // The default database: all four say something, then one less each time.
            (closure("sqlite:closure")(&CONFIGURED), None, Some("sqlite:flag"), all, "sqlite:flag"),
            (closure("sqlite:closure")(&CONFIGURED), None, None, all, "sqlite:closure"),
            (Cli::new(&CONFIGURED), None, None, all, "sqlite:environment"),
            (Cli::new(&CONFIGURED), None, None, "DIR=/d", "sqlite:/d/file"),
            (Cli::new(&CONFIGURED), None, None, "DATABASE_URL= DIR=/d", "sqlite:/d/file"),
            (Cli::new(&EMPTY), None, None, "DIR=/d", nothing),
            (Cli::new(&EMPTY), None, None, "DATABASE_URL=", nothing),
            // A closure that fails is not passed over; the flag does not ask it.
            (broken(), None, Some("sqlite:flag"), all, "sqlite:flag"),
            (broken(), None, None, all, "no configuration"),
            // The same chain on another database: neither the default's closure nor the environment.
            (closure("sqlite:closure")(&CONFIGURED), Some("staging"), Some("sqlite:flag"), all, "sqlite:flag"),
            (closure("sqlite:closure")(&CONFIGURED), Some("staging"), None, all, "sqlite:staging"),
            // Another chain.
            (orders(&CONFIGURED, &closure("sqlite:theirs")), Some("orders"), Some("sqlite:flag"), all, "sqlite:flag"),
            (orders(&CONFIGURED, &closure("sqlite:theirs")), Some("orders"), None, all, "sqlite:theirs"),
            (orders(&CONFIGURED, &Cli::new), Some("orders"), None, all, "sqlite:orders"),
            (orders(&EMPTY, &Cli::new), Some("orders"), None, all, "sqlite:own"),
            (Cli::new(&CONFIGURED).named("bare", Cli::new(&OWN)), Some("bare"), None, all, "sqlite:own"),
            (Cli::new(&CONFIGURED).named("staging", Cli::new(&OWN)), Some("staging"), None, all, "sqlite:staging"),
            // The default database of the same chain is not another one.
            (Cli::new(&OWN).named("copy", Cli::new(&OWN)), Some("copy"), None, all, "nothing says where the database"),
            (Cli::new(&EMPTY).named("orders", Cli::new(&EMPTY)), Some("orders"), None, all, "not read with --name"),
        ] {
            let choice = cli.choose(name).map_err(|error| error.to_string()).unwrap();
            let found = choice.url_in(given, &environment(variables)).unwrap_or_else(|error| error.to_string());
            let is_right = if expect.starts_with("sqlite:") { found == expect } else { found.contains(expect) };
            assert!(is_right, "{name:?} {given:?} {variables:?}: {found}, not {expect}");
        }
    }

    #[test]
    fn the_chain_is_the_named_one() {
        let cli = Cli::new(&CONFIGURED).named("orders", Cli::new(&OWN));
        for (name, chain) in [(None, &CONFIGURED), (Some("staging"), &CONFIGURED), (Some("orders"), &OWN)] {
            assert!(std::ptr::eq(cli.choose(name).map_err(drop).unwrap().migrations(), chain), "{name:?}");
        }
    }

    #[test]
    fn an_unknown_name_is_a_usage_error_that_says_what_there_is() {
        let named = || Cli::new(&CONFIGURED).named("orders", Cli::new(&OWN));
        for (cli, name, expect) in [
            (named(), "ordres", "a similar value exists: 'orders'"),
            (named(), "nothing-like-it", "[possible values: orders, staging]"),
            (named(), "", "[possible values: orders, staging]"),
            (named(), "bare", "`bare` has a chain of its own, which this program does not have"),
            (Cli::new(&CONFIGURED), "orders", "`orders` has a chain of its own"),
            (Cli::new(&EMPTY), "orders", "no database has a name, so none is called `orders`"),
        ] {
            let Err(error) = cli.choose(Some(name)) else { panic!("{name}") };
            let error = error.downcast::<clap::Error>().unwrap();
            assert_eq!(error.exit_code(), 2, "{name}");
            assert!(error.to_string().contains(expect), "{name}: {error}");
        }
    }

    #[test]
    fn variables_are_filled_in_or_asked_for() {
        for (text, expect) in [
            ("${URL}", "sqlite:x"),
            ("postgres://${USER}:${WORD}@h/${USER}", "postgres://me:s3cret@h/me"),
            ("sqlite:$${URL}.db", "sqlite:${URL}.db"),
            ("sqlite:$x{$}$", "sqlite:$x{$}$"),
            ("${NESTED}", "${URL}"),
            ("${NONE}", "`databases.x.url` in revchain.toml needs the environment variable NONE, which is not set"),
            ("postgres://me:${NONE}@h/${WORD}", "needs the environment variable NONE, which is not set"),
            ("postgres://${WORD}${NONE}", "needs the environment variable NONE, which is not set"),
            ("${BLANK}", "`databases.x.url` in revchain.toml is the environment variable BLANK, which is empty"),
            ("sqlite:${BLANK}x", "sqlite:x"),
        ] {
            let variables = environment("URL=sqlite:x USER=me WORD=s3cret NESTED=${URL} BLANK=");
            let found = expand("databases.x.url", text, &variables).unwrap_or_else(|error| error.to_string());
            assert!(found.contains(expect), "{text}: {found}");
            assert!(!found.contains("s3cret") || !found.contains("revchain.toml"), "{text}: {found}");
        }
    }

    #[test]
    fn a_script_asks_for_no_variable_that_it_does_not_need() {
        let asked = Cell::new(0);
        let none = |_: &str| {
            asked.set(asked.get() + 1);
            Err(VarError::NotPresent)
        };
        let cli = Cli::new(&CONFIGURED);
        let choice = cli.choose(None).map_err(drop).unwrap();
        assert_eq!(choice.dialect_in(None, &none).unwrap(), Dialect::Sqlite);
        assert_eq!(asked.get(), 1, "DATABASE_URL alone");
        assert_eq!(choice.dialect_in(Some("mariadb://h/d"), &none).unwrap(), Dialect::Mysql);
    }
}
