//! `rollback` on SQLite: there a copy of the image costs less than waiting for another test's transaction, of which a database has
//! one at a time. So nobody shares anything; all else is as on a server, so that a test means the same on each.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Sqlite, SqliteConnection};
use tokio::runtime::Runtime;

use super::super::place::Folder;
use super::super::rollback::Shareable;
use super::super::{Made, Test, Testable};

impl Shareable for Sqlite {
    type Lent = Folder;

    fn lend(test: &Test, runtime: &Runtime) -> Result<(Folder, SqliteConnectOptions), String> {
        Sqlite::make(test, runtime).map(|Made { place, connect, .. }| (place, connect))
    }

    async fn mark(_: &Folder, connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
        Sqlite::script(connection, "SAVEPOINT revchain_test").await.map(|()| true)
    }

    fn is_gone(_: &sqlx::Error) -> bool {
        false
    }

    fn spoil(lent: Folder) -> Result<(), String> {
        drop(lent);
        Ok(())
    }
}
