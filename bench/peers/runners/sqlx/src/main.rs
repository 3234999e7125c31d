//! A chain, run by sqlx's `migrate!`.

#[path = "../../measure.rs"]
mod measure;

use sqlx::Connection;
use sqlx::migrate::Migrator;

use measure::measured;

static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

macro_rules! run {
    ($what:expr, $connect:expr) => {{
        let mut connection = $connect.await.expect("a connection");
        if $what == "run" {
            measured!(MIGRATOR.run(&mut connection).await.expect("an upgrade"));
        }
        connection.close().await.expect("a farewell");
    }};
}

fn main() {
    let (what, url, _) = measure::arguments();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        match url.split(':').next() {
            Some("postgres") => run!(what, sqlx::PgConnection::connect(&url)),
            Some("mysql") => run!(what, sqlx::MySqlConnection::connect(&url)),
            _ => run!(what, sqlx::SqliteConnection::connect(&format!("{url}?mode=rwc"))),
        }
    });
}
