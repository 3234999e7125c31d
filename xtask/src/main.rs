//! The project's own chores, run as `cargo xtask <chore>`.
//!
//! Reads the arguments and calls one module per chore. It never changes a file of the project, and nothing of it
//! ships to users.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that speaks to a person at a terminal")]

mod cargo;
mod deny;
mod diet;
mod licence;
mod tree;

#[cfg(unix)]
mod account;
#[cfg(unix)]
mod install;
#[cfg(unix)]
mod keeper;
#[cfg(unix)]
mod servers;
#[cfg(unix)]
mod test;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
the project's chores

    cargo xtask test [--install] [-- <arguments for cargo test>]
        starts throwaway PostgreSQL and MariaDB servers, runs `cargo test` for the whole workspace against them
        and SQLite, and stops them; --install fetches missing servers, and the shells whose completions are
        tried, with the system's package manager

    cargo xtask servers [--install]
        starts the same servers, prints the variables that the tests read, and keeps the servers running until
        its input ends (Ctrl-D) or it is stopped (Ctrl-C)

    cargo xtask peers [--install] [-- <arguments>]
        starts the same servers, but durable, and measures revchain beside its peers on them (bench/peers, which
        says what its arguments are: `-- --help`)

    cargo xtask diet [--target <triple>|all]
        shows that an application that depends on `revchain` gets no parser and no command line at run time

    cargo xtask deny
        checks the licences and the bans that deny.toml states

variables
    REVCHAIN_TEST_POSTGRES, REVCHAIN_TEST_MYSQL    the address of a server of your own, used instead of a new one
    REVCHAIN_POSTGRES_BIN, REVCHAIN_MYSQL_BIN      the only folder in which to look for the server's programs
    CI=true                                        a server that cannot be found is a failure
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode> {
    let Some((chore, rest)) = arguments.split_first() else {
        print!("{USAGE}");
        return Ok(ExitCode::SUCCESS);
    };
    match chore.as_str() {
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        "diet" => match rest {
            [] => diet::run(None),
            [flag, target] if flag == "--target" => diet::run(Some(target)),
            _ => bail!("`diet` takes `--target <triple>` or nothing, not `{}`", rest.join(" ")),
        },
        "deny" => match rest {
            [] => deny::run(),
            _ => bail!("`deny` takes no arguments, not `{}`", rest.join(" ")),
        },
        #[cfg(unix)]
        "test" => test::run(&test::Options::parse(rest)?),
        #[cfg(unix)]
        "peers" => test::peers(&test::Options::parse(rest)?),
        #[cfg(unix)]
        "servers" => test::serve(&test::Options::parse(rest)?),
        #[cfg(unix)]
        keeper::CHORE => keeper::run(rest),
        #[cfg(not(unix))]
        "test" | "servers" | "peers" => bail!(
            "servers are started on Unix only; set REVCHAIN_TEST_POSTGRES and REVCHAIN_TEST_MYSQL to servers of your \
             own and run `cargo test --workspace --all-features`"
        ),
        other => bail!("there is no chore `{other}`; run `cargo xtask` for the list"),
    }
}
