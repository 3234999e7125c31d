//! `cargo run -- upgrade head` brings `ibutsu.db`, or the database that DATABASE_URL or `--url` names, up to date.

use std::process::ExitCode;

fn main() -> ExitCode {
    revchain_cli::Cli::new(&ibutsu_db::MIGRATIONS)
        .url(|| Ok(std::env::var("DATABASE_URL").unwrap_or_else(|_| "sqlite:ibutsu.db".to_owned())))
        .run()
}
