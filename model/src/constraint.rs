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

impl KeyModel {
    /// One of these columns.
    pub const fn new(columns: &'static [&'static str]) -> KeyModel {
        KeyModel { name: None, columns }
    }
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

impl ForeignKeyModel {
    /// One from these columns to those of a table in the default schema, and nothing else said.
    pub const fn new(
        columns: &'static [&'static str],
        table: &'static str,
        references: &'static [&'static str],
    ) -> ForeignKeyModel {
        ForeignKeyModel {
            name: None,
            columns,
            schema: None,
            table,
            references,
            on_delete: None,
            on_update: None,
            deferrable: None,
        }
    }
}

/// A check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckModel {
    /// The name.
    pub name: Option<&'static str>,
    /// What has to be true; `None` on a dialect that hasn't it.
    pub expression: PerDialect<Option<&'static str>>,
}

impl CheckModel {
    /// One that is the same on every dialect.
    pub const fn new(expression: &'static str) -> CheckModel {
        CheckModel { name: None, expression: PerDialect::all(Some(expression)) }
    }
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

impl IndexModel {
    /// One of these parts on every dialect, and nothing else said.
    pub const fn new(parts: &'static [IndexPartModel]) -> IndexModel {
        IndexModel {
            name: None,
            parts,
            is_unique: false,
            method: PerDialect::all(None),
            predicate: None,
            include: &[],
            dialects: PerDialect::all(true),
        }
    }
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

impl IndexPartModel {
    /// A column, upwards.
    pub const fn column(name: &'static str) -> IndexPartModel {
        IndexPartModel {
            text: name,
            is_expression: false,
            is_descending: false,
            nulls_first: None,
            operator_class: None,
            length: None,
        }
    }

    /// An expression, upwards.
    pub const fn expression(sql: &'static str) -> IndexPartModel {
        IndexPartModel { is_expression: true, ..IndexPartModel::column(sql) }
    }
}
