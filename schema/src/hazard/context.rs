//! What a rule may ask: the schema that the statement finds, what is live in it, and what this transaction has done.

use std::collections::BTreeMap;
use std::sync::Arc;

use revchain_core::Dialect;
use revchain_core::revision::Mode;

use super::Filled;
use crate::change::{Change, Named, Part};
use crate::model::{ObjectName, Place, Table};
use crate::read::Reading;
use crate::replay::{Relation, Replay};

/// A statement's context.
pub(crate) struct Context<'a> {
    /// The schema that it finds.
    pub(crate) replay: &'a Replay,
    /// How its section runs.
    pub(crate) mode: Mode,
    /// The statement.
    pub(crate) text: &'a str,
    /// Tables that revisions from this position on made are new: nobody uses them.
    pub(crate) live_before: usize,
    /// What stands before it in its section.
    pub(crate) before: &'a str,
    /// What stands behind it in its section.
    pub(crate) after: &'a str,
    /// The columns that statements before it, in this revision or an earlier one, gave values to.
    pub(crate) filled: &'a Filled,
    /// What the statements before it did, in the same transaction.
    #[expect(dead_code, reason = "for the rules to come")]
    pub(crate) past: &'a Past,
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
        let Relation::Table(full) = self.replay.relation(&name.name) else { return None };
        let table = self.replay.schema.tables.get(&full)?;
        (!table.temporary && table.place.revision < self.live_before).then_some((full, table))
    }

    /// The same, if everything about it is known, too: no statement that nobody understood may have changed it.
    pub(super) fn known(&self, name: &Named) -> Option<(ObjectName, &Arc<Table>)> {
        self.live(name).filter(|(full, table)| table.is_known() && !self.replay.is_unsure(full))
    }
}

/// What a transaction did so far. MySQL's DDL commits by itself: there each statement is alone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Past {
    /// The tables that it altered, and where: it holds a lock on each.
    pub(crate) altered: BTreeMap<ObjectName, Place>,
}

impl Past {
    /// Notes what a statement did. `replay` is the schema that it found.
    pub(crate) fn note(&mut self, reading: &Reading, place: Place, replay: &Replay) {
        let Reading::Known { changes, .. } = reading else { return };
        for change in changes {
            if let Change::AlterTable { table, .. } = change
                && let Relation::Table(full) = replay.relation(&table.name)
            {
                self.altered.entry(full).or_insert(place);
            }
        }
    }
}
