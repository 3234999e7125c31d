//! SQLite's types, whose names stand for an affinity and nothing else: what one file declares for all databases is spelt there as on
//! the others, which know one type of several names.

use std::sync::Arc;

use revchain_core::Dialect;
use revchain_schema::model::{DataType, Name, Schema, Table};

use crate::declared::Said;

/// The word that databases share.
fn shared(name: &str) -> &str {
    match name {
        "int" | "int4" => "integer",
        "double" | "float8" => "double precision",
        "bool" => "boolean",
        "character varying" => "varchar",
        "character" => "char",
        "decimal" => "numeric",
        name => name,
    }
}

/// Whether two types are one but for their names.
pub(super) fn is_same(one: &DataType, other: &DataType) -> bool {
    shared(&one.name) == shared(&other.name) && DataType { name: other.name.clone(), ..one.clone() } == *other
}

/// Spells the columns of a table that nobody has yet as on other databases. Not those of a primary key: there `INTEGER` alone is
/// the row's number.
pub(super) fn respell(table: &mut Arc<Table>, said: &Said, have: &Schema, is_new: impl Fn(&Name) -> bool) {
    if have.dialect != Dialect::Sqlite || !said.is_all {
        return;
    }
    let key: Vec<Name> = table.primary_key.iter().flat_map(|key| key.columns.clone()).collect();
    let wanted = |name: &Name, of: Option<&DataType>| {
        let of = of.filter(|of| shared(&of.name) != of.name)?;
        (is_new(name) && !key.contains(name)).then(|| shared(&of.name).to_owned())
    };
    if table.columns.iter().all(|column| wanted(&column.name, column.data_type.as_ref()).is_none()) {
        return;
    }
    for column in &mut Arc::make_mut(table).columns {
        if let Some(word) = wanted(&column.name, column.data_type.as_ref())
            && let Some(of) = &mut column.data_type
        {
            of.name = word;
        }
    }
}
