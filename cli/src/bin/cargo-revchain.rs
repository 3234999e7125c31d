//! `cargo revchain`: the same as `revchain`. Cargo hands over its own word for the subcommand first.

use std::process::ExitCode;

fn main() -> ExitCode {
    revchain_cli::tool::run_for_cargo(std::env::args_os())
}
