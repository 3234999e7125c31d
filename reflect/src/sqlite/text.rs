//! What only the statement tells that made a table: checks, names of constraints, collations, what a generated column is made
//! of, what is deferrable, unique constraints that repeat another key. SQLite keeps it up to date: a renamed column has its new
//! name there, and an added one is in it. The pragmas are believed first; a table whose statement says something else is
//! tainted, so that nothing is claimed of it.

use revchain_core::Dialect;
use revchain_schema::model::{Place, Table, Taint};
use revchain_schema::read_table;

/// Completes a table from the statement that made it.
pub(super) fn complete(table: &mut Table, statement: &str) {
    let Some(said) = read_table(statement, Dialect::Sqlite) else {
        taint(table, "the statement that made it");
        return;
    };
    table.unknown.extend(said.unknown.iter().cloned());
    if said.is_known() && !(columns(table, &said) && keys(table, &said) && foreign_keys(table, &said)) {
        taint(table, "the statement that made it says something else");
    }
    table.is_abridged = said.is_abridged;
    table.is_annotated = said.is_annotated;
    table.checks = said.checks;
}

fn taint(table: &mut Table, what: &str) {
    table.unknown.push(Taint { place: Place::NOWHERE, what: what.to_owned() });
}

/// Whether they are the same columns.
fn columns(table: &mut Table, said: &Table) -> bool {
    let known = table.columns.len() == said.columns.len();
    let mut columns = table.columns.iter_mut().zip(&said.columns);
    known
        && columns.all(|(column, said)| {
            column.collation.clone_from(&said.collation);
            column.identity = said.identity;
            let is_generated = column.generated.is_some();
            column.generated.clone_from(&said.generated);
            column.name == said.name && is_generated == said.generated.is_some()
        })
}

/// Whether they are the same keys. A unique constraint on what another key has already gets no index.
fn keys(table: &mut Table, said: &Table) -> bool {
    let is_said = |columns: &[_]| said.uniques.iter().any(|key| key.columns == columns);
    let known = table.uniques.iter().all(|key| is_said(&key.columns))
        && table.primary_key.as_ref().map(|key| &key.columns) == said.primary_key.as_ref().map(|key| &key.columns);
    table.primary_key.clone_from(&said.primary_key);
    table.uniques.clone_from(&said.uniques);
    known
}

/// Whether they are the same foreign keys.
fn foreign_keys(table: &mut Table, said: &Table) -> bool {
    let known = table.foreign_keys.len() == said.foreign_keys.len();
    let mut keys = table.foreign_keys.iter_mut().zip(&said.foreign_keys);
    known
        && keys.all(|(key, said)| {
            key.name.clone_from(&said.name);
            key.deferrable = said.deferrable;
            key.matching = said.matching;
            (&key.columns, &key.table, &key.references) == (&said.columns, &said.table, &said.references)
                && (key.on_delete, key.on_update) == (said.on_delete, said.on_update)
        })
}
