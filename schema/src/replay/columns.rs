//! Columns made, changed and renamed; how they are dropped is in `depends`.

use std::sync::Arc;

use revchain_core::Dialect;

use super::alter::is_countable;
use super::fit::judge_bare;
use super::naming::judge_length;
use super::step::{Step, Target};
use super::users::Done;
use super::{FaultKind, Replay};
use crate::change::{ColumnChange, Constraint, CreateTable, Named, Part, Position};
use crate::model::{Check, Column, Default, Expression, Identity, Name, Sequence, Table};

impl Replay {
    /// The columns of `CREATE TABLE`, beside those it has from others.
    pub(super) fn define_columns(
        &mut self,
        mut columns: Vec<Column>,
        create: &CreateTable,
        target: &mut Target<'_>,
        step: &mut Step<'_>,
    ) {
        for (position, column) in columns.iter_mut().enumerate() {
            self.settle(column, target, create.column_parts.get(position).copied(), false, step);
        }
        let inherits = !target.table.columns.is_empty();
        if !inherits {
            target.table.columns = columns;
            return;
        }
        // `(LIKE a, b int)`, and `(b int, LIKE a)`.
        let first_like = create.like.iter().map(|(like, _)| like.part.0).min();
        let mut leading = 0;
        for (position, column) in columns.into_iter().enumerate() {
            let part = create.column_parts.get(position).copied();
            let there = target.table.columns.iter().position(|other| other.name == column.name);
            if let Some(there) = there.and_then(|there| target.table.columns.get_mut(there)) {
                // PostgreSQL merges it with the parent's.
                *there = column;
            } else if first_like.zip(part).is_some_and(|(like, part)| part.0 < like) {
                target.table.columns.insert(leading, column);
                leading += 1;
            } else {
                target.table.columns.push(column);
            }
        }
    }

    /// Makes of a column what the server keeps of it.
    fn settle(
        &mut self,
        column: &mut Column,
        target: &Target<'_>,
        part: Option<Part>,
        is_added: bool,
        step: &mut Step<'_>,
    ) {
        judge_length(&column.name, "column", self.dialect(), part, step);
        if let Some(data_type) = &mut column.data_type {
            self.resolve_type(data_type, part, step);
        }
        match self.dialect() {
            Dialect::Postgres if column.identity.is_some() => {
                column.nullable = false;
                let sequence = self.choose(target, column.name.as_str(), "seq", true);
                self.hint(&sequence, target.name);
                self.hint_said_sequence(target, step);
            }
            Dialect::Mysql if column.identity.is_some() => column.nullable = false,
            _ => {}
        }
        // PostgreSQL computes what the rows have that are there, though there may be none; a partitioned table has none of its own.
        let is_stored = is_added
            && self.dialect() == Dialect::Postgres
            && target.is_known()
            && !target.table.options.contains_key("partition by");
        self.judge_definition(column, target, part, is_stored, step);
    }

    /// Whether it was added.
    pub(super) fn add_column(
        &mut self,
        target: &mut Target<'_>,
        column: &Column,
        constraints: &[Constraint],
        if_not_exists: bool,
        part: Part,
        step: &mut Step<'_>,
    ) -> bool {
        if let Some(there) = target.table.columns.iter().position(|other| other.name == column.name) {
            if if_not_exists {
                return false;
            }
            let made = target.table.place;
            if target.judge(step) {
                let message = format!("column `{}` of table `{}` already exists", column.name, target.name);
                let part = step.word(part, column.name.as_str());
                let _ = step.fault(FaultKind::DuplicateColumn, message, part).also(made, "the table is made here");
            } else if let Some(there) = target.table.columns.get_mut(there) {
                *there = column.clone();
            }
            return false;
        }
        let mut column = column.clone();
        self.settle(&mut column, target, Some(part), true, step);
        let name = column.name.clone();
        target.table.columns.push(column);
        for constraint in constraints {
            if let Constraint::Check(check) = constraint {
                self.note_own_check(target.name, &name, &check.expression);
            }
            self.add_constraint(target, constraint, if_not_exists, Some(part), step);
        }
        true
    }

    /// Puts a column where MySQL is told to.
    pub(super) fn place_column(
        &self,
        target: &mut Target<'_>,
        name: &Name,
        position: Option<&Position>,
        step: &mut Step<'_>,
    ) {
        let Some(position) = position else { return };
        let Some(at) = target.table.columns.iter().position(|column| column.name == *name) else { return };
        let after = match position {
            Position::First => None,
            Position::After(other) => {
                if target.table.column(&other.name).is_none() {
                    self.unknown_column(target, other, step);
                    return;
                }
                Some(&other.name)
            }
        };
        let column = target.table.columns.remove(at);
        let to = after.and_then(|after| target.table.columns.iter().position(|column| column.name == *after));
        target.table.columns.insert(to.map_or(0, |to| to + 1), column);
    }

    /// A column isn't there.
    pub(super) fn unknown_column(&self, target: &mut Target<'_>, name: &Named<Name>, step: &mut Step<'_>) {
        self.unknown_column_at(target, &name.name, Some(name.part), step);
    }

    /// Every table of PostgreSQL has some of its own; SQLite's row id has three names.
    pub(super) fn is_system_column(&self, name: &Name) -> bool {
        match self.dialect() {
            Dialect::Postgres => ["ctid", "xmin", "xmax", "tableoid", "cmin"].contains(&name.key()),
            Dialect::Sqlite => ["rowid", "oid", "_rowid_"].contains(&name.key()),
            Dialect::Mysql => false,
        }
    }

    pub(super) fn unknown_column_at(
        &self,
        target: &mut Target<'_>,
        name: &Name,
        part: Option<Part>,
        step: &mut Step<'_>,
    ) {
        let system = self.is_system_column(name);
        if !system && target.judge(step) {
            let message = format!("table `{}` has no column `{name}`", target.name);
            step.fault(FaultKind::UnknownColumn, message, part)
                .also(target.table.place, "the table is made here")
                .meant(name.as_str(), target.table.columns.iter().map(|column| column.name.as_str()));
        } else if !system {
            target.doubt(step);
        }
    }

    pub(super) fn alter_column(
        &mut self,
        target: &mut Target<'_>,
        name: &Named<Name>,
        if_exists: bool,
        change: &ColumnChange,
        step: &mut Step<'_>,
    ) {
        let Some(at) = target.table.columns.iter().position(|column| column.name == name.name) else {
            if !if_exists {
                self.unknown_column(target, name, step);
            }
            return;
        };
        let mut resolved = None;
        if let ColumnChange::Type { data_type, .. } = change {
            let mut data_type = data_type.clone();
            self.resolve_type(&mut data_type, Some(name.part), step);
            resolved = Some(data_type);
        }
        // A `serial` that becomes a text draws from its sequence as before, and is none.
        let is_drawn = target.table.columns.get(at).is_some_and(|column| column.identity == Some(Identity::Serial));
        let sequence = (is_drawn && resolved.is_some())
            .then(|| target.name.beside(self.choose(target, name.name.as_str(), "seq", true)));
        if self.dialect() == Dialect::Postgres && matches!(change, ColumnChange::Type { .. }) {
            self.judge_users(target, name, Done::Retyped, step);
        }
        if let (Some(column), Some(to), ColumnChange::Type { using, .. }) =
            (target.table.columns.get(at), &resolved, change)
        {
            self.judge_cast(target, (column, name.part), to, using.as_ref(), step);
        }
        if target.is_known() && judge_identity(target, at, name, change, step, self.dialect()) {
            return target.doubt(step);
        }
        if let ColumnChange::Default(Some(default)) = change
            && target.is_known()
            && let Some(data_type) = target.table.columns.get(at).and_then(|column| column.data_type.as_ref())
        {
            let is_bare = self.dialect() == Dialect::Postgres
                && judge_bare(&name.name, default, target, Some(name.part), step, Dialect::Postgres);
            if !is_bare {
                self.judge_default((&name.name, data_type), default, Some(name.part), false, step);
            }
        }
        let is_primary = target.table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&name.name));
        if is_primary && *change == ColumnChange::Nullable(true) && self.dialect() == Dialect::Postgres {
            if target.judge(step) {
                let message = format!("column `{}` is in the primary key, and can't be NULL", name.name);
                let report = step.fault(FaultKind::StillNeeded, message, name.part);
                let _ = report.also(target.table.place, "the table is made here").help("drop the primary key first");
            }
            return;
        }
        let Some(column) = target.table.columns.get_mut(at) else { return };
        match change {
            ColumnChange::Type { collation, .. } => {
                let before = std::mem::replace(&mut column.data_type, resolved);
                column.collation.clone_from(collation);
                if let Some(sequence) = sequence.filter(|_| !is_countable(column)) {
                    let next = format!("nextval('{sequence}'::regclass)");
                    (column.identity, column.default) =
                        (None, Some(Default(Expression::new(&next, Dialect::Postgres))));
                    let of = before.map(|before| before.name).filter(|before| before != "bigint");
                    let options = of.map(|of| ("as".to_owned(), of)).into_iter().collect();
                    let owned_by = Some((target.name.clone(), name.name.clone()));
                    self.schema.sequences.insert(sequence, Arc::new(Sequence { options, owned_by }));
                }
            }
            ColumnChange::Default(default) => set_default(column, default.as_ref()),
            ColumnChange::Nullable(nullable) => column.nullable = *nullable && !is_primary,
            ColumnChange::Identity { identity, .. } => {
                column.identity = *identity;
                if identity.is_some() {
                    column.nullable = false;
                    let sequence = self.choose(target, name.name.as_str(), "seq", true);
                    self.hint(&sequence, target.name);
                    self.hint_said_sequence(target, step);
                }
            }
            ColumnChange::Expression(expression) => {
                column.generated = match (expression, column.generated.take()) {
                    (Some(expression), Some(mut generated)) => {
                        generated.expression = expression.clone();
                        Some(generated)
                    }
                    _ => None,
                };
            }
            ColumnChange::Neutral => {}
        }
        if let ColumnChange::Type { data_type, .. } = change {
            plain_parts(target.table, &data_type.name, &name.name);
        }
    }

    /// MySQL's MODIFY: what isn't repeated is lost, but the keys stay.
    pub(super) fn modify_column(
        &mut self,
        target: &mut Target<'_>,
        at: usize,
        column: &Column,
        constraints: &[Constraint],
        part: Part,
        step: &mut Step<'_>,
    ) {
        let mut column = column.clone();
        self.settle(&mut column, target, Some(part), false, step);
        if target.table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.name)) {
            column.nullable = false;
        }
        // A check that was written with the column goes on MariaDB, and stays on MySQL; which ones were, is not kept.
        let is_its_own =
            |check: &Check| check.name.is_none() && check.expression.mentions(&column.name, Dialect::Mysql);
        if target.table.checks.iter().any(is_its_own) {
            target.doubt(step);
        }
        let name = column.name.clone();
        if let Some(there) = target.table.columns.get_mut(at) {
            *there = column;
        }
        for constraint in constraints {
            if let Constraint::Check(check) = constraint {
                self.note_own_check(target.name, &name, &check.expression);
            }
            self.add_constraint(target, constraint, false, Some(part), step);
        }
    }
}

/// Says if a column can't be counted, or not any longer, or has no default beside what counts it. Says whether it can't.
fn judge_identity(
    target: &Target<'_>,
    at: usize,
    name: &Named<Name>,
    change: &ColumnChange,
    step: &mut Step<'_>,
    dialect: Dialect,
) -> bool {
    let Some(column) = target.table.columns.get(at).filter(|_| dialect == Dialect::Postgres) else { return false };
    let (is_identity, shown) = (matches!(column.identity, Some(Identity::Always | Identity::ByDefault)), &column.name);
    let has_default = column.default.is_some() || column.identity == Some(Identity::Serial);
    let (message, help) = match change {
        ColumnChange::Default(_) if is_identity => (
            format!("column `{shown}` is an identity, and has no default"),
            "say `DROP IDENTITY` first; what comes next is set by `RESTART WITH`",
        ),
        ColumnChange::Identity { identity: Some(_), is_new: true, .. } if is_identity => {
            (format!("column `{shown}` is an identity already"), "say `SET GENERATED` to change which")
        }
        ColumnChange::Identity { identity: Some(_), is_new: true, .. } if has_default => {
            (format!("column `{shown}` has a default, and can't be an identity beside"), "say `DROP DEFAULT` first")
        }
        // What another action of the statement does to it may come first.
        ColumnChange::Identity { identity: Some(_), is_new: true, .. } if column.nullable && step.is_single => {
            (format!("column `{shown}` takes NULL, and an identity doesn't"), "say `SET NOT NULL` first")
        }
        ColumnChange::Identity { identity: Some(_), is_new: false, .. }
        | ColumnChange::Identity { identity: None, if_exists: false, .. }
            if !is_identity && step.is_single =>
        {
            (format!("column `{shown}` is no identity"), "say `ADD GENERATED … AS IDENTITY` to make it one")
        }
        _ => return false,
    };
    let _ = step
        .fault(FaultKind::ImpossibleColumn, message, name.part)
        .also(target.table.place, "the table is made here")
        .help(help);
    true
}

/// A default that is set on a `serial` column takes the sequence's place.
fn set_default(column: &mut Column, default: Option<&Default>) {
    if column.identity == Some(Identity::Serial) {
        column.identity = None;
    }
    column.default = default.cloned();
}

/// An index on `date(a)` is one on `a` once that is a `date`: PostgreSQL leaves out what converts nothing.
fn plain_parts(table: &mut Table, data_type: &str, column: &Name) {
    for part in table.indexes.iter_mut().flat_map(|index| &mut index.parts) {
        let converts = |expression: &Expression| {
            let inside = expression.as_str().strip_prefix(data_type).and_then(|rest| rest.strip_prefix('('));
            inside.and_then(|rest| rest.strip_suffix(')')).is_some_and(|inside| inside == column.as_str())
        };
        if part.expression.as_ref().is_some_and(converts) {
            part.expression = None;
            part.column = Some(column.clone());
        }
    }
}
