//! Why a change can't be: data, for `check` to make findings of.

use crate::change::Part;
use crate::model::Place;

/// What is wrong with a change. One mistake is one fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// What.
    pub(crate) kind: FaultKind,
    /// One sentence, lower case, no full stop, names in backticks.
    pub(crate) message: String,
    /// The guilty part of the statement; without one, all of it.
    pub(crate) part: Option<Part>,
    /// Another place that belongs to it, and what is said there ("made here").
    pub(crate) also: Option<(Place, String)>,
    /// What to do.
    pub(crate) help: Option<String>,
}

/// The kinds of faults; each has a code of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FaultKind {
    /// A table (or view, sequence) that is not there.
    UnknownTable,
    /// A table (view, sequence) that is there already.
    DuplicateTable,
    /// A column that is not there.
    UnknownColumn,
    /// A column that is there already.
    DuplicateColumn,
    /// An index that is not there.
    UnknownIndex,
    /// An index that is there already: on PostgreSQL and SQLite in the schema, on MySQL in the table.
    DuplicateIndex,
    /// A constraint that is not there.
    UnknownConstraint,
    /// A constraint that is there already, in the table; on MySQL a foreign key's or check's name in the whole database.
    DuplicateConstraint,
    /// A type, domain or enum value that is not there.
    UnknownType,
    /// A type, domain or enum value that is there already.
    DuplicateType,
    /// A foreign key to columns that no primary key and no unique constraint or index covers.
    ForeignKeyTarget,
    /// A foreign key between columns of types that can't be compared.
    ForeignKeyType,
    /// Dropped, and something else needs it.
    StillNeeded,
    /// A name that the database cuts (PostgreSQL: 63 bytes) or refuses (MySQL: 64 characters).
    OverlongName,
    /// A form of a statement that the database doesn't have.
    NoSuchForm,
    /// A row that the table doesn't take.
    RowDoesNotFit,
    /// A column that no server makes.
    ImpossibleColumn,
    /// Two operands that nothing joins, or a value of one type for a column of another.
    OperandsDiffer,
    /// A namespace, function, trigger, extension… that is not there, or there already.
    Other,
}
