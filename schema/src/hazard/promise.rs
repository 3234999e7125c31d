//! What a revision may still do after a statement, so that nobody misses what the statement took away: give the old name
//! back. Looked at when the revision is through.

use revchain_core::Code;

use super::Hazard;
use super::dropped::Gone;
use crate::model::{Name, ObjectName, Schema};
use crate::replay::Replay;

/// What has to be there at the revision's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Promise {
    /// A table or view of this name: a view for the old one's readers, or the table made anew.
    Relation(ObjectName),
    /// A column of this name in the table of that one; or a view in the table's place.
    Column(ObjectName, Name),
    /// A schema of this name.
    Namespace(Name),
    /// A foreign key in the place of one that was dropped.
    ForeignKey(Gone),
}

/// What is left of a hazard when the revision is through.
pub(crate) fn broken(hazard: Hazard, replay: &Replay, live: &Schema) -> Option<Hazard> {
    let now = &replay.schema;
    let is_kept = match &hazard.unless {
        None => false,
        Some(Promise::ForeignKey(gone)) => gone.is_made_up_for(replay),
        Some(Promise::Namespace(name)) => now.namespaces.contains_key(name),
        Some(Promise::Relation(name) | Promise::Column(name, _)) if now.views.contains_key(name) => true,
        Some(Promise::Relation(name)) => match now.tables.contains_key(name) {
            true => return without_columns(hazard.clone(), name, now, live),
            false => false,
        },
        Some(Promise::Column(table, name)) => {
            // Of what was not read, any part may be the column.
            now.tables.get(table).is_some_and(|table| table.column(name).is_some() || !table.is_known())
        }
    };
    (!is_kept).then_some(hazard)
}

/// A table is there again: are its columns?
fn without_columns(hazard: Hazard, name: &ObjectName, now: &Schema, live: &Schema) -> Option<Hazard> {
    let (then, now) = (live.tables.get(name)?, now.tables.get(name)?);
    // A table that a query made has no columns that we know.
    if !then.is_known() || !now.is_known() || now.columns.is_empty() {
        return None;
    }
    let mut gone = then.columns.iter().filter(|column| now.column(&column.name).is_none());
    let first = gone.next()?;
    let others = match gone.count() {
        0 => String::new(),
        1 => " or another column".to_owned(),
        others => format!(" or {others} more columns"),
    };
    Some(Hazard {
        code: Code::ColumnDropped,
        message: format!("what still reads `{name}.{}`{others} fails: the table is made anew without it", first.name),
        help: super::drop::help(Code::ColumnDropped),
        unless: None,
        ..hazard
    })
}
