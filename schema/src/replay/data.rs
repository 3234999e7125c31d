//! Statements that read and change rows: that there is what they name. Nothing is changed by them here.

use super::Replay;
use super::known::Relation;
use super::naming::fit;
use super::step::Step;
use crate::change::Named;
use crate::model::Name;

impl Replay {
    pub(super) fn judge_reads(&mut self, tables: &[Named], step: &mut Step<'_>) {
        for named in tables {
            if self.relation(&named.name) == Relation::Nothing {
                self.missing(named, "table", step);
            }
        }
    }

    pub(super) fn judge_writes(&mut self, named: &Named, columns: &[Named<Name>], step: &mut Step<'_>) {
        let full = match self.relation(&named.name) {
            Relation::Table(full) => full,
            Relation::Nothing => return self.missing(named, "table", step),
            _ => return,
        };
        let Some(table) = self.schema.tables.get(&full) else { return };
        let Some(column) = columns.iter().find(|column| table.column(&fit(&column.name, self.dialect())).is_none())
        else {
            return;
        };
        self.edit(&full, step, |replay, target, step| replay.unknown_column(target, column, step));
    }
}
