//! A stub.

use crate::change::{CreateTable, Named, Part};
use crate::model::{Place, Table};

use super::Cursor;

pub(super) fn create(cursor: &mut Cursor<'_>) -> Option<(CreateTable, Vec<Part>)> {
    while cursor.take_any(&["OR", "REPLACE", "TEMP", "TEMPORARY", "UNLOGGED", "FOREIGN", "GLOBAL", "LOCAL"]).is_some() {
    }
    if !cursor.take(&["TABLE"]) {
        return None;
    }
    let if_not_exists = cursor.take_if_not_exists();
    let name: Named = cursor.object()?;
    Some((
        CreateTable {
            name,
            if_not_exists,
            or_replace: false,
            table: Table::new(Place::NOWHERE),
            like: Vec::new(),
            parents: Vec::new(),
            as_query: false,
            column_parts: Vec::new(),
            foreign_key_parts: Vec::new(),
        },
        Vec::new(),
    ))
}
