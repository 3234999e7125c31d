//! Rows that are changed: the table is there, and has the columns. Nothing of the schema changes, and nothing is claimed of the
//! values.

use super::known::Relation;
use super::step::Step;
use super::{FaultKind, Replay};
use crate::change::Rows;

impl Replay {
    pub(super) fn change_rows(&mut self, rows: &Rows, step: &mut Step<'_>) {
        let Some((full, table)) = self.table_of(&rows.table.name) else {
            // Elsewhere nothing would be said, and much forgotten.
            if self.relation(&rows.table.name) == Relation::Nothing && self.is_surely_absent(&rows.table.name) {
                self.missing(&rows.table, "table", step);
            }
            return;
        };
        let Some(column) = rows.columns.iter().find(|column| table.column(&column.name).is_none()) else { return };
        if !table.is_known() || self.is_unsure(&full) || self.is_system_column(&column.name) {
            return;
        }
        step.fault(FaultKind::UnknownColumn, format!("table `{full}` has no column `{}`", column.name), column.part)
            .also(table.place, "the table is made here")
            .meant(column.name.as_str(), table.columns.iter().map(|column| column.name.as_str()));
    }
}
