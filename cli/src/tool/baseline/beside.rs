//! What a base revision says beside the schema that is read, of PostgreSQL: properties of tables that no comparison looks at, as
//! statements; and the schemas that nobody asked for. Reads only.

use std::collections::BTreeSet;

use revchain_core::Dialect;
use revchain_schema::Schema;
use revchain_schema::model::{Name, ObjectName};

use super::super::reflected::Live;
use crate::BoxError;

/// Statements for storage parameters, statistics, storage, triggers that are off, replica identities, and sequences of columns
/// that are called otherwise than a server would: a row has a schema, a table and the statement.
const FINER: &str = include_str!("finer.sql");

/// The schemas with tables or views that are none of the server's or an extension's, and not the session's.
const ELSEWHERE: &str = "SELECT DISTINCT n.nspname::text, '', '' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
     WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' \
     AND n.nspname IS DISTINCT FROM current_schema() AND NOT EXISTS (SELECT FROM pg_depend x \
     WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e') ORDER BY 1";

/// The statements that make of tables what they are beside their schema.
pub(super) fn finer(live: &mut Live, schema: &Schema, namespaces: &BTreeSet<Name>) -> Result<Vec<String>, BoxError> {
    let name = |text: &str| Name::new(text, Dialect::Postgres);
    let is_there = |[of, table, _]: &[String; 3]| {
        let schema_name = Some(name(of)).filter(|of| namespaces.contains(of));
        let full = ObjectName { schema: schema_name, name: name(table) };
        schema.tables.contains_key(&full) || schema.views.contains_key(&full)
    };
    Ok(live.ask(FINER)?.into_iter().filter(is_there).map(|[_, _, statement]| statement).collect())
}

/// Those schemas, but for what is looked at.
pub(super) fn elsewhere(live: &mut Live, looked_at: &BTreeSet<Name>) -> Result<Vec<String>, BoxError> {
    let found = live.ask(ELSEWHERE)?.into_iter().map(|[name, ..]| name);
    Ok(found.filter(|name| !looked_at.contains(&Name::new(name, Dialect::Postgres))).collect())
}

/// Schemas in a sentence.
pub(super) fn named(schemas: &[String]) -> String {
    let names: Vec<String> = schemas.iter().map(|name| format!("`{name}`")).collect();
    format!("{} {}", if schemas.len() == 1 { "schema" } else { "schemas" }, names.join(", "))
}
