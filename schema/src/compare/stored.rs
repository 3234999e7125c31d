//! What only a comparison with a database has to know: what the one side leaves unsaid and the other says, and what lies
//! beside the tables and can be compared only in part. What can't be is said to be unclear.

use revchain_core::Dialect;

use super::likeness::{Likeness, likeness};
use super::{Found, Object};
use crate::model::{
    Check, Column, Domain, Expression, Name, ObjectName, OtherName, Routine, Schema, Sequence, Table, Trigger, View,
};

/// An option that says what there is without it.
pub(super) fn is_default(key: &str, value: &str) -> bool {
    key == "engine" && value.eq_ignore_ascii_case("innodb") || key == "foreign"
}

/// The collations of a column on MySQL, as far as they are known: what is said, and what there is where something is said. A
/// character set alone stands for any of its collations.
pub(super) fn collations(
    (said, of_said): (&Column, &Table),
    (stored, of_stored): (&Column, &Table),
) -> (Option<Name>, Option<Name>) {
    let name = |text: &str| Name::new(text, Dialect::Mysql);
    let option = |table: &Table, key: &str| table.options.get(key).map(|value| name(value));
    let there = stored.collation.clone().or_else(|| match &stored.data_type {
        // Its character set's own: which that is nobody says here.
        Some(data_type) if data_type.character_set.is_some() => None,
        _ => option(of_stored, "collate"),
    });
    let set_there = stored.data_type.as_ref().and_then(|data_type| data_type.character_set.as_deref()).map(name);
    let set_there =
        set_there.or_else(|| there.as_ref().map(|there| name(there.key().split('_').next().unwrap_or_default())));
    let set_said = said.data_type.as_ref().and_then(|data_type| data_type.character_set.as_deref()).map(name);
    let of_table = option(of_said, "collate").filter(|_| set_said.is_none());
    match (said.collation.clone().or(of_table), set_said.or_else(|| option(of_said, "character set"))) {
        (Some(said), _) if there.is_some() => (Some(said), there),
        (_, Some(said)) => (Some(said), set_there),
        // Nothing is said anywhere: then there is nothing but the table's.
        (None, None) => (None, stored.collation.clone()),
        (Some(_), None) => (None, None),
    }
}

/// Takes the names from stored checks that nobody gave: those of MySQL's, where an unnamed one that is said says the same. The
/// expression is made the author's where it may be, so that the two find each other; which that are is given back.
pub(super) fn unname_checks(
    said: &[Check],
    stored: &mut [Check],
    dialect: Dialect,
    columns: &[Column],
) -> Vec<(Expression, Expression)> {
    let is_named = |name: &Option<Name>| name.is_some() && said.iter().any(|check| check.name == *name);
    let mut left: Vec<&mut Check> = stored.iter_mut().filter(|check| !is_named(&check.name)).collect();
    let mut open: Vec<&Check> = said.iter().filter(|check| check.name.is_none()).collect();
    let mut unclear = Vec::new();
    // Those that are the same for certain first.
    for wanted in [Likeness::Same, Likeness::Unclear] {
        open.retain(|check| {
            let alike = |other: &&mut Check| likeness(&check.expression, &other.expression, dialect, columns) == wanted;
            let Some(at) = left.iter().position(alike) else { return true };
            let other = left.remove(at);
            other.name = None;
            let text = std::mem::replace(&mut other.expression, check.expression.clone());
            if wanted == Likeness::Unclear {
                unclear.push((check.expression.clone(), text));
            }
            false
        });
    }
    unclear
}

/// The checks of a domain, by name.
pub(super) fn domain_checks(object: &Object, said: &Domain, stored: &Domain, dialect: Dialect, found: &mut Found) {
    let named = |domain: &Domain| {
        let mut names: Vec<String> =
            domain.checks.iter().filter_map(|(name, _)| name.as_ref()).map(ToString::to_string).collect();
        names.sort();
        names.join(", ")
    };
    let unnamed = said.checks.iter().any(|(name, _)| name.is_none());
    match unnamed {
        true => found.unclear(object, "the name of a check is not known"),
        false => found.differs(object, "the checks", named(said), named(stored)),
    }
    for (name, check) in &said.checks {
        if let Some((_, other)) = stored.checks.iter().find(|(other, _)| other == name) {
            found.expression(object, "a check", dialect, (Some(check), Some(other)), &[]);
        }
    }
}

/// What lies beside the tables, and is there in both.
pub(super) fn compare(said: &Schema, stored: &Schema, found: &mut Found) {
    let dialect = said.dialect;
    for (name, view) in &said.views {
        if let Some(other) = stored.views.get(name) {
            views(name, (view, other), dialect, found);
        }
    }
    for (name, sequence) in &said.sequences {
        if let Some(other) = stored.sequences.get(name) {
            sequences(&Object::Sequence(name.clone()), (sequence, other), dialect, found);
        }
    }
    for ((table, name), trigger) in &said.triggers {
        if let Some(other) = stored.triggers.get(&(table.clone(), name.clone())) {
            triggers(&Object::Trigger(table.clone(), name.clone()), (trigger, other), dialect, found);
        }
    }
    for (name, routines) in &said.routines {
        for routine in routines {
            let is_it = |other: &std::sync::Arc<Routine>| other.body == routine.body;
            if stored.routines.get(name).is_some_and(|others| !others.iter().any(is_it)) {
                let object = Object::Routine(name.clone(), routine.arguments.clone());
                found.unclear(&object, "its body is stored in other words");
            }
        }
    }
    let is_there = |key: &OtherName, body: &Expression| stored.others.get(key).is_some_and(|other| **other == *body);
    for ((kind, _, name), _) in said.others.iter().filter(|(key, body)| !is_there(key, body)) {
        found.unclear(&Object::Other(kind, name.clone()), "it is stored in other words, or not read from databases");
    }
}

fn views(name: &ObjectName, (said, stored): (&View, &View), dialect: Dialect, found: &mut Found) {
    let object = Object::View(name.clone());
    let kind = |view: &View| if view.materialized { "materialized" } else { "a view" }.to_owned();
    found.differs(&object, "its kind", kind(said), kind(stored));
    let text = |view: &View| view.comment.clone().map_or_else(|| "none".to_owned(), |text| format!("`{text}`"));
    found.differs(&object, "the comment", text(said), text(stored));
    let indexes = |view: &View| {
        let names = view.indexes.iter().filter_map(|index| index.name.as_ref());
        let mut names: Vec<String> = names.map(ToString::to_string).collect();
        names.sort();
        names.join(", ")
    };
    found.differs(&object, "the indexes", indexes(said), indexes(stored));
    match dialect {
        Dialect::Sqlite => found.expression(&object, "the query", dialect, (Some(&said.body), Some(&stored.body)), &[]),
        _ if said.body == stored.body => {}
        _ => found.unclear(&object, "its query is stored in other words"),
    }
}

fn sequences(object: &Object, (said, stored): (&Sequence, &Sequence), dialect: Dialect, found: &mut Found) {
    if dialect == Dialect::Mysql {
        return found.unclear(object, "its options are not read from databases");
    }
    let shown = |sequence: &Sequence| {
        let given = sequence.options.iter().filter(|(_, value)| !value.is_empty());
        given.map(|(key, value)| format!("{key} {value}")).collect::<Vec<_>>().join(", ")
    };
    found.differs(object, "the options", shown(said), shown(stored));
    let owner = |sequence: &Sequence| match &sequence.owned_by {
        Some((table, column)) => format!("`{table}.{column}`"),
        None => "none".to_owned(),
    };
    found.differs(object, "the owner", owner(said), owner(stored));
}

fn triggers(object: &Object, (said, stored): (&Trigger, &Trigger), dialect: Dialect, found: &mut Found) {
    match dialect {
        Dialect::Sqlite => found.expression(object, "the body", dialect, (Some(&said.body), Some(&stored.body)), &[]),
        _ if said.body == stored.body => {}
        _ => found.unclear(object, "its body is stored in other words"),
    }
}
