//! What a transaction did before a statement: the locks that it holds.

use std::collections::BTreeMap;

use crate::change::{Action, Change, ColumnChange, Constraint};
use crate::model::{ObjectName, Place};
use crate::read::Reading;
use crate::replay::{Relation, Replay};

/// What a transaction did so far. MySQL's DDL commits by itself: there each statement is alone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Past {
    /// The tables that it locked against writing, and where: it holds each lock to its end.
    pub(crate) altered: BTreeMap<ObjectName, Place>,
    /// Those of them that nobody else can read until it ends.
    pub(crate) closed: BTreeMap<ObjectName, Place>,
}

impl Past {
    /// Notes what a statement did. `replay` is the schema that it found.
    pub(crate) fn note(&mut self, reading: &Reading, place: Place, replay: &Replay) {
        let Reading::Known { changes, .. } = reading else { return };
        for change in changes {
            match change {
                Change::AlterTable { table, actions, .. } => {
                    let closes = actions.iter().any(|(action, _)| closes(action));
                    let blocks = actions.iter().any(|(action, _)| blocks_writes(action));
                    if (closes || blocks)
                        && let Relation::Table(full) = replay.relation(&table.name)
                    {
                        if closes {
                            self.closed.entry(full.clone()).or_insert(place);
                        }
                        if blocks {
                            self.altered.entry(full).or_insert(place);
                        }
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

/// Whether PostgreSQL takes an `ACCESS EXCLUSIVE` lock for it. Of those that it may take a lesser one for, none is meant.
fn closes(action: &Action) -> bool {
    match action {
        Action::AddColumn { .. } | Action::DropColumn { .. } | Action::RenameColumn { .. } => true,
        Action::AlterColumn { change, .. } => *change != ColumnChange::Neutral,
        Action::Add { constraint, .. } => !matches!(constraint, Constraint::Foreign(..)),
        Action::Drop { .. } | Action::AddUsingIndex { .. } => true,
        _ => false,
    }
}
