//! What has a name, and is not modelled: policies, rules, events, aggregates…. Made, dropped and renamed; never looked into.

use std::sync::Arc;

use super::known::Relation;
use super::step::Step;
use super::{FaultKind, Replay};
use crate::change::{Drops, Named};
use crate::model::{Expression, ObjectName};

type Key = (&'static str, Option<ObjectName>, ObjectName);

impl Replay {
    /// A policy's and a rule's name is its table's; the others' are the schema's. `None` where the table isn't known.
    fn other(&self, kind: &'static str, name: &ObjectName, on: Option<&Named>) -> Option<Key> {
        match on.filter(|_| matches!(kind, "policy" | "rule")) {
            None => Some((kind, None, self.target(name))),
            Some(on) => match self.relation(&on.name) {
                Relation::Table(full) | Relation::View(full) => {
                    Some((kind, Some(full), ObjectName::bare(name.name.clone())))
                }
                _ => None,
            },
        }
    }

    fn is_judged(&self, (_, on, name): &Key) -> bool {
        self.schema.unknown.is_empty()
            && self.schema.extensions.is_empty()
            && !self.is_unsure(name)
            && on.as_ref().is_none_or(|table| self.is_known(table))
    }

    pub(super) fn create_other(
        &mut self,
        kind: &'static str,
        named: &Named,
        on: Option<&Named>,
        is_tolerant: bool,
        definition: &Expression,
        step: &mut Step<'_>,
    ) {
        let Some(key) = self.other(kind, &named.name, on) else {
            if let Some(on) = on.filter(|on| self.relation(&on.name) == Relation::Nothing) {
                self.missing(on, "table", step);
            }
            return;
        };
        // Those that may have several of one name, told apart by what they take.
        let overloads =
            matches!(kind, "aggregate" | "operator" | "cast" | "operator class" | "operator family" | "transform");
        if self.schema.others.contains_key(&key) && !is_tolerant {
            if !overloads && self.is_judged(&key) {
                let message = format!("{kind} `{}` already exists", named.name);
                let _ = step.fault(FaultKind::Other, message, named.part);
            }
            self.forget(key.2);
            return;
        }
        self.schema.others.insert(key, Arc::new(definition.clone()));
    }

    pub(super) fn drop_others(&mut self, kind: &'static str, drops: &Drops, on: Option<&Named>, step: &mut Step<'_>) {
        for named in &drops.names {
            let Some(key) = self.other(kind, &named.name, on) else { continue };
            if self.schema.others.remove(&key).is_none() && !drops.if_exists {
                if self.is_judged(&key) && self.is_surely_absent(&named.name) {
                    let known = self.schema.others.keys().filter(|(other, ..)| *other == kind);
                    let known: Vec<String> = known.map(|(_, _, name)| name.name.to_string()).collect();
                    let message = format!("{kind} `{}` does not exist", named.name);
                    let report = step.fault(FaultKind::Other, message, named.part);
                    report.meant(named.name.name.as_str(), known.iter().map(String::as_str));
                }
                self.forget(key.2);
            }
        }
    }

    pub(super) fn rename_other(&mut self, kind: &'static str, from: &Named, on: Option<&Named>, to: &Named) {
        let (Some(old), Some(new)) = (self.other(kind, &from.name, on), self.other(kind, &to.name, on)) else { return };
        match self.schema.others.remove(&old) {
            Some(definition) => {
                self.schema.others.insert(new, definition);
            }
            None => {
                self.forget(old.2);
                self.forget(new.2);
            }
        }
    }

    /// What is on a renamed table goes with it.
    pub(super) fn carry_others(&mut self, from: &ObjectName, to: &ObjectName) {
        let moved: Vec<Key> =
            self.schema.others.keys().filter(|(_, on, _)| on.as_ref() == Some(from)).cloned().collect();
        for (kind, on, name) in moved {
            if let Some(definition) = self.schema.others.remove(&(kind, on, name.clone())) {
                self.schema.others.insert((kind, Some(to.clone()), name), definition);
            }
        }
    }
}
