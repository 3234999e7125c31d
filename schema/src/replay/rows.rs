//! Rows that are changed: the table is there, has the columns, and the key that `ON CONFLICT` means. Nothing of the schema changes, and
//! nothing is claimed of values: that is `row`, of one that is inserted, and `assigned`.

use super::known::Relation;
use super::step::Step;
use super::{FaultKind, Replay};
use crate::change::{Named, Rows};
use crate::model::{Name, ObjectName, Table};

impl Replay {
    pub(super) fn change_rows(&mut self, rows: &Rows, step: &mut Step<'_>) {
        let Some((full, table)) = self.table_of(&rows.table.name) else {
            // Elsewhere nothing would be said, and much forgotten.
            if self.relation(&rows.table.name) == Relation::Nothing && self.is_surely_absent(&rows.table.name) {
                return self.missing(&rows.table, "table", step);
            }
            return self.judge_names(step);
        };
        if !table.is_known() || self.is_unsure(&full) {
            return self.judge_names(step);
        }
        let unknown = rows.columns.iter().find(|column| table.column(&column.name).is_none());
        match (unknown, &rows.inserted) {
            (Some(column), _) if self.is_system_column(&column.name) => {}
            (Some(column), _) => {
                step.fault(
                    FaultKind::UnknownColumn,
                    format!("table `{full}` has no column `{}`", column.name),
                    column.part,
                )
                .also(table.place, "the table is made here")
                .meant(column.name.as_str(), table.columns.iter().map(|column| column.name.as_str()));
            }
            (None, row) => {
                if let Some(row) = row {
                    self.judge_row(&full, table, rows, row, step);
                }
                self.judge_twice(&full, table, rows, step);
            }
        }
        self.judge_conflict(&full, table, &rows.conflict, step);
        if step.faults.is_empty() {
            self.judge_names(step);
        }
    }

    /// Whether a table that is known takes a row.
    pub(super) fn judge_inserted(&self, rows: &Rows, step: &mut Step<'_>) {
        if let Some((full, table)) = self.table_of(&rows.table.name)
            && table.is_known()
            && !self.is_unsure(&full)
            && rows.columns.iter().all(|column| table.column(&column.name).is_some())
        {
            if let Some(row) = &rows.inserted {
                self.judge_row(&full, table, rows, row, step);
            }
            self.judge_twice(&full, table, rows, step);
            self.judge_conflict(&full, table, &rows.conflict, step);
        }
    }

    /// Whether a key of the table is the one that `ON CONFLICT` means.
    fn judge_conflict(&self, full: &ObjectName, table: &Table, columns: &[Named<Name>], step: &mut Step<'_>) {
        let (Some(first), Some(last)) = (columns.first(), columns.last()) else { return };
        if let Some(column) = columns.iter().find(|column| table.column(&column.name).is_none()) {
            if !self.is_system_column(&column.name) {
                let message = format!("table `{full}` has no column `{}`", column.name);
                step.fault(FaultKind::UnknownColumn, message, column.part)
                    .also(table.place, "the table is made here")
                    .meant(column.name.as_str(), table.columns.iter().map(|column| column.name.as_str()));
            }
            return;
        }
        let is_meant = |names: &mut dyn Iterator<Item = Option<&Name>>| {
            let names: Option<Vec<&Name>> = names.collect();
            names.is_some_and(|names| {
                columns.iter().all(|column| names.contains(&&column.name))
                    && names.iter().all(|name| columns.iter().any(|column| column.name == **name))
            })
        };
        let mut keys = table.primary_key.iter().chain(&table.uniques);
        let mut indexes = table.indexes.iter().filter(|index| index.unique && index.predicate.is_none());
        if keys.any(|key| is_meant(&mut key.columns.iter().map(Some)))
            || indexes.any(|index| is_meant(&mut index.parts.iter().map(|part| part.column.as_ref())))
        {
            return;
        }
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let names = names.join(", ");
        let message = format!("table `{full}` has no unique key of `{names}`, as `ON CONFLICT` needs it");
        let _ = step
            .fault(FaultKind::UnknownConstraint, message, (first.part.0, last.part.1))
            .also(table.place, "the table is made here")
            .help(format!(
                "make one, `CREATE UNIQUE INDEX … ON {full} ({names})`, or name the columns of one that is there"
            ));
    }
}
