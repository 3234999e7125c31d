//! `cargo run -- upgrade head` brings `ibutsu.db`, or the database that DATABASE_URL or `--url` names, up to date.

use std::process::ExitCode;

fn main() -> ExitCode {
    revchain_cli::Cli::new(&ibutsu_db::MIGRATIONS)
        .models(ibutsu_db::MODELS)
        .url(|| {
            let url = std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty());
            Ok(url.unwrap_or_else(|| "sqlite:ibutsu.db".to_owned()))
        })
        .run()
}
