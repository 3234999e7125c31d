//! What may have another name: hints are certain, and everything else is a question. Never decides that what goes and what
//! comes is one and the same.
//!
//! ```text
//! answers = Answers::of(hints)
//! while there is a question in candidates(declared, have, filter, answers): answers.answer(question, yes or no)
//! ```
//!
//! A table is asked about before its columns: those of a table that has another name are questions only once that is known.

mod hint;
mod likely;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;

use revchain_core::config::ObjectFilter;
use revchain_schema::Schema;
use revchain_schema::model::{Name, ObjectName};

use crate::declared::{Declared, is_admitted};
use crate::{Renames, script};

pub use hint::WrongHint;

/// Whether something that goes and something that comes is one thing, under another name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// A table: its name before, and the one after.
    Table(ObjectName, ObjectName),
    /// A column: its table as it is called afterwards, its name before, and the one after.
    Column(ObjectName, Name, Name),
}

/// What is known of renames so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// What has another name.
    pub renames: Renames,
    /// What has not.
    pub refused: BTreeSet<Question>,
    /// Tables that are really gone, as they are called now, and columns, by the table as it is called afterwards.
    dropped: BTreeSet<(ObjectName, Option<Name>)>,
}

/// What may have another name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidates {
    /// What has: by hints, and by answers.
    pub certain: Renames,
    /// What may have, the likeliest first. Tables come before columns.
    pub questions: Vec<Question>,
    /// Hints that can't be.
    pub problems: Vec<WrongHint>,
}

impl Answers {
    /// Takes an answer.
    pub fn answer(&mut self, question: Question, yes: bool) {
        match question {
            question if !yes => {
                self.refused.insert(question);
            }
            Question::Table(from, to) => {
                self.renames.tables.insert(from, to);
            }
            Question::Column(table, from, to) => {
                self.renames.columns.insert((table, from), to);
            }
        }
    }
}

/// The schema after renames, with all that hangs on the names: what [`adopt`](crate::adopt) takes for what there is.
pub fn renamed(have: &Schema, renames: &Renames) -> Schema {
    match renames.tables.is_empty() && renames.columns.is_empty() {
        true => have.clone(),
        false => script::rename(have, renames, &mut crate::Script::default()),
    }
}

/// What may have another name: of what there is, and what is declared.
pub fn candidates(declared: &Declared, have: &Schema, filter: &ObjectFilter, answers: &Answers) -> Candidates {
    let mut found = Candidates { certain: answers.renames.clone(), ..Candidates::default() };
    hint::hints(declared, have, &mut found);
    let schema = renamed(have, &found.certain);
    let is_asked = |question: &Question| {
        let (gone, column) = match question {
            Question::Table(from, _) => (from, None),
            Question::Column(table, from, _) => (table, Some(from.clone())),
        };
        !answers.refused.contains(question) && !answers.dropped.contains(&(gone.clone(), column))
    };
    let looked_at = |name: &ObjectName| is_admitted(filter, name);
    found.questions = likely::tables(declared, &schema, looked_at);
    found.questions.extend(likely::columns(declared, &schema, looked_at));
    found.questions.retain(is_asked);
    found
}

impl Question {
    /// How the hint is written that answers it: `--rename old=new`.
    pub fn as_rename(&self) -> String {
        match self {
            Question::Table(from, to) => format!("--rename {from}={to}"),
            Question::Column(table, from, to) => format!("--rename {table}.{from}={table}.{to}"),
        }
    }

    /// How it is said that what goes is really gone: `--drop old`.
    pub fn as_drop(&self) -> String {
        match self {
            Question::Table(from, _) => format!("--drop {from}"),
            Question::Column(table, from, _) => format!("--drop {table}.{from}"),
        }
    }

    /// The attribute that answers it, for the struct or the field that comes.
    pub fn as_attribute(&self) -> String {
        match self {
            Question::Table(from, _) => format!("#[table(renamed_from = \"{}\")]", from.name),
            Question::Column(_, from, _) => format!("#[column(renamed_from = \"{from}\")]"),
        }
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Question::Table(from, to) => write!(f, "is table `{to}` the table `{from}`, renamed?"),
            Question::Column(table, from, to) => write!(f, "is column `{table}.{to}` the column `{from}`, renamed?"),
        }
    }
}
