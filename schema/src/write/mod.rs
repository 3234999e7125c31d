//! Writing: what a schema is, as DDL of its dialect. One function for each kind of object, which gives one statement
//! without its semicolon; [`script`] puts them into an order in which they run.
//!
//! What is written, read again and replayed, is the same schema. Never decides what should change: that is the caller's.

mod column;
mod constraint;
mod data_type;
mod expression;
mod index;
mod name;
mod objects;
mod reserved;
mod script;
mod table;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use revchain_core::Dialect;

use crate::model::{Expression, Name, ObjectName, Schema};

pub(crate) use reserved::{is_always_reserved, is_reserved, is_reserved_by_mariadb_alone, is_reserved_by_mysql_alone};
pub use script::{Piece, can_be_clause, is_of_tables, script, tables_in_order, types_in_order, views_in_order};

/// Writes what is in a schema.
#[derive(Debug, Clone, Copy)]
pub struct Writer<'a> {
    schema: &'a Schema,
    dialect: Dialect,
}

impl<'a> Writer<'a> {
    /// One that writes for a schema: its dialect, and its types, which may need quotes.
    pub fn of(schema: &'a Schema) -> Writer<'a> {
        Writer { schema, dialect: schema.dialect }
    }

    /// The dialect that it writes.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// A name, in quotes where it needs them.
    pub fn name<'n>(&self, name: &'n Name) -> Cow<'n, str> {
        name::name(name, self.dialect)
    }

    /// The name of an object, with its schema where it has one.
    pub fn object(&self, name: &ObjectName) -> String {
        name::object(name, self.dialect)
    }

    /// An expression, with blanks where people put them.
    pub fn expression(&self, expression: &Expression) -> String {
        expression::spaced(expression, self.dialect)
    }

    /// An expression in the place of a default.
    pub fn default(&self, expression: &Expression) -> String {
        expression::default(expression, self.dialect)
    }

    /// A string constant.
    pub fn literal(&self, text: &str) -> String {
        name::literal(text, self.dialect)
    }

    /// Names with commas between them, in parentheses.
    fn names(&self, names: &[Name]) -> String {
        name::list(names, self.dialect)
    }
}
