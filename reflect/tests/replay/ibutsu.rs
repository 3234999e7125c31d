//! The chain of a real service. Its revision in Rust changes rows only, and is not run here. Nothing of it is unclear: what its
//! blocks do, `@replay` says.

use revchain_core::Dialect;

use crate::common::walk::Chain;
use crate::common::{TestDatabase, assert_text};

async fn is_what_is_replayed(dialect: Dialect) {
    let Some(mut db) = TestDatabase::make(dialect).await else { return };
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let sources = revchain_core::load::load(&directory, "migrations");
    let unclear = match Chain::read(sources, dialect).walk(&mut db).await {
        Ok(unclear) => unclear,
        Err(apart) => panic!("{apart}"),
    };
    db.finish().await;
    assert_text(&unclear.into_iter().collect::<Vec<_>>().join("\n"), "");
}

#[tokio::test]
async fn postgres() {
    is_what_is_replayed(Dialect::Postgres).await;
}

#[tokio::test]
async fn mysql() {
    is_what_is_replayed(Dialect::Mysql).await;
}

#[tokio::test]
async fn sqlite() {
    is_what_is_replayed(Dialect::Sqlite).await;
}
