//! Tables made, dropped, renamed and moved.

use std::sync::Arc;

use revchain_core::Dialect;

use super::known::Relation;
use super::naming::judge_length;
use super::step::{Step, Target};
use super::{FaultKind, Replay};
use crate::change::{Constraint, CreateTable, Drops, Named};
use crate::model::{Expression, Index, Key, Name, ObjectName, Table};

impl Replay {
    pub(super) fn create_table(&mut self, mut create: CreateTable, step: &mut Step<'_>) {
        if create.table.temporary {
            self.temporary.insert(ObjectName::bare(create.name.name.name.clone()));
            return;
        }
        let full = self.target(&create.name.name);
        if !self.makes_room(&create.name, &full, create.if_not_exists, create.or_replace, step) {
            return;
        }
        judge_length(&create.name.name.name, "table", self.dialect(), Some(create.name.part), step);
        self.made(&full);
        let mut table = Table::new(step.at(create.name.part));
        table.comment.clone_from(&create.table.comment);
        table.options.clone_from(&create.table.options);
        table.unknown.clone_from(&create.table.unknown);
        table.is_abridged = create.table.is_abridged;
        table.is_annotated = create.table.is_annotated;
        table.unknown.extend(step.taints.iter().cloned());
        if create.as_query {
            table.unknown.push(step.whole());
        }
        let mut target = Target { name: &full, table: &mut table, sure: true };
        self.inherit(&create, &mut target, step);
        for (key, value) in create.table.options.iter().filter(|_| self.dialect() == Dialect::Mysql) {
            self.judge_option(key, value, None, step);
        }
        self.judge_duplicates(&create, &mut target, step);
        let columns = std::mem::take(&mut create.table.columns);
        let generated = columns
            .iter()
            .filter_map(|column| Some((column.name.clone(), column.generated.as_ref()?.expression.clone())));
        let generated: Vec<(Name, Expression)> = generated.collect();
        self.define_columns(columns, &create, &mut target, step);
        let made = &create.table;
        let (primary_key, uniques) = self.without_repeats(made);
        if let Some(key) = primary_key {
            self.add_constraint(&mut target, &Constraint::Primary(key), false, None, step);
        }
        for key in &uniques {
            self.add_constraint(&mut target, &Constraint::Unique(key.clone()), false, None, step);
        }
        if made.uniques.iter().any(|key| key.name.is_none()) && made.indexes.iter().any(|index| index.name.is_none()) {
            // MySQL numbers both in the order of the text, which is lost here.
            let first = |index: &Index| index.parts.first().and_then(|part| part.column.clone());
            let clash = |key: &Key| made.indexes.iter().any(|index| key.columns.first() == first(index).as_ref());
            if self.dialect() == Dialect::Mysql && made.uniques.iter().any(clash) {
                target.doubt(step);
            }
        }
        for index in &made.indexes {
            self.add_constraint(&mut target, &Constraint::Index(index.clone()), false, None, step);
        }
        for check in &made.checks {
            self.add_constraint(&mut target, &Constraint::Check(check.clone()), false, None, step);
        }
        for exclusion in &made.exclusions {
            self.add_constraint(&mut target, &Constraint::Exclude(exclusion.clone()), false, None, step);
        }
        for (position, key) in made.foreign_keys.iter().enumerate() {
            let part = create.foreign_key_parts.get(position).copied();
            self.add_foreign_key(&mut target, key, part, step);
        }
        self.judge_table(&target, create.name.part, step);
        self.judge_parted(&mut target, create.name.part, step);
        self.judge_made(&mut target, made, &generated, step);
        for (check, column) in made.checks.iter().zip(&create.check_columns) {
            if let Some(column) = column {
                self.note_own_check(&full, column, &check.expression);
            }
        }
        if !create.like.is_empty() {
            self.note_renamed(&full);
        }
        self.schema.tables.insert(full, Arc::new(table));
    }

    /// The keys that `CREATE TABLE` makes: PostgreSQL leaves out a unique constraint that says what the primary key, or one
    /// before it, says already; that has its name then, if it had none (`transformIndexConstraints`; tried).
    fn without_repeats(&self, made: &Table) -> (Option<Key>, Vec<Key>) {
        let mut primary = made.primary_key.clone();
        if self.dialect() != Dialect::Postgres {
            return (primary, made.uniques.clone());
        }
        let mut kept: Vec<Key> = Vec::with_capacity(made.uniques.len());
        for key in &made.uniques {
            let same = |other: &Key| {
                other.columns == key.columns
                    && other.include == key.include
                    && other.deferrable == key.deferrable
                    && other.nulls_not_distinct == key.nulls_not_distinct
            };
            match primary.iter_mut().chain(&mut kept).find(|other| same(other)) {
                Some(other) => other.name = other.name.take().or_else(|| key.name.clone()),
                None => kept.push(key.clone()),
            }
        }
        (primary, kept)
    }

    /// Whether something new may have this name. What is there already is said; where it isn't sure that it is, it goes.
    pub(super) fn makes_room(
        &mut self,
        named: &Named,
        full: &ObjectName,
        if_not_exists: bool,
        or_replace: bool,
        step: &mut Step<'_>,
    ) -> bool {
        let there = self.relation_at(full);
        let owner = match &there {
            Relation::Nothing | Relation::Temporary => return true,
            Relation::Table(other) | Relation::View(other) | Relation::Sequence(other) => other.clone(),
            Relation::Index(_, table) => table.clone(),
        };
        if or_replace {
            self.forget_object(full);
            return true;
        }
        if self.is_unsure(&owner) || matches!(there, Relation::Index(..)) && !self.is_known(&owner) {
            if !if_not_exists {
                self.forget_object(full);
            }
            // What is there may be the old one, or what a statement made that nobody understood.
            self.taint(full, step);
            return !if_not_exists;
        }
        if if_not_exists {
            return false;
        }
        // Whether MySQL takes two names that differ in case for one is its file system's affair.
        if self.dialect() == Dialect::Mysql && owner.name.as_str() != full.name.as_str() {
            self.taint(full, step);
            self.forget(full.clone());
            return false;
        }
        let message = format!("{} `{}` already exists", there.word(), named.name);
        let made = self.schema.tables.get(&owner).map(|table| table.place);
        let report = step.fault(FaultKind::DuplicateTable, message, named.part);
        if let Some(place) = made {
            let what = if matches!(there, Relation::Index(..)) { "its table was made here" } else { "made here" };
            let _ = report.also(place, what);
        }
        self.taint(full, step);
        false
    }

    /// Whether everything about a table, or whatever else has this name, is sure.
    pub(super) fn is_known(&self, full: &ObjectName) -> bool {
        !self.is_unsure(full) && self.schema.tables.get(full).is_none_or(|table| table.is_known())
    }

    /// Takes out whatever relation has this name.
    fn forget_object(&mut self, full: &ObjectName) {
        self.remove_table(full);
        self.schema.views.remove(full);
        self.schema.sequences.remove(full);
    }

    pub(super) fn drop_tables(&mut self, drops: &Drops, step: &mut Step<'_>) {
        let dialect = self.dialect();
        let found: Vec<Relation> = drops.names.iter().map(|named| self.relation(&named.name)).collect();
        let all: Vec<&ObjectName> = found
            .iter()
            .filter_map(|there| if let Relation::Table(full) = there { Some(full) } else { None })
            .collect();
        for (named, there) in drops.names.iter().zip(&found) {
            match there {
                Relation::Table(full) => {
                    if !drops.cascade || dialect != Dialect::Postgres {
                        self.judge_table_is_free(named, full, &all, step);
                    } else {
                        self.cut_references(full, None);
                    }
                    self.remove_table(full);
                    self.dropped(full);
                }
                Relation::Temporary => {
                    self.temporary.remove(&named.name);
                }
                Relation::Nothing => {
                    if !drops.if_exists {
                        self.missing(named, "table", step);
                    } else if named.name.schema.is_some() || self.path.len() == 1 {
                        let target = self.target(&named.name);
                        self.dropped(&target);
                    }
                }
                Relation::View(full) | Relation::Sequence(full) | Relation::Index(full, _) => {
                    // MariaDB and MySQL leave it at a note where IF EXISTS is said; PostgreSQL and SQLite refuse.
                    // SQLite does so with an index's name.
                    let is_left = match dialect {
                        Dialect::Mysql => drops.if_exists,
                        Dialect::Sqlite => drops.if_exists && matches!(there, Relation::Index(..)),
                        Dialect::Postgres => false,
                    };
                    let is_claimed = !(is_left || self.is_unsure(full));
                    if is_claimed && !matches!(there, Relation::Index(_, table) if !self.is_known(table)) {
                        let word = there.word();
                        let message = format!("`{}` is {} {word}, no table", named.name, article(word));
                        let _ = step
                            .fault(FaultKind::UnknownTable, message, named.part)
                            .help(format!("DROP {} drops it", word.to_uppercase()));
                    }
                }
            }
        }
    }

    /// Takes a table out, and what goes with it.
    pub(super) fn remove_table(&mut self, full: &ObjectName) -> Option<Arc<Table>> {
        let partitions = self.partitions(full);
        // First: one may have been attached to itself, which no server does.
        let table = self.schema.tables.remove(full)?;
        for partition in partitions {
            self.remove_table(&partition);
            self.dropped(&partition);
        }
        if self.dialect() == Dialect::Postgres {
            for name in relations_of(&table) {
                self.dropped(&full.beside(name.clone()));
            }
            let is_owner = |owner: &(ObjectName, Name)| owner.0 == *full;
            self.schema.sequences.take_out(|_, sequence| sequence.owned_by.as_ref().is_some_and(is_owner));
        } else if self.dialect() == Dialect::Sqlite {
            for name in table.indexes.iter().filter_map(|index| index.name.as_ref()) {
                self.dropped(&full.beside(name.clone()));
            }
        }
        self.schema.triggers.take_out(|_, trigger| trigger.table == *full);
        self.schema.others.take_out(|(_, on, _), _| on.as_ref() == Some(full));
        if self.generated.iter().any(|(table, _)| table == full) {
            Arc::make_mut(&mut self.generated).retain(|(table, _)| table != full);
        }
        Some(table)
    }

    /// `RENAME TO`, whatever kind of relation it is.
    pub(super) fn rename_relation(&mut self, from: &Named, to: &Named, if_exists: bool, step: &mut Step<'_>) {
        let there = self.relation(&from.name);
        if there == Relation::Temporary {
            self.temporary.remove(&from.name);
            self.temporary.insert(to.name.clone());
            return;
        }
        let full = match &there {
            Relation::Table(full) | Relation::View(full) | Relation::Sequence(full) | Relation::Index(full, _) => full,
            Relation::Temporary | Relation::Nothing => {
                if !if_exists && !self.is_columns_own(&from.name) {
                    self.missing(from, "table", step);
                }
                // It has the new name now, if it was there at all.
                let target = self.target(&to.name);
                self.forget(target);
                return;
            }
        };
        if matches!(there, Relation::Table(_)) {
            self.judge_views_whole(from.part, step);
        }
        // PostgreSQL and SQLite rename in place; MySQL's new name may have another database.
        let target = match self.dialect() {
            Dialect::Mysql => self.target(&to.name),
            Dialect::Postgres | Dialect::Sqlite => full.beside(self.target(&to.name).name),
        };
        judge_length(&to.name.name, there.word(), self.dialect(), Some(to.part), step);
        // PostgreSQL and SQLite refuse a table's own name (tried); MySQL takes it.
        let same = target == *full && (self.dialect() == Dialect::Mysql || target.name.as_str() != full.name.as_str());
        if same || !self.makes_room(&Named { name: target.clone(), part: to.part }, &target, false, false, step) {
            return;
        }
        self.rename_found(&there, &target, step);
    }

    /// `SET SCHEMA`.
    pub(super) fn move_relation(&mut self, from: &Named, to: &Name, if_exists: bool, step: &mut Step<'_>) {
        let there = self.relation(&from.name);
        let full = match &there {
            Relation::Table(full) | Relation::View(full) | Relation::Sequence(full) => full.clone(),
            Relation::Nothing => {
                if !if_exists && !self.is_columns_own(&from.name) {
                    self.missing(from, "table", step);
                }
                return;
            }
            Relation::Temporary | Relation::Index(..) => return,
        };
        let target = ObjectName { schema: self.namespace(to), name: full.name.clone() };
        let named = Named { name: target.clone(), part: from.part };
        if target != full && self.makes_room(&named, &target, false, false, step) {
            self.rename_found(&there, &target, step);
        }
    }

    pub(super) fn rename_found(&mut self, there: &Relation, to: &ObjectName, step: &mut Step<'_>) {
        match there {
            Relation::Table(from) => self.rename_table(from, to, step),
            Relation::View(from) => self.rename_view(from, to),
            Relation::Sequence(from) => {
                if let Some(sequence) = self.schema.sequences.remove(from) {
                    self.schema.sequences.insert(to.clone(), sequence);
                }
                self.replaced(from, to);
            }
            Relation::Index(from, table) => self.rename_found_index(from, table, &to.name, step),
            Relation::Temporary | Relation::Nothing => {}
        }
    }

    /// One name is free, another is taken; what was unsure stays so.
    pub(super) fn replaced(&mut self, from: &ObjectName, to: &ObjectName) {
        let unsure = self.is_unsure(from);
        self.dropped(from);
        self.made(to);
        if unsure {
            self.forget(to.clone());
        }
    }

    fn rename_table(&mut self, from: &ObjectName, to: &ObjectName, step: &Step<'_>) {
        for partition in self.partitions(from) {
            if let Some(table) = self.schema.tables.get_mut(&partition) {
                Arc::make_mut(table).options.insert(crate::read::PARTITION_OF.to_owned(), to.to_string());
            }
        }
        let Some(mut table) = self.schema.tables.remove(from) else { return };
        self.replaced(from, to);
        let dialect = self.dialect();
        let moves = from.schema != to.schema;
        if !table.is_known() {
            self.note_unread(from.name.as_str());
        }
        for name in names_of(&table) {
            self.hint(name, to);
            if moves {
                self.dropped(&from.beside(name.clone()));
                self.made(&to.beside(name.clone()));
            }
        }
        let refers_to_itself = table.foreign_keys.iter().any(|key| key.table == *from);
        let made_up = dialect == Dialect::Mysql && !table.foreign_keys.is_empty();
        if refers_to_itself || made_up || !step.taints.is_empty() {
            let table = Arc::make_mut(&mut table);
            table.unknown.extend(step.taints.iter().cloned());
            for key in &mut table.foreign_keys {
                // SQLite's stay where legacy_alter_table is on.
                if key.table == *from && !self.legacy_renames {
                    key.table = to.clone();
                }
                // InnoDB: `old_ibfk_1` becomes `new_ibfk_1` (tried on MariaDB; MySQL's manual has it under RENAME TABLE).
                let number =
                    key.name.as_ref().and_then(|name| super::naming::number_of(name.as_str(), from.name.as_str()));
                if let Some(number) = number.filter(|_| made_up) {
                    key.name = Some(Name::new(&format!("{}_ibfk_{number}", to.name), dialect));
                }
            }
        }
        for key in &table.foreign_keys {
            self.refers(to, &key.table);
        }
        self.schema.tables.insert(to.clone(), table);
        if !self.legacy_renames {
            self.carry_references(from, to);
        }
        if self.generated.iter().any(|(table, _)| table == from) {
            let renamed = |(table, name): &(ObjectName, Name)| {
                (if table == from { to.clone() } else { table.clone() }, name.clone())
            };
            self.generated = Arc::new(self.generated.iter().map(renamed).collect());
        }
        for sequence in self.schema.sequences.values_mut() {
            if sequence.owned_by.as_ref().is_some_and(|(owner, _)| owner == from)
                && let Some((owner, _)) = &mut Arc::make_mut(sequence).owned_by
            {
                *owner = to.clone();
            }
        }
        self.note_renamed(to);
        self.carry_triggers(from, to);
        self.carry_others(from, to);
        self.carry_views(from, to);
    }
}

/// The names of everything that may be looked up by name and hangs on a table.
pub(super) fn names_of(table: &Table) -> impl Iterator<Item = &Name> {
    relations_of(table)
        .chain(table.foreign_keys.iter().filter_map(|key| key.name.as_ref()))
        .chain(table.checks.iter().filter_map(|check| check.name.as_ref()))
}

/// The names of a table's indexes, and of the constraints that have one.
fn relations_of(table: &Table) -> impl Iterator<Item = &Name> {
    let keys = table.primary_key.iter().chain(&table.uniques).filter_map(|key| key.name.as_ref());
    let indexes = table.indexes.iter().filter_map(|index| index.name.as_ref());
    keys.chain(indexes).chain(table.exclusions.iter().filter_map(|exclusion| exclusion.name.as_ref()))
}

/// `a` or `an`.
pub(super) fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}
