//! `cargo xtask test`, `servers` and `peers`: servers, then what needs them.
//!
//! Says what it does in one line each. What is skipped is said before the tests and again after them, where it is
//! still on the screen.

use std::io;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use crate::keeper::{self, Keep, Stop};
use crate::servers::{self, Database, Server};
use crate::{cargo, install};

/// What the caller asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    install: bool,
    /// For `cargo test`.
    arguments: Vec<String>,
}

impl Options {
    /// Reads `[--install] [-- <arguments>]`.
    ///
    /// # Errors
    ///
    /// When there is anything else.
    pub(crate) fn parse(arguments: &[String]) -> Result<Options> {
        let mut options = Options::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--install" => options.install = true,
                "--" => options.arguments = rest.by_ref().cloned().collect(),
                other => bail!(
                    "unknown argument `{other}`; what is meant for `cargo test`, or for `peers`, goes behind `--`"
                ),
            }
        }
        Ok(options)
    }

    /// Returns the arguments for cargo. Whoever names packages does not want all of them.
    fn cargo_arguments(&self) -> Vec<String> {
        let own = self.arguments.iter().take_while(|a| *a != "--");
        let names_packages = own.clone().any(|a| a.starts_with("-p") || a.starts_with("--package"));
        let names_features = own.clone().any(|a| a.starts_with("-F") || a.contains("-features"));
        let mut all = vec!["test".to_owned()];
        if !names_packages {
            all.push("--workspace".to_owned());
        }
        if !names_features {
            all.push("--all-features".to_owned());
        }
        all.extend(self.arguments.iter().cloned());
        all
    }
}

/// Runs the tests against every database that can be had, and ends with cargo's exit code.
///
/// # Errors
///
/// When a server that was found does not start, or, under `CI=true`, when one is missing.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    with_servers(options, options.cargo_arguments(), false)
}

/// Measures revchain beside its peers, on servers that write as installed ones do.
///
/// # Errors
///
/// As [`run`].
pub(crate) fn peers(options: &Options) -> Result<ExitCode> {
    let mut arguments: Vec<String> =
        ["run", "--release", "--manifest-path", "bench/peers/Cargo.toml", "--"].map(str::to_owned).into();
    arguments.extend(options.arguments.iter().cloned());
    with_servers(options, arguments, true)
}

/// Runs cargo while the servers run.
fn with_servers(options: &Options, arguments: Vec<String>, durable: bool) -> Result<ExitCode> {
    let servers = start(options, durable)?;
    eprintln!("xtask: cargo {}", arguments.join(" "));
    let mut command = vec![cargo::program().into()];
    command.extend(arguments.into_iter().map(Into::into));
    let mut tests = Keep {
        command,
        stop: Stop::Terminate,
        account: None,
        folder: &cargo::root(),
        remove: false,
        log: None,
        environment: servers.iter().filter_map(variable).collect(),
        without: cargo::own_variables(),
    }
    .start()?;
    let status = tests.wait().context("cannot wait for cargo")?;
    drop(tests);
    for server in &servers {
        announce_missing(server);
    }
    let started = servers.iter().any(|s| matches!(s, Server::Running { .. }));
    drop(servers);
    if started {
        eprintln!("xtask: the servers are stopped");
    }
    Ok(keeper::exit_code(status))
}

/// Starts the servers, prints how to reach them, and holds them until the input ends.
///
/// # Errors
///
/// As [`run`].
pub(crate) fn serve(options: &Options) -> Result<ExitCode> {
    if !options.arguments.is_empty() {
        bail!("`servers` runs nothing, so it takes no arguments for `cargo test`");
    }
    let servers = start(options, false)?;
    for (name, url) in servers.iter().filter_map(variable) {
        println!("export {name}={url}");
    }
    eprintln!("xtask: running until the input ends (Ctrl-D) or Ctrl-C");
    io::copy(&mut io::stdin(), &mut io::sink()).context("cannot read the input")?;
    Ok(ExitCode::SUCCESS)
}

fn start(options: &Options, durable: bool) -> Result<Vec<Server>> {
    if options.install {
        install::missing()?;
    }
    let ci = std::env::var("CI").is_ok_and(|v| !matches!(v.as_str(), "" | "0" | "false"));
    let absent: Vec<&str> = Database::ALL.iter().filter(|d| !d.is_available()).map(|d| d.name()).collect();
    if ci && !absent.is_empty() {
        for database in Database::ALL.into_iter().filter(|d| !d.is_available()) {
            announce_missing(&Server::Missing { database });
        }
        bail!("no server for {}, and under CI nothing may be skipped", absent.join(" and "));
    }
    let servers = servers::start(durable)?;
    for server in &servers {
        announce_missing(server);
    }
    Ok(servers)
}

fn variable(server: &Server) -> Option<(String, String)> {
    match server {
        Server::Given { database, url } | Server::Running { database, url, .. } => {
            Some((database.variable().to_owned(), url.clone()))
        }
        Server::Missing { .. } => None,
    }
}

fn announce_missing(server: &Server) {
    let Server::Missing { database } = server else { return };
    let line = "=".repeat(100);
    eprintln!("{line}\nSKIPPED: every test that needs {}", database.name());
    match std::env::var(database.folder_variable()) {
        Ok(folder) => eprintln!("  {} not found in `{folder}` ({})", database.looked_for(), database.folder_variable()),
        Err(_) => eprintln!("  {} not found", database.looked_for()),
    }
    eprintln!("  install the package `{}`, or run `cargo xtask test --install`,", install::package(*database));
    eprintln!("  or set {} to the address of a server that may be filled with rubbish\n{line}", database.variable());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments() {
        for (given, install, cargo) in [
            ("", false, "test --workspace --all-features"),
            ("--install", true, "test --workspace --all-features"),
            ("-- --no-fail-fast", false, "test --workspace --all-features --no-fail-fast"),
            ("--install -- -p revchain", true, "test --all-features -p revchain"),
            ("-- -p revchain --no-default-features", false, "test -p revchain --no-default-features"),
            ("-- -- -p", false, "test --workspace --all-features -- -p"),
        ] {
            let words: Vec<String> = given.split_whitespace().map(str::to_owned).collect();
            let options = Options::parse(&words).unwrap();
            assert_eq!((options.install, options.cargo_arguments().join(" ").as_str()), (install, cargo), "{given}");
        }
        let error = Options::parse(&["revchain".to_owned()]).unwrap_err();
        assert!(error.to_string().contains("behind `--`"), "{error}");
    }
}
