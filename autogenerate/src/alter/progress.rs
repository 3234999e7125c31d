//! How far a script is: what its statements lead to so far, by replay, and what is left of the differences. What goes by itself
//! with something else, on one dialect or another, is known there. Never keeps a statement that the replay refuses.

use revchain_schema::model::{ObjectName, Schema, Table};
use revchain_schema::write::Writer;
use revchain_schema::{Changed, Difference, Object, apply, compare};

use crate::{Omitted, Script, Step};

/// A script while it is written.
pub(super) struct Progress<'a> {
    /// What the statements lead to, but for those since the last [`settle`](Progress::settle).
    pub(super) now: Schema,
    /// What they are to lead to.
    pub(super) to: &'a Schema,
    /// What is left, as of the same moment.
    pub(super) left: Vec<Difference>,
    script: &'a mut Script,
    /// How many of its steps are applied.
    settled: usize,
    /// Statements that can't be, and why.
    refused: Vec<(String, String)>,
}

impl<'a> Progress<'a> {
    pub(super) fn new(from: &Schema, to: &'a Schema, left: &[Difference], script: &'a mut Script) -> Progress<'a> {
        let settled = script.steps.len();
        Progress { now: from.clone(), to, left: left.to_vec(), script, settled, refused: Vec::new() }
    }

    /// Writes for the schema that is to be.
    pub(super) fn writer(&self) -> Writer<'a> {
        Writer::of(self.to)
    }

    /// A statement that nobody has to look at.
    pub(super) fn step(&mut self, sql: impl Into<String>) {
        self.script.steps.push(Step::new(sql));
    }

    /// A statement with what a person should know about it, where there is something.
    pub(super) fn noted(&mut self, sql: impl Into<String>, notes: &[String]) {
        match notes {
            [] => self.step(sql),
            notes => self.script.steps.push(Step::noted(sql, notes.join(" "))),
        }
    }

    /// A difference that no statement can say.
    pub(super) fn refuse(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.refused.push((what.into(), why.into()));
    }

    /// Applies what was written, and finds what is left.
    pub(super) fn settle(&mut self) {
        if self.settled == self.script.steps.len() {
            return;
        }
        let new = self.script.steps.get(self.settled..).unwrap_or_default();
        let text: String = new.iter().map(|step| format!("{};\n", step.sql)).collect();
        let applied = apply(&self.now, &text);
        if applied.problems.is_empty() && !loses_sight(&self.now, &applied.schema) {
            self.now = applied.schema;
        } else {
            self.settle_one_by_one();
        }
        self.settled = self.script.steps.len();
        self.left = differences(&self.now, self.to);
    }

    /// The same where one of them can't be: that one is left out.
    fn settle_one_by_one(&mut self) {
        for step in self.script.steps.split_off(self.settled) {
            let applied = apply(&self.now, &step.sql);
            let why = match applied.problems.into_iter().next() {
                Some(problem) => problem.message,
                None if loses_sight(&self.now, &applied.schema) => "what becomes of the table is not known".to_owned(),
                None => {
                    self.now = applied.schema;
                    self.script.steps.push(step);
                    continue;
                }
            };
            self.refused.push((step.sql, why));
        }
    }

    /// What is left now that everything was tried was not written.
    pub(super) fn finish(mut self) {
        self.settle();
        let writer = self.writer();
        for difference in std::mem::take(&mut self.left) {
            let named = difference.object.table().or(difference.object.name()).map(|name| writer.object(name));
            let of_it = |(sql, _): &&(String, String)| named.as_ref().is_some_and(|name| sql.contains(name.as_str()));
            let why = match self.refused.iter().find(of_it) {
                Some((_, why)) => why.clone(),
                None => "no statement that is written here says it".to_owned(),
            };
            self.script.omitted.push(Omitted { difference, why });
        }
    }

    /// The tables that are there in both.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&ObjectName, &Table, &'a Table)> {
        let to = self.to;
        self.now.tables.iter().filter_map(move |(name, table)| Some((name, &**table, &**to.tables.get(name)?)))
    }

    /// The tables that differ in anything that belongs to them, by name.
    pub(super) fn changed_tables(&self) -> Vec<ObjectName> {
        let names = self.left.iter().filter_map(|difference| difference.object.table());
        let mut names: Vec<ObjectName> = names.filter(|name| self.is_in_both(name)).cloned().collect();
        names.sort();
        names.dedup();
        names
    }

    fn is_in_both(&self, name: &ObjectName) -> bool {
        self.now.tables.contains_key(name) && self.to.tables.contains_key(name)
    }

    /// The tables that go, those that refer to others first.
    pub(super) fn dropped_tables(&self) -> Vec<ObjectName> {
        let goes = |name: &&ObjectName| self.is_missing(&Object::Table((*name).clone()));
        revchain_schema::write::tables_in_order(&self.now).into_iter().rev().filter(goes).cloned().collect()
    }

    /// Whether something is to go.
    pub(super) fn is_missing(&self, object: &Object) -> bool {
        self.left.iter().any(|difference| difference.object == *object && difference.change == Changed::Missing)
    }

    /// Whether something is to be made.
    pub(super) fn is_extra(&self, object: &Object) -> bool {
        self.left.iter().any(|difference| difference.object == *object && difference.change == Changed::Extra)
    }
}

/// What differs between two schemas, but for what is gone with its session.
pub(super) fn differences(from: &Schema, to: &Schema) -> Vec<Difference> {
    let mut all = compare(from, to);
    all.retain(|difference| !crate::script::is_temporary(from, &difference.object));
    all
}

/// Whether something is not known any more: nothing would be said of it, and nothing written.
fn loses_sight(before: &Schema, after: &Schema) -> bool {
    before.unknown.len() < after.unknown.len()
        || after.tables.iter().any(|(name, table)| {
            !table.is_known() && before.tables.get(name).is_none_or(|before| before.unknown.len() < table.unknown.len())
        })
}
