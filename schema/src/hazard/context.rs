//! What a rule may ask: the schema that the statement finds, what is live in it, and what stands around the statement.

use std::sync::Arc;

use revchain_core::Dialect;
use revchain_core::revision::Mode;

use super::{Filled, Past};
use crate::change::{Named, Part};
use crate::model::{Name, ObjectName, Schema, Table};
use crate::replay::{Relation, Replay};

/// A statement's context.
pub(crate) struct Context<'a> {
    /// The schema that it finds.
    pub(crate) replay: &'a Replay,
    /// The schema before the revision.
    pub(crate) before: &'a Schema,
    /// How its section runs.
    pub(crate) mode: Mode,
    /// The statement.
    pub(crate) text: &'a str,
    /// What stands before it in its section, comments and all.
    pub(crate) earlier: &'a str,
    /// What stands behind it in its section.
    pub(crate) later: &'a str,
    /// Tables that revisions from this position on made are new: nobody uses them.
    pub(crate) live_before: usize,
    /// The columns that statements before it, in this revision or an earlier one, gave values to.
    pub(crate) filled: &'a Filled,
    /// What the statements before it did, in the same transaction.
    pub(crate) past: &'a Past,
    /// What people use: the schema before this revision, or as it was released last.
    pub(crate) live: &'a Schema,
    /// Whether anybody asked about matters of taste.
    pub(crate) taste: bool,
}

impl Context<'_> {
    pub(super) fn dialect(&self) -> Dialect {
        self.replay.schema.dialect
    }

    /// A part of the statement.
    pub(super) fn shown(&self, part: Part) -> &str {
        self.text.get(part.0..part.1).unwrap_or_default()
    }

    /// The table that is meant, if people may be using it.
    pub(super) fn live(&self, name: &Named) -> Option<(ObjectName, &Arc<Table>)> {
        self.live_name(&name.name)
    }

    /// The same, of a name that is written nowhere.
    pub(super) fn live_name(&self, name: &ObjectName) -> Option<(ObjectName, &Arc<Table>)> {
        let Relation::Table(full) = self.replay.relation(name) else { return None };
        let table = self.replay.schema.tables.get(&full)?;
        self.is_live(table).then_some((full, table))
    }

    /// Whether people may be using a table.
    pub(super) fn is_live(&self, table: &Table) -> bool {
        !table.temporary && table.place.revision < self.live_before
    }

    /// A live table of which everything is known, too: no statement that nobody understood may have changed it.
    pub(super) fn known(&self, name: &Named) -> Option<(ObjectName, &Arc<Table>)> {
        self.live(name).filter(|(full, table)| table.is_known() && !self.replay.is_unsure(full))
    }

    /// What has to be said, and the marker that is needed, for what PostgreSQL does outside a transaction alone.
    pub(super) fn outside(&self) -> (&'static str, &'static str) {
        match self.mode {
            Mode::NoTransaction => ("", ""),
            _ => (", in a revision of its own whose section is outside a transaction", "-- @upgrade; no-transaction\n"),
        }
    }

    /// The table that is meant, as people know it, under a name that they use.
    pub(super) fn used(&self, name: &Named) -> Option<(ObjectName, &Arc<Table>)> {
        let Relation::Table(full) = self.replay.relation(&name.name) else { return None };
        let table = self.live.tables.get(&full)?;
        (!table.temporary).then_some((full, table))
    }

    /// What people use in a schema, and what is still there: tables and views, then the rest.
    pub(super) fn contents<'a>(&'a self, namespace: &'a Option<Name>) -> impl Iterator<Item = &'a ObjectName> {
        let (then, now) = (self.live, &self.replay.schema);
        (then.tables.keys().filter(|name| now.tables.contains_key(name)))
            .chain(then.views.keys().filter(|name| now.views.contains_key(*name)))
            .chain(then.types.keys().filter(|name| now.types.contains_key(*name)))
            .chain(then.sequences.keys().filter(|name| now.sequences.contains_key(*name)))
            .chain(then.routines.keys().filter(|name| now.routines.contains_key(*name)))
            .filter(move |name| name.schema == *namespace)
    }
}
