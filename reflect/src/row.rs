//! An answer as text, whatever the driver. What a column is, the query next to its reader says.

use sqlx::{AssertSqlSafe, raw_sql};

/// A row: its columns as text, `None` for NULL.
#[derive(Debug)]
pub(crate) struct Row(Vec<Option<String>>);

impl Row {
    /// The first columns, by their order. NULL where there are less.
    pub(crate) fn columns<const N: usize>(&self) -> [Option<&str>; N] {
        std::array::from_fn(|at| self.0.get(at).and_then(Option::as_deref))
    }
}

/// What databases say instead of true.
pub(crate) fn is_true(value: Option<&str>) -> bool {
    matches!(value, Some("t" | "true" | "1" | "YES"))
}

/// An answer's text, where it isn't empty.
pub(crate) fn filled(value: Option<&str>) -> Option<String> {
    value.filter(|text| !text.is_empty()).map(str::to_owned)
}

macro_rules! rows {
    ($name:ident, $connection:ty) => {
        /// Asks one question. All questions go through here.
        pub(crate) async fn $name(connection: &mut $connection, sql: String) -> Result<Vec<Row>, sqlx::Error> {
            use sqlx::Row as _;
            let rows = raw_sql(AssertSqlSafe(sql)).fetch_all(connection).await?;
            let row = |row: &_| {
                let row: &<<$connection as sqlx::Connection>::Database as sqlx::Database>::Row = row;
                (0..row.len()).map(|at| row.try_get_unchecked(at)).collect::<Result<_, _>>().map(Row)
            };
            rows.iter().map(row).collect()
        }
    };
}

#[cfg(feature = "mysql")]
rows!(mysql, sqlx::MySqlConnection);
#[cfg(feature = "postgres")]
rows!(postgres, sqlx::PgConnection);
#[cfg(feature = "sqlite")]
rows!(sqlite, sqlx::SqliteConnection);
