//! `revchain`: the command line over a migrations directory.

use std::process::ExitCode;

fn main() -> ExitCode {
    revchain_cli::tool::run(std::env::args_os())
}
