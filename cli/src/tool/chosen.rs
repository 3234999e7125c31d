//! The migrations directory and the database that `--name` chooses: the same directory with another database, or
//! another directory, as `[databases.<name>]` says.

use std::fs;
use std::path::{Component, Path, PathBuf};

use clap::ArgMatches;
use revchain::Migrations;
use revchain_core::{Findings, Sources, config, load};

use super::directory::{Directory, Faulty};
use crate::choice::unknown_name;
use crate::{BoxError, Cli, Named};

/// Stands for the chain of a directory that is not looked at.
static ANOTHER: Migrations = Migrations::empty();

/// What the tool works on.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) directory: Directory,
    /// With a directory of its own: its name, and the URL that the default directory has for it.
    elsewhere: Option<(&'static str, Option<&'static str>)>,
    /// The database, where the application knows it.
    url: Option<String>,
}

impl Chosen {
    /// What a name chooses. Reads the settings of the directory, and nothing else: its revisions may be faulty.
    pub(super) fn of(directory: Directory, name: Option<&str>) -> Result<Chosen, BoxError> {
        let Some(name) = name else { return Ok(Chosen { directory, elsewhere: None, url: None }) };
        let mut sources = Sources::default();
        let shown = format!("{}/{}", directory.shown, load::CONFIG);
        let databases = match fs::read(directory.path.join(load::CONFIG)) {
            Ok(bytes) => {
                let file = sources.add(shown.clone(), load::CONFIG, bytes);
                let mut findings = Findings::default();
                let config = config::read(&sources, file, &mut findings);
                if findings.has_errors() {
                    return Err(Faulty::new(&directory, &sources, &findings).into());
                }
                config.databases
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(format!("`{shown}` cannot be read: {error}").into()),
        };
        let known = || databases.iter().map(|database| &*database.name.clone().leak()).collect();
        let Some(database) = databases.iter().find(|database| database.name == name) else {
            return Err(unknown_name(name, known()));
        };
        let Some(migrations) = &database.migrations else {
            return Ok(Chosen { directory, elsewhere: None, url: None });
        };
        let path = directory.path.join(migrations);
        if !path.is_dir() {
            let what = if path.exists() { "is no directory" } else { "does not exist" };
            return Err(format!(
                "`databases.{name}.migrations` in `{shown}` is `{migrations}`, which {what}\n  \
                 it is looked for from that file's directory: {}",
                tidy(&Path::new(&directory.shown).join(migrations))
            )
            .into());
        }
        let shown = tidy(&Path::new(&directory.shown).join(migrations));
        let name: &'static str = name.to_owned().leak();
        let url = database.url.clone().map(|url| &*url.leak());
        Ok(Chosen { directory: Directory::at(path, shown), elsewhere: Some((name, url)), url: None })
    }

    /// What an application works on: its own directory, and where one is asked for its own database.
    pub(super) const fn by_application(directory: Directory, url: Option<String>) -> Chosen {
        Chosen { directory, elsewhere: None, url }
    }

    /// The address of the database that the command line means.
    pub(super) fn url(&self, migrations: &'static Migrations, matches: &ArgMatches) -> Result<String, BoxError> {
        if let Some(url) = &self.url {
            return Ok(url.clone());
        }
        let text = |id: &str| matches.get_one::<String>(id).map(String::as_str);
        self.cli(migrations).choose(text("name"))?.url(text("url"))
    }

    /// The command line over the chain of the directory.
    pub(super) fn cli(&self, migrations: &'static Migrations) -> Cli {
        let cli = Cli::new(migrations);
        match self.elsewhere {
            None => cli,
            Some((name, url)) => {
                let mut tool = Cli::new(&ANOTHER);
                tool.named.push(Named { name, cli, url });
                tool
            }
        }
    }
}

/// A path as a person would write it: `migrations/../orders` is `orders`. For messages; a link may lead elsewhere.
fn tidy(path: &Path) -> String {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(tidy.components().next_back(), Some(Component::Normal(_))) => {
                tidy.pop();
            }
            part => tidy.push(part),
        }
    }
    match tidy.as_os_str().is_empty() {
        true => ".".to_owned(),
        false => tidy.display().to_string().replace('\\', "/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_short() {
        for (path, expect) in [
            ("migrations/../orders", "orders"),
            ("../migrations/../../orders", "../../orders"),
            ("./orders/.", "orders"),
            ("migrations/..", "."),
            ("/a/../../b", "/../b"),
        ] {
            assert_eq!(tidy(Path::new(path)), expect);
        }
    }
}
