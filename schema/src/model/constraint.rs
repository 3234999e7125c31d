//! Constraints.

use super::{Expression, Index, Name, ObjectName};

/// A primary key, or a unique constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The name. On PostgreSQL there always is one: it makes one up. On SQLite, and for MySQL's primary key, it is only what
    /// the statement says.
    pub name: Option<Name>,
    /// The columns, in order.
    pub columns: Vec<Name>,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// `DEFERRABLE`, `INITIALLY DEFERRED`.
    pub deferrable: Option<bool>,
    /// PostgreSQL's `INCLUDE`.
    pub include: Vec<Name>,
}

impl Key {
    /// A key of these columns, and nothing else said.
    pub fn new(name: Option<Name>, columns: Vec<Name>) -> Key {
        Key { name, columns, nulls_not_distinct: false, deferrable: None, include: Vec::new() }
    }
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// The name, as [`Key::name`]; MySQL always has one, too.
    pub name: Option<Name>,
    /// The columns here.
    pub columns: Vec<Name>,
    /// The table they refer to.
    pub table: ObjectName,
    /// The columns there; none where the statement leaves them out: the primary key's.
    pub references: Vec<Name>,
    /// What a delete there does.
    pub on_delete: ReferentialAction,
    /// What an update there does.
    pub on_update: ReferentialAction,
    /// `MATCH FULL`.
    pub matching: Match,
    /// `DEFERRABLE` (false: initially immediate, true: initially deferred).
    pub deferrable: Option<bool>,
    /// Whether existing rows were checked (`NOT VALID` says no).
    pub validated: bool,
}

/// What happens to rows that refer to a row that goes, or changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum ReferentialAction {
    /// Refused, at the end.
    #[default]
    NoAction,
    /// Refused, at once.
    Restrict,
    /// They go, or change, too.
    Cascade,
    /// They refer to nothing.
    SetNull,
    /// They refer to the default.
    SetDefault,
}

impl ReferentialAction {
    /// In SQL.
    pub const fn sql(self) -> &'static str {
        match self {
            ReferentialAction::NoAction => "NO ACTION",
            ReferentialAction::Restrict => "RESTRICT",
            ReferentialAction::Cascade => "CASCADE",
            ReferentialAction::SetNull => "SET NULL",
            ReferentialAction::SetDefault => "SET DEFAULT",
        }
    }
}

/// Whether a foreign key of several columns may be NULL in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Match {
    /// Yes.
    #[default]
    Simple,
    /// No.
    Full,
}

/// A check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The name, as [`ForeignKey::name`].
    pub name: Option<Name>,
    /// What has to be true.
    pub expression: Expression,
    /// `NO INHERIT`.
    pub no_inherit: bool,
    /// Whether existing rows were checked (`NOT VALID` says no), or on MySQL whether it is enforced.
    pub validated: bool,
}

/// PostgreSQL's `EXCLUDE`: an index, and operators beside its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// The name.
    pub name: Option<Name>,
    /// The index behind it; its name is the constraint's.
    pub index: Index,
    /// The operator of each part.
    pub operators: Vec<String>,
    /// As [`Key::deferrable`].
    pub deferrable: Option<bool>,
}
