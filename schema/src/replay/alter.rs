//! `ALTER TABLE`: its actions, in the order in which the server takes them.

use revchain_core::Dialect;

use super::naming::{fit, judge_length};
use super::step::{Step, Target};
use super::users::dropped_by;
use super::{FaultKind, Replay};
use crate::change::{Action, ColumnChange, Constraint, Kind, Named, Part};
use crate::model::{Column, Identity, Index, Name, ObjectName, Table};

/// When an action has its turn. PostgreSQL goes over a statement in passes, drops first
/// (<https://www.postgresql.org/docs/current/sql-altertable.html>, and `AT_PASS_*`); MySQL takes all of it at once.
fn turn(action: &Action, dialect: Dialect) -> u8 {
    match action {
        Action::Drop { .. } => 0,
        // PostgreSQL drops what stands first. MySQL may drop a column's index and the column in either order.
        Action::DropColumn { .. } => u8::from(dialect == Dialect::Mysql),
        Action::ModifyColumn { .. } | Action::RenameColumn { .. } => 2,
        Action::AlterColumn { change: ColumnChange::Type { .. }, .. } => 2,
        Action::AlterColumn { change, .. } if dialect == Dialect::Postgres && takes_away(change) => 0,
        Action::AddColumn { .. } => 3,
        Action::AlterColumn { .. } => 4,
        Action::Add { constraint: Constraint::Foreign(..) | Constraint::Check(_), .. } => 6,
        Action::Add { .. } | Action::AddUsingIndex { .. } => 5,
        _ => 7,
    }
}

/// `DROP DEFAULT`, `DROP NOT NULL` and their like: PostgreSQL has them in the same pass as `DROP COLUMN` (tried).
fn takes_away(change: &ColumnChange) -> bool {
    matches!(
        change,
        ColumnChange::Default(None)
            | ColumnChange::Nullable(true)
            | ColumnChange::Identity { identity: None, .. }
            | ColumnChange::Expression(None)
    )
}

/// Says that a table loses its last column, which PostgreSQL's alone do.
fn judge_emptied(target: &mut Target<'_>, part: Part, step: &mut Step<'_>) {
    if target.judge(step) {
        let message = format!("table `{}` has no other column", target.name);
        let _ = step
            .fault(FaultKind::StillNeeded, message, part)
            .also(target.table.place, "the table is made here")
            .help("drop the table, or add another column first");
    }
}

impl Replay {
    pub(super) fn alter_table(
        &mut self,
        table: &Named,
        if_exists: bool,
        actions: &[(Action, Part)],
        step: &mut Step<'_>,
    ) {
        let Some(full) = self.table(table, if_exists, step) else { return };
        let mut order: Vec<usize> = (0..actions.len()).collect();
        let dialect = self.dialect();
        if actions.len() > 1 {
            order.sort_by_key(|at| actions.get(*at).map(|(action, _)| turn(action, dialect)));
        }
        let in_order = || order.iter().filter_map(|at| actions.get(*at));
        step.is_single = actions.len() == 1;
        step.dropped = dropped_by(actions.iter().map(|(action, _)| action));
        let reads_views = |action: &Action| matches!(action, Action::DropColumn { .. } | Action::RenameColumn { .. });
        if actions.iter().any(|(action, _)| reads_views(action)) {
            self.judge_views_whole(table.part, step);
        }
        if !step.taints.is_empty() || in_order().any(|(action, _)| changes_table(action)) {
            self.edit(&full, step, |replay, target, step| {
                let may_lose = dialect == Dialect::Mysql && in_order().any(|(action, _)| may_take_a_key(action));
                let before = may_lose.then(|| keys_of(target.table));
                let mut renamed = Vec::new();
                for (action, part) in actions {
                    replay.judge_conversion(target, action, *part, step);
                }
                for (action, part) in in_order() {
                    replay.act(target, action, *part, &mut renamed, step);
                }
                for (action, part) in actions {
                    replay.judge_brought(target, action, *part, step);
                }
                if let Some(before) = before {
                    replay.judge_needed_indexes(target, &before, step);
                }
                let drops = in_order().any(|(action, _)| matches!(action, Action::DropColumn { .. }));
                match drops && target.table.columns.is_empty() && dialect != Dialect::Postgres {
                    true => judge_emptied(target, table.part, step),
                    false => replay.judge_table(target, table.part, step),
                }
            });
        }
        // These take the table itself.
        for (action, _) in in_order() {
            match action {
                Action::RenameColumn { from, to } => self.carry_column(&full, &from.name, to),
                Action::ModifyColumn { from, column, .. } if from.name != column.name => {
                    self.carry_column(&full, &from.name, &column.name);
                }
                Action::Attach(other) => {
                    let other = self.table(other, false, step);
                    self.attach(&full, other.as_ref());
                    self.taint_option(other, step);
                }
                Action::Detach { table, .. } => {
                    let other = self.table(table, false, step);
                    self.detach(other.as_ref());
                    self.taint_option(other, step);
                }
                _ => {}
            }
        }
        for (action, _) in in_order() {
            match action {
                Action::RenameTo(to) => self.rename_relation(table, to, false, step),
                Action::SetSchema(to) => self.move_relation(table, to, false, step),
                _ => {}
            }
        }
    }

    fn taint_option(&mut self, table: Option<ObjectName>, step: &Step<'_>) {
        if let Some(table) = table {
            self.taint(&table, step);
        }
    }

    fn act(
        &mut self,
        target: &mut Target<'_>,
        action: &Action,
        part: Part,
        renamed: &mut Vec<Name>,
        step: &mut Step<'_>,
    ) {
        match action {
            Action::AddColumn { column, constraints, if_not_exists, position } => {
                if self.add_column(target, column, constraints, *if_not_exists, part, step) {
                    self.place_column(target, &column.name, position.as_ref(), step);
                }
            }
            Action::SaysMore { abridged, annotated } => {
                target.table.is_abridged |= abridged;
                target.table.is_annotated |= annotated;
            }
            Action::DropColumn { name, if_exists, cascade } => {
                self.drop_column(target, name, *if_exists, *cascade, step);
            }
            Action::RenameColumn { from, to } => {
                self.rename_column(target, from, to, part, renamed, step);
            }
            Action::AlterColumn { name, if_exists, change } => {
                self.alter_column(target, name, *if_exists, change, step)
            }
            Action::ModifyColumn { from, column, constraints, if_exists, position } => {
                let at = self.rename_column_if(target, from, &column.name, *if_exists, part, renamed, step);
                if let Some(at) = at {
                    self.modify_column(target, at, column, constraints, part, step);
                    self.place_column(target, &column.name, position.as_ref(), step);
                }
            }
            Action::Add { constraint, if_not_exists } => {
                self.add_constraint(target, constraint, *if_not_exists, Some(part), step);
            }
            Action::AddUsingIndex { name, index, primary, deferrable } => {
                self.add_using_index(target, name.as_ref(), index, *primary, *deferrable, step);
            }
            Action::Drop { kind, name, if_exists, cascade } => {
                self.drop_constraint(target, *kind, name.as_ref(), *if_exists, *cascade, part, step);
            }
            Action::Rename { kind: Kind::Index, from, to } => self.rename_key(target, from, to, part, step),
            Action::Rename { from, to, .. } => self.rename_constraint(target, from, to, part, step),
            Action::Validate { name } => self.validate_constraint(target, name, step),
            Action::AlterConstraint { name, deferrable, enforced } => {
                self.alter_constraint(target, name, *deferrable, *enforced, step);
            }
            Action::Comment(comment) => target.table.comment.clone_from(comment),
            Action::SetOption(key, Some(value)) => {
                self.judge_option(key, value, Some(part), step);
                // A character set brings its own.
                if key == "character set" {
                    target.table.options.remove("collate");
                }
                target.table.options.insert(key.clone(), value.clone());
            }
            Action::SetOption(key, None) => {
                target.table.options.remove(key);
            }
            Action::Convert { character_set, collation } => {
                for column in &mut target.table.columns {
                    // The columns' own go; which of them are text's, and how wide they become, is not modelled.
                    column.collation = None;
                    if let Some(data_type) = &mut column.data_type {
                        data_type.character_set = None;
                    }
                }
                if let Some(set) = character_set {
                    self.judge_option("character set", set, Some(part), step);
                    target.table.options.insert("character set".to_owned(), set.clone());
                    target.table.options.remove("collate");
                }
                if let Some(collation) = collation {
                    self.judge_option("collate", collation.key(), Some(part), step);
                    target.table.options.insert("collate".to_owned(), collation.to_string());
                }
            }
            Action::Attach(_) | Action::Detach { .. } | Action::Unknown => {
                let taint = step.taint(part);
                self.note_unread(step.text(part));
                target.table.unknown.push(taint);
            }
            Action::RenameTo(_) | Action::SetSchema(_) | Action::Neutral => {}
        }
    }

    fn rename_column(
        &mut self,
        target: &mut Target<'_>,
        from: &Named<Name>,
        to: &Name,
        part: Part,
        renamed: &mut Vec<Name>,
        step: &mut Step<'_>,
    ) {
        let _ = self.rename_column_if(target, from, to, false, part, renamed, step);
    }

    /// Gives a column another name, and says where it is.
    #[expect(clippy::too_many_arguments, reason = "the clauses of CHANGE")]
    fn rename_column_if(
        &mut self,
        target: &mut Target<'_>,
        from: &Named<Name>,
        to: &Name,
        if_exists: bool,
        part: Part,
        renamed: &mut Vec<Name>,
        step: &mut Step<'_>,
    ) -> Option<usize> {
        let Some(at) = target.table.columns.iter().position(|column| column.name == from.name) else {
            if renamed.contains(&from.name) {
                // `CHANGE a b, CHANGE b a`: MySQL swaps them.
                target.doubt(step);
            } else if !if_exists {
                self.unknown_column(target, from, step);
            }
            return None;
        };
        if from.name == *to {
            if let Some(column) = target.table.columns.get_mut(at) {
                column.name = to.clone();
            }
            return Some(at);
        }
        if target.table.column(to).is_some() {
            // Another CHANGE of the same statement may free the name.
            if self.dialect() == Dialect::Mysql && step.times(to.as_str()) != 1 {
                target.doubt(step);
            } else if target.judge(step) {
                let message = format!("column `{to}` of table `{}` already exists", target.name);
                let part = step.word(part, to.as_str());
                let _ = step
                    .fault(FaultKind::DuplicateColumn, message, part)
                    .also(target.table.place, "the table is made here");
            }
            return None;
        }
        renamed.push(from.name.clone());
        renamed.push(to.clone());
        judge_length(to, "column", self.dialect(), Some(part), step);
        self.rename_within(target, &from.name, &fit(to, self.dialect()));
        Some(at)
    }
}

/// Whether an index may go with an action, or with what it adds.
fn may_take_a_key(action: &Action) -> bool {
    !matches!(action, Action::AddColumn { constraints, .. } if constraints.is_empty())
}

/// Whether an action changes the table's value: where none does, it isn't copied.
fn changes_table(action: &Action) -> bool {
    !matches!(action, Action::Neutral | Action::RenameTo(_) | Action::SetSchema(_))
}

/// The columns that a table's keys and indexes lead with, as MySQL sees them.
pub(super) type Keys = Vec<(Option<Name>, Vec<Name>)>;

/// What could serve a foreign key: primary key, unique constraints, indexes.
pub(super) fn keys_of(table: &Table) -> Keys {
    let keys = table.primary_key.iter().chain(&table.uniques).map(|key| (key.name.clone(), key.columns.clone()));
    keys.chain(table.indexes.iter().filter(|index| serves(index)).map(|index| (index.name.clone(), leading(index))))
        .collect()
}

/// Whether an index can serve a foreign key at all.
pub(super) fn serves(index: &Index) -> bool {
    !matches!(index.method.as_deref(), Some("fulltext" | "spatial"))
}

/// The columns that an index begins with.
pub(super) fn leading(index: &Index) -> Vec<Name> {
    index.parts.iter().map_while(|part| part.column.clone()).collect()
}

/// Whether a column is of a type that `serial` may be.
pub(super) fn is_countable(column: &Column) -> bool {
    let name = column.data_type.as_ref().map_or("", |data_type| data_type.name.as_str());
    matches!(name, "smallint" | "integer" | "bigint")
}

/// Whether a column has a sequence of its own.
pub(super) fn has_sequence(identity: Option<Identity>) -> bool {
    matches!(identity, Some(Identity::Always | Identity::ByDefault | Identity::Serial))
}
