//! Tables in the making: each answer adds to those that the first one made. What belongs to a table that is not looked at goes
//! nowhere.

use std::collections::BTreeMap;
use std::sync::Arc;

use revchain_schema::model::{Index, IndexPart, Name, ObjectName, Order, Place, Table};

/// The tables that are looked at.
pub(crate) type Tables = BTreeMap<ObjectName, Table>;

/// Begins a table.
pub(crate) fn begin(tables: &mut Tables, name: ObjectName) -> &mut Table {
    tables.entry(name).or_insert_with(|| Table::new(Place::NOWHERE))
}

/// The tables as a schema has them.
pub(crate) fn finish(tables: Tables) -> BTreeMap<ObjectName, Arc<Table>> {
    tables.into_iter().map(|(name, table)| (name, Arc::new(table))).collect()
}

/// An index without parts.
pub(crate) fn index(name: Option<Name>, unique: bool) -> Index {
    Index { unique, ..Index::new(name, Vec::new()) }
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
