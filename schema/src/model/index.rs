//! Indexes. Those behind primary keys and constraints are not among a table's indexes: they go with these.

use super::{Expression, Name};

/// An index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// The name. PostgreSQL and MySQL make one up where none is said.
    pub name: Option<Name>,
    /// What is indexed, in order.
    pub parts: Vec<IndexPart>,
    /// Whether it is unique.
    pub unique: bool,
    /// `btree`, `gin`, `fulltext`…, in lower case; `None` for the dialect's own choice (`btree` where one is said).
    pub method: Option<String>,
    /// Which rows.
    pub predicate: Option<Expression>,
    /// PostgreSQL's `INCLUDE`.
    pub include: Vec<Name>,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// Options that are compared and not understood: `fillfactor = 70`, `parser ngram`, `invisible`.
    pub options: Vec<String>,
    /// The comment.
    pub comment: Option<String>,
}

/// One part of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexPart {
    /// A column, where that is all there is.
    pub column: Option<Name>,
    /// What is indexed, where it is no column.
    pub expression: Option<Expression>,
    /// MySQL's prefix: so many characters.
    pub length: Option<u32>,
    /// Which way.
    pub order: Order,
    /// `NULLS FIRST` (true) or `NULLS LAST` (false), where that is not what the order implies.
    pub nulls_first: Option<bool>,
    /// The collation.
    pub collation: Option<String>,
    /// PostgreSQL's operator class, with its parameters.
    pub operator_class: Option<String>,
}

impl Index {
    /// One that is not unique, of everything that is not said as the database has it by itself.
    pub fn new(name: Option<Name>, parts: Vec<IndexPart>) -> Index {
        Index {
            name,
            parts,
            unique: false,
            method: None,
            predicate: None,
            include: Vec::new(),
            nulls_not_distinct: false,
            options: Vec::new(),
            comment: None,
        }
    }
}

impl IndexPart {
    /// A column, upwards.
    pub fn column(name: Name) -> IndexPart {
        IndexPart {
            column: Some(name),
            expression: None,
            length: None,
            order: Order::Ascending,
            nulls_first: None,
            collation: None,
            operator_class: None,
        }
    }

    /// An expression, upwards.
    pub fn expression(expression: Expression) -> IndexPart {
        IndexPart {
            column: None,
            expression: Some(expression),
            length: None,
            order: Order::Ascending,
            nulls_first: None,
            collation: None,
            operator_class: None,
        }
    }
}

/// Which way an index is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Upwards.
    Ascending,
    /// Downwards.
    Descending,
}
