//! Views and triggers: those that differ, and those that name what is gone for a while. SQLite looks into all of them when a
//! table gets its name, and refuses where one names what is not there.

use std::collections::BTreeSet;

use revchain_schema::model::{Expression, Name};
use revchain_schema::write::Writer;
use revchain_schema::{ObjectName, Schema};

use super::SQLITE;
use super::order::behind;
use super::plan::{Plan, Way};
use crate::Step;

/// What is out of the way meanwhile.
#[derive(Debug)]
pub(super) struct Around<'a> {
    /// Views that are dropped, those that others select from first.
    views: Vec<&'a ObjectName>,
    /// Triggers that are dropped by themselves.
    triggers: BTreeSet<(&'a ObjectName, &'a Name)>,
    /// What is made at the end.
    new_views: Vec<&'a ObjectName>,
    new_triggers: BTreeSet<(&'a ObjectName, &'a Name)>,
    /// Columns that tables lose.
    lost: Vec<(&'a ObjectName, &'a Name)>,
}

impl<'a> Around<'a> {
    /// What has to go, and what comes.
    pub(super) fn of(from: &'a Schema, to: &'a Schema, plan: &Plan<'a>) -> Around<'a> {
        let hot: BTreeSet<&ObjectName> = plan.rebuilt().chain(plan.dropped.iter().copied()).collect();
        let lost = lost_columns(from, to, plan);
        // A view that selects from one of them is one of them.
        let mut views: BTreeSet<&ObjectName> = BTreeSet::new();
        for (name, view) in &from.views {
            if plan.views.contains(name) || may_name(&lost, &view.body, None) {
                views.insert(name);
            }
        }
        loop {
            let found: Vec<&ObjectName> = from
                .views
                .iter()
                .filter(|(name, view)| {
                    let names = |other: &&ObjectName| view.body.mentions(&other.name, SQLITE);
                    !views.contains(name) && hot.iter().chain(&views).any(names)
                })
                .map(|(name, _)| name)
                .collect();
            if found.is_empty() {
                break;
            }
            views.extend(found);
        }
        let goes_along = |table: &ObjectName| plan.dropped.contains(&table) || views.contains(table);
        let is_rebuilt = |table: &ObjectName| plan.rebuilt().any(|rebuilt| rebuilt == table);
        let (mut triggers, mut gone) = (BTreeSet::new(), BTreeSet::new());
        for ((table, name), trigger) in &from.triggers {
            let key = (table, name);
            let is_in_doubt = may_name(&lost, &trigger.body, Some(table));
            if goes_along(table) {
                gone.insert(key);
                continue;
            }
            let names = |other: &&ObjectName| *other != table && trigger.body.mentions(&other.name, SQLITE);
            let is_in_the_way = hot.iter().chain(&views).any(names);
            let differs = plan.triggers.contains(&key) || is_in_doubt;
            // DROP TABLE takes its own along.
            if is_in_the_way || differs && !is_rebuilt(table) {
                triggers.insert(key);
            }
            if is_in_the_way || differs || is_rebuilt(table) {
                gone.insert(key);
            }
        }
        let selected = |schema: &'a Schema| {
            move |name: &ObjectName| -> Vec<&'a ObjectName> {
                let body = schema.views.get(name).map(|view| &view.body);
                let is_named = |other: &&ObjectName| body.is_some_and(|body| body.mentions(&other.name, SQLITE));
                schema.views.keys().filter(is_named).collect()
            }
        };
        let new_views: Vec<&ObjectName> =
            to.views.keys().filter(|name| plan.views.contains(name) || views.contains(name)).collect();
        let new_triggers = to.triggers.keys().map(|(table, name)| (table, name));
        let views: Vec<&ObjectName> = views.into_iter().collect();
        Around {
            views: behind(&views, &selected(from)).0,
            triggers,
            new_views: behind(&new_views, &selected(to)).0,
            new_triggers: new_triggers.filter(|key| plan.triggers.contains(key) || gone.contains(key)).collect(),
            lost,
        }
    }

    /// What is dropped before everything else.
    pub(super) fn drops(&self, from: &Schema, writer: &Writer<'_>) -> Vec<Step> {
        let triggers = from.triggers.iter().filter(|((table, name), _)| self.triggers.contains(&(table, name)));
        let triggers = triggers.map(|((_, name), trigger)| writer.drop_trigger(name, trigger));
        let views = self.views.iter().rev().filter_map(|name| Some(writer.drop_view(name, from.views.get(name)?)));
        triggers.chain(views).map(Step::new).collect()
    }

    /// What is made when everything else is done.
    pub(super) fn creates(&self, to: &Schema, writer: &Writer<'_>) -> Vec<Step> {
        let step =
            |name: &Name, sql: String, body: &Expression, on: Option<&ObjectName>| match may_name(&self.lost, body, on)
            {
                true => Step::noted(
                    sql,
                    format!("May name a column that is gone: SQLite says so only when {name} is used."),
                ),
                false => Step::new(sql),
            };
        let views = self.new_views.iter().filter_map(|name| {
            let view = to.views.get(name)?;
            Some(step(&name.name, writer.create_view(name, view), &view.body, None))
        });
        let triggers = to.triggers.iter().filter(|((table, name), _)| self.new_triggers.contains(&(table, name)));
        let triggers = triggers.map(|((table, name), trigger)| {
            step(name, writer.create_trigger(name, trigger), &trigger.body, Some(table))
        });
        views.chain(triggers).collect()
    }
}

/// Whether what is on a table, or names it, may name a column of it that is gone.
fn may_name(lost: &[(&ObjectName, &Name)], body: &Expression, on: Option<&ObjectName>) -> bool {
    lost.iter().any(|(table, column)| {
        (on == Some(table) || body.mentions(&table.name, SQLITE)) && body.mentions(column, SQLITE)
    })
}

/// The columns that tables lose.
fn lost_columns<'a>(from: &'a Schema, to: &'a Schema, plan: &Plan<'a>) -> Vec<(&'a ObjectName, &'a Name)> {
    let mut lost = Vec::new();
    for (&name, way) in &plan.changed {
        match way {
            Way::InPlace(changes) => lost.extend(changes.dropped.iter().map(|column| (name, *column))),
            Way::Rebuild => {
                let (Some(before), Some(after)) = (from.tables.get(name), to.tables.get(name)) else { continue };
                let is_lost = |column: &&Name| after.column(column).is_none();
                lost.extend(
                    before.columns.iter().map(|column| &column.name).filter(is_lost).map(|column| (name, column)),
                );
            }
        }
    }
    lost
}
