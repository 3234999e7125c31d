//! Hazards: DDL that is legal, and dangerous on a database that people are using. Each rule judges one change of an upgrade
//! in its context, and knows nothing of the others.
//!
//! Only what is *live* is in danger: a table that was there before this revision, and, where `revchain.lock` says what
//! has been released, before the last release. Never judges downgrades, what can't work (`replay` does that), or what has
//! been released: it can't be changed any more.

mod context;
mod index;
#[cfg(test)]
mod tests;

use revchain_core::Code;

use crate::change::{Action, Change, Named, Part};
use crate::model::Place;
use crate::read::Reading;

pub(crate) use context::{Context, Past};

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
}

impl Hazard {
    /// One about a part of the statement.
    fn at(code: Code, part: Part, message: String, help: impl Into<String>) -> Hazard {
        Hazard { code, part: Some(part), message, also: None, help: help.into() }
    }
}

/// What is dangerous about a statement. The schema in the context is the one that it finds.
pub(crate) fn judge(reading: &Reading, context: &Context<'_>) -> Vec<Hazard> {
    let mut found = Vec::new();
    match reading {
        Reading::Known { changes, .. } => {
            for change in changes {
                judge_change(change, context, &mut found);
            }
        }
        Reading::Neutral | Reading::Rows(_) | Reading::Refused(_) => {}
        // What it does nobody knows.
        Reading::Call(_) | Reading::Opaque(_) => {}
    }
    found
}

fn judge_change(change: &Change, context: &Context<'_>, found: &mut Vec<Hazard>) {
    match change {
        Change::CreateIndex(create) => index::create(create, context, found),
        Change::AlterTable { table, actions, .. } => {
            for (action, part) in actions {
                judge_action(table, action, *part, context, found);
            }
        }
        _ => {}
    }
}

fn judge_action(_table: &Named, action: &Action, _part: Part, _context: &Context<'_>, _found: &mut Vec<Hazard>) {
    match action {
        Action::Neutral | Action::Unknown => {}
        _ => {}
    }
}
