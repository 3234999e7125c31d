//! Hazards: DDL that is legal, and dangerous on a database that people are using. Each rule judges one change of an upgrade
//! in its context, and knows nothing of the others.
//!
//! Only what is *live* is in danger: a table that was there before this revision, and, where `revchain.lock` says what
//! has been released, before the last release. Never judges downgrades, what can't work (`replay` does that), or what has
//! been released: it can't be changed any more.

mod column;
mod constraint;
mod context;
mod data;
mod drop;
mod dropped;
mod filled;
mod index;
mod mysql;
mod mysql_type;
mod not_null;
mod past;
mod promise;
mod rebuild;
mod rebuilt;
mod rename;
mod rewrite;
mod taste;
#[cfg(test)]
mod tests;
mod type_change;
mod unique;

use revchain_core::{Code, Dialect};

use crate::change::{Action, Change, ColumnChange, Named, Part};
use crate::model::Place;
use crate::read::Reading;

pub(crate) use context::Context;
pub(crate) use filled::Filled;
pub(crate) use past::Past;
pub(crate) use promise::{Promise, broken, missed};

/// A danger that a statement brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hazard {
    /// Which rule says so.
    pub(crate) code: Code,
    /// The guilty part of the statement; without one, all of it.
    pub(crate) part: Option<Part>,
    /// One sentence, lower case, no full stop, names in backticks: what happens on a live database.
    pub(crate) message: String,
    /// Another place that belongs to it, and what is said there.
    pub(crate) also: Option<(Place, String)>,
    /// The rewrite, ready to be pasted where there is one.
    pub(crate) help: String,
    /// What the rest of the revision may do, so that nothing is said.
    pub(crate) unless: Option<Promise>,
}

impl Hazard {
    /// One about a part of the statement.
    fn at(code: Code, part: Part, message: String, help: impl Into<String>) -> Hazard {
        Hazard { code, part: Some(part), message, also: None, help: help.into(), unless: None }
    }

    /// The same, unless the revision keeps a promise.
    fn unless(self, promise: Promise) -> Hazard {
        Hazard { unless: Some(promise), ..self }
    }
}

/// What is dangerous about a statement. The schema in the context is the one that it finds.
pub(crate) fn judge(reading: &Reading, context: &Context<'_>) -> Vec<Hazard> {
    let mut found = Vec::new();
    match reading {
        reading if reading.leaves_schema() => {
            rebuild::copy(context, &mut found);
            rebuilt::judge(context, &mut found);
            data::neutral(context, &mut found);
        }
        Reading::Known { changes, .. } => {
            for change in changes {
                judge_change(change, context, &mut found);
            }
            if context.dialect() == Dialect::Mysql {
                mysql::options(changes, context, &mut found);
            }
        }
        // What it does nobody knows; or it does nothing.
        Reading::Call(_) | Reading::Opaque(_) | Reading::Refused(_) | Reading::Neutral | Reading::Rows(_) => {}
    }
    found
}

fn judge_change(change: &Change, context: &Context<'_>, found: &mut Vec<Hazard>) {
    taste::change(change, context, found);
    match change {
        Change::CreateIndex(create) => index::create(create, context, found),
        Change::DropIndex { drops, concurrently, .. } => index::drop(drops, *concurrently, context, found),
        Change::RenameTable { from, to, .. } => {
            rename::table(from, context.replay.target(&to.name), context, found);
        }
        Change::MoveTable { from, to, .. } => rename::moved(from, to, context, found),
        Change::RenameNamespace { from, to } => rename::namespace(from, to, context, found),
        Change::RenameValue { name, from, to } => rename::value(name, from, to, context, found),
        Change::DropTable(drops) => drop::tables(drops, context, found),
        Change::DropNamespace(drops) => drop::namespaces(drops, context, found),
        Change::AlterDomain { name, change } => data::domain(name, change, context, found),
        Change::AlterTable { table, actions, .. } => {
            constraint::alter(table, actions, context, found);
            for (action, part) in actions {
                judge_action(table, action, *part, context, found);
            }
            if context.dialect() == Dialect::Mysql {
                mysql::altered(table, actions, context, found);
            }
        }
        Change::CreateTable(create) if context.dialect() == Dialect::Mysql => mysql::created(create, context, found),
        _ => {}
    }
}

fn judge_action(table: &Named, action: &Action, part: Part, context: &Context<'_>, found: &mut Vec<Hazard>) {
    match action {
        Action::AddColumn { column, if_not_exists, .. } => {
            column::add(table, column, *if_not_exists, part, context, found);
        }
        Action::AlterColumn { name, change, .. } => match change {
            ColumnChange::Type { data_type, using, .. } => {
                type_change::alter(table, &name.name, data_type, using.as_ref(), part, context, found);
            }
            ColumnChange::Nullable(nullable) => not_null::alter(table, name, *nullable, part, context, found),
            _ => {}
        },
        Action::ModifyColumn { from, column, .. } => {
            mysql_type::modify(table, &from.name, column, part, context, found);
            rename::column(table, from, &column.name, context, found);
        }
        Action::Add { .. } => index::add(action, part, found),
        Action::Drop { .. } => dropped::constraint(table, action, part, context, found),
        Action::RenameColumn { from, to } => rename::column(table, from, to, context, found),
        Action::RenameTo(to) => rename::table(table, context.replay.target(&to.name), context, found),
        Action::SetSchema(to) => rename::moved(table, to, context, found),
        Action::DropColumn { name, .. } => drop::column(table, name, context, found),
        Action::SetOption(key, value) => data::logged(table, key, value.as_deref(), part, context, found),
        Action::Neutral => data::moved(table, part, context, found),
        Action::Unknown => {}
        _ => {}
    }
}
