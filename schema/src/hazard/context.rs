//! What a rule may ask: the schema that the statement finds, what is live in it, and what this transaction has done.

use std::collections::BTreeMap;
use std::sync::Arc;

use revchain_core::Dialect;
use revchain_core::revision::Mode;

use crate::change::{Action, Change, ColumnChange, Constraint, Named};
use crate::model::{Name, ObjectName, Place, Schema, Table};
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

    /// The table that is meant, if people may be using it.
    pub(super) fn live(&self, name: &Named) -> Option<(ObjectName, &Arc<Table>)> {
        let Relation::Table(full) = self.replay.relation(&name.name) else { return None };
        let table = self.replay.schema.tables.get(&full)?;
        (!table.temporary && table.place.revision < self.live_before).then_some((full, table))
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

/// What a transaction did so far. MySQL's DDL commits by itself: there each statement is alone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Past {
    /// The tables that it altered, and where: it holds a lock on each.
    pub(crate) altered: BTreeMap<ObjectName, Place>,
    /// Those of them that nobody else can read until it ends.
    pub(crate) closed: BTreeMap<ObjectName, Place>,
}

impl Past {
    /// Notes what a statement did. `replay` is the schema that it found.
    pub(crate) fn note(&mut self, reading: &Reading, place: Place, replay: &Replay) {
        let Reading::Known { changes, .. } = reading else { return };
        for change in changes {
            if let Change::AlterTable { table, actions, .. } = change
                && let Relation::Table(full) = replay.relation(&table.name)
            {
                if actions.iter().any(|(action, _)| closes(action)) {
                    self.closed.entry(full.clone()).or_insert(place);
                }
                self.altered.entry(full).or_insert(place);
            }
        }
    }
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
