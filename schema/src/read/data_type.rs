//! A stub.

use crate::model::{DataType, Identity};

use super::Cursor;

pub(super) fn data_type(cursor: &mut Cursor<'_>) -> Option<(DataType, Option<Identity>)> {
    let name = cursor.name()?;
    let name = if name.name.as_str() == "int" { "integer".to_owned() } else { name.name.as_str().to_owned() };
    cursor.skip_parentheses();
    Some((DataType::named(name), None))
}
