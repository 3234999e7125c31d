//! Going on from a schema that somebody else has: what a replay knows beside it is found again in it.

use std::sync::Arc;

use revchain_core::Dialect;

use super::Replay;
use super::naming::made_up;
use crate::model::{Name, Schema, Table};

impl Replay {
    /// A database that has this schema, of which nothing was dropped yet.
    pub(crate) fn of(schema: Schema) -> Replay {
        let mut replay = Replay::new(schema.dialect);
        replay.unsure = Arc::clone(&schema.unsure);
        replay.granted = replay.unsure.len();
        replay.schema = schema;
        let tables: Vec<_> =
            replay.schema.tables.iter().map(|(name, table)| (name.clone(), Arc::clone(table))).collect();
        for (name, table) in &tables {
            names(table).for_each(|part| replay.hint(part, name));
            table.foreign_keys.iter().for_each(|key| replay.refers(name, &key.table));
            if replay.dialect() == Dialect::Postgres {
                for column in table.columns.iter().filter(|column| column.identity.is_some()) {
                    let sequence = made_up(name.name.as_str(), column.name.as_str(), "seq");
                    replay.hint(&Name::new(&sequence, Dialect::Postgres), name);
                }
            }
        }
        for (name, view) in replay.schema.views.iter() {
            view.indexes.iter().filter_map(|index| index.name.as_ref()).for_each(|index| replay.hint(index, name));
        }
        replay
    }
}

/// The names of what belongs to a table.
fn names(table: &Table) -> impl Iterator<Item = &Name> {
    let keys = table.primary_key.iter().chain(&table.uniques).filter_map(|key| key.name.as_ref());
    let others = table.foreign_keys.iter().filter_map(|key| key.name.as_ref());
    let checks = table.checks.iter().filter_map(|check| check.name.as_ref());
    let exclusions = table.exclusions.iter().filter_map(|exclusion| exclusion.name.as_ref());
    let indexes = table.indexes.iter().filter_map(|index| index.name.as_ref());
    keys.chain(others).chain(checks).chain(exclusions).chain(indexes)
}
