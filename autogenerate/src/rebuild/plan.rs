//! What becomes of each table, and what of the differences no statement of SQLite's says.

use std::collections::{BTreeMap, BTreeSet};

use revchain_schema::compare::compare_bodies;
use revchain_schema::model::Name;
use revchain_schema::{Changed, Difference, Object, ObjectName, Schema};

use super::in_place::{Changes, in_place};
use crate::Omitted;

/// What a script is made of.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    /// Tables that go.
    pub(super) dropped: Vec<&'a ObjectName>,
    /// Tables that are new.
    pub(super) made: Vec<&'a ObjectName>,
    /// Those that change, and how.
    pub(super) changed: BTreeMap<&'a ObjectName, Way<'a>>,
    /// Views that differ, or are in one schema alone.
    pub(super) views: BTreeSet<&'a ObjectName>,
    /// Triggers, likewise.
    pub(super) triggers: BTreeSet<(&'a ObjectName, &'a Name)>,
    /// The indexes that are made.
    new_indexes: BTreeSet<String>,
}

/// How a table changes.
#[derive(Debug)]
pub(super) enum Way<'a> {
    /// By statements that SQLite has.
    InPlace(Changes<'a>),
    /// By another one in its place.
    Rebuild,
}

impl<'a> Plan<'a> {
    /// Sorts differences, and says which of them are left out.
    pub(super) fn of(
        from: &'a Schema,
        to: &'a Schema,
        differences: &'a [Difference],
        omitted: &mut Vec<Omitted>,
    ) -> Plan<'a> {
        let mut plan = Plan::default();
        let mut of_tables: BTreeMap<&ObjectName, Vec<&Difference>> = BTreeMap::new();
        let mut omit = |difference: &Difference, why: String| {
            omitted.push(Omitted { difference: difference.clone(), why });
        };
        let mut left_out = BTreeSet::new();
        for difference in differences {
            match (&difference.object, &difference.change) {
                (_, Changed::Differs { what: "the comment", .. })
                | (Object::Column(..), Changed::Differs { what: "`ON UPDATE`", .. })
                | (Object::Exclusion(..), _) => omit(difference, "SQLite has nothing of the kind".to_owned()),
                (Object::Table(name), Changed::Missing) => plan.dropped.push(name),
                (Object::Table(name), _) => match to.tables.get(name).and_then(|table| table.unknown.first()) {
                    Some(taint) => {
                        left_out.insert(name);
                        omit(difference, format!("not all of it is understood: `{}`", taint.what));
                    }
                    None => {
                        plan.made.push(name);
                        let indexes = to.tables.get(name).map_or(&[][..], |table| table.indexes.as_slice());
                        let names = indexes.iter().filter_map(|index| index.name.as_ref());
                        plan.new_indexes.extend(names.map(|name| name.key().to_owned()));
                    }
                },
                (Object::View(name), _) => drop(plan.views.insert(name)),
                (Object::Trigger(table, name), _) => drop(plan.triggers.insert((table, name))),
                (
                    Object::Column(table, _)
                    | Object::PrimaryKey(table)
                    | Object::Unique(table, _)
                    | Object::ForeignKey(table, _)
                    | Object::Check(table, _)
                    | Object::Index(table, _)
                    | Object::Option(table, _),
                    _,
                ) => {
                    if let (Object::Index(_, name), false) = (&difference.object, difference.change == Changed::Missing)
                    {
                        plan.new_indexes.insert(name.to_lowercase());
                    }
                    of_tables.entry(table).or_default().push(difference);
                }
                _ => omit(difference, "SQLite has nothing of the kind".to_owned()),
            }
        }
        for (name, differences) in of_tables {
            let (Some(before), Some(after)) = (from.tables.get(name), to.tables.get(name)) else { continue };
            let taint = before.unknown.iter().chain(&after.unknown).next();
            if let Some(changes) = in_place(to, before, after, &differences).filter(|_| taint.is_none()) {
                plan.changed.insert(name, Way::InPlace(changes));
                continue;
            }
            let why = match taint {
                Some(taint) => {
                    format!("SQLite needs the table rebuilt, and not all of it is understood: `{}`", taint.what)
                }
                None if before.is_abridged => {
                    "SQLite needs the table rebuilt, and what it says `ON CONFLICT`, or of the order or collation of a key, \
                     would be lost"
                        .to_owned()
                }
                None if from.unsure.contains(name) => {
                    "SQLite needs the table rebuilt, and a statement that nobody understood may have changed it"
                        .to_owned()
                }
                None => {
                    plan.changed.insert(name, Way::Rebuild);
                    continue;
                }
            };
            differences.into_iter().for_each(|difference| omit(difference, why.clone()));
        }
        for Difference { object, .. } in compare_bodies(from, to) {
            match object {
                Object::View(name) => plan.views.extend(to.views.get_key_value(&name).map(|(name, _)| name)),
                Object::Trigger(table, name) => {
                    let known = to.triggers.get_key_value(&(table, name));
                    plan.triggers.extend(known.map(|((table, name), _)| (table, name)));
                }
                _ => {}
            }
        }
        // What is on a table that is not made can't be, either.
        for difference in differences {
            if let Object::Trigger(table, name) = &difference.object
                && left_out.contains(table)
                && plan.triggers.remove(&(table, name))
            {
                omit(difference, "its table is left out".to_owned());
            }
        }
        plan
    }

    /// The tables that are rebuilt.
    pub(super) fn rebuilt(&self) -> impl Iterator<Item = &'a ObjectName> {
        self.changed.iter().filter(|(_, way)| matches!(way, Way::Rebuild)).map(|(name, _)| *name)
    }

    /// Whether an index of that name is made.
    pub(super) fn makes_index(&self, name: Option<&Name>) -> bool {
        name.is_some_and(|name| self.new_indexes.contains(name.key()))
    }
}
