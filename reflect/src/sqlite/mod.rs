//! SQLite, from `sqlite_schema` and the pragmas as tables. What no pragma tells stands in the statements that SQLite keeps:
//! see `text`.

mod columns;
mod indexes;
mod objects;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use revchain_core::Dialect;
use revchain_schema::Schema;
use revchain_schema::model::{Name, ObjectName};
use sqlx::SqliteConnection;

use crate::row;
use crate::scope::Scope;
use crate::tables::{self, Tables};

/// Reads `main`, in as many queries as there are calls here.
///
/// # Errors
///
/// Where a query fails.
pub async fn sqlite(connection: &mut SqliteConnection, scope: &Scope) -> Result<Schema, sqlx::Error> {
    let mut reading = Reading {
        scope,
        schema: Schema::empty(Dialect::Sqlite),
        tables: Tables::new(),
        statements: BTreeMap::new(),
        with_key_index: BTreeSet::new(),
    };
    reading.objects(row::sqlite(connection, objects::QUERY.to_owned()).await?);
    reading.columns(row::sqlite(connection, columns::QUERY.to_owned()).await?);
    reading.indexes(row::sqlite(connection, indexes::QUERY.to_owned()).await?);
    reading.foreign_keys(row::sqlite(connection, columns::FOREIGN_KEYS.to_owned()).await?);
    Ok(reading.finish())
}

/// What is read so far.
struct Reading<'a> {
    scope: &'a Scope,
    schema: Schema,
    tables: Tables,
    /// What made the tables.
    statements: BTreeMap<ObjectName, String>,
    /// Tables whose primary key is an index of its own, and not the rowid.
    with_key_index: BTreeSet<ObjectName>,
}

impl Reading<'_> {
    fn finish(mut self) -> Schema {
        for (named, table) in self.tables.iter_mut() {
            if !self.with_key_index.contains(named) {
                columns::number_rows(table);
            }
            if let Some(statement) = self.statements.get(named) {
                text::complete(table, statement);
            }
        }
        self.schema.tables = tables::finish(self.tables).into_iter().collect();
        self.schema
    }
}

fn name(text: Option<&str>) -> Name {
    Name::new(text.unwrap_or_default(), Dialect::Sqlite)
}

fn object(text: Option<&str>) -> ObjectName {
    ObjectName::bare(name(text))
}
