//! Tables in the making: each answer adds to those that the first one made. What belongs to a table that is not looked at goes
//! nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, TokenKind};
use revchain_schema::model::{Column, Expression, Index, IndexPart, Name, ObjectName, Order, Place, Table};

/// The tables that are looked at.
#[derive(Debug, Default)]
pub(crate) struct Tables(BTreeMap<ObjectName, Table>);

impl Tables {
    /// Begins a table.
    pub(crate) fn begin(&mut self, name: ObjectName) -> &mut Table {
        self.0.entry(name).or_insert_with(|| Table::new(Place::NOWHERE))
    }

    pub(crate) fn get(&mut self, name: &ObjectName) -> Option<&mut Table> {
        self.0.get_mut(name)
    }

    pub(crate) fn has(&self, name: &ObjectName) -> bool {
        self.0.contains_key(name)
    }

    /// A column of a table.
    pub(crate) fn column(&mut self, table: &ObjectName, name: &Name) -> Option<&mut Column> {
        self.get(table)?.columns.iter_mut().find(|column| column.name == *name)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &ObjectName> {
        self.0.keys()
    }

    #[cfg(feature = "sqlite")]
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&ObjectName, &mut Table)> {
        self.0.iter_mut()
    }

    pub(crate) fn finish(self) -> BTreeMap<ObjectName, Arc<Table>> {
        self.0.into_iter().map(|(name, table)| (name, Arc::new(table))).collect()
    }
}

/// An index without parts.
pub(crate) fn index(name: Option<Name>, unique: bool) -> Index {
    Index {
        name,
        parts: Vec::new(),
        unique,
        method: None,
        predicate: None,
        include: Vec::new(),
        nulls_not_distinct: false,
        options: Vec::new(),
        comment: None,
    }
}

/// A part of an index without a column or an expression.
pub(crate) fn part(descending: bool) -> IndexPart {
    let order = if descending { Order::Descending } else { Order::Ascending };
    IndexPart {
        column: None,
        expression: None,
        length: None,
        order,
        nulls_first: None,
        collation: None,
        operator_class: None,
    }
}

/// The names in a view's query that may be tables or views: those that are some.
#[cfg(any(feature = "mysql", feature = "sqlite"))]
pub(crate) fn mentions(body: &Expression, dialect: Dialect, known: &BTreeSet<Name>) -> Vec<ObjectName> {
    let (source, mut lexer) = (body.as_str(), Lexer::new(body.as_str(), dialect));
    let mut found = Vec::new();
    while let Some(token) = lexer.next_significant() {
        let text = token.text(source);
        let written = match token.kind {
            TokenKind::Word => text.to_owned(),
            TokenKind::QuotedIdentifier => unquoted(text),
            _ => continue,
        };
        let named = ObjectName::bare(Name::new(&written, dialect));
        if known.contains(&named.name) && !found.contains(&named) {
            found.push(named);
        }
    }
    found
}

/// What a quoted name says.
#[cfg(any(feature = "mysql", feature = "sqlite"))]
fn unquoted(text: &str) -> String {
    let (mut inner, quote) = (text.chars(), text.chars().next().unwrap_or_default());
    inner.next();
    inner.next_back();
    inner.as_str().replace(&format!("{quote}{quote}"), &quote.to_string())
}
