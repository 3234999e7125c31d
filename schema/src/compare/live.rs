//! A live database next to what a chain says of it: how far one looks, and what of the differences is nobody's alarm. What is the
//! same, in whatever words, is not decided here: see [`compare_stored`].

use std::collections::BTreeSet;
use std::sync::Arc;

use revchain_core::config::ObjectFilter;

use super::{Changed, Comparison, Difference, Object, Unclear, compare_stored};
use crate::model::{Name, ObjectName, Schema, Table};

/// Takes out what `[objects]` leaves out, with what belongs to it.
pub fn admit(schema: &mut Schema, filter: &ObjectFilter) {
    if *filter == ObjectFilter::default() {
        return;
    }
    let admits = |name: &ObjectName| filter.admits(name.schema.as_ref().map(Name::as_str), name.name.as_str());
    let left_out: Vec<ObjectName> = schema.tables.keys().filter(|name| !admits(name)).cloned().collect();
    left_out.iter().for_each(|name| drop(schema.tables.remove(name)));
    schema.views.retain(|name, _| admits(name));
    schema.types.retain(|name, _| admits(name));
    schema.routines.retain(|name, _| admits(name));
    schema
        .sequences
        .retain(|name, sequence| admits(name) && sequence.owned_by.as_ref().is_none_or(|(table, _)| admits(table)));
    schema.triggers.retain(|_, trigger| admits(&trigger.table));
    schema.others.retain(|(_, on, name), _| admits(on.as_ref().unwrap_or(name)));
}

/// The schemas of PostgreSQL's that a replay knows of.
pub fn namespaces(schema: &Schema) -> BTreeSet<Name> {
    let named = schema.tables.keys().chain(schema.views.keys()).chain(schema.types.keys());
    let named = named.chain(schema.sequences.keys()).chain(schema.routines.keys());
    named.filter_map(|name| name.schema.clone()).chain(schema.namespaces.keys().cloned()).collect()
}

/// As [`compare_stored`], without what is nobody's alarm: what the user may not see, for want of a privilege that `lacks` names;
/// partitions, which jobs make and drop; extensions, which whoever runs the server may add; and a schema that is there because the
/// chain names it.
pub fn compare_live(said: &Schema, stored: &Schema, lacks: impl Fn(&Difference) -> Option<&'static str>) -> Comparison {
    let Comparison { differences, mut unclear } = compare_stored(said, stored);
    let mut kept = Vec::with_capacity(differences.len());
    let option = |name: &ObjectName| {
        let of = |schema: &Schema| schema.tables.get(name).and_then(partition_of);
        of(stored).or_else(|| of(said))
    };
    for difference in differences {
        let is_extra = difference.change == Changed::Extra;
        let is_there_in_both = matches!(difference.change, Changed::Differs { .. });
        let why = match &difference.object {
            Object::Namespace(_) if is_extra => continue,
            Object::Extension(_) if is_extra => {
                "the chain does not make it; whoever runs the server may have added it".to_owned()
            }
            Object::Table(name) if !is_there_in_both && option(name).is_some() => {
                "a partition, which may come and go".to_owned()
            }
            object if object.table().and_then(|name| said.tables.get(name)).is_some_and(|table| table.temporary) => {
                continue;
            }
            _ => match lacks(&difference) {
                Some(privilege) => {
                    format!("not seen, and this user may not see it all: it lacks {privilege} on the database")
                }
                None => {
                    kept.push(difference);
                    continue;
                }
            },
        };
        unclear.push(Unclear { object: difference.object, why });
    }
    Comparison { differences: kept, unclear }
}

/// The table of which this one is a partition.
fn partition_of(table: &Arc<Table>) -> Option<String> {
    table.options.get("partition of").cloned()
}
