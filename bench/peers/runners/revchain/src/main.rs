//! A chain, run by revchain.

#[path = "../../measure.rs"]
mod measure;

use revchain::{Database, Transaction};

use measure::measured;

revchain::embed_migrations!("migrations");

fn main() {
    let (what, url, _) = measure::arguments();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut database = Database::connect(&url).await.expect("a connection");
        let migrator = match what.as_str() {
            "run" => MIGRATIONS.migrator(),
            "per-run" => MIGRATIONS.migrator().transaction(Transaction::PerRun),
            "per-revision" => MIGRATIONS.migrator().transaction(Transaction::PerRevision),
            _ => return,
        };
        measured!(migrator.upgrade(&mut database, "head").await.expect("an upgrade"));
    });
}
