//! The reference application's chain on real databases: the schema after every revision, the rows that it changes, its models,
//! databases that Alembic left behind, and the program that people type at. What is right is in `evidence/` and
//! `transcripts/`; nothing is compared with itself.
//!
//! SQLite is always there. PostgreSQL and MariaDB are used where `REVCHAIN_TEST_POSTGRES` and `REVCHAIN_TEST_MYSQL` hold
//! the URL of a server on which databases may be made.

// clippy.toml allows these in tests, but knows a test by its attribute: the functions that tests call are none.
#![allow(clippy::expect_used, clippy::panic)]

/// For each of these functions a test on each database.
macro_rules! every_database {
    ($($test:ident),+ $(,)?) => {
        $(mod $test {
            use crate::database::{self, Dialect};

            #[tokio::test]
            async fn postgres() {
                database::with(Dialect::Postgres, super::$test).await;
            }

            #[tokio::test]
            async fn mysql() {
                database::with(Dialect::Mysql, super::$test).await;
            }

            #[tokio::test]
            async fn sqlite() {
                database::with(Dialect::Sqlite, super::$test).await;
            }
        })+
    };
}

/// The same for functions that are about PostgreSQL alone.
macro_rules! postgres_only {
    ($($test:ident),+ $(,)?) => {
        $(mod $test {
            use crate::database::{self, Dialect};

            #[tokio::test]
            async fn postgres() {
                database::with(Dialect::Postgres, super::$test).await;
            }
        })+
    };
}

mod backfill;
mod command_line;
mod database;
mod evidence;
mod guards;
mod models;
mod offline;
mod rows;
mod schema;
mod takeover;
mod troubleshooting;
