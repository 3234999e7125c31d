//! PostgreSQL, from its catalogue. Each file here holds a query and what reads its answer.

mod columns;
mod constraints;
mod indexes;
mod objects;
mod relations;
mod types;

use revchain_core::Dialect;
use revchain_schema::Schema;
use revchain_schema::model::{Default, Expression, Name, ObjectName, Place};
use sqlx::PgConnection;

use crate::row::{self, Row};
use crate::scope::Scope;
use crate::tables::{self, Tables};

/// Reads a schema of PostgreSQL's, in as many queries as there are calls here.
///
/// # Errors
///
/// Where a query fails.
pub async fn postgres(connection: &mut PgConnection, scope: &Scope) -> Result<Schema, sqlx::Error> {
    let within = within(scope);
    let mut reading = Reading {
        scope,
        default: String::new(),
        knows_nulls: false,
        schema: Schema::empty(Dialect::Postgres),
        tables: Tables::new(),
        sequences: Vec::new(),
    };
    reading.namespaces(row::postgres(connection, namespaces(&within)).await?);
    reading.relations(row::postgres(connection, relations::query(&within)).await?);
    reading.columns(row::postgres(connection, columns::query(&within)).await?);
    reading.constraints(row::postgres(connection, constraints::query(&within)).await?);
    reading.indexes(row::postgres(connection, indexes::query(&within, reading.knows_nulls)).await?);
    reading.links(row::postgres(connection, relations::links(&within)).await?);
    reading.types(row::postgres(connection, types::query(&within)).await?);
    reading.routines(row::postgres(connection, objects::routines(&within)).await?);
    reading.triggers(row::postgres(connection, objects::triggers(&within)).await?);
    reading.others(row::postgres(connection, objects::others(&within)).await?);
    Ok(reading.finish())
}

/// What is read so far.
struct Reading<'a> {
    scope: &'a Scope,
    /// The schema that names leave out.
    default: String,
    /// Whether the server knows `NULLS NOT DISTINCT`, which came with PostgreSQL 15.
    knows_nulls: bool,
    schema: Schema,
    tables: Tables,
    /// Sequences, and whether their owner is served by them: that the columns say.
    sequences: Vec<relations::Found>,
}

/// The condition on a namespace `n`.
fn within(scope: &Scope) -> String {
    let (mut names, named) = match scope.schemas.as_slice() {
        [] => (vec!["current_schema()".to_owned()], &scope.others),
        _ => (Vec::new(), &scope.schemas),
    };
    names.extend(named.iter().map(|schema| literal(schema)));
    format!("n.nspname IN ({})", names.join(", "))
}

/// A string constant, whatever `standard_conforming_strings` says.
fn literal(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    match doubled.contains('\\') {
        true => format!(" E'{}'", doubled.replace('\\', "\\\\")),
        false => format!("'{doubled}'"),
    }
}

/// The condition that an object is no extension's, nor a part of another object.
fn of_its_own(catalogue: &str, oid: &str) -> String {
    format!(
        "NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = '{catalogue}'::regclass AND x.objid = {oid} \
         AND x.objsubid = 0 AND x.deptype IN ('e', 'i'))"
    )
}

fn namespaces(within: &str) -> String {
    format!(
        "SELECT 'default', current_schema()::text \
         UNION ALL SELECT 'schema', n.nspname::text FROM pg_namespace n \
         WHERE {within} AND n.nspname <> 'public' AND n.nspname IS DISTINCT FROM current_schema() \
         UNION ALL SELECT 'extension', extname::text FROM pg_extension WHERE extname <> 'plpgsql' \
         UNION ALL SELECT 'nulls', attname::text FROM pg_attribute \
         WHERE attrelid = 'pg_index'::regclass AND attname = 'indnullsnotdistinct'"
    )
}

impl Reading<'_> {
    fn namespaces(&mut self, rows: Vec<Row>) {
        for row in rows {
            match row.columns() {
                [Some("nulls"), _] => self.knows_nulls = true,
                [Some("default"), Some(schema)] => schema.clone_into(&mut self.default),
                [Some("schema"), schema] => {
                    self.schema.namespaces.insert(name(schema), Place::NOWHERE);
                }
                [Some("extension"), extension] => {
                    self.schema.extensions.insert(name(extension), Place::NOWHERE);
                }
                _ => {}
            }
        }
    }

    /// The name of an object; bare in the default schema.
    fn object(&self, schema: Option<&str>, object: Option<&str>) -> ObjectName {
        let schema = schema.filter(|schema| *schema != self.default).map(|schema| name(Some(schema)));
        ObjectName { schema, name: name(object) }
    }

    fn finish(mut self) -> Schema {
        self.own_sequences();
        self.schema.tables = tables::finish(self.tables).into_iter().collect();
        self.schema
    }
}

fn name(text: Option<&str>) -> Name {
    Name::new(text.unwrap_or_default(), Dialect::Postgres)
}

fn expression(text: Option<&str>) -> Option<Expression> {
    text.map(|text| Expression::new(text, Dialect::Postgres))
}

fn default(text: Option<&str>) -> Option<Default> {
    expression(text.filter(|text| !is_null(text))).map(Default)
}

/// Whether a default is NULL in words: `NULL::character varying`, which the server keeps of a `DEFAULT NULL` that a type with a
/// length had to cut.
fn is_null(text: &str) -> bool {
    let of_type = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" _.\"(),[]:".contains(&byte));
    let word = |word: &str| matches!(word, "IS" | "AND" | "OR" | "IN" | "BETWEEN" | "LIKE" | "COLLATE");
    let rest = text.trim_start_matches('(').strip_prefix("NULL::");
    rest.is_some_and(|rest| of_type(rest) && !rest.split(' ').any(word))
}
