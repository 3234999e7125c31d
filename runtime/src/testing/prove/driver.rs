//! What a proof asks of a database, as each driver does it. Never decides anything.

use revchain_reflect::Scope;
use revchain_schema::Schema;
use sqlx::{AssertSqlSafe, Row as _, raw_sql};

use super::super::Testable;
use crate::chain::{Edited, Migrations};
use crate::dialect::Dialect;
use crate::plan::Direction;

/// A driver on whose databases chains are proved.
pub(super) trait Driver: Testable {
    const DIALECT: Dialect;
    /// The same, as files name it.
    const CORE: revchain_core::Dialect;

    /// A query for one text that is the whole schema, where a database has such: to read the schema takes many times as long.
    const TEXT: Option<&str>;

    /// Reads the schema.
    fn reflect(connection: &mut Self::Connection, scope: &Scope) -> impl Future<Output = Result<Schema, sqlx::Error>>;

    /// Moves the database to a target.
    fn go(
        connection: &mut Self::Connection,
        chain: &'static Migrations,
        direction: Direction,
        target: &str,
    ) -> impl Future<Output = crate::Result>;

    /// Runs one statement.
    fn run(connection: &mut Self::Connection, sql: String) -> impl Future<Output = Result<(), sqlx::Error>>;

    /// The rows of an answer, as text.
    fn rows(connection: &mut Self::Connection, sql: String) -> impl Future<Output = Result<Vec<Row>, sqlx::Error>>;

    /// A column's value, as an answer is asked for it: as text.
    fn as_text(column: &str) -> String;
}

/// A row, as text.
pub(super) type Row = Vec<Option<String>>;

#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
macro_rules! driver {
    ($database:ident, $dialect:ident, $reflect:ident, $as_text:expr, $text:expr) => {
        impl Driver for sqlx::$database {
            const DIALECT: Dialect = Dialect::$dialect;
            const CORE: revchain_core::Dialect = revchain_core::Dialect::$dialect;
            const TEXT: Option<&str> = $text;

            async fn reflect(connection: &mut Self::Connection, scope: &Scope) -> Result<Schema, sqlx::Error> {
                revchain_reflect::$reflect(connection, scope).await
            }

            async fn go(
                connection: &mut Self::Connection,
                chain: &'static Migrations,
                direction: Direction,
                target: &str,
            ) -> crate::Result {
                // The database is as old as the test. To look at all that was applied takes longer with each revision.
                let migrator = chain.migrator().edited(Edited::Off);
                match direction {
                    Direction::Upgrade => migrator.upgrade(connection, target).await.map(drop),
                    Direction::Downgrade => migrator.downgrade(connection, target).await.map(drop),
                }
            }

            async fn run(connection: &mut Self::Connection, sql: String) -> Result<(), sqlx::Error> {
                raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop)
            }

            async fn rows(connection: &mut Self::Connection, sql: String) -> Result<Vec<Row>, sqlx::Error> {
                let rows = raw_sql(AssertSqlSafe(sql)).fetch_all(connection).await?;
                let text = |row: &<Self as sqlx::Database>::Row| {
                    (0..row.len()).map(|at| row.try_get_unchecked::<Option<Vec<u8>>, _>(at)).collect()
                };
                let rows: Vec<Vec<Option<Vec<u8>>>> = rows.iter().map(text).collect::<Result<_, sqlx::Error>>()?;
                let shown = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
                Ok(rows.into_iter().map(|row| row.into_iter().map(|value| value.map(shown)).collect()).collect())
            }

            fn as_text(column: &str) -> String {
                let as_text: fn(&str) -> String = $as_text;
                as_text(column)
            }
        }
    };
}

#[cfg(feature = "postgres")]
driver!(Postgres, Postgres, postgres, |column| format!("convert_to({column}::text, 'UTF8')"), None);
// The protocol of texts gives nothing else; but there are types whose name alone the driver doesn't know.
#[cfg(feature = "mysql")]
driver!(MySql, Mysql, mysql, |column| format!("CAST({column} AS BINARY)"), None);
#[cfg(feature = "sqlite")]
driver!(
    Sqlite,
    Sqlite,
    sqlite,
    |column| format!("CASE WHEN {column} IS NULL THEN NULL ELSE CAST(quote({column}) AS BLOB) END"),
    // What the pragmas tell, they have from there.
    Some(
        "SELECT group_concat(quote(type) || quote(name) || quote(tbl_name) || quote(sql)) \
         FROM (SELECT type, name, tbl_name, sql FROM main.sqlite_schema ORDER BY rowid)"
    )
);
