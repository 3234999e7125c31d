//! The chain of a real service. Its revision in Rust changes rows only, and is not run here.

use revchain_core::Dialect;

use crate::common::walk::Chain;
use crate::common::{TestDatabase, assert_text};

async fn is_what_is_replayed(dialect: Dialect, unclear: &str) {
    let Some(mut db) = TestDatabase::make(dialect).await else { return };
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let sources = revchain_core::load::load(&directory, "migrations");
    let found = match Chain::read(sources, dialect).walk(&mut db).await {
        Ok(found) => found,
        Err(apart) => panic!("{apart}"),
    };
    db.finish().await;
    assert_text(&found.into_iter().collect::<Vec<_>>().join("\n"), unclear);
}

#[tokio::test]
async fn postgres() {
    // Its revision looks up the name of the key, and puts the statement together.
    let unclear = "foreign key `import_files_import_id_fkey` of `import_files`: a statement that nobody understood may have \
                   changed it";
    is_what_is_replayed(Dialect::Postgres, unclear).await;
}

#[tokio::test]
async fn mysql() {
    let unclear =
        "foreign key `import_files_ibfk_1` of `import_files`: a statement that nobody understood may have changed it";
    is_what_is_replayed(Dialect::Mysql, unclear).await;
}

#[tokio::test]
async fn sqlite() {
    is_what_is_replayed(Dialect::Sqlite, "").await;
}
