//! Which tables a revision may reach: those that its statements name, those that the replay sees change, and what refers to them. In
//! the others no row can be lost, and to fill all of them for each revision takes longer with each revision that there is.
//!
//! Where that can't be told, it is every table.

use std::collections::BTreeSet;

use revchain_schema::Trip;
use revchain_schema::model::{ObjectName, Schema};

use super::effects::Effects;

/// The tables that a revision may reach; `None` is every one.
#[derive(Debug)]
pub(super) struct Reach(Option<BTreeSet<ObjectName>>);

impl Reach {
    /// `stored` is the database's schema below the revision; the trip's are the replay's.
    pub(super) fn of(effects: &Effects, trip: &Trip, stored: &Schema) -> Reach {
        if effects.may_touch_any() || [stored, &trip.up].into_iter().any(|schema| hides(schema, effects)) {
            return Reach(None);
        }
        let mut reached: BTreeSet<&ObjectName> = stored.tables.keys().filter(|name| effects.names(name)).collect();
        for (from, to) in [(&trip.before, &trip.up), (&trip.up, &trip.down)] {
            reached.extend(from.tables.changes(&to.tables).into_iter().map(|(name, ..)| name));
        }
        // Rows take those along that refer to them.
        spread(&mut reached, |reached| {
            let refers = |name: &ObjectName| referred(stored, name).any(|to| reached.contains(to));
            stored.tables.keys().filter(|name| refers(name)).collect()
        });
        if [stored, &trip.up].iter().any(|schema| schema.triggers.values().any(|one| reached.contains(&one.table))) {
            return Reach(None);
        }
        // And those to which they refer have to be there.
        spread(&mut reached, |reached| reached.iter().flat_map(|name| referred(stored, name)).collect());
        Reach(Some(reached.into_iter().cloned().collect()))
    }

    /// Whether a table may be reached.
    pub(super) fn has(&self, table: &ObjectName) -> bool {
        self.0.as_ref().is_none_or(|reached| reached.contains(table))
    }
}

/// The tables to which one refers.
fn referred<'a>(schema: &'a Schema, table: &ObjectName) -> impl Iterator<Item = &'a ObjectName> + use<'a> {
    schema.tables.get(table).into_iter().flat_map(|table| table.foreign_keys.iter().map(|key| &key.table))
}

/// Adds what comes with what is there, until nothing does any more.
fn spread<'a>(reached: &mut BTreeSet<&'a ObjectName>, next: impl Fn(&BTreeSet<&'a ObjectName>) -> Vec<&'a ObjectName>) {
    let mut before = usize::MAX;
    while before != reached.len() {
        before = reached.len();
        let more = next(reached);
        reached.extend(more);
    }
}

/// Whether there is something through which a statement touches tables that it doesn't name.
fn hides(schema: &Schema, effects: &Effects) -> bool {
    let is_shared = |key: &str| schema.tables.values().any(|table| table.options.contains_key(key));
    schema.views.keys().chain(schema.routines.keys()).any(|name| effects.names(name))
        || schema.others.keys().any(|(kind, ..)| matches!(*kind, "rule" | "event trigger"))
        || is_shared("partition of")
        || is_shared("inherits")
}
