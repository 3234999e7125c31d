//! A chain, run by diesel_migrations.

#[path = "../../measure.rs"]
mod measure;

use diesel::Connection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
// Only for its feature: SQLite as everybody here has it.
use libsqlite3_sys as _;

use measure::measured;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

macro_rules! run {
    ($what:expr, $connection:ty, $url:expr) => {{
        let mut connection = <$connection>::establish($url).expect("a connection");
        if $what == "run" {
            measured!(drop(connection.run_pending_migrations(MIGRATIONS).expect("an upgrade")));
        }
    }};
}

fn main() {
    let (what, url, _) = measure::arguments();
    match url.split(':').next() {
        Some("postgres") => run!(what, diesel::PgConnection, &url),
        Some("mysql") => run!(what, diesel::MysqlConnection, &url),
        _ => run!(what, diesel::SqliteConnection, url.trim_start_matches("sqlite:")),
    }
}
