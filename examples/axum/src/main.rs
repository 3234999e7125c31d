//! `notes serve` serves; `notes db upgrade head`, `notes db current`, … are revchain's verbs on the same database.

use std::io::Write as _;
use std::process::ExitCode;

use notes::{BoxError, Config, MIGRATIONS};
use revchain_cli::Cli;
use revchain_cli::clap::Command;

fn main() -> ExitCode {
    let command = Command::new("notes")
        .subcommand_required(true)
        .subcommand(Command::new("serve").about("Bring the database up to date and serve it"))
        .subcommand(Cli::command().name("db").about("See to the database's schema"));
    if let Some(("db", matches)) = command.get_matches().subcommand() {
        return Cli::new(&MIGRATIONS).url(|| Ok(Config::load()?.database)).run_matches(matches);
    }
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), BoxError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(notes::serve(Config::load()?, |address| {
        let _ = writeln!(std::io::stdout(), "http://{address}/notes");
    }))
}
