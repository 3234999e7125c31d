//! What lies beside the tables. Of bodies (views, functions, triggers) only their being there is compared here: a text that
//! was written anew says the same in other words. What can be told of two that were replayed is in `bodies`.

use std::collections::BTreeMap;
use std::sync::Arc;

use revchain_core::Dialect;

use super::{Changed, Difference, Found, Object, canonical, stored};
use crate::model::{Domain, Expression, Name, ObjectName, Routine, Schema, UserType};

pub(super) fn compare(before: &Schema, after: &Schema, found: &mut Found) {
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
            types(&Object::Type(name.clone()), (one, other), dialect, found);
        }
    }
    routines(before, after, found);
    if found.is_stored {
        stored::compare(before, after, found);
    }
}

fn types(object: &Object, (one, other): (&UserType, &UserType), dialect: Dialect, found: &mut Found) {
    match (one, other) {
        (UserType::Enum(one), UserType::Enum(other)) if one != other => {
            let mut kept = other.values.iter().filter(|value| one.values.contains(value));
            let is_more =
                other.values.len() > one.values.len() && one.values.iter().all(|value| kept.next() == Some(value));
            let what = if is_more { "an added value" } else { "the list of values" };
            found.differs(object, what, values(&one.values), values(&other.values));
        }
        (UserType::Domain(one), UserType::Domain(other)) if found.is_stored => {
            let null = |domain: &Domain| if domain.nullable { "NULL" } else { "NOT NULL" }.to_owned();
            found.differs(object, "nullability", null(one), null(other));
            found.differs(object, "the type", format!("`{}`", one.data_type), format!("`{}`", other.data_type));
            let default = |domain: &Domain| domain.default.as_ref().map(|default| default.0.clone());
            let (from, to) = (default(one), default(other));
            found.expression(object, "the default", dialect, (from.as_ref(), to.as_ref()), &[]);
            stored::domain_checks(object, one, other, dialect, found);
        }
        (UserType::Domain(one), UserType::Domain(other)) => {
            let shown = |domain: &Domain| {
                let default = domain.default.as_ref().map(|default| canonical(&default.0, dialect));
                let mut checks: Vec<String> =
                    domain.checks.iter().map(|(_, check)| canonical(check, dialect)).collect();
                checks.sort();
                let null = if domain.nullable { "NULL" } else { "NOT NULL" };
                format!("`{} {null} {} {}`", domain.data_type, default.unwrap_or_default(), checks.join(" and "))
            };
            found.differs(object, "the definition", shown(one), shown(other));
        }
        (UserType::Other(one), UserType::Other(other)) if one.is_some() && one == other => {}
        (UserType::Other(_), _) | (_, UserType::Other(_)) => found.unclear(object, "its definition is not modelled"),
        (UserType::Composite(one), UserType::Composite(other)) if found.is_stored => {
            let shown = |columns: &[crate::model::Column]| {
                let column = |column: &crate::model::Column| match &column.data_type {
                    Some(data_type) => format!("{} {data_type}", column.name),
                    None => column.name.to_string(),
                };
                columns.iter().map(column).collect::<Vec<_>>().join(", ")
            };
            found.differs(object, "the definition", shown(one), shown(other));
        }
        _ => {}
    }
}

fn presence<K: Ord, V>(
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
    object: impl Fn(&K) -> Object,
    found: &mut Found,
) {
    // A copy that nobody changed.
    if std::ptr::eq(before, after) {
        return;
    }
    for name in before.keys().filter(|name| !after.contains_key(name)) {
        found.missing(object(name));
    }
    for name in after.keys().filter(|name| !before.contains_key(name)) {
        found.extra(object(name));
    }
}

/// Functions by name alone where the arguments don't tell them apart for certain.
fn routines(before: &Schema, after: &Schema, found: &mut Found) {
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
        one.into_iter().for_each(|text| found.missing(object(text)));
        other.into_iter().for_each(|text| found.extra(object(text)));
    }
}

fn values(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| format!("'{value}'")).collect();
    format!("({})", values.join(", "))
}

/// Views, functions and triggers of two points of one chain that are there in both and whose text differs. Between a chain and
/// a database nothing of that kind can be told: each has its own words.
pub fn compare_bodies(before: &Schema, after: &Schema) -> Vec<Difference> {
    let dialect = before.dialect;
    let mut found = Vec::new();
    let mut differ = |object: Object, what: &'static str, one: &Expression, other: &Expression| {
        if one != other && canonical(one, dialect) != canonical(other, dialect) {
            let shown = |text: &Expression| format!("`{text}`");
            let change = Changed::Differs { what, before: shown(one), after: shown(other) };
            found.push(Difference { object, change });
        }
    };
    for (name, one) in &before.views {
        if let Some(other) = after.views.get(name) {
            differ(Object::View(name.clone()), "the query", &one.body, &other.body);
        }
    }
    for (name, routines) in &before.routines {
        for one in routines {
            let others = after.routines.get(name).into_iter().flatten();
            if let Some(other) = others.into_iter().find(|other| other.arguments == one.arguments) {
                let object = Object::Routine(name.clone(), one.arguments.clone());
                differ(object, "the body", &one.body, &other.body);
            }
        }
    }
    for ((table, name), one) in &before.triggers {
        if let Some(other) = after.triggers.get(&(table.clone(), name.clone())) {
            differ(Object::Trigger(one.table.clone(), name.clone()), "the definition", &one.body, &other.body);
        }
    }
    found
}
