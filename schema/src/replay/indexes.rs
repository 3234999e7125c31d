//! Indexes made, dropped and renamed.

use std::sync::Arc;

use revchain_core::Dialect;

use super::alter::{keys_of, leading};
use super::constraints::has_key;
use super::known::Relation;
use super::naming::{fit, index_addition, judge_length, key_name};
use super::step::{Step, Target};
use super::tables::article;
use super::unconstrained::rename_index_in;
use super::{FaultKind, Replay};
use crate::change::{CreateIndex, Drops, Named, Part};
use crate::model::{Index, Name, ObjectName, Table};

impl Replay {
    pub(super) fn create_index(&mut self, create: &CreateIndex, step: &mut Step<'_>) {
        let fitted = || create.index.name.as_ref().map(|name| fit(name, self.dialect()));
        let full = match self.relation(&create.table.name) {
            Relation::Table(full) => full,
            Relation::Temporary => {
                if let Some(name) = fitted() {
                    self.temporary.insert(ObjectName::bare(name));
                }
                return;
            }
            Relation::View(view) => {
                if self.has_no_index(&view) {
                    let message = format!("`{}` is a view, and takes no index", create.table.name.name);
                    let help = match self.dialect() {
                        Dialect::Postgres => {
                            "make it on the table that the view reads, or make the view a materialized one"
                        }
                        _ => "make it on the table that the view reads",
                    };
                    let _ = step.fault(FaultKind::UnknownTable, message, create.table.part).help(help);
                    return;
                }
                // A materialized one's: its columns are nobody's business.
                let mut index = create.index.clone();
                index.name = fitted();
                if let (Some(name), Some(there)) = (&index.name, self.schema.views.get_mut(&view)) {
                    let named = index.name.as_ref();
                    if !there.indexes.iter().any(|other| other.name.as_ref() == named) {
                        Arc::make_mut(there).indexes.push(index.clone());
                    }
                    self.hint(name, &view);
                    self.made(&view.beside(name.clone()));
                }
                return;
            }
            Relation::Nothing => {
                let name = fitted();
                self.missing(&create.table, "table", step);
                // It is there if the table is.
                if let Some(name) = name {
                    let name = self.target(&create.table.name).beside(name);
                    self.forget(name);
                }
                return;
            }
            Relation::Sequence(_) | Relation::Index(..) => return,
        };
        self.edit(&full, step, |replay, target, step| {
            // With its name as it is written: whoever adds it judges that.
            let before = target.table.indexes.len();
            replay.add_index(target, &create.index, create.if_not_exists, Some(create.part), step);
            if target.table.indexes.len() > before {
                replay.judge_index(target, &create.index, None, step);
            }
        });
    }

    /// Whether a view is surely none that is kept.
    fn has_no_index(&self, view: &ObjectName) -> bool {
        !self.is_unsure(view) && self.schema.views.get(view).is_some_and(|view| !view.materialized)
    }

    pub(super) fn add_index(
        &mut self,
        target: &mut Target<'_>,
        index: &Index,
        if_not_exists: bool,
        part: Option<Part>,
        step: &mut Step<'_>,
    ) {
        let mut index = index.clone();
        let is_there = index.name.as_ref().is_some_and(|name| has_key(target.table, name));
        if super::alter::serves(&index) && !(if_not_exists && is_there) {
            // Before it gets a name: the one that goes leaves its own (tried).
            self.drop_generated(target, &leading(&index));
        }
        match self.dialect() {
            Dialect::Mysql => match &index.name {
                Some(name) => {
                    if if_not_exists && has_key(target.table, name) {
                        return;
                    }
                    judge_length(name, "index", Dialect::Mysql, part, step);
                    self.judge_key_name(target, name, part, step);
                }
                None => {
                    let first = index.parts.first().and_then(|part| part.column.as_ref());
                    index.name = Some(key_name(target.table, first));
                }
            },
            Dialect::Postgres | Dialect::Sqlite => match &index.name {
                Some(written) => {
                    let name = fit(written, self.dialect());
                    judge_length(written, "index", self.dialect(), part, step);
                    let own = Some((target.name, &*target.table));
                    if self.is_relation(&target.name.beside(name.clone()), own) {
                        if !if_not_exists {
                            self.judge_taken(target, &name, part, step);
                        }
                        return;
                    }
                    index.name = Some(name);
                }
                None => {
                    index.name = index_addition(&index).map(|addition| self.choose(target, &addition, "idx", true));
                    if index.name.is_none() {
                        target.doubt(step);
                    }
                }
            },
        }
        let columns: Vec<Name> =
            index.parts.iter().filter_map(|part| part.column.as_ref()).chain(&index.include).cloned().collect();
        // SQLite takes a quoted name that is no column for a string.
        self.judge_columns(target, &columns, part, step);
        if let Some(name) = &index.name {
            self.hint(name, target.name);
            let full = target.name.beside(name.clone());
            match self.dialect() {
                Dialect::Mysql => self.asked_for(target.name, name),
                Dialect::Postgres | Dialect::Sqlite => self.made(&full),
            }
        }
        target.table.indexes.push(index);
    }

    pub(super) fn drop_indexes(&mut self, drops: &Drops, table: Option<&Named>, step: &mut Step<'_>) {
        if self.dialect() == Dialect::Mysql {
            self.drop_indexes_on(drops, table, step);
            return;
        }
        for named in &drops.names {
            match self.relation(&named.name) {
                Relation::Index(full, owner) => self.drop_index(named, &full, &owner, drops.cascade, step),
                Relation::Temporary => {
                    self.temporary.remove(&named.name);
                }
                Relation::Nothing => {
                    if !drops.if_exists {
                        self.missing_index(named, step);
                    }
                    let target = self.target(&named.name);
                    self.dropped(&target);
                    self.forget(target);
                }
                Relation::Table(full) | Relation::View(full) | Relation::Sequence(full) => {
                    // SQLite doesn't look at what else has the name.
                    if self.is_known(&full) && !(drops.if_exists && self.dialect() == Dialect::Sqlite) {
                        let word = self.relation_at(&full).word();
                        let message = format!("`{}` is {} {word}, no index", named.name, article(word));
                        let _ = step.fault(FaultKind::UnknownIndex, message, named.part);
                    }
                }
            }
        }
    }

    fn missing_index(&mut self, named: &Named, step: &mut Step<'_>) {
        let name = &named.name;
        // SQLite's own names can't be dropped; PostgreSQL may have made one up that isn't modelled.
        if !self.is_surely_absent(name) || self.may_be_made_up(name) {
            return;
        }
        let gone = self.gone.contains_key(&self.target(name));
        let hints = self.hints.borrow();
        let known = hints.keys().map(|known| &known.name);
        let known = known.filter(|known| self.index_owner(&name.schema, known, None).is_some());
        let report = step.fault(FaultKind::UnknownIndex, format!("index `{name}` does not exist"), named.part);
        if gone {
            let _ =
                report.help("it was dropped, or renamed, before: an index goes with its table and with its columns");
        } else {
            report.meant(name.name.as_str(), known.map(Name::as_str));
        }
    }

    /// Whether a table that is not known may have an index of this name: one that stands in what nobody understood, or that
    /// the server made up from the table's name (which it may have cut).
    fn may_be_made_up(&self, name: &ObjectName) -> bool {
        if self.gone.contains_key(&self.target(name)) {
            return false;
        }
        let index = name.name.key();
        let begins = |table: &ObjectName| {
            let table = table.name.key();
            index.starts_with(table.char_indices().nth(20).and_then(|(end, _)| table.get(..end)).unwrap_or(table))
        };
        let is_unclear = |(table, value): (&ObjectName, &Arc<Table>)| {
            (!value.is_known() || self.is_unsure(table))
                && (begins(table) || value.indexes.iter().any(|index| index.name.is_none()))
        };
        self.schema.tables.iter().any(is_unclear)
            || self.unread.borrow().iter().any(|text| text.contains(index) || index.starts_with(text.as_str()))
    }

    fn drop_index(&mut self, named: &Named, full: &ObjectName, owner: &ObjectName, cascade: bool, step: &mut Step<'_>) {
        let dropped = full.clone();
        if let Some(view) = self.schema.views.get_mut(owner) {
            Arc::make_mut(view).indexes.retain(|index| index.name.as_ref() != Some(&full.name));
        }
        self.edit(owner, step, |replay, target, step| {
            let is_it = |index: &Index| index.name.as_ref() == Some(&full.name);
            if let Some(at) = target.table.indexes.iter().position(is_it) {
                let index = target.table.indexes.remove(at);
                if index.unique && index.predicate.is_none() {
                    let constraint = Named { name: full.name.clone(), part: named.part };
                    replay.free_key(target, &leading(&index), &constraint, cascade, step);
                }
            } else if target.judge(step) {
                let message = format!("index `{}` belongs to a constraint of table `{owner}`", named.name);
                let _ = step
                    .fault(FaultKind::StillNeeded, message, named.part)
                    .also(target.table.place, "the table is made here")
                    .help(format!("ALTER TABLE {owner} DROP CONSTRAINT drops it"));
            }
        });
        self.dropped(&dropped);
    }

    /// MySQL's `DROP INDEX … ON`.
    fn drop_indexes_on(&mut self, drops: &Drops, table: Option<&Named>, step: &mut Step<'_>) {
        let Some(full) = table.and_then(|table| self.table(table, false, step)) else { return };
        self.edit(&full, step, |replay, target, step| {
            let before = keys_of(target.table);
            for named in &drops.names {
                let name = Named { name: named.name.name.clone(), part: named.part };
                replay.drop_constraint(
                    target,
                    crate::change::Kind::Index,
                    Some(&name),
                    drops.if_exists,
                    false,
                    named.part,
                    step,
                );
            }
            replay.judge_needed_indexes(target, &before, step);
        });
    }

    /// An index of a table isn't there.
    pub(super) fn unknown_index(&self, target: &mut Target<'_>, named: &Named<Name>, step: &mut Step<'_>) {
        if target.judge(step) {
            let message = format!("table `{}` has no index `{}`", target.name, named.name);
            let keys = target.table.uniques.iter().map(|key| &key.name);
            let known = keys.chain(target.table.indexes.iter().map(|index| &index.name)).flatten();
            step.fault(FaultKind::UnknownIndex, message, named.part)
                .also(target.table.place, "the table is made here")
                .meant(named.name.as_str(), known.map(Name::as_str));
        }
    }

    /// `ALTER INDEX … RENAME TO`.
    pub(super) fn rename_index(&mut self, from: &Named, to: &Name, if_exists: bool, step: &mut Step<'_>) {
        let to = Named { name: from.name.beside(to.clone()), part: from.part };
        match self.relation(&from.name) {
            Relation::Nothing => {
                if !if_exists {
                    self.missing_index(from, step);
                }
                let old = self.target(&from.name);
                self.forget(old);
                let new = self.target(&to.name);
                self.forget(new);
            }
            _ => self.rename_relation(from, &to, if_exists, step),
        }
    }

    /// An index, or the constraint that it belongs to.
    pub(super) fn rename_found_index(&mut self, from: &ObjectName, table: &ObjectName, to: &Name, step: &mut Step<'_>) {
        self.hint(to, table);
        if let Some(view) = self.schema.views.get_mut(table) {
            let is_it = |index: &&mut Index| index.name.as_ref() == Some(&from.name);
            if let Some(index) = Arc::make_mut(view).indexes.iter_mut().find(is_it) {
                index.name = Some(to.clone());
            }
        }
        self.edit(table, step, |_, target, _| rename_index_in(target.table, &from.name, to));
        let renamed = from.beside(to.clone());
        self.replaced(from, &renamed);
    }

    /// MySQL's `RENAME INDEX`.
    pub(super) fn rename_key(
        &mut self,
        target: &mut Target<'_>,
        from: &Named<Name>,
        to: &Name,
        part: Part,
        step: &mut Step<'_>,
    ) {
        if !has_key(target.table, &from.name) {
            match self.is_generated(target.name, &from.name) {
                true => target.doubt(step),
                false => self.unknown_index(target, from, step),
            }
            return;
        }
        judge_length(to, "index", self.dialect(), Some(part), step);
        if from.name != *to {
            self.judge_key_name(target, to, Some(part), step);
        }
        let keys = target.table.uniques.iter_mut().map(|key| &mut key.name);
        for name in keys.chain(target.table.indexes.iter_mut().map(|index| &mut index.name)).flatten() {
            if *name == from.name {
                *name = to.clone();
            }
        }
        self.asked_for(target.name, &from.name);
    }
}
