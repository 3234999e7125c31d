//! What lies beside the tables. Of bodies (views, functions, triggers) only their being there is compared here: a text that
//! was written anew says the same in other words. What can be told of two that were replayed is in `bodies`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Changed, Difference, Object, canonical};
use crate::model::{Domain, Name, ObjectName, Routine, Schema, UserType};

pub(super) fn compare(before: &Schema, after: &Schema, found: &mut Vec<Difference>) {
    let dialect = before.dialect;
    presence(&before.namespaces, &after.namespaces, |name: &Name| Object::Namespace(name.clone()), found);
    presence(&before.extensions, &after.extensions, |name: &Name| Object::Extension(name.clone()), found);
    presence(&before.views, &after.views, |name: &ObjectName| Object::View(name.clone()), found);
    presence(
        &before.triggers,
        &after.triggers,
        |(table, name): &(ObjectName, Name)| Object::Trigger(table.clone(), name.clone()),
        found,
    );
    presence(&before.sequences, &after.sequences, |name: &ObjectName| Object::Sequence(name.clone()), found);
    presence(&before.types, &after.types, |name: &ObjectName| Object::Type(name.clone()), found);
    let are_shared = std::ptr::eq(&*before.types, &*after.types);
    for (name, one) in before.types.iter().filter(|_| !are_shared) {
        if let Some(other) = after.types.get(name)
            && !Arc::ptr_eq(one, other)
        {
            let object = Object::Type(name.clone());
            let differs = |what, before: String, after: String| {
                let change = Changed::Differs { what, before, after };
                Difference { object: object.clone(), change }
            };
            match (&**one, &**other) {
                (UserType::Enum(one), UserType::Enum(other)) if one != other => {
                    let mut kept = other.values.iter().filter(|value| one.values.contains(value));
                    let is_more = other.values.len() > one.values.len()
                        && one.values.iter().all(|value| kept.next() == Some(value));
                    let what = if is_more { "an added value" } else { "the list of values" };
                    found.push(differs(what, values(&one.values), values(&other.values)));
                }
                (UserType::Domain(one), UserType::Domain(other)) => {
                    let shown = |domain: &Domain| {
                        let default = domain.default.as_ref().map(|default| canonical(&default.0, dialect));
                        let mut checks: Vec<String> =
                            domain.checks.iter().map(|(_, check)| canonical(check, dialect)).collect();
                        checks.sort();
                        let null = if domain.nullable { "NULL" } else { "NOT NULL" };
                        format!(
                            "`{} {null} {} {}`",
                            domain.data_type,
                            default.unwrap_or_default(),
                            checks.join(" and ")
                        )
                    };
                    if shown(one) != shown(other) {
                        found.push(differs("the definition", shown(one), shown(other)));
                    }
                }
                _ => {}
            }
        }
    }
    routines(before, after, found);
}

fn presence<K: Ord, V>(
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
    object: impl Fn(&K) -> Object,
    found: &mut Vec<Difference>,
) {
    // A copy that nobody changed.
    if std::ptr::eq(before, after) {
        return;
    }
    for name in before.keys().filter(|name| !after.contains_key(name)) {
        found.push(Difference { object: object(name), change: Changed::Missing });
    }
    for name in after.keys().filter(|name| !before.contains_key(name)) {
        found.push(Difference { object: object(name), change: Changed::Extra });
    }
}

/// Functions by name alone where the arguments don't tell them apart for certain.
fn routines(before: &Schema, after: &Schema, found: &mut Vec<Difference>) {
    if std::ptr::eq(&*before.routines, &*after.routines) {
        return;
    }
    let arguments = |routines: Option<&Vec<Arc<Routine>>>| -> Vec<String> {
        routines.map_or_else(Vec::new, |routines| routines.iter().map(|routine| routine.arguments.clone()).collect())
    };
    let names = before.routines.keys().chain(after.routines.keys().filter(|name| !before.routines.contains_key(name)));
    for name in names {
        let (mut one, mut other) = (arguments(before.routines.get(name)), arguments(after.routines.get(name)));
        if one.len() == other.len() {
            continue;
        }
        one.retain(|arguments| match other.iter().position(|other| other == arguments) {
            Some(at) => {
                other.remove(at);
                false
            }
            None => true,
        });
        let object = |arguments| Object::Routine(name.clone(), arguments);
        found.extend(one.into_iter().map(|text| Difference { object: object(text), change: Changed::Missing }));
        found.extend(other.into_iter().map(|text| Difference { object: object(text), change: Changed::Extra }));
    }
}

fn values(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| format!("'{value}'")).collect();
    format!("({})", values.join(", "))
}
