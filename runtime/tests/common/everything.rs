//! A chain with a bit of everything that can go wrong, and what a database is like that has it.

#![allow(dead_code, unreachable_pub, reason = "each user has its part")]

use revchain::__private::StepFuture;
use revchain::{Dialect, Migrations, Op};

use super::{Chain, Mode, TestDatabase, batch};

/// A bit of everything: DDL and DML, a backfill, indexes without a transaction, things renamed and dropped.
pub fn chain(dialect: Dialect) -> &'static Migrations {
    let fill = match dialect {
        Dialect::Mysql => "UPDATE runs SET percent = 0 WHERE percent IS NULL LIMIT 2",
        _ => "UPDATE runs SET percent = 0 WHERE id IN (SELECT id FROM runs WHERE percent IS NULL LIMIT 2)",
    };
    let concurrently = if dialect == Dialect::Postgres { "CONCURRENTLY " } else { "" };
    let on = if dialect == Dialect::Mysql { " ON runs" } else { "" };
    let index = |name: &str| format!("CREATE INDEX {concurrently}{name} ON runs (percent)");
    let no_index = |name: &str| format!("DROP INDEX {concurrently}{name}{on}");
    Chain::new()
        .sql("a1", &["CREATE TABLE runs (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40))"], &["DROP TABLE runs"])
        .sql(
            "b2",
            &[
                "INSERT INTO runs (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e')",
                "ALTER TABLE runs ADD COLUMN state VARCHAR(10)",
                "UPDATE runs SET state = 'new'",
                "CREATE INDEX runs_name ON runs (name)",
                "INSERT INTO runs (id, name) VALUES (6, 'f')",
            ],
            &[&format!("DROP INDEX runs_name{on}"), "ALTER TABLE runs DROP COLUMN state", "DELETE FROM runs"],
        )
        .batches(
            "c3",
            &[
                batch(Mode::Transaction, &["ALTER TABLE runs ADD COLUMN percent INTEGER"]),
                batch(Mode::Repeat(2), &[fill]),
                batch(Mode::Transaction, &["INSERT INTO runs (id, percent) VALUES (7, 7)"]),
            ],
            &[batch(Mode::Transaction, &["DELETE FROM runs WHERE id = 7", "ALTER TABLE runs DROP COLUMN percent"])],
        )
        .batches(
            "d4",
            &[
                batch(Mode::NoTransaction, &[&index("one"), &index("two")]),
                batch(Mode::Transaction, &["INSERT INTO runs (id) VALUES (8)"]),
            ],
            &[
                batch(Mode::Transaction, &["DELETE FROM runs WHERE id = 8"]),
                batch(Mode::NoTransaction, &[&no_index("two"), &no_index("one")]),
            ],
        )
        .sql("e5", &["UPDATE runs SET name = 'x' WHERE id = 8"], &["UPDATE runs SET name = NULL WHERE id = 8"])
        .sql(
            "f6",
            &["CREATE TABLE results (id INTEGER NOT NULL PRIMARY KEY)", "ALTER TABLE runs RENAME TO walks"],
            &["ALTER TABLE walks RENAME TO runs", "DROP TABLE results"],
        )
        .functions("g7", merge, unmerge)
        .build()
}

fn merge<'a, 'c>(op: &'a mut Op<'c>) -> StepFuture<'a> {
    Box::pin(async {
        op.execute("UPDATE walks SET name = 'merged' WHERE id = 1").await?;
        op.execute("INSERT INTO results (id) VALUES (1)").await?;
        Ok(())
    })
}

fn unmerge<'a, 'c>(op: &'a mut Op<'c>) -> StepFuture<'a> {
    Box::pin(async {
        op.execute("DELETE FROM results WHERE id = 1").await?;
        op.execute("UPDATE walks SET name = 'a' WHERE id = 1").await?;
        Ok(())
    })
}

/// Everything that the chain is about.
pub async fn state(db: &TestDatabase) -> String {
    let indexes = match db.dialect {
        Dialect::Postgres => {
            "SELECT c.relname || i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
             WHERE i.indrelid = 'walks'::regclass"
        }
        Dialect::Mysql => {
            "SELECT CAST(CONCAT(index_name, ' ', column_name) AS CHAR) FROM information_schema.statistics \
             WHERE table_schema = DATABASE() AND table_name = 'walks'"
        }
        _ => "SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL",
    };
    let concat = match db.dialect {
        Dialect::Mysql => "SELECT CONCAT_WS('|', id, name, state, percent) FROM walks",
        _ => {
            "SELECT id || '|' || coalesce(name, '') || '|' || coalesce(state, '') || '|' || coalesce(percent, -1) FROM walks"
        }
    };
    let claims = db.list("SELECT revision FROM revchain_journal WHERE finished_at IS NULL").await;
    let (version, tables) = (db.version().await, db.tables().await);
    format!("{version}\n{tables}\n{}\n{}\nclaimed: {claims}", db.list(indexes).await, db.list(concat).await)
}
