//! What hangs on what: columns dropped and renamed, with all that uses them; tables and keys that others need.

use std::sync::Arc;

use revchain_core::Dialect;

use super::foreign_keys::is_unique_on;
use super::mention::{Mention, mention};
use super::naming::fit;
use super::step::{Step, Target};
use super::users::Done;
use super::{FaultKind, Replay};
use crate::change::Named;
use crate::model::{Expression, ForeignKey, Index, Name, ObjectName, Table};

impl Replay {
    pub(super) fn drop_column(
        &mut self,
        target: &mut Target<'_>,
        name: &Named<Name>,
        if_exists: bool,
        cascade: bool,
        step: &mut Step<'_>,
    ) {
        let fitted = fit(&name.name, self.dialect());
        let Some(at) = target.table.columns.iter().position(|column| column.name == fitted) else {
            if !if_exists {
                self.unknown_column(target, name, step);
            }
            return;
        };
        match self.dialect() {
            Dialect::Postgres if cascade => self.cut_references(target.name, Some(&fitted)),
            Dialect::Postgres | Dialect::Mysql => self.judge_unreferenced(target, name, step),
            Dialect::Sqlite => judge_unused(target, name, step),
        }
        if !(cascade && self.dialect() == Dialect::Postgres) {
            self.judge_users(target, name, Done::Dropped, step);
        }
        target.table.columns.remove(at);
        match self.dialect() {
            Dialect::Postgres => self.drop_users(target, &fitted, cascade, step),
            Dialect::Mysql => shrink_keys(target, &fitted, step),
            Dialect::Sqlite => {
                target.table.foreign_keys.retain(|key| !key.columns.contains(&fitted));
                target
                    .table
                    .checks
                    .retain(|check| mention(&check.expression, &fitted, Dialect::Sqlite) != Mention::Yes);
            }
        }
        let is_owner = |owner: &(ObjectName, Name)| owner.0 == *target.name && owner.1 == fitted;
        self.schema.sequences.take_out(|_, sequence| sequence.owned_by.as_ref().is_some_and(is_owner));
    }

    /// A column that a foreign key is on, or refers to.
    fn judge_unreferenced(&self, target: &mut Target<'_>, name: &Named<Name>, step: &mut Step<'_>) {
        if !target.is_known() {
            return;
        }
        let mysql = self.dialect() == Dialect::Mysql;
        if mysql && !self.foreign_key_checks {
            return;
        }
        // PostgreSQL drops a table's own foreign keys with the column.
        let own = target.table.foreign_keys.iter().find(|key| mysql && key.columns.contains(&name.name));
        let own = own.map(|key| (target.name.clone(), key.name.clone()));
        let (owner, key) = match own.or_else(|| self.reference_to(target, |column| *column == name.name)) {
            Some(found) => found,
            None => return,
        };
        let place = self.schema.tables.get(&owner).map_or(target.table.place, |table| table.place);
        let key = key.as_ref().map_or("", Name::as_str);
        let message = format!("column `{}` is needed by foreign key `{key}` of table `{owner}`", name.name);
        let help = if mysql { "drop the foreign key first" } else { "drop the foreign key first, or say CASCADE" };
        let _ = step.fault(FaultKind::StillNeeded, message, name.part).also(place, "its table is made here").help(help);
        target.doubt(step);
    }

    /// A known table's foreign key to a column of the target's.
    fn reference_to(&self, target: &Target<'_>, is_it: impl Fn(&Name) -> bool) -> Option<(ObjectName, Option<Name>)> {
        self.referrers(target.name).find_map(|(name, table)| {
            let to = |key: &&ForeignKey| key.table == *target.name && key.references.iter().any(&is_it);
            let key = table.foreign_keys.iter().find(to)?;
            self.is_known(name).then(|| (name.clone(), key.name.clone()))
        })
    }

    /// PostgreSQL: indexes and constraints that use a dropped column go with it, those of several columns, too.
    fn drop_users(&mut self, target: &mut Target<'_>, name: &Name, cascade: bool, step: &mut Step<'_>) {
        let mut unclear = false;
        let mut uses = |expression: &Expression| match mention(expression, name, Dialect::Postgres) {
            Mention::No => false,
            Mention::Yes => true,
            Mention::Maybe => {
                unclear = true;
                false
            }
        };
        let mut index_uses = |index: &Index| {
            index.include.contains(name)
                || index.parts.iter().any(|part| part.column.as_ref() == Some(name))
                || index.parts.iter().filter_map(|part| part.expression.as_ref()).any(&mut uses)
                || index.predicate.as_ref().is_some_and(&mut uses)
        };
        let mut gone = Vec::new();
        target.table.indexes.retain(|index| {
            let goes = index_uses(index);
            if goes {
                gone.extend(index.name.clone());
            }
            !goes
        });
        target.table.exclusions.retain(|exclusion| !index_uses(&exclusion.index));
        let in_key = |key: &crate::model::Key| key.columns.contains(name) || key.include.contains(name);
        for key in target.table.uniques.iter().chain(&target.table.primary_key).filter(|key| in_key(key)) {
            gone.extend(key.name.clone());
        }
        target.table.uniques.retain(|key| !in_key(key));
        if target.table.primary_key.as_ref().is_some_and(in_key) {
            target.table.primary_key = None;
        }
        target
            .table
            .foreign_keys
            .retain(|key| !(key.columns.contains(name) || key.table == *target.name && key.references.contains(name)));
        target.table.checks.retain(|check| !uses(&check.expression));
        // Generated columns that use it refuse, or go where CASCADE is said.
        let before = target.table.columns.len();
        target.table.columns.retain(|column| {
            !(cascade && column.generated.as_ref().is_some_and(|generated| uses(&generated.expression)))
        });
        if unclear || target.table.columns.len() < before {
            target.doubt(step);
        }
        for index in gone {
            self.dropped(&target.name.beside(index));
        }
    }

    /// A key of several tables' foreign keys was dropped: PostgreSQL refuses, but for CASCADE.
    pub(super) fn free_key(
        &mut self,
        target: &mut Target<'_>,
        columns: &[Name],
        named: &Named<Name>,
        cascade: bool,
        step: &mut Step<'_>,
    ) {
        if self.dialect() != Dialect::Postgres || columns.is_empty() || is_unique_on(target.table, columns) {
            return;
        }
        self.dropped(&target.name.beside(named.name.clone()));
        let same = |key: &ForeignKey| {
            key.references.len() == columns.len() && key.references.iter().all(|column| columns.contains(column))
        };
        if cascade {
            target.table.foreign_keys.retain(|key| key.table != *target.name || !same(key));
            self.cut(target.name, same);
            return;
        }
        let own = target.table.foreign_keys.iter().find(|key| key.table == *target.name && same(key));
        let own = own.map(|key| (target.name.clone(), key.name.clone()));
        let other = || {
            self.referrers(target.name).find_map(|(name, table)| {
                let key = table.foreign_keys.iter().find(|key| key.table == *target.name && same(key))?;
                self.is_known(name).then(|| (name.clone(), key.name.clone()))
            })
        };
        let Some((owner, key)) = own.or_else(other) else { return };
        if target.judge(step) {
            let place = self.schema.tables.get(&owner).map_or(target.table.place, |table| table.place);
            let key = key.as_ref().map_or("", Name::as_str);
            let message = format!("`{}` is needed by foreign key `{key}` of table `{owner}`", named.name);
            let _ = step
                .fault(FaultKind::StillNeeded, message, named.part)
                .also(place, "its table is made here")
                .help("drop the foreign key first, or say CASCADE");
        }
    }

    /// A table that is to be dropped, and what needs it. `all` are those that go with it.
    pub(super) fn judge_table_is_free(
        &self,
        named: &Named,
        full: &ObjectName,
        all: &[&ObjectName],
        step: &mut Step<'_>,
    ) {
        // A row of SQLite's may hinder it; a schema never does.
        let judged = match self.dialect() {
            Dialect::Postgres => true,
            Dialect::Mysql => self.foreign_key_checks,
            Dialect::Sqlite => false,
        };
        if !judged || !self.is_known(full) {
            return;
        }
        let other = self.referrers(full).find(|(name, _)| !all.contains(name) && self.is_known(name));
        if let Some((owner, table)) = other {
            let key = table.foreign_keys.iter().find(|key| key.table == *full).and_then(|key| key.name.as_ref());
            let key = key.map_or("", Name::as_str);
            let message = format!("table `{}` is needed by foreign key `{key}` of table `{owner}`", named.name);
            let help = match self.dialect() {
                Dialect::Mysql => format!("drop the foreign key, or `{owner}`, first"),
                _ => format!("drop the foreign key, or `{owner}`, first, or say CASCADE"),
            };
            let _ = step
                .fault(FaultKind::StillNeeded, message, named.part)
                .also(table.place, "its table is made here")
                .help(help);
            return;
        }
        if self.dialect() == Dialect::Postgres
            && let Some(view) = self.view_of(full)
        {
            let message = format!("table `{}` is needed by view `{view}`", named.name);
            let help = format!("drop `{view}` first, or say CASCADE");
            let _ = step.fault(FaultKind::StillNeeded, message, named.part).help(help);
        }
    }

    /// CASCADE: other tables' foreign keys to a table, or to one of its columns, go; and views.
    pub(super) fn cut_references(&mut self, full: &ObjectName, column: Option<&Name>) {
        self.cut(full, |key| column.is_none_or(|column| key.references.contains(column)));
        self.cut_views(full, column.is_none());
    }

    fn cut(&mut self, full: &ObjectName, goes: impl Fn(&ForeignKey) -> bool) {
        let goes = |key: &ForeignKey| key.table == *full && goes(key);
        self.schema.tables.change(
            |table| table.foreign_keys.iter().any(goes),
            |_, table| Arc::make_mut(table).foreign_keys.retain(|key| !goes(key)),
        );
    }

    /// A renamed table takes other tables' references along.
    pub(super) fn carry_references(&mut self, from: &ObjectName, to: &ObjectName) {
        let mut carried = Vec::new();
        self.schema.tables.change(
            |table| table.foreign_keys.iter().any(|key| key.table == *from),
            |name, table| {
                carried.push(name.clone());
                for key in Arc::make_mut(table).foreign_keys.iter_mut().filter(|key| key.table == *from) {
                    key.table = to.clone();
                }
            },
        );
        for name in carried {
            self.refers(&name, to);
        }
    }

    /// A renamed column, within its table.
    pub(super) fn rename_within(&self, target: &mut Target<'_>, from: &Name, to: &Name) {
        let dialect = self.dialect();
        let rename =
            |names: &mut Vec<Name>| names.iter_mut().filter(|name| *name == from).for_each(|name| *name = to.clone());
        let rewrite = |expression: &mut Expression| {
            if mention(expression, from, dialect) != Mention::No {
                *expression = expression.with_renamed(from, to, dialect);
            }
        };
        let rename_index = |index: &mut Index| {
            for part in &mut index.parts {
                if let Some(column) = part.column.as_mut().filter(|column| *column == from) {
                    *column = to.clone();
                }
                part.expression.iter_mut().for_each(rewrite);
            }
            index.predicate.iter_mut().for_each(rewrite);
            rename(&mut index.include);
        };
        let table: &mut Table = target.table;
        for column in &mut table.columns {
            if column.name == *from {
                column.name = to.clone();
            }
            if let Some(generated) = &mut column.generated {
                rewrite(&mut generated.expression);
            }
        }
        for key in table.primary_key.iter_mut().chain(&mut table.uniques) {
            rename(&mut key.columns);
            rename(&mut key.include);
        }
        table.indexes.iter_mut().for_each(rename_index);
        table.exclusions.iter_mut().for_each(|exclusion| rename_index(&mut exclusion.index));
        for key in &mut table.foreign_keys {
            rename(&mut key.columns);
            if key.table == *target.name {
                rename(&mut key.references);
            }
        }
        table.checks.iter_mut().for_each(|check| rewrite(&mut check.expression));
    }

    /// A renamed column, in what refers to it.
    pub(super) fn carry_column(&mut self, full: &ObjectName, from: &Name, to: &Name) {
        let is_there = self
            .schema
            .tables
            .get(full)
            .is_some_and(|table| table.column(to).is_some() && table.column(from).is_none());
        if !is_there {
            return;
        }
        let refers = |key: &ForeignKey| key.table == *full && key.references.contains(from);
        self.schema.tables.change(
            |table| table.foreign_keys.iter().any(refers),
            |_, table| {
                for key in Arc::make_mut(table).foreign_keys.iter_mut().filter(|key| refers(key)) {
                    key.references.iter_mut().filter(|name| *name == from).for_each(|name| *name = to.clone());
                }
            },
        );
        for sequence in self.schema.sequences.values_mut() {
            if sequence.owned_by.as_ref().is_some_and(|(table, column)| table == full && column == from)
                && let Some((_, column)) = &mut Arc::make_mut(sequence).owned_by
            {
                *column = to.clone();
            }
        }
        self.carry_column_in_text(full, from, to);
    }
}

/// SQLite refuses to drop a column that something uses (<https://sqlite.org/lang_altertable.html>). A check or a foreign key
/// that is written with the column goes with it (tried), and which those are isn't kept: only what has several is judged.
fn judge_unused(target: &mut Target<'_>, name: &Named<Name>, step: &mut Step<'_>) {
    let column = &name.name;
    let uses = |expression: &Expression| mention(expression, column, Dialect::Sqlite) == Mention::Yes;
    let index_uses = |index: &&Index| {
        index
            .parts
            .iter()
            .any(|part| part.column.as_ref() == Some(column) || part.expression.as_ref().is_some_and(uses))
            || index.predicate.as_ref().is_some_and(uses)
    };
    let table = &*target.table;
    let user = if table.primary_key.as_ref().is_some_and(|key| key.columns.contains(column)) {
        "the primary key".to_owned()
    } else if table.uniques.iter().any(|key| key.columns.contains(column)) {
        "a unique constraint".to_owned()
    } else if let Some(index) = table.indexes.iter().find(index_uses) {
        format!("index `{}`", index.name.as_ref().map_or("", Name::as_str))
    } else if table.foreign_keys.iter().any(|key| key.columns.len() > 1 && key.columns.contains(column)) {
        "a foreign key".to_owned()
    } else {
        return;
    };
    if target.judge(step) {
        let help = match user.starts_with("index") {
            true => "drop the index first",
            false => "SQLite needs the table rebuilt without it",
        };
        let message = format!("column `{column}` is used by {user}");
        let _ = step
            .fault(FaultKind::StillNeeded, message, name.part)
            .also(target.table.place, "the table is made here")
            .help(help);
    }
}

/// MySQL takes a dropped column out of the indexes, and drops those that are left empty. (MariaDB refuses where a unique one
/// of several columns has it, error 1072: nothing is claimed.)
fn shrink_keys(target: &mut Target<'_>, name: &Name, step: &Step<'_>) {
    let table = &mut *target.table;
    for key in table.primary_key.iter_mut().chain(&mut table.uniques) {
        key.columns.retain(|column| column != name);
    }
    if table.primary_key.as_ref().is_some_and(|key| key.columns.is_empty()) {
        table.primary_key = None;
    }
    table.uniques.retain(|key| !key.columns.is_empty());
    for index in &mut table.indexes {
        index.parts.retain(|part| part.column.as_ref() != Some(name));
    }
    table.indexes.retain(|index| !index.parts.is_empty());
    table.foreign_keys.retain(|key| !key.columns.contains(name));
    // MariaDB drops a check of this column alone; MySQL refuses.
    let before = table.checks.len();
    table.checks.retain(|check| mention(&check.expression, name, Dialect::Mysql) == Mention::No);
    if table.checks.len() + 1 < before {
        target.doubt(step);
    }
}
