//! Primary keys, unique constraints, checks and exclusions: made, dropped and renamed. Foreign keys have a file of their own.

use revchain_core::Dialect;
use revchain_core::sql::Lexer;

use super::naming::{check_addition, fit, has_constraint, index_addition, joined, judge_length, key_name};
use super::step::{Step, Target};
use super::{FaultKind, Replay};
use crate::change::{Constraint, Named, Part};
use crate::model::{Check, Exclusion, Expression, Index, Key, Name, Table};

impl Replay {
    pub(super) fn add_constraint(
        &mut self,
        target: &mut Target<'_>,
        constraint: &Constraint,
        if_not_exists: bool,
        part: Option<Part>,
        step: &mut Step<'_>,
    ) {
        match constraint {
            Constraint::Primary(key) => self.add_primary_key(target, key, if_not_exists, part, step),
            Constraint::Unique(key) => self.add_unique(target, key, if_not_exists, part, step),
            Constraint::Check(check) => self.add_check(target, check, if_not_exists, part, step),
            Constraint::Exclude(exclusion) => self.add_exclusion(target, exclusion, part, step),
            Constraint::Index(index) => self.add_index(target, index, if_not_exists, part, step),
            Constraint::Foreign(key, at) => {
                let there = key.name.as_ref().is_some_and(|name| has_foreign_key(target.table, name));
                if !(if_not_exists && there) {
                    self.add_foreign_key(target, key, Some(*at), step);
                }
            }
        }
    }

    /// Whether a constraint's own name is free. Says so where it isn't.
    pub(super) fn judge_name(
        &self,
        target: &mut Target<'_>,
        name: Option<&Name>,
        is_relation: bool,
        part: Option<Part>,
        step: &mut Step<'_>,
    ) -> Option<Name> {
        let dialect = self.dialect();
        let written = name?;
        judge_length(written, "constraint", dialect, part, step);
        let name = fit(written, dialect);
        if dialect == Dialect::Postgres {
            let own = Some((target.name, &*target.table));
            if has_constraint(target.table, &name) {
                if target.judge(step) {
                    let message = format!("constraint `{name}` of table `{}` already exists", target.name);
                    let part = step.word(part, name.as_str());
                    let _ = step
                        .fault(FaultKind::DuplicateConstraint, message, part)
                        .also(target.table.place, "the table is made here");
                }
            } else if is_relation && self.is_relation(&target.name.beside(name.clone()), own) {
                self.judge_taken(target, &name, part, step);
            }
            self.hint(&name, target.name);
        }
        Some(name)
    }

    /// A relation has the name that an index is to have.
    pub(super) fn judge_taken(&self, target: &mut Target<'_>, name: &Name, part: Option<Part>, step: &mut Step<'_>) {
        let full = target.name.beside(name.clone());
        let own = Some((target.name, &*target.table));
        let owner = self.index_owner(&full.schema, name, own);
        let place = owner.as_ref().and_then(|owner| self.schema.tables.get(owner)).map(|table| table.place);
        let sure = !self.is_unsure(&full) && owner.as_ref().is_none_or(|owner| self.is_known(owner));
        if target.judge(step) && sure {
            let (what, kind) = match &owner {
                Some(owner) if owner == target.name => ("an index of this table has that name".to_owned(), "index"),
                Some(owner) => (format!("an index of table `{owner}` has that name"), "index"),
                None => ("a table, view or sequence has that name".to_owned(), "relation"),
            };
            let report =
                step.fault(FaultKind::DuplicateIndex, format!("{kind} `{name}` already exists"), part).help(what);
            if let Some(place) = place {
                let _ = report.also(place, "its table is made here");
            }
        }
    }

    /// Whether all the columns are there. Says so where one isn't.
    pub(super) fn judge_columns(
        &self,
        target: &mut Target<'_>,
        columns: &[Name],
        part: Option<Part>,
        step: &mut Step<'_>,
    ) {
        let missing = columns.iter().find(|name| target.table.column(name).is_none());
        if let Some(name) = missing {
            self.unknown_column_at(target, name, part, step);
        }
    }

    fn add_primary_key(
        &mut self,
        target: &mut Target<'_>,
        key: &Key,
        if_not_exists: bool,
        part: Option<Part>,
        step: &mut Step<'_>,
    ) {
        if target.table.primary_key.is_some() {
            if !if_not_exists && target.judge(step) {
                let message = format!("table `{}` already has a primary key", target.name);
                let _ = step
                    .fault(FaultKind::DuplicateConstraint, message, part)
                    .also(target.table.place, "the table is made here");
            }
            return;
        }
        self.judge_columns(target, &key.columns, part, step);
        self.judge_primary_key(target, key, step);
        let mut key = key.clone();
        if self.dialect() == Dialect::Postgres {
            key.name = Some(match self.judge_name(target, key.name.as_ref(), true, part, step) {
                Some(name) => name,
                None => self.choose(target, "", "pkey", true),
            });
            self.hint_name(target, key.name.as_ref());
        }
        // SQLite's take NULL, but for the row id's own name, tables without one, and strict ones.
        let forbids_null = match self.dialect() {
            Dialect::Postgres | Dialect::Mysql => true,
            Dialect::Sqlite => {
                let is_integer = |name: &Name| {
                    let data_type = target.table.column(name).and_then(|column| column.data_type.as_ref());
                    data_type.is_some_and(|data_type| data_type.name.eq_ignore_ascii_case("integer"))
                };
                let option = |key: &str| target.table.options.contains_key(key);
                option("without rowid")
                    || option("strict")
                    || matches!(key.columns.as_slice(), [one] if is_integer(one))
            }
        };
        if forbids_null {
            for column in &mut target.table.columns {
                if column.nullable && key.columns.contains(&column.name) {
                    column.nullable = false;
                }
            }
        }
        self.drop_generated(target, &key.columns);
        target.table.primary_key = Some(key);
    }

    fn add_unique(
        &mut self,
        target: &mut Target<'_>,
        key: &Key,
        if_not_exists: bool,
        part: Option<Part>,
        step: &mut Step<'_>,
    ) {
        let there = key.name.as_ref().is_some_and(|name| has_key(target.table, name));
        if if_not_exists && there {
            return;
        }
        self.judge_columns(target, &key.columns, part, step);
        let mut key = key.clone();
        match self.dialect() {
            Dialect::Postgres => {
                key.name = Some(match self.judge_name(target, key.name.as_ref(), true, part, step) {
                    Some(name) => name,
                    None => {
                        let columns: Vec<Name> = key.columns.iter().chain(&key.include).cloned().collect();
                        self.choose(target, &joined(&columns), "key", true)
                    }
                });
                self.hint_name(target, key.name.as_ref());
            }
            Dialect::Mysql => {
                // Before it gets a name: the one that goes leaves its own (tried).
                self.drop_generated(target, &key.columns);
                key.name = Some(match key.name.take() {
                    Some(name) => {
                        judge_length(&name, "index", Dialect::Mysql, part, step);
                        self.judge_key_name(target, &name, part, step);
                        name
                    }
                    None => key_name(target.table, key.columns.first()),
                });
            }
            Dialect::Sqlite => {}
        }
        if let Some(name) = &key.name {
            self.asked_for(target.name, name);
        }
        target.table.uniques.push(key);
    }

    /// MySQL: a name that an index of the table has.
    pub(super) fn judge_key_name(&self, target: &mut Target<'_>, name: &Name, part: Option<Part>, step: &mut Step<'_>) {
        // One that was made for a foreign key makes room if it is the same columns'; nothing is claimed of it.
        if has_key(target.table, name) && !self.is_generated(target.name, name) && target.judge(step) {
            let message = format!("index `{name}` of table `{}` already exists", target.name);
            let _ =
                step.fault(FaultKind::DuplicateIndex, message, part).also(target.table.place, "the table is made here");
        }
    }

    fn add_check(
        &mut self,
        target: &mut Target<'_>,
        check: &Check,
        if_not_exists: bool,
        part: Option<Part>,
        step: &mut Step<'_>,
    ) {
        if has_query(&check.expression, self.dialect()) {
            let message = format!("a check of table `{}` has a query in it", target.name);
            let _ = step.fault(FaultKind::NoSuchForm, message, step.word(part, "SELECT")).help(
                "a check sees its own row alone: refer to another table with a foreign key, or look there in a trigger",
            );
            return;
        }
        let mut check = check.clone();
        let there = check
            .name
            .as_ref()
            .is_some_and(|name| target.table.checks.iter().any(|other| other.name.as_ref() == Some(name)));
        if if_not_exists && there {
            return;
        }
        match self.dialect() {
            Dialect::Postgres => {
                check.name = match self.judge_name(target, check.name.as_ref(), false, part, step) {
                    Some(name) => Some(name),
                    None => match check_addition(target.table, &check.expression) {
                        Some(addition) => Some(self.choose(target, &addition, "check", false)),
                        None => {
                            target.doubt(step);
                            None
                        }
                    },
                };
                self.hint_name(target, check.name.as_ref());
            }
            // Unnamed ones have another name on MySQL than on MariaDB: here they stay without.
            Dialect::Mysql if there && target.judge(step) => {
                let name = check.name.as_ref().map_or("", Name::as_str);
                let message = format!("constraint `{name}` of table `{}` already exists", target.name);
                let part = step.word(part, name);
                let _ = step
                    .fault(FaultKind::DuplicateConstraint, message, part)
                    .also(target.table.place, "the table is made here");
            }
            Dialect::Mysql => {
                if let Some(name) = &check.name {
                    judge_length(name, "constraint", Dialect::Mysql, part, step);
                }
            }
            Dialect::Sqlite => {}
        }
        target.table.checks.push(check);
    }

    fn add_exclusion(
        &mut self,
        target: &mut Target<'_>,
        exclusion: &Exclusion,
        part: Option<Part>,
        step: &mut Step<'_>,
    ) {
        let mut exclusion = exclusion.clone();
        let columns: Vec<Name> = exclusion.index.parts.iter().filter_map(|part| part.column.clone()).collect();
        self.judge_columns(target, &columns, part, step);
        let name = match self.judge_name(target, exclusion.name.as_ref(), true, part, step) {
            Some(name) => Some(name),
            None => index_addition(&exclusion.index).map(|addition| self.choose(target, &addition, "excl", true)),
        };
        if name.is_none() {
            target.doubt(step);
        }
        self.hint_name(target, name.as_ref());
        exclusion.index.name.clone_from(&name);
        exclusion.name = name;
        target.table.exclusions.push(exclusion);
    }

    pub(super) fn add_using_index(
        &mut self,
        target: &mut Target<'_>,
        name: Option<&Name>,
        index: &Named<Name>,
        primary: bool,
        deferrable: Option<bool>,
        step: &mut Step<'_>,
    ) {
        let is_it = |other: &Index| other.name.as_ref() == Some(&index.name);
        let Some(at) = target.table.indexes.iter().position(is_it) else {
            self.unknown_index(target, index, step);
            return;
        };
        let index = target.table.indexes.remove(at);
        let columns: Vec<Name> = index.parts.iter().filter_map(|part| part.column.clone()).collect();
        let name = name.map(|name| fit(name, self.dialect())).or_else(|| index.name.clone());
        self.hint_name(target, name.as_ref());
        let key =
            Key { name, columns, nulls_not_distinct: index.nulls_not_distinct, deferrable, include: index.include };
        if primary {
            for column in target.table.columns.iter_mut().filter(|column| key.columns.contains(&column.name)) {
                column.nullable = false;
            }
            target.table.primary_key = Some(key);
        } else {
            target.table.uniques.push(key);
        }
    }

    pub(super) fn hint_name(&self, target: &Target<'_>, name: Option<&Name>) {
        if let Some(name) = name {
            self.hint(name, target.name);
        }
    }
}

/// Whether a unique constraint or an index of the table has this name.
pub(super) fn has_key(table: &Table, name: &Name) -> bool {
    table
        .uniques
        .iter()
        .map(|key| &key.name)
        .chain(table.indexes.iter().map(|index| &index.name))
        .flatten()
        .any(|other| other == name)
}

fn has_foreign_key(table: &Table, name: &Name) -> bool {
    table.foreign_keys.iter().any(|key| key.name.as_ref() == Some(name))
}

/// Whether there is a query in an expression.
fn has_query(expression: &Expression, dialect: Dialect) -> bool {
    let text = expression.as_str();
    if !text.contains("(select") {
        return false;
    }
    let (mut lexer, mut is_open) = (Lexer::new(text, dialect), false);
    while let Some(token) = lexer.next_significant() {
        if is_open && token.is_word(text, "SELECT") {
            return true;
        }
        is_open = token.text(text) == "(";
    }
    false
}
