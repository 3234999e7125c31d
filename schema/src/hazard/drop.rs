//! What is dropped while the release before this one may still be running.

use revchain_core::{Code, Dialect};

use super::{Context, Hazard, Promise};
use crate::change::{Drops, Named};
use crate::model::Name;

/// RC454. The lock is short everywhere; what counts is who still says the column's name.
pub(super) fn column(table: &Named, name: &Named<Name>, context: &Context<'_>, found: &mut Vec<Hazard>) {
    let Some((full, known)) = context.used(table) else { return };
    if known.column(&name.name).is_none() {
        return;
    }
    let message = format!("what still reads `{full}.{}` fails once it is dropped", name.name);
    let promise = Promise::Column(full, name.name.clone());
    found.push(Hazard::at(Code::ColumnDropped, name.part, message, help(Code::ColumnDropped)).unless(promise));
}

/// RC455. Of a table that was not read as a whole nothing is said: partitions are among them, and nobody says their names.
pub(super) fn tables(drops: &Drops, context: &Context<'_>, found: &mut Vec<Hazard>) {
    for named in &drops.names {
        let Some((full, _)) = context.used(named).filter(|(_, table)| table.is_known()) else { continue };
        let message = format!("what still reads `{full}` fails once it is dropped");
        let hazard = Hazard::at(Code::TableDropped, named.part, message, help(Code::TableDropped));
        found.push(hazard.unless(Promise::Relation(full)));
    }
}

/// RC456. Where it takes all that is in it: with CASCADE, and on MySQL always.
pub(super) fn namespaces(drops: &Drops<Name>, context: &Context<'_>, found: &mut Vec<Hazard>) {
    if !drops.cascade && context.dialect() != Dialect::Mysql {
        return;
    }
    for named in &drops.names {
        let inside = context.replay.namespace(&named.name);
        let mut contents = context.contents(&inside);
        let Some(first) = contents.next() else { continue };
        let others = match contents.count() {
            0 => String::new(),
            others => format!(" and {others} more"),
        };
        found.push(Hazard::at(
            Code::SchemaDropped,
            named.part,
            format!("`{}` is dropped with what is in it: `{first}`{others}", named.name),
            "drop what is in it one by one, so that each can be judged, and the schema, now empty, last",
        ));
    }
}

/// What to do first.
pub(super) fn help(code: Code) -> String {
    format!(
        "deploy a release that says nothing of it, and drop it after that; above the statement say so:\n\
         -- @allow {code}: the last release no longer uses it"
    )
}
