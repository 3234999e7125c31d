//! A stub.

use crate::model::IndexPart;

use super::Cursor;

pub(super) fn parts(cursor: &mut Cursor<'_>) -> Vec<IndexPart> {
    let names = cursor.names_in_parentheses();
    if names.is_none() {
        cursor.skip_parentheses();
    }
    names.unwrap_or_default().into_iter().map(|name| IndexPart::column(name.name)).collect()
}
