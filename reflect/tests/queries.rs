//! However many tables there are, the number of questions is the same. Counted is what sqlx tells its log.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#![allow(clippy::unwrap_used, reason = "tests say so when they fail")]

mod common;

use std::sync::atomic::{AtomicU64, Ordering};

use common::TestDatabase;
use revchain_core::Dialect;
use revchain_reflect::Scope;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

static QUERIES: AtomicU64 = AtomicU64::new(0);

struct Count;

impl Subscriber for Count {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}

    fn event(&self, _: &Event<'_>) {
        QUERIES.fetch_add(1, Ordering::SeqCst);
    }
}

/// How many questions it takes to read so many tables, each with what brings a question of its own in other tools.
async fn queries(dialect: Dialect, tables: usize) -> Option<u64> {
    let mut db = TestDatabase::make(dialect).await?;
    for n in 0..tables {
        db.run(&format!(
            "CREATE TABLE t{n} (id int NOT NULL PRIMARY KEY, parent int, a int UNIQUE, b varchar(20) DEFAULT 'x', \
             CHECK (a > 0), FOREIGN KEY (parent) REFERENCES t{n} (id)); \
             CREATE INDEX t{n}_b ON t{n} (b, a); CREATE VIEW v{n} AS SELECT a FROM t{n}"
        ))
        .await;
    }
    QUERIES.store(0, Ordering::SeqCst);
    let schema = db.reflect(&Scope::default()).await;
    let queries = QUERIES.load(Ordering::SeqCst);
    assert_eq!((schema.tables.len(), schema.views.len()), (tables, tables));
    for table in schema.tables.values() {
        assert_eq!((table.columns.len(), table.foreign_keys.len()), (4, 1));
    }
    db.finish().await;
    Some(queries)
}

// One test: the count is the process's.
#[tokio::test]
async fn are_as_many_for_fifty_tables_as_for_one() {
    tracing::subscriber::set_global_default(Count).unwrap();
    for (dialect, expected) in [(Dialect::Postgres, 10), (Dialect::Mysql, 9), (Dialect::Sqlite, 4)] {
        for tables in [1, 50] {
            if let Some(queries) = queries(dialect, tables).await {
                assert_eq!(queries, expected, "{tables} tables on {dialect}");
            }
        }
    }
}
