//! What lies beside the tables.

use super::{Column, DataType, Default, Expression, Name, ObjectName, Place};

/// A type that a user made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserType {
    /// `CREATE TYPE … AS ENUM`.
    Enum(Enum),
    /// `CREATE DOMAIN`.
    Domain(Domain),
    /// `CREATE TYPE … AS (…)`.
    Composite(Vec<Column>),
    /// Another one (a range, a base type): known by name, and a reflected range by what stands behind `AS`.
    Other(Option<Expression>),
}

/// An enumeration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enum {
    /// The values, in order, without quotes.
    pub values: Vec<String>,
}

/// A domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// Of which type.
    pub data_type: DataType,
    /// Whether it takes NULL.
    pub nullable: bool,
    /// The default.
    pub default: Option<Default>,
    /// The checks: name and expression.
    pub checks: Vec<(Option<Name>, Expression)>,
}

/// A sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    /// The options that a statement gives, in the order of their names: `increment 2`, `start 100`.
    pub options: Vec<(String, String)>,
    /// The column that it goes with.
    pub owned_by: Option<(ObjectName, Name)>,
}

/// A view. Its body is text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Whether it holds rows of its own.
    pub materialized: bool,
    /// What it selects, as text to compare.
    pub body: Expression,
    /// The names in its body that may be tables or views.
    pub mentions: Vec<ObjectName>,
    /// The indexes of a materialized one.
    pub indexes: Vec<super::Index>,
    /// The comment.
    pub comment: Option<String>,
    /// PostgreSQL's `security_invoker` and `security_barrier`, as a statement says them. Written, and never compared.
    pub security: Option<Expression>,
}

/// A function or procedure: known by name, arguments and body as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routine {
    /// The types of its arguments, as text to compare.
    pub arguments: String,
    /// Everything else, as text to compare.
    pub body: Expression,
    /// The statement that made it. Of a reflected one only where the server keeps it.
    pub written: Option<Written>,
}

/// A statement, but for the name in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// `FUNCTION`, `PROCEDURE`, `AGGREGATE`.
    pub kind: &'static str,
    /// What stood behind the name.
    pub text: String,
}

/// A trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// The table, or view, that it is on.
    pub table: ObjectName,
    /// Everything, as text to compare.
    pub body: Expression,
    /// Where it was made.
    pub place: Place,
}
