//! `COMMENT ON`: of tables, views and columns. Other comments show nowhere.

use crate::change::{Change, Named};
use crate::model::ObjectName;

use super::{Cursor, Reading};

/// Reads what follows COMMENT.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Reading> {
    if !cursor.take(&["ON"]) {
        return None;
    }
    if cursor.take(&["COLUMN"]) {
        let mut names = vec![cursor.name()?];
        while cursor.take_mark('.') {
            names.push(cursor.name()?);
        }
        let column = names.pop()?;
        let table = names.pop()?;
        let start = names.first().map_or(table.part.0, |first| first.part.0);
        let schema = names.pop().map(|named| named.name).filter(|schema| !cursor.is_default_schema(schema));
        let table = Named { name: ObjectName { schema, name: table.name }, part: (start, table.part.1) };
        return Some(Reading::one(Change::CommentColumn { table, column, comment: comment(cursor)? }));
    }
    let found = cursor.take(&["MATERIALIZED", "VIEW"])
        || cursor.take(&["FOREIGN", "TABLE"])
        || cursor.take(&["TABLE"])
        || cursor.take(&["VIEW"]);
    if !found {
        return Some(Reading::Neutral);
    }
    Some(Reading::one(Change::CommentTable { table: cursor.object()?, comment: comment(cursor)? }))
}

/// `IS 'text'`. An empty one is none.
#[expect(clippy::option_option, reason = "the outer one is whether it could be read")]
fn comment(cursor: &mut Cursor<'_>) -> Option<Option<String>> {
    if !cursor.take(&["IS"]) {
        return None;
    }
    if cursor.take(&["NULL"]) {
        return Some(None);
    }
    cursor.string().map(|text| Some(text).filter(|text| !text.is_empty()))
}
