//! A stub.

use crate::change::{Change, Part};

use super::Cursor;

pub(super) fn table(cursor: &mut Cursor<'_>) -> Option<(Vec<Change>, Vec<Part>)> {
    let if_exists = cursor.take_if_exists();
    let table = cursor.object()?;
    cursor.seek(usize::MAX);
    Some((vec![Change::AlterTable { table, if_exists, actions: Vec::new() }], Vec::new()))
}
