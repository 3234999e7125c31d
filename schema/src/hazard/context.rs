//! What a rule may ask: the schema that the statement finds, what is live in it, and what this transaction has done.

use std::collections::BTreeMap;
use std::sync::Arc;

use revchain_core::Dialect;
use revchain_core::revision::Mode;

use crate::change::{Action, Change, ColumnChange, Constraint, Named};
use crate::model::{ObjectName, Place, Schema, Table};
use crate::read::Reading;
use crate::replay::{Relation, Replay};

/// A statement's context.
pub(crate) struct Context<'a> {
    /// The schema that it finds.
    pub(crate) replay: &'a Replay,
    /// The schema that its revision finds.
    pub(crate) before: &'a Schema,
    /// How its section runs.
    pub(crate) mode: Mode,
    /// The statement.
    pub(crate) text: &'a str,
    /// What stands before it in its section, comments and all.
    pub(crate) earlier: &'a str,
    /// Tables that revisions from this position on made are new: nobody uses them.
    pub(crate) live_before: usize,
    /// What the statements before it did, in the same transaction.
    pub(crate) past: &'a Past,
}

impl Context<'_> {
    pub(super) fn dialect(&self) -> Dialect {
        self.replay.schema.dialect
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

    /// What has to be said, and the marker that is needed, for what PostgreSQL does outside a transaction alone.
    pub(super) fn outside(&self) -> (&'static str, &'static str) {
        match self.mode {
            Mode::NoTransaction => ("", ""),
            _ => (", in a revision of its own whose section is outside a transaction", "-- @upgrade; no-transaction\n"),
        }
    }
}

/// What a transaction did so far. MySQL's DDL commits by itself: there each statement is alone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Past {
    /// The tables that it locked against writing, and where: it holds each lock to its end.
    pub(crate) altered: BTreeMap<ObjectName, Place>,
}

impl Past {
    /// Notes what a statement did. `replay` is the schema that it found.
    pub(crate) fn note(&mut self, reading: &Reading, place: Place, replay: &Replay) {
        let Reading::Known { changes, .. } = reading else { return };
        for change in changes {
            match change {
                Change::AlterTable { table, actions, .. } => {
                    if actions.iter().any(|(action, _)| blocks_writes(action)) {
                        self.lock(&table.name, place, replay);
                    }
                    for referred in actions.iter().flat_map(|(action, _)| referred(action)) {
                        self.lock(referred, place, replay);
                    }
                }
                Change::CreateIndex(create) if !create.concurrently => self.lock(&create.table.name, place, replay),
                Change::CreateTrigger { table, .. } => self.lock(&table.name, place, replay),
                _ => {}
            }
        }
    }

    fn lock(&mut self, name: &ObjectName, place: Place, replay: &Replay) {
        if let Relation::Table(full) = replay.relation(name) {
            self.altered.entry(full).or_insert(place);
        }
    }
}

/// Whether PostgreSQL lets nobody write to a table that is altered so. Where a reader tells several things apart no
/// further, not: nothing is claimed then.
pub(super) fn blocks_writes(action: &Action) -> bool {
    !matches!(
        action,
        Action::Validate { .. }
            | Action::AlterColumn { change: ColumnChange::Neutral, .. }
            | Action::Attach(_)
            | Action::Detach { concurrently: true, .. }
            | Action::Neutral
            | Action::Unknown
    )
}

/// The tables that an action's foreign keys refer to: they are locked, too.
fn referred(action: &Action) -> impl Iterator<Item = &ObjectName> {
    let constraints = match action {
        Action::Add { constraint, .. } => std::slice::from_ref(constraint),
        Action::AddColumn { constraints, .. } => constraints,
        _ => &[],
    };
    constraints.iter().filter_map(|constraint| match constraint {
        Constraint::Foreign(key, _) => Some(&key.table),
        _ => None,
    })
}
