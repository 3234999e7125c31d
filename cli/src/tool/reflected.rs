//! What a live database holds of what a chain is about: not the version table nor the journal, and not what `[objects]` leaves
//! out. Reads only.

use std::collections::BTreeSet;

use revchain::__private::Connection;
use revchain::{Access, Current, Database, EditedRevision, Migrations};
use revchain_core::Dialect;
use revchain_core::config::Config;
use revchain_reflect::Scope;
use revchain_schema::model::Name;
use revchain_schema::{Schema, admit};
use tokio::runtime::{Builder, Runtime};

#[cfg(feature = "mysql")]
use super::drift::sight;
use super::drift::sight::Sight;
use crate::BoxError;
use crate::choice::Choice;
use crate::verbs::{located, opened};

/// A database that is open, for verbs that wait for nobody else.
pub(super) struct Live {
    runtime: Runtime,
    database: Database,
}

impl Live {
    /// Opens the database that the command line means. A SQLite file that is not there is not made.
    pub(super) fn open(choice: &Choice<'_>, url: Option<&str>) -> Result<Live, BoxError> {
        Live::at(&choice.url(url)?)
    }

    /// The same of a URL.
    pub(super) fn at(url: &str) -> Result<Live, BoxError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| format!("the asynchronous runtime cannot start: {error}"))?;
        let database = runtime.block_on(opened(url, Access::Read))?;
        Ok(Live { runtime, database })
    }

    /// The dialect of the database, as files name it.
    pub(super) fn dialect(&self) -> Dialect {
        of_core(self.database.dialect())
    }

    /// The URL, without its password.
    pub(super) fn url(&self) -> &str {
        self.database.url()
    }

    /// The SQLite file that is not there.
    pub(super) fn missing(&mut self) -> Option<String> {
        if !self.database.is_missing() {
            return None;
        }
        match self.runtime.block_on(self.database.connection()) {
            Ok(Connection::Missing(path)) => Some(path.to_owned()),
            _ => None,
        }
    }

    /// A step that somebody is at, or was: in a sentence.
    pub(super) fn under_way(&mut self, migrations: &Migrations) -> Result<Option<String>, BoxError> {
        let found = self.runtime.block_on(migrations.under_way(&mut self.database));
        let found = found.map_err(|error| located(error, &self.database))?;
        Ok(found.map(|step| {
            let state = if step.is_running() == Some(false) { "was interrupted" } else { "is under way" };
            let (way, id, done, of) = (step.direction(), step.revision(), step.done(), step.statements());
            format!("{way} of {id} {state}, {done} of {of} statements done")
        }))
    }

    /// The applied revisions that have been edited since.
    pub(super) fn edited(&mut self, migrations: &Migrations) -> Result<Vec<EditedRevision>, BoxError> {
        let found = self.runtime.block_on(migrations.edited(&mut self.database));
        found.map_err(|error| located(error, &self.database))
    }

    /// Where the database stands. What doesn't belong to the chain is refused.
    pub(super) fn current(&mut self, migrations: &Migrations) -> Result<Current, BoxError> {
        let current = self.runtime.block_on(migrations.current(&mut self.database));
        current.map_err(|error| located(error, &self.database))
    }

    /// What the user may see.
    pub(super) fn sight(&mut self) -> Result<Sight, BoxError> {
        self.runtime.block_on(async {
            match self.database.connection().await? {
                #[cfg(feature = "mysql")]
                Connection::Mysql(connection) => {
                    let rows = sqlx::raw_sql(sight::QUERY).fetch_all(connection).await?;
                    let pair = |row: &sqlx::mysql::MySqlRow| {
                        Ok((sqlx::Row::try_get_unchecked(row, 0)?, sqlx::Row::try_get_unchecked(row, 1)?))
                    };
                    Ok(Sight::of(rows.iter().map(pair).collect::<Result<Vec<_>, sqlx::Error>>()?))
                }
                _ => Ok(Sight::ALL),
            }
        })
    }

    /// What PostgreSQL answers, three texts a row; of the others nothing is asked.
    pub(super) fn ask(&mut self, query: &'static str) -> Result<Vec<[String; 3]>, BoxError> {
        self.runtime.block_on(async {
            match self.database.connection().await? {
                #[cfg(feature = "postgres")]
                Connection::Postgres(connection) => {
                    let rows = sqlx::raw_sql(query).fetch_all(connection).await?;
                    let texts = |row: &sqlx::postgres::PgRow| {
                        let text = |at| sqlx::Row::try_get_unchecked(row, at);
                        Ok([text(0)?, text(1)?, text(2)?])
                    };
                    Ok(rows.iter().map(texts).collect::<Result<Vec<_>, sqlx::Error>>()?)
                }
                _ => Ok(Vec::new()),
            }
        })
    }

    /// What it holds.
    pub(super) fn schema(&mut self, config: &Config, namespaces: &BTreeSet<Name>) -> Result<Schema, BoxError> {
        self.runtime.block_on(reflect(&mut self.database, config, namespaces))
    }
}

/// What a database holds: in the session's current schema, on PostgreSQL in `namespaces` too. A SQLite file that is not there
/// holds nothing.
pub(super) async fn reflect(
    database: &mut Database,
    config: &Config,
    namespaces: &BTreeSet<Name>,
) -> Result<Schema, BoxError> {
    let (dialect, url) = (of_core(database.dialect()), database.url().to_owned());
    let scope = Scope::of_config(config, dialect, namespaces);
    let read = match database.connection().await? {
        #[cfg(feature = "postgres")]
        Connection::Postgres(connection) => revchain_reflect::postgres(connection, &scope).await,
        #[cfg(feature = "mysql")]
        Connection::Mysql(connection) => revchain_reflect::mysql(connection, &scope).await,
        #[cfg(feature = "sqlite")]
        Connection::Sqlite(connection) => revchain_reflect::sqlite(connection, &scope).await,
        _ => Ok(Schema::empty(dialect)),
    };
    let mut schema = read.map_err(|error| format!("the schema of `{url}` can't be read: {error}"))?;
    admit(&mut schema, &config.objects);
    Ok(schema)
}

fn of_core(dialect: revchain::Dialect) -> Dialect {
    match dialect {
        revchain::Dialect::Postgres => Dialect::Postgres,
        revchain::Dialect::Mysql => Dialect::Mysql,
        // There is no fourth.
        _ => Dialect::Sqlite,
    }
}
