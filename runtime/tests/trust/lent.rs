//! A connection that is lent has its own settings back, after a success and after every kind of failure.

use std::time::Duration;

use revchain::{Dialect, Migrations};
use sqlx::{Connection, raw_sql};

use crate::common::{Mode, TestDatabase, batch, three};
use crate::cut::{of_mysql, of_postgres, of_sqlite};

/// What goes wrong, and the chain in which it does.
fn ways(dialect: Dialect) -> Vec<(&'static str, &'static Migrations)> {
    let alone = match dialect {
        Dialect::Postgres => "CREATE INDEX CONCURRENTLY i ON nowhere (id)",
        Dialect::Sqlite => "VACUUM nowhere",
        _ => "CREATE INDEX i ON nowhere (id)",
    };
    let d4 = |batches: &[_]| three().batches("d4", batches, &[]).build();
    vec![
        ("nothing", three().build()),
        (
            "a statement",
            d4(&[batch(Mode::Transaction, &["INSERT INTO runs (id) VALUES (7)", "SELECT * FROM nowhere"])]),
        ),
        ("the syntax", d4(&[batch(Mode::Transaction, &["SELEKT 1"])])),
        ("the first one by itself", d4(&[batch(Mode::NoTransaction, &[alone])])),
        ("one by itself", d4(&[batch(Mode::NoTransaction, &["DELETE FROM results", alone])])),
        ("a round", d4(&[batch(Mode::Repeat(2), &["UPDATE nowhere SET x = 1"])])),
        ("rounds without end", d4(&[batch(Mode::Repeat(1), &["UPDATE runs SET name = 'x'"])])),
        (
            "after a good one",
            d4(&[
                batch(Mode::NoTransaction, &["DELETE FROM results"]),
                batch(Mode::Transaction, &["SELECT * FROM nowhere"]),
            ]),
        ),
        ("nothing, by itself", d4(&[batch(Mode::NoTransaction, &["DELETE FROM results"])])),
        (
            "a rebuild",
            d4(&[batch(
                if dialect == Dialect::Sqlite { Mode::Rebuild } else { Mode::Transaction },
                &["DROP TABLE nowhere"],
            )]),
        ),
    ]
}

macro_rules! after_every_way {
    ($dialect:expr, $connection:ty, $settings:expr, $look:expr) => {{
        if let Some(db) = TestDatabase::make($dialect).await {
            db.finish().await;
            for (what, chain) in ways($dialect) {
                let db = TestDatabase::make($dialect).await.unwrap();
                db.run("CREATE TABLE made (x INTEGER)").await;
                let mut lent = <$connection>::connect(&db.url).await.unwrap();
                raw_sql($settings).execute(&mut lent).await.unwrap();
                let before = $look(&mut lent).await.unwrap();
                let run = || {
                    chain.migrator().lock_timeout(Duration::from_secs(33)).statement_timeout(Duration::from_secs(44))
                };
                let done = run().upgrade(&mut lent, "head").await;
                assert_eq!(done.is_ok(), what.starts_with("nothing"), "{what}: {done:?}");
                assert_eq!($look(&mut lent).await.unwrap(), before, "{what}");
                let stopped = run().stamp(&mut lent, "zz").await;
                assert!(stopped.is_err(), "{what}");
                run().downgrade(&mut lent, "base").await.ok();
                assert_eq!($look(&mut lent).await.unwrap(), before, "{what}, and back");
                drop(lent);
                db.finish().await;
            }
        }
    }};
}

#[tokio::test]
async fn on_postgres() {
    let settings = "CREATE SCHEMA IF NOT EXISTS other; SET search_path = public, other; SET lock_timeout = 1234; \
                    SET statement_timeout = 56789";
    after_every_way!(Dialect::Postgres, sqlx::PgConnection, settings, of_postgres);
}

#[tokio::test]
async fn on_mysql() {
    let settings = "SET SESSION lock_wait_timeout = 12, innodb_lock_wait_timeout = 34, \
                    sql_mode = 'ANSI_QUOTES', foreign_key_checks = 0, autocommit = 1 /*M! , max_statement_time = 56 */ \
                    /*!50708 , max_execution_time = 56 */";
    after_every_way!(Dialect::Mysql, sqlx::MySqlConnection, settings, of_mysql);
}

#[tokio::test]
async fn on_sqlite() {
    let settings = "PRAGMA busy_timeout = 1234; PRAGMA foreign_keys = ON";
    after_every_way!(Dialect::Sqlite, sqlx::SqliteConnection, settings, of_sqlite);
}
