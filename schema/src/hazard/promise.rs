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

/// The columns that a revision's hazards say are missed: one that has another name, and goes on in a table made anew, is told once.
pub(crate) fn missed<'h>(hazards: impl Iterator<Item = &'h Hazard>) -> Vec<(ObjectName, Name)> {
    let column = |hazard: &Hazard| match &hazard.unless {
        Some(Promise::Column(table, name)) => Some((table.clone(), name.clone())),
        _ => None,
    };
    hazards.filter_map(column).collect()
}

/// What is left of a hazard when the revision is through. What is `missed` another one says.
pub(crate) fn broken(hazard: Hazard, missed: &[(ObjectName, Name)], replay: &Replay, live: &Schema) -> Option<Hazard> {
    let now = &replay.schema;
    let is_kept = match &hazard.unless {
        None => false,
        Some(Promise::ForeignKey(gone)) => gone.is_made_up_for(replay),
        Some(Promise::Namespace(name)) => now.namespaces.contains_key(name),
        Some(Promise::Relation(name) | Promise::Column(name, _)) if now.views.contains_key(name) => true,
        Some(Promise::Relation(name)) => match now.tables.contains_key(name) {
            true => return without_columns(hazard.clone(), missed, name, now, live),
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
fn without_columns(
    hazard: Hazard,
    missed: &[(ObjectName, Name)],
    name: &ObjectName,
    now: &Schema,
    live: &Schema,
) -> Option<Hazard> {
    let (then, now) = (live.tables.get(name)?, now.tables.get(name)?);
    // A table that a query made has no columns that we know.
    if !then.is_known() || !now.is_known() || now.columns.is_empty() {
        return None;
    }
    let is_told = |column: &Name| missed.iter().any(|(table, missed)| table == name && missed == column);
    let mut gone = then.columns.iter().filter(|column| now.column(&column.name).is_none() && !is_told(&column.name));
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
