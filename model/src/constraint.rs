//! Keys, checks and indexes. A name that is `None` is made by the naming convention, or is the one that the chain has.

use crate::PerDialect;

/// A primary key or a unique constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyModel {
    /// The name.
    pub name: Option<&'static str>,
    /// The columns, in order.
    pub columns: &'static [&'static str],
}

/// A foreign key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForeignKeyModel {
    /// The name.
    pub name: Option<&'static str>,
    /// The columns, in order.
    pub columns: &'static [&'static str],
    /// The schema of the table that it refers to.
    pub schema: Option<&'static str>,
    /// The table that it refers to.
    pub table: &'static str,
    /// The columns there; none are its primary key.
    pub references: &'static [&'static str],
    /// `CASCADE`, `SET NULL`, …
    pub on_delete: Option<&'static str>,
    /// Likewise.
    pub on_update: Option<&'static str>,
    /// `DEFERRABLE`: `Some(true)` is `INITIALLY DEFERRED`. Not on MySQL.
    pub deferrable: Option<bool>,
}

/// A check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckModel {
    /// The name.
    pub name: Option<&'static str>,
    /// What has to be true; `None` on a dialect that hasn't it.
    pub expression: PerDialect<Option<&'static str>>,
}

/// An index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexModel {
    /// The name.
    pub name: Option<&'static str>,
    /// What is indexed, in order.
    pub parts: &'static [IndexPartModel],
    /// Whether values occur once.
    pub is_unique: bool,
    /// `USING`.
    pub method: PerDialect<Option<&'static str>>,
    /// `WHERE`. Not on MySQL.
    pub predicate: Option<&'static str>,
    /// PostgreSQL's `INCLUDE`.
    pub include: &'static [&'static str],
    /// The dialects on which it is.
    pub dialects: PerDialect<bool>,
}

/// A part of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexPartModel {
    /// A column, or an expression.
    pub text: &'static str,
    /// Whether it is an expression.
    pub is_expression: bool,
    /// `DESC`.
    pub is_descending: bool,
    /// `NULLS FIRST` or `LAST`. Not on MySQL.
    pub nulls_first: Option<bool>,
    /// PostgreSQL's operator class.
    pub operator_class: Option<&'static str>,
    /// How many characters of it, on MySQL.
    pub length: Option<u32>,
}
