//! Reading a statement: what it changes, as far as we understand it. A tolerant reader: it knows the words that schemas are
//! made of, and steps over the others. Never fails; what it does not understand it says.

mod alter;
mod column;
mod constraint;
mod cursor;
mod data_type;
mod index_part;
mod keyword;
mod table;
mod table_option;

use revchain_core::Dialect;

use crate::change::{Change, Part};
use crate::model::ObjectName;

pub(crate) use cursor::Cursor;
use keyword::Keyword;

/// What a statement is to the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reading {
    /// It changes the schema, in this way. The parts are clauses that nobody understood: they taint what the statement
    /// changes.
    Known {
        /// The changes, in order.
        changes: Vec<Change>,
        /// The clauses.
        unknown: Vec<Part>,
    },
    /// It leaves the schema as it is: data, grants, settings.
    Neutral,
    /// It may change the schema, and nobody knows how.
    Opaque(Touches),
}

/// What an opaque statement may touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Touches {
    /// Only these objects.
    Objects(Vec<ObjectName>),
    /// Anything: a DO block, a call, an extension.
    Anything,
}

/// Reads one statement, without its terminator.
pub(crate) fn read(statement: &str, dialect: Dialect) -> Reading {
    let _ = Cursor::new(statement, dialect);
    Reading::Neutral
}
